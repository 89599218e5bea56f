"""What is read and rolled back stays in the log: an opening is announced, and that committed, before it is opened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from conftest import AnnouncingConnection, MadeDatabase, use_in_django
from integration.access.made_nation import AN, BINH, Nation
from integration.access.made_nation import LOCAL as OFFICER
from pccovid.foundation.audit import extend_chain, settle, verify

_OWN = "SELECT access.{}('citizen', %s, '', 'own_record', 'test', 'own', %s::uuid[])"
_TRACE = "SELECT access.{}('officer', %s, 'tracer', 'contact_tracing', 'test', 'person', %s::uuid[], '00001', %s)"
LOCAL = int(OFFICER)
_KEY = b"a key of the tests"


@pytest.fixture
def web(nation: Nation) -> Iterator[psycopg.Connection]:
    """The web's connection as somebody who took it over has it: nothing is announced by itself."""
    with AnnouncingConnection.connect(nation.made.url("web")) as connection:
        connection.announces = False
        yield connection


@pytest.fixture(autouse=True)
def nothing_waits(nation: Nation) -> None:
    with nation.made.connect("owner", autocommit=True) as owner:
        owner.execute("DELETE FROM access.announcement")


def announced(nation: Nation, statement: str, *values: object) -> int:
    with nation.made.connect("web", autocommit=True) as other:
        row = other.execute(statement.format("announce"), list(values)).fetchone()
    assert row is not None
    return int(row[0])


def two_minutes_pass(made: MadeDatabase) -> None:
    with made.connect("owner", autocommit=True) as owner:
        owner.execute("UPDATE access.announcement SET announced_at = announced_at - interval '121 seconds'")


def settled(made: MadeDatabase) -> list[tuple[int, str, str, str]]:
    """(entry, actor, purpose, case) of every entry that was written for an announcement without one."""
    with made.connect("jobs", autocommit=True) as jobs:
        settle(jobs)
    with made.connect("owner") as owner:
        return owner.execute(
            "SELECT l.id, l.actor, l.purpose, coalesce(l.case_reference, '') FROM access.left_open o"
            " JOIN access.log l ON l.id = o.log_id ORDER BY l.id"
        ).fetchall()


def waiting(made: MadeDatabase) -> int:
    with made.connect("owner") as owner:
        (count,) = owner.execute("SELECT count(*) FROM access.announcement").fetchone() or (0,)
    return int(count)


def test_nothing_opens_that_was_not_announced(web: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="announced"):
        web.execute(_OWN.format("open"), [str(AN), [AN]])


def test_announcing_within_the_same_transaction_is_not_announcing(web: psycopg.Connection) -> None:
    web.execute(_OWN.format("announce"), [str(AN), [AN]])
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="announced"):
        web.execute(_OWN.format("open"), [str(AN), [AN]])


def test_an_announcement_opens_what_it_names_and_nothing_else(web: psycopg.Connection, nation: Nation) -> None:
    announced(nation, _TRACE, str(LOCAL), [AN], "case 1")
    for officer, person, case in ((LOCAL, BINH, "case 1"), (LOCAL, AN, "case 2"), (LOCAL + 1, AN, "case 1")):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), web.transaction():
            web.execute(_TRACE.format("open"), [str(officer), [person], case])
    with web.transaction():
        web.execute(_TRACE.format("open"), [str(LOCAL), [AN], "case 1"])
    with pytest.raises(psycopg.errors.InsufficientPrivilege), web.transaction():
        web.execute(_TRACE.format("open"), [str(LOCAL), [AN], "case 1"])


def test_an_announcement_of_two_minutes_ago_opens_nothing(web: psycopg.Connection, nation: Nation) -> None:
    announced(nation, _OWN, str(AN), [AN])
    two_minutes_pass(nation.made)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="announced"):
        web.execute(_OWN.format("open"), [str(AN), [AN]])


def test_a_reading_that_is_rolled_back_becomes_an_entry_that_the_person_sees(
    web: psycopg.Connection, nation: Nation, tmp_path: Path
) -> None:
    before = len(settled(nation.made))
    announced(nation, _TRACE, str(LOCAL), [AN], "rolled back")
    web.execute(_TRACE.format("open"), [str(LOCAL), [AN], "rolled back"])
    assert web.execute("SELECT count(*) FROM people_person").fetchone() == (1,)
    web.rollback()
    assert len(settled(nation.made)) == before, "its two minutes are not over"
    two_minutes_pass(nation.made)
    entry, actor, purpose, case = settled(nation.made)[before]
    assert (actor, purpose, case) == (str(LOCAL), "contact_tracing", "rolled back")
    assert "rolled back" in who_looked_at(nation.made, AN)
    with nation.made.connect("jobs", autocommit=True) as jobs:
        extend_chain(jobs)
    with nation.made.connect("owner") as owner:
        verdict = verify(owner, tmp_path / "anchors", _KEY, progress=lambda *_: None)
        assert owner.execute("SELECT count(*) FROM access.chain WHERE log_id = %s", [entry]).fetchone() == (1,)
    assert verdict.findings == ()
    assert verdict.left_open >= 1


