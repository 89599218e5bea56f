"""`pccovid audit verify --json`, the command itself, on a log changed in every way its owner can change one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from conftest import MadeDatabase
from integration.access.test_audit_chain import ENTRIES, Log

_COMMAND = (sys.executable, "-c", "from pccovid.cli import main; raise SystemExit(main())", "audit")
_KEY = "a key the database does not know"


def audit(log: Log, *arguments: str) -> tuple[int, dict[str, Any]]:
    """The command's exit code and its report."""
    done = subprocess.run(
        [*_COMMAND, *arguments, "--json"], capture_output=True, text=True, check=False,
        env={**os.environ, "PCCOVID_DATABASE_URL": log.made.owner_url, "PCCOVID_HOME": str(log.made.home),
             "PCCOVID_ANCHORS_FILE": str(log.anchors), "PCCOVID_AUDIT_KEY": _KEY},
    )  # fmt: skip
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def log(database: MadeDatabase, tmp_path: Path) -> Log:
    return Log(database, tmp_path / "anchors.jsonl")


def test_the_command_chains_anchors_and_finds_an_untouched_log_whole(log: Log) -> None:
    log.open_access(UUID(int=5))
    assert audit(log, "anchor") == (0, {"chained": 1, "anchored_at": ENTRIES + 1})
    code, told = audit(log, "verify")
    assert (code, told["whole"], told["entries"], told["anchors"]) == (0, True, ENTRIES + 1, 2)
    assert (told["entries_since_last_anchor"], told["findings"], told["numbers_without_entry"]) == (0, [], [])


def _one_byte(log: Log) -> list[str]:
    return [f"UPDATE access.log SET purpose = 'own_recorD' WHERE id = {log.entry_at(3)}"]


def _one_row(log: Log) -> list[str]:
    entry = log.entry_at(4)
    return [f"DELETE FROM access.disclosure WHERE log_id = {entry}", f"DELETE FROM access.log WHERE id = {entry}"]


def _two_swapped(log: Log) -> list[str]:
    """Two entries change their numbers, with all that hangs on them."""
    one, other, spare = log.entry_at(2), log.entry_at(5), 1_000_000
    statements = ["ALTER TABLE access.disclosure DROP CONSTRAINT disclosure_log_id_fkey"]
    for old, new in ((one, spare), (other, one), (spare, other)):
        row = f"jsonb_populate_record(l, jsonb_build_object('id', {new}))"
        statements += [
            f"INSERT INTO access.log OVERRIDING SYSTEM VALUE SELECT ({row}).* FROM access.log l WHERE id = {old}",
            f"DELETE FROM access.log WHERE id = {old}",
            f"UPDATE access.disclosure SET log_id = {new} WHERE log_id = {old}",
        ]
    return statements


def _two_links_swapped(log: Log) -> list[str]:
    return ["UPDATE access.chain SET position = -position WHERE position IN (2, 5)",
            "UPDATE access.chain SET position = 7 + position WHERE position IN (-2, -5)"]  # fmt: skip


def _tail_cut(log: Log) -> list[str]:
    entry = log.entry_at(6)
    return [f"DELETE FROM access.disclosure WHERE log_id >= {entry}", f"DELETE FROM access.log WHERE id >= {entry}",
            "DELETE FROM access.chain WHERE position >= 6", "DELETE FROM access.chain_run"]  # fmt: skip


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        (_one_byte, {("entry_changed", 3)}),
        (_one_row, {("entry_removed", 4)}),
        (_two_swapped, {("entry_changed", 2), ("entry_changed", 5)}),
        (_two_links_swapped, {("chain_broken", 2), ("chain_broken", 3), ("chain_broken", 5), ("chain_broken", 6)}),
        (_tail_cut, {("tail_cut", 6)}),
    ],
)
def test_the_command_finds_and_locates(log: Log, tampering: Any, found: set[tuple[str, int]]) -> None:
    log.tamper(*tampering(log))
    code, told = audit(log, "verify")
    assert code == 1
    assert not told["whole"]
    assert {(one["kind"], one["position"]) for one in told["findings"]} == found


def test_the_command_misses_an_anchors_file_that_is_gone(log: Log) -> None:
    log.anchors.unlink()
    code, told = audit(log, "verify")
    assert code == 1
    assert [one["kind"] for one in told["findings"]] == ["anchors_cut"]
    assert datetime.now(UTC).date().isoformat() in told["findings"][0]["told"]
