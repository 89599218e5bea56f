"""pccovid breach report: damage of the log and leaked files go into the register, once, with everybody they touch."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from conftest import MadeDatabase
from integration.bulk_export.conftest import Exports, exports, recipient
from pccovid.foundation.database import ROLE_URL_VARIABLE

__all__ = ["exports", "recipient"]
NOTHING: dict[str, Any] = {"from_audit": False, "from_export": None, "told": None, "kind": None, "json": False}


@pytest.fixture
def opened(exports: Exports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A command's hold on the database, with anchors and marks of this test's own."""
    from pccovid.config.commands.session import Session
    from pccovid.foundation.environment import read_environment

    monkeypatch.setenv("PCCOVID_ANCHORS_FILE", str(tmp_path / "anchors.jsonl"))
    monkeypatch.setenv("PCCOVID_EXPORT_KEY", "the key of marks, for tests")
    monkeypatch.setenv(ROLE_URL_VARIABLE, exports.made.url("jobs"))
    return Session(read_environment(), exports.made.owner_url)


def entered(opened: Any, **options: Any) -> list[tuple[int, str]]:
    from pccovid.config.commands.breaches import enter, findings

    return enter(opened, tuple(findings(opened, Namespace(**{**NOTHING, **options}))))


def persons_of(made: MadeDatabase, breach: int) -> int:
    with made.connect("owner") as owner:
        row = owner.execute("SELECT count(*) FROM access.breach_persons_now(%s)", [breach]).fetchone()
    assert row is not None
    return int(row[0])


def test_a_leaked_file_is_entered_with_everybody_in_its_export_and_only_once(
    exports: Exports, opened: Any, tmp_path: Path
) -> None:
    number = exports.approved(area=None)
    assert number in exports.make()
    leaked = tmp_path / "leaked.csv"
    leaked.write_text(exports.download("steward", number), newline="")
    ((breach, words),) = entered(opened, from_export=leaked)
    assert f"XD-{number}" in words
    told = exports.owner.execute("SELECT people FROM access.export_request WHERE id = %s", [number]).fetchone()
    assert told == (persons_of(exports.made, breach),)
    assert told[0] >= 2
    assert entered(opened, from_export=leaked) == [(breach, words)]


def test_a_file_that_carries_no_marks_is_not_entered(opened: Any, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.csv"
    foreign.write_text("tên,năm sinh\nAi Đó,1990\n")
    assert entered(opened, from_export=foreign) == []


def read_by_somebody(exports: Exports) -> None:
    with exports.made.connect("web") as web, web.transaction():
        web.execute(
            "SELECT access.open('citizen', %s, '', 'own_record', 'test', 'own', ARRAY[%s]::uuid[])",
            ["00000000-0000-0000-0000-000000000001"] * 2,
        )


def damage_the_log(exports: Exports) -> None:
    exports.owner.execute("ALTER TABLE access.log DISABLE TRIGGER USER")
    exports.owner.execute("UPDATE access.log SET legal_basis = 'x' WHERE id = (SELECT max(log_id) FROM access.chain)")
    exports.owner.execute("ALTER TABLE access.log ENABLE TRIGGER USER")


def test_damage_found_by_verifying_the_log_is_entered_once_and_a_whole_log_enters_nothing(
    exports: Exports, opened: Any
) -> None:
    read_by_somebody(exports)
    assert entered(opened, from_audit=True) == []
    damage_the_log(exports)
    ((breach, words),) = entered(opened, from_audit=True)
    assert "1 chỗ không đúng" in words
    assert entered(opened, from_audit=True) == [(breach, words)]
    kinds = exports.owner.execute("SELECT source, kinds FROM access.breach WHERE id = %s", [breach]).fetchone()
    assert kinds == ("audit", ["integrity"])


def test_the_worker_verifies_the_log_by_itself_and_enters_its_damage_once(exports: Exports, opened: Any) -> None:
    from pccovid.config.commands.working import watch_log

    read_by_somebody(exports)
    before = watch_log(opened)
    damage_the_log(exports)
    (breach,) = watch_log(opened)
    assert breach not in before
    assert watch_log(opened) == [breach]
    row = exports.owner.execute("SELECT source, kinds FROM access.breach WHERE id = %s", [breach]).fetchone()
    assert row == ("audit", ["integrity"])


def test_what_whoever_runs_the_system_tells_is_entered_with_its_kind_or_not_at_all(opened: Any) -> None:
    from pccovid.config.commands.breaches import FindingIsIncomplete

    told = "Mất một ổ đĩa dự phòng trên đường chuyển kho"
    for wrong in ({"told": "ngắn", "kind": ["availability"]}, {"told": told}):
        with pytest.raises(FindingIsIncomplete):
            entered(opened, **wrong)
    ((breach, _words),) = entered(opened, told=told, kind=["confidentiality", "availability"])
    assert entered(opened, told=told, kind=["availability"])[0][0] == breach