def who_looked_at(made: MadeDatabase, person: UUID) -> list[str]:
    """The cases under which somebody looked, as the person reads them."""
    with made.connect("web") as own:
        own.execute(_OWN.format("open"), [str(person), [person]])
        return [row[0] for row in own.execute("SELECT case_reference FROM access.who_looked(%s)", [person])]


def test_a_reading_undone_by_a_savepoint_stays_as_well(web: psycopg.Connection, nation: Nation) -> None:
    before = len(settled(nation.made))
    announced(nation, _TRACE, str(LOCAL), [AN], "savepoint")
    with web.transaction(force_rollback=True):
        web.execute(_TRACE.format("open"), [str(LOCAL), [AN], "savepoint"])
    web.commit()
    two_minutes_pass(nation.made)
    assert [case for *_, case in settled(nation.made)[before:]] == ["savepoint"]


def test_a_reading_that_ends_well_leaves_one_entry_and_no_announcement(web: psycopg.Connection, nation: Nation) -> None:
    before = len(settled(nation.made))
    announced(nation, _TRACE, str(LOCAL), [AN], "ended")
    with web.transaction():
        web.execute(_TRACE.format("open"), [str(LOCAL), [AN], "ended"])
    two_minutes_pass(nation.made)
    assert len(settled(nation.made)) == before
    assert waiting(nation.made) == 0


def test_a_reading_that_still_runs_is_not_settled(web: psycopg.Connection, nation: Nation) -> None:
    before = len(settled(nation.made))
    announced(nation, _OWN, str(AN), [AN])
    web.execute(_OWN.format("open"), [str(AN), [AN]])
    with nation.made.connect("jobs", autocommit=True) as jobs:
        jobs.execute("SET statement_timeout = '5s'")
        settle(jobs)
    assert len(settled(nation.made)) == before
    web.rollback()


def test_what_no_rule_or_office_would_have_opened_leaves_no_entry(nation: Nation) -> None:
    before = len(settled(nation.made))
    announced(nation, _TRACE, "987654", [AN], "no such officer")
    announced(nation, _OWN, str(AN), [BINH])
    two_minutes_pass(nation.made)
    assert len(settled(nation.made)) == before
    assert waiting(nation.made) == 0


def test_an_entry_written_afterwards_is_nobodys_context(nation: Nation) -> None:
    announced(nation, _TRACE, str(LOCAL), [AN], "afterwards")
    two_minutes_pass(nation.made)
    with nation.made.connect("jobs") as jobs:
        assert jobs.execute("SELECT access.settle_announcements(10)").fetchone() == (1,)
        assert jobs.execute("SELECT access.persons_seen('identity')").fetchone() == (None,)
        assert jobs.execute("SELECT count(*) FROM people_person").fetchone() == (0,)


@pytest.mark.parametrize("role", ["web", "jobs", "analysis"])
@pytest.mark.parametrize(
    "statement", ["DELETE FROM access.announcement", "UPDATE access.announcement SET actor = ''",
                  "SELECT * FROM access.announcement", "TRUNCATE access.announcement",
                  "INSERT INTO access.left_open VALUES (1)"],
)  # fmt: skip
def test_no_role_takes_an_announcement_back(nation: Nation, role: str, statement: str) -> None:
    with nation.made.connect(role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


def test_the_webs_own_way_of_opening_announces_and_a_failing_page_is_told_of(nation: Nation) -> None:
    from pccovid.foundation import access

    use_in_django(nation.made, "web")
    before = len(settled(nation.made))

    class PageFailed(Exception):
        pass

    with (
        pytest.raises(PageFailed),
        access.open(
            access.officer(LOCAL, "tracer"), purpose="contact_tracing", legal_basis="test",
            scope=access.persons(AN, within="00001"), case="failed",
        ),
    ):  # fmt: skip
        raise PageFailed
    two_minutes_pass(nation.made)
    assert [case for *_, case in settled(nation.made)[before:]] == ["failed"]
