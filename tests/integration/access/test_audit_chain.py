"""Whoever changes the log of access, whatever they own, is found, and so is the place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from conftest import MadeDatabase
from pccovid.foundation.audit import Verdict, anchor, extend_chain, verify

NOW = datetime(2022, 3, 1, tzinfo=UTC)
KEY = b"a key the database does not know"
ENTRIES = 12
_TABLES_OF_ACCESS = """
    SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
    WHERE schemaname = 'access' OR tablename LIKE 'published_statistics_%' ORDER BY 1
"""


class Log:
    """A chained log of twelve accesses, anchored at eight."""

    def __init__(self, made: MadeDatabase, anchors: Path) -> None:
        self.made, self.anchors = made, anchors
        for number in range(1, ENTRIES + 1):
            self.open_access(UUID(int=number))
            if number == 8:
                self.chain(with_anchor=True)
        self.chain()

    def open_access(self, person: UUID) -> None:
        with self.made.connect("web") as web, web.transaction():
            web.execute(
                "SELECT access.open('citizen', %s, '', 'own_record', 'test', 'own', ARRAY[%s]::uuid[])",
                [str(person), person],
            )
            web.execute("SELECT access.disclose(ARRAY[%s]::uuid[], ARRAY['identity'])", [person])

    def chain(self, *, with_anchor: bool = False) -> None:
        with self.made.connect("jobs", autocommit=True) as jobs:
            extend_chain(jobs)
            if with_anchor:
                anchor(jobs, self.anchors, KEY, now=NOW)

    def tamper(self, *statements: str) -> None:
        """What the database's owner can do: switch the triggers off, change, switch them on."""
        with self.made.connect("owner", autocommit=True) as owner:
            # All of them: other modules' registers refer to the log, and refuse to be emptied with it.
            tables = [name for (name,) in owner.execute(_TABLES_OF_ACCESS)]
            for table in tables:
                owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for statement in statements:
                owner.execute(statement)
            for table in tables:
                owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    def verdict(self) -> Verdict:
        with self.made.connect("owner") as owner:
            return verify(owner, self.anchors, KEY, progress=lambda _stage, _share: None)

    def found(self) -> set[tuple[str, int | None]]:
        return {(finding.kind, finding.position) for finding in self.verdict().findings}

    def entry_at(self, position: int) -> int:
        with self.made.connect("owner") as owner:
            return owner.execute("SELECT log_id FROM access.chain WHERE position = %s", [position]).fetchone()[0]  # type: ignore[index]


@pytest.fixture
def log(database: MadeDatabase, tmp_path: Path) -> Log:
    return Log(database, tmp_path / "anchors" / "log.jsonl")


def test_an_untouched_log_is_whole(log: Log) -> None:
    verdict = log.verdict()
    assert verdict.is_whole
    assert (verdict.entries, verdict.anchors, verdict.unanchored) == (ENTRIES, 1, ENTRIES - 8)


def test_one_changed_letter_is_found_at_its_entry(log: Log) -> None:
    log.tamper(f"UPDATE access.log SET legal_basis = 'tesT' WHERE id = {log.entry_at(5)}")
    assert log.found() == {("entry_changed", 5)}


def test_a_person_taken_off_the_list_of_those_shown_is_found(log: Log) -> None:
    log.tamper(f"DELETE FROM access.disclosure WHERE log_id = {log.entry_at(3)}")
    assert log.found() == {("entry_changed", 3)}


def test_a_removed_entry_is_found(log: Log) -> None:
    entry = log.entry_at(7)
    log.tamper(f"DELETE FROM access.disclosure WHERE log_id = {entry}", f"DELETE FROM access.log WHERE id = {entry}")
    assert log.found() == {("entry_removed", 7)}


def test_an_entry_removed_with_its_link_leaves_a_gap(log: Log) -> None:
    entry = log.entry_at(7)
    log.tamper(
        f"DELETE FROM access.disclosure WHERE log_id = {entry}", f"DELETE FROM access.log WHERE id = {entry}",
        "DELETE FROM access.chain WHERE position = 7",
    )  # fmt: skip
    assert log.found() == {("chain_gap", 8)}


