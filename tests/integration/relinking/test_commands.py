"""`pccovid linkage shadow …` from the first making to the way back, as an operator and two stewards type it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from conftest import MadeDatabase
from integration.console.made_index import PASSWORD, present_code
from relinking_shadows import persons_of

Run = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def run(nation: MadeDatabase, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command on this nation; what is typed comes from standard input."""
    from contextlib import contextmanager

    from conftest import use_in_django
    from pccovid.cli import main
    from pccovid.config.commands import shadows
    from pccovid.config.commands.session import Session
    from pccovid.foundation.environment import read_environment

    @contextmanager
    def session(role: str) -> Any:
        use_in_django(nation, role)
        yield Session(read_environment(), nation.owner_url)

    monkeypatch.setattr(shadows, "session", session)

    def command(*arguments: str, typed: str = "") -> tuple[int, dict[str, Any]]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        capsys.readouterr()
        code = main(["linkage", "shadow", *arguments, "--json"])
        out = capsys.readouterr().out.strip()
        return code, json.loads(out.splitlines()[-1]) if out else {}

    return command


@pytest.fixture
def two(nation: MadeDatabase) -> tuple[str, str]:
    """Two data stewards with one-time codes."""
    from pccovid.officers.sandbox import give_codes
    from relinking_shadows import stewards

    with nation.connect("owner", autocommit=True) as owner:
        for account in stewards(owner, 2):
            give_codes(owner, officer=account)
    return "steward-0", "steward-1"


def typed(owner: psycopg.Connection, name: str) -> str:
    return f"{PASSWORD}\n{present_code(owner, name)}\n"


def changed_model(tmp_path: Path) -> Path:
    """A model file of another version."""
    from dataclasses import replace

    from pccovid.linkage.model import default_model

    path = tmp_path / "model.json"
    path.write_text(replace(default_model(), version="made-for-tests-2").to_json(), encoding="utf-8")
    return path


def test_a_shadow_goes_from_making_to_the_way_back_over_the_command_line(
    nation: MadeDatabase, run: Run, two: tuple[str, str], tmp_path: Path
) -> None:
    before = persons_of(nation)
    code, made = run("make", "--model", str(changed_model(tmp_path)))
    assert (code, made["stage"], made["model_version"]) == (0, "ready", "made-for-tests-2")
    assert made["counts"]["persons_changed"] == 0
    assert run("swap")[0] == 2, "nobody has approved"
    with nation.connect("owner", autocommit=True) as owner:
        for number, name in enumerate(two, start=1):
            code, approved = run("approve", str(made["id"]), "--officer", name, typed=typed(owner, name))
            assert (code, len(approved["approvals"])) == (0, number)
        assert run("approve", str(made["id"]), "--officer", two[0], typed=typed(owner, two[0]))[0] == 2
    code, shown = run("show")
    assert (code, shown["approved"], shown["page"]["total"]) == (0, True, 0)
    assert run("swap")[1]["stage"] == "swapped"
    assert run("rollback")[1]["stage"] == "rolled_back"
    assert run("rollback")[0] == 2
    assert persons_of(nation) == before


def test_who_cannot_prove_themselves_approves_nothing(
    nation: MadeDatabase, run: Run, two: tuple[str, str], tmp_path: Path
) -> None:
    _, made = run("make", "--model", str(changed_model(tmp_path)))
    with nation.connect("owner", autocommit=True) as owner:
        right = typed(owner, two[0])
    for wrong in (right.replace(PASSWORD, "sai"), f"{PASSWORD}\n000000\n", ""):
        assert run("approve", str(made["id"]), "--officer", two[0], typed=wrong)[0] == 2
    assert run("show")[1]["approvals"] == []


def test_one_person_is_shown_before_and_after_and_the_log_says_so(
    nation: MadeDatabase, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from integration.relinking.test_shadows import careful

    careful(monkeypatch)
    _, made = run("make")
    _, shown = run("show", "--kind", "split")
    assert shown["page"]["total"] == made["counts"]["by_kind"]["split"]
    line = shown["page"]["rows"][0]
    code, person = run("show", "--person", line["person"])
    assert code == 0
    records = person["records"]
    assert sum(one["is_before"] for one in records) == line["records_before"]
    assert sum(one["is_after"] for one in records) == line["records_after"]
    assert any(one["kind"] == "split" and one["other"] for one in records)
    with nation.connect("owner") as owner:
        logged = owner.execute("SELECT count(*) FROM access.disclosure WHERE person_id = %s", [line["person"]])
        assert logged.fetchone() == (1,)
    assert run("show", "--person", "00000000-0000-0000-0000-000000000000")[0] == 2


def test_the_command_starts_before_anything_of_django_is_set_up() -> None:
    import os
    import subprocess
    import sys

    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    for arguments in (["linkage", "shadow", "--help"], ["linkage", "train", "--help"]):
        program = f"from pccovid.cli import main; main({arguments!r})"
        done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()


def test_a_file_that_is_no_model_is_told_in_one_sentence(run: Run, tmp_path: Path) -> None:
    for content in ("", "{}", "[]", '{"version": 1}'):
        (tmp_path / "model.json").write_text(content)
        assert run("make", "--model", str(tmp_path / "model.json"))[0] == 2
    assert run("make", "--model", str(tmp_path / "absent.json"))[0] == 2
    assert run("show")[0] == 2
