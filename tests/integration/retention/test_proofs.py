"""Proofs of erasure: they say how much, they do not say whose, and no change to them goes unseen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from integration.retention.conftest import KEY


def findings(owner: psycopg.Connection) -> list[str]:
    from pccovid.retention.proofs import verify_erasures

    return [kind for kind, _ in verify_erasures(owner).findings]


def tamper(owner: psycopg.Connection, statement: str) -> None:
    """Change proofs as only the database's owner could, who can switch triggers off."""
    owner.execute("ALTER TABLE access.erasure DISABLE TRIGGER erasure_is_append_only")
    owner.execute(statement)


def test_untouched_proofs_are_whole(owner: psycopg.Connection, erase: Callable[..., Any]) -> None:
    erase(batch=50)
    assert findings(owner) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access.erasure SET rows = rows + 1 WHERE position = 3",
        "DELETE FROM access.erasure WHERE position = 3",
        "UPDATE access.erasure SET table_name = 'people_person' WHERE position = 1",
    ],
)
def test_a_changed_or_removed_proof_is_found(
    owner: psycopg.Connection, erase: Callable[..., Any], statement: str
) -> None:
    erase(batch=50)
    tamper(owner, statement)
    assert "proof_changed" in findings(owner)


def test_a_cut_tail_is_found_by_what_the_log_remembers(owner: psycopg.Connection, erase: Callable[..., Any]) -> None:
    erase(batch=50)
    tamper(owner, "DELETE FROM access.erasure WHERE position > 2")
    assert findings(owner) == ["proof_removed"]


def test_not_even_the_owner_changes_a_proof_in_passing(owner: psycopg.Connection, erase: Callable[..., Any]) -> None:
    erase()
    for statement in ("UPDATE access.erasure SET rows = 1", "DELETE FROM access.erasure", "TRUNCATE access.erasure"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            owner.execute(statement)


def test_a_commitment_is_opened_with_the_key_and_the_rows_and_with_neither_alone(
    owner: psycopg.Connection, erase: Callable[..., Any]
) -> None:
    from pccovid.retention.operations import commitment_of, salt_of

    due = "scanned_at < '2021-11-01'"
    days = owner.execute(f"SELECT array_agg(id::text) FROM movement_scan WHERE {due} GROUP BY day").fetchall()
    assert len(days) > 1
    erased = erase(batch=100_000)
    proofs = owner.execute(
        "SELECT batch, commitment FROM access.erasure WHERE table_name = 'movement_scan' ORDER BY batch"
    ).fetchall()
    assert len(proofs) == len(days)
    for key, is_opened in ((KEY, True), (b"another key", False)):
        for batch, committed in proofs:
            salt = salt_of(key, erased.run, batch)
            opening = [ids for (ids,) in days if commitment_of(salt, "movement_scan", ids) == committed]
            assert len(opening) == is_opened
            assert commitment_of(salt, "movement_scan", [*opening[0][1:], "x"] if opening else []) != committed


def test_proofs_name_nobody_and_no_row(owner: psycopg.Connection, erase: Callable[..., Any]) -> None:
    known = {str(row[0]) for row in owner.execute("SELECT id FROM movement_visit UNION SELECT id FROM people_person")}
    erase()
    told = "\n".join(str(row) for row in owner.execute("SELECT e::text FROM access.erasure e"))
    assert not [one for one in known if one in told]