def test_two_swapped_entries_are_found_at_both_places(log: Log) -> None:
    one, other = log.entry_at(4), log.entry_at(6)
    log.tamper(
        f"CREATE TEMP TABLE kept AS SELECT id, actor, scope_persons FROM access.log WHERE id IN ({one}, {other})",
        f"UPDATE access.log l SET actor = k.actor, scope_persons = k.scope_persons FROM kept k"
        f" WHERE l.id IN ({one}, {other}) AND k.id IN ({one}, {other}) AND k.id <> l.id",
    )
    assert log.found() == {("entry_changed", 4), ("entry_changed", 6)}


def test_an_entry_slipped_in_behind_the_chain_is_found(log: Log) -> None:
    log.tamper(
        "INSERT INTO access.log (opened_at, transaction_id, actor_kind, actor, role, office, purpose, legal_basis,"
        " scope_kind, readable, writable, connected_as) SELECT opened_at, transaction_id, actor_kind, actor, role,"
        f" office, purpose, legal_basis, scope_kind, readable, writable, connected_as FROM access.log"
        f" WHERE id = {log.entry_at(2)}"
    )
    log.chain()
    assert {kind for kind, _ in log.found()} == {"entry_slipped_in"}


def test_a_tail_cut_off_before_an_anchor_is_found(log: Log) -> None:
    log.tamper(
        *(f"DELETE FROM {table} WHERE log_id >= {log.entry_at(6)}" for table in ("access.disclosure",)),
        f"DELETE FROM access.log WHERE id >= {log.entry_at(6)}",
        "DELETE FROM access.chain WHERE position >= 6",
        "DELETE FROM access.chain_run",
    )
    assert log.found() == {("tail_cut", 6)}


def test_a_chain_computed_anew_after_a_change_differs_from_its_anchor(log: Log) -> None:
    log.tamper(
        f"UPDATE access.log SET purpose = 'care' WHERE id = {log.entry_at(5)}",
        "DELETE FROM access.chain", "DELETE FROM access.chain_run",
    )  # fmt: skip
    log.chain()
    assert log.found() == {("anchor_differs", 8)}


def _forge(line: str) -> str:
    return line.replace('"position": 8', '"position": 6')


@pytest.mark.parametrize(
    "change",
    [
        _forge, lambda line: "not an anchor", lambda line: "[]", lambda line: "[" * 100_000,
        lambda line: line.replace('"signature": "', '"signature": "ă'),
        lambda line: line.replace('"position": 8', '"position": "eight"'),
    ],
)  # fmt: skip
def test_a_forged_anchor_is_no_anchor(log: Log, change: Callable[[str], str]) -> None:
    log.anchors.write_text(change(log.anchors.read_text().strip()) + "\n")
    assert {kind for kind, _ in log.found()} == {"anchor_forged", "anchors_cut"}


def test_bytes_that_are_no_text_are_no_anchor(log: Log) -> None:
    with log.anchors.open("ab") as file:
        file.write(b"\xff\xfe\x00\n")
    assert {kind for kind, _ in log.found()} == {"anchor_forged"}


def test_a_line_nobody_signed_does_not_stop_the_next_anchor(log: Log) -> None:
    with log.anchors.open("a") as file:
        file.write('{"position": 1000000, "hash": "", "at": "", "before": "", "signature": ""}\n')
    log.chain(with_anchor=True)
    verdict = log.verdict()
    assert (verdict.anchors, verdict.unanchored) == (2, 0)
    assert [finding.kind for finding in verdict.findings] == ["anchor_forged"]


