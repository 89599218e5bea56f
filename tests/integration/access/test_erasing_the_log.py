"""After its years the log loses its entries and not its chain; nobody passes off younger entries as erased."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from conftest import MadeDatabase, database_from, use_in_django
from integration.access.test_audit_chain import KEY, Log
from pccovid.foundation.audit import Verdict, anchor, extend_chain

LONG_AGO = datetime(2019, 1, 1, tzinfo=UTC)
SALT = b"the key that salts commitments, for tests"
ANCHORED = 8


class OldLog(Log):
    """As in test_audit_chain, but its anchor is of long ago, in the file and as the database noted it."""

    def chain(self, *, with_anchor: bool = False) -> None:
        with self.made.connect("jobs", autocommit=True) as jobs:
            extend_chain(jobs)
            if with_anchor:
                anchor(jobs, self.anchors, KEY, now=LONG_AGO)
                self.tamper(f"UPDATE access.anchoring SET noted_at = '{LONG_AGO.isoformat()}'")

    def erase(self) -> int:
        from pccovid.retention.operations import LOG, erase_due

        use_in_django(self.made, "jobs")
        with self.made.connect("jobs", autocommit=True) as jobs:
            done = erase_due(
                jobs, key=SALT, by="test", now=datetime.now(UTC), progress=lambda *_: None, batch=3
            )  # fmt: skip
        return int(done.rows[LOG])

    def verdict(self) -> Verdict:
        from pccovid.foundation.audit import verify

        with self.made.connect("owner") as owner:
            return verify(owner, self.anchors, KEY, progress=lambda *_: None)

    def kinds(self) -> set[str]:
        return {finding.kind for finding in self.verdict().findings}

    def one(self, statement: str) -> Any:
        with self.made.connect("owner") as owner:
            return (owner.execute(statement).fetchone() or (None,))[0]


@pytest.fixture(scope="module")
def erased_template(prepared_url: str, home: Path, tmp_path_factory: pytest.TempPathFactory) -> OldLog:
    """A log of twelve entries, eight of which are older than their years; a release rests on the third."""
    log = OldLog(database_from(prepared_url, home), tmp_path_factory.mktemp("anchors") / "log.jsonl")
    log.tamper("INSERT INTO access.left_open (log_id) SELECT log_id FROM access.chain WHERE position = 3")
    assert log.erase() == ANCHORED
    return log


@pytest.fixture
def log(erased_template: OldLog, home: Path) -> OldLog:
    """A copy of it, for what changes it."""
    from django.db import connections

    connections["default"].close()
    copy = object.__new__(OldLog)
    copy.made, copy.anchors = database_from(erased_template.made.owner_url, home), erased_template.anchors
    return copy


def test_what_is_past_its_years_is_gone_with_whom_it_showed_and_the_log_is_whole(erased_template: OldLog) -> None:
    log = erased_template
    verdict = log.verdict()
    assert verdict.findings == ()
    of_chain = "FROM {} e JOIN access.chain c ON c.log_id = e.{} WHERE c.position {} 8"
    assert log.one("SELECT count(*) " + of_chain.format("access.log", "id", "<=")) == 1
    assert log.one("SELECT count(*) " + of_chain.format("access.disclosure", "log_id", "<=")) == 0
    assert log.one("SELECT count(*) " + of_chain.format("access.disclosure", "log_id", ">")) == 4
    old = ", ".join(f"'{UUID(int=number)}'" for number in range(1, ANCHORED + 1))
    assert log.one(f"SELECT count(*) FROM access.log WHERE scope_persons && ARRAY[{old}]::uuid[]") == 0
    assert [last - first for first, last in verdict.without_entry] == []


def test_what_something_rests_on_keeps_its_line_and_names_nobody(erased_template: OldLog) -> None:
    row = erased_template.one(
        "SELECT (l.purpose, l.actor, l.scope_persons, l.case_reference)::text FROM access.log l"
        " JOIN access.chain c ON c.log_id = l.id WHERE c.position = 3"
    )
    assert row == '(own_record,"",{},)'


def test_a_line_that_nothing_rests_on_any_more_goes_as_well_and_the_log_is_whole(log: OldLog) -> None:
    log.tamper("UPDATE access.left_open SET noted_at = now() - interval '6 years'")
    assert log.erase() == 1
    assert log.one("SELECT count(*) FROM access.log l JOIN access.chain c ON c.log_id = l.id WHERE c.position = 3") == 0
    assert log.verdict().findings == ()
    assert log.erase() == 0


def test_the_dry_run_tells_how_much_of_the_log_is_due(prepared_url: str, home: Path, tmp_path: Path) -> None:
    from pccovid.retention.operations import plan

    old = OldLog(database_from(prepared_url, home), tmp_path / "log.jsonl")
    with old.made.connect("jobs", autocommit=True) as jobs:
        told = {line.table: (line.because, line.due) for line in plan(jobs, now=datetime.now(UTC))}
        before = {line.table: line.due for line in plan(jobs, now=LONG_AGO + timedelta(days=5 * 365))}
    assert told["access.log"] == told["access.disclosure"] == ("period", ANCHORED)
    assert before["access.log"] == before["access.disclosure"] == 0


def test_a_range_has_a_summary_and_a_proof_that_name_nobody(erased_template: OldLog) -> None:
    log = erased_template
    summed = log.one("SELECT sum((s.value)::int) FROM access.log_erasure e, jsonb_each_text(e.summary) s")
    assert summed == ANCHORED
    assert log.one("SELECT sum(rows) FROM access.erasure WHERE table_name = 'access.log'") == ANCHORED
    assert str(UUID(int=1)) not in log.one("SELECT string_agg(e::text, '') FROM access.log_erasure e")


def test_the_chain_goes_on_after_an_erasure_and_nothing_is_erased_twice(log: OldLog) -> None:
    log.open_access(UUID(int=77))
    log.chain()
    assert log.erase() == 0
    assert log.verdict().findings == ()


@pytest.mark.parametrize(
    ("done", "position", "found"),
    [
        ("DELETE FROM access.disclosure WHERE log_id = {entry}; DELETE FROM access.log WHERE id = {entry}", 10,
         "entry_removed"),
        ("UPDATE access.log SET actor = '', scope_persons = '{{}}' WHERE id = {entry}", 11, "entry_changed"),
        ("UPDATE access.log SET legal_basis = 'x', actor = 'y' WHERE id = {entry}", 3, "entry_changed"),
        ("DELETE FROM access.chain WHERE log_id = {entry}", 5, "chain_gap"),
        ("UPDATE access.chain SET content = sha256('x') WHERE log_id = {entry}", 2, "chain_broken"),
    ],
)  # fmt: skip
def test_damage_beside_and_within_an_erased_range_is_still_found(
    log: OldLog, done: str, position: int, found: str
) -> None:
    entry = log.one(f"SELECT log_id FROM access.chain WHERE position = {position}")
    log.tamper(*done.format(entry=entry).split(";"))
    assert found in log.kinds()


@pytest.mark.parametrize("erased_at", ["clock_timestamp()", "clock_timestamp() + interval '9 years'"])
def test_younger_entries_are_not_passed_off_as_erased(log: OldLog, erased_at: str) -> None:
    log.tamper(
        "INSERT INTO access.log_erasure (first_position, last_position, last_log_id, hash, cut_off, erased_at, summary)"
        f" SELECT 9, 12, log_id, hash, now(), {erased_at}, '{{}}' FROM access.chain WHERE position = 12",
        "DELETE FROM access.disclosure", "DELETE FROM access.log WHERE id IN (SELECT log_id FROM access.chain WHERE"
        " position = 12)",
    )  # fmt: skip
    assert log.kinds() >= {"erased_too_soon", "entry_removed"}


def test_without_the_anchors_no_erasure_is_excused(log: OldLog, tmp_path: Path) -> None:
    log.anchors = tmp_path / "another.jsonl"
    assert log.kinds() >= {"erased_too_soon", "entry_removed", "anchors_cut"}


def test_nothing_is_erased_that_was_anchored_lately_or_not_at_all(
    prepared_url: str, home: Path, tmp_path: Path
) -> None:
    young = OldLog(database_from(prepared_url, home), tmp_path / "log.jsonl")
    lately = datetime.now(UTC) - timedelta(days=5 * 365)
    young.tamper(f"UPDATE access.anchoring SET noted_at = '{lately.isoformat()}'")
    assert young.erase() == 0
    assert young.verdict().findings == ()


@pytest.mark.parametrize("role", ["web", "jobs", "analysis"])
def test_no_role_erases_the_log_without_the_purpose(erased_template: OldLog, role: str) -> None:
    with erased_template.made.connect(role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT access.erase_log(now(), 10, gen_random_uuid(), 0, sha256('x'))")


@pytest.mark.parametrize("statement", ["DELETE FROM access.log", "UPDATE access.log SET actor = ''",
                                       "TRUNCATE access.log CASCADE", "DELETE FROM access.disclosure",
                                       "DELETE FROM access.log_erasure"])  # fmt: skip
def test_the_log_stays_append_only_for_its_owner(erased_template: OldLog, statement: str) -> None:
    with erased_template.made.connect("owner") as owner, pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner.execute(statement)


def test_who_left_office_cannot_sign_in_any_more_and_loses_the_name_once_the_log_names_them_no_more(
    made_officers: MadeDatabase,
) -> None:
    from pccovid.retention.operations import erase_due

    use_in_django(made_officers, "jobs")
    with made_officers.connect("jobs", autocommit=True) as jobs:
        erase_due(jobs, key=SALT, by="test", now=datetime.now(UTC), progress=lambda *_: None)
    with made_officers.connect("owner") as owner:
        rows = owner.execute(
            "SELECT u.id, u.username LIKE 'erased-%', u.first_name, u.password = '!', u.is_active,"
            " (SELECT count(*) FROM access.officer_factor f WHERE f.officer_id = u.id) FROM auth_user u ORDER BY u.id"
        ).fetchall()
        appointments = owner.execute("SELECT count(*) FROM access.appointment").fetchone()
    assert [row[1:] for row in rows] == [
        (False, "in office", False, True, 1), (False, "left lately", False, True, 1),
        (False, "left, and named", True, False, 0), (True, "", True, False, 0),
    ]  # fmt: skip
    assert appointments == (4,), "who held which office is kept while the log or the account names them"


@pytest.fixture
def made_officers(prepared_url: str, home: Path) -> MadeDatabase:
    from pccovid.officers.operations import enrol
    from pccovid.officers.sandbox import give_codes

    made = database_from(prepared_url, home)
    ended = {"in office": None, "left lately": "10 days", "left, and named": "2 years", "left long ago": "6 years"}
    use_in_django(made, "web")
    with made.connect("owner", autocommit=True) as owner:
        for name, ago in ended.items():
            account = enrol(owner, username=name.replace(" ", "-").replace(",", ""), full_name=name,
                            password="một mật khẩu dài", now=datetime.now(UTC))  # fmt: skip
            give_codes(owner, officer=account)
            owner.execute(
                "INSERT INTO access.appointment (officer_id, role, area_code, office, valid_from, valid_to,"
                " appointed_by) VALUES (%s, 'tracer', '01', 'Cơ quan', now() - interval '8 years',"
                " now() - %s::interval, 'test')", [account, ago],
            )  # fmt: skip
    return made