def test_an_anchor_taken_out_of_the_file_is_missed_by_the_next(log: Log) -> None:
    log.chain(with_anchor=True)
    log.open_access(UUID(int=99))
    log.chain(with_anchor=True)
    lines = log.anchors.read_text().splitlines()
    assert len(lines) == 3
    log.anchors.write_text("\n".join([lines[0], lines[2]]) + "\n")
    assert {kind for kind, _ in log.found()} == {"anchor_missing"}


def test_anchors_that_were_removed_or_cut_off_are_missed(log: Log) -> None:
    log.chain(with_anchor=True)
    lines = log.anchors.read_text().splitlines()
    assert len(lines) == 2
    log.anchors.write_text(lines[0] + "\n")
    assert log.found() == {("anchors_cut", 9)}
    log.anchors.unlink()
    assert log.found() == {("anchors_cut", 1)}


def test_a_log_emptied_together_with_its_chain_is_missed_by_the_anchors(log: Log) -> None:
    log.tamper("TRUNCATE access.log, access.disclosure, access.chain, access.chain_run CASCADE")
    assert log.found() == {("tail_cut", 1)}


def test_entries_that_wait_too_long_for_the_chain_are_told(log: Log) -> None:
    entry = log.entry_at(ENTRIES)
    log.tamper(
        f"DELETE FROM access.chain WHERE log_id = {entry}", "DELETE FROM access.chain_run",
        f"UPDATE access.log SET opened_at = opened_at - interval '7 hours' WHERE id = {entry}",
    )  # fmt: skip
    assert log.found() == {("chain_late", None)}


def test_numbers_of_openings_that_left_no_entry_are_counted_and_are_no_finding(log: Log) -> None:
    assert log.verdict().without_entry == ()
    with log.made.connect("web") as web:
        for _ in range(2):
            web.execute("SELECT access.open('citizen', %s, '', 'own_record', 'test', 'own', %s::uuid[])",
                        [str(UUID(int=1)), [UUID(int=1)]])  # fmt: skip
        web.rollback()
    log.open_access(UUID(int=1))
    log.chain()
    verdict = log.verdict()
    assert verdict.is_whole
    assert verdict.without_entry == ((ENTRIES + 1, ENTRIES + 2),)


def test_a_log_restored_on_another_server_goes_on_being_chained(log: Log) -> None:
    """Another server counts its transactions anew: to it, all numbers of the log lie in the future, or in the past."""
    far = "(pg_current_xact_id()::text::bigint + 1000000 + id)::text::xid8"
    log.open_access(UUID(int=77))
    log.tamper(
        "UPDATE access.chain_run SET server = server - 1, horizon = '9000000'",
        f"UPDATE access.log SET transaction_id = {far} WHERE id > {log.entry_at(ENTRIES)}",
    )
    log.open_access(UUID(int=78))
    log.chain()
    verdict = log.verdict()
    assert verdict.is_whole
    assert verdict.entries == ENTRIES + 2


def test_entries_of_open_transactions_wait_and_are_chained_later(log: Log) -> None:
    with log.made.connect("web") as slow:
        slow.execute("SELECT access.open('citizen', %s, '', 'own_record', 'test', 'own', %s::uuid[])",
                     [str(UUID(int=50)), [UUID(int=50)]])  # fmt: skip
        log.open_access(UUID(int=51))
        log.chain()
        assert log.verdict().is_whole
        slow.commit()
    log.chain()
    verdict = log.verdict()
    assert verdict.is_whole
    assert verdict.entries == ENTRIES + 2


COLUMNS = {"log": "purpose", "disclosure": "categories", "chain": "hash", "chain_run": "chained_at",
           "anchoring": "noted_at"}  # fmt: skip


def test_no_role_changes_log_or_chain(log: Log) -> None:
    for role in ("web", "jobs"):
        for table, column in COLUMNS.items():
            for statement in (f"UPDATE access.{table} SET {column} = {column}", f"DELETE FROM access.{table}",
                              f"TRUNCATE access.{table}", f"INSERT INTO access.{table} DEFAULT VALUES"):  # fmt: skip
                with log.made.connect(role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement)
