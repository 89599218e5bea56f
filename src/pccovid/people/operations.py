"""Merge and split of persons: links are appended, records and facts follow, golden records are derived anew.

Every verb works on a plain connection of the jobs role, inside one transaction whose access was opened with
foundation.access.open_for_job(…, "link_repair", purpose="data_repair"). Nothing is lost: links are only ever
appended, an absorbed person stays as a pointer, and undoing a merge restores what was.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from pccovid.foundation.facts import registered, settle_touched
from pccovid.foundation.key_ring import key_ring
from pccovid.people.golden import refresh_touched
from pccovid.people.verification import restore_verification, verification_of

# The key an import holds while it links and publishes (carry_over/jobs.py): decisions must not change under it.
_TAKE_INDEX = "SELECT pg_try_advisory_xact_lock(hashtext('pccovid carry over'))"


class MergeRefused(ValueError):
    """These persons cannot be merged, or this merge cannot be undone."""


class PersonUnknown(MergeRefused, LookupError):
    """The index has no such person, or access does not show it."""


class SamePersonTwice(MergeRefused):
    """A person cannot be merged into itself."""


class PersonIsAbsorbed(MergeRefused):
    """One of them has already been merged into another; the standing person must be named."""


class VerifiedIdsDiffer(MergeRefused):
    """The population database itself says that these are two people."""


class MergeUnknown(MergeRefused, LookupError):
    """There is no such merge."""


class MergeAlreadyUndone(MergeRefused):
    """This merge was undone before."""


class LaterMergeStands(MergeRefused):
    """The kept person has since been merged itself; that merge must be undone first."""


class RecordsHaveMovedOn(MergeRefused):
    """Records of the merge have since been given to others; each must be decided by itself."""


class SplitRefused(ValueError):
    """The named records cannot be split off: none, all of them, or some that are not this person's."""


class IndexIsBusy(RuntimeError):
    """An import is linking at this moment; try again when it has been published."""


def merge_people(
    connection: psycopg.Connection, *, kept: UUID, absorbed: UUID, reason: str, by: str, now: datetime
) -> int:
    """Make two persons one: all records and facts of `absorbed` become `kept`'s. Returns the merge's number.

    Raises PersonUnknown, SamePersonTwice, PersonIsAbsorbed, VerifiedIdsDiffer, IndexIsBusy.
    """
    if kept == absorbed:
        raise SamePersonTwice(f"person {kept} is the same as person {absorbed}")
    take_index(connection)
    _hold_standing(connection, kept, absorbed)
    _refuse_two_verified_ids(connection, kept, absorbed)
    evidence = {"verification": verification_of(connection, kept, absorbed)}
    moved = _records_of(connection, absorbed)
    _give(connection, moved, to=kept, reason=reason, by=by, now=now)
    connection.execute("UPDATE people_person SET merged_into_id = %s WHERE id = %s", [kept, absorbed])
    derive_anew(connection, kept, absorbed)
    row = connection.execute(
        "INSERT INTO people_merge (kept_id, absorbed_id, moved_records, reason, evidence, merged_by, merged_at,"
        " undone_by) VALUES (%s, %s, %s, %s, %s, %s, %s, '') RETURNING id",
        [kept, absorbed, moved, reason, Jsonb(evidence), by, now],
    ).fetchone()
    assert row is not None
    return int(row[0])


def undo_merge(connection: psycopg.Connection, *, merge: int, by: str, now: datetime) -> None:
    """Restore the two persons as they were; records that joined the kept one since then stay with it.

    Merges are undone latest first. Raises MergeUnknown, MergeAlreadyUndone, LaterMergeStands, RecordsHaveMovedOn,
    IndexIsBusy.
    """
    take_index(connection)
    kept, absorbed, moved, evidence = _standing_merge(connection, merge)
    _refuse_later_merge(connection, kept, absorbed)
    if not set(moved) <= set(_records_of(connection, kept)):
        raise RecordsHaveMovedOn(f"records of merge {merge} are no longer with person {kept}")
    _give(connection, moved, to=absorbed, reason="merge_undone", by=by, now=now)
    connection.execute("UPDATE people_person SET merged_into_id = NULL WHERE id = %s", [absorbed])
    derive_anew(connection, kept, absorbed)
    restore_verification(connection, evidence.get("verification", {}), kept, absorbed)
    connection.execute("UPDATE people_merge SET undone_by = %s, undone_at = %s WHERE id = %s", [by, now, merge])


def split_person(
    connection: psycopg.Connection, *, person: UUID, records: Collection[UUID], reason: str, by: str, now: datetime
) -> UUID:
    """Give some of a person's records, with their facts, to a person newly opened for them; returns its id.

    A split is undone by merging the new person back. Raises PersonUnknown, PersonIsAbsorbed, SplitRefused, IndexIsBusy.
    """
    take_index(connection)
    _hold_standing(connection, person)
    chosen, held = sorted(set(records)), set(_records_of(connection, person))
    if not chosen or not held.issuperset(chosen) or len(chosen) == len(held):
        raise SplitRefused(f"{len(chosen)} of {len(held)} records of person {person} cannot be split off")
    row = connection.execute(
        "INSERT INTO people_person (id, is_identity_verified, attribute_sources, created_at)"
        " VALUES (gen_random_uuid(), false, '{}', %s) RETURNING id",
        [now],
    ).fetchone()
    assert row is not None
    opened: UUID = row[0]
    _give(connection, chosen, to=opened, reason=reason, by=by, now=now)
    derive_anew(connection, person, opened)
    return opened


def take_index(connection: psycopg.Connection) -> None:
    """Hold the index until the transaction ends. Raises IndexIsBusy."""
    if connection.execute(_TAKE_INDEX).fetchone() != (True,):
        raise IndexIsBusy("an import is linking; try again when it has been published")
    if key_ring().lookup.is_rotating:
        raise IndexIsBusy("look-up keys are half rotated; finish it first with `pccovid keys rotate`")


def _hold_standing(connection: psycopg.Connection, *persons: UUID) -> None:
    """Lock the persons until the transaction ends, and see that none has been absorbed."""
    found = connection.execute(
        "SELECT id, merged_into_id FROM people_person WHERE id = ANY (%s) ORDER BY id FOR UPDATE", [list(persons)]
    ).fetchall()
    unknown = set(persons) - {person for person, _ in found}
    if unknown:
        raise PersonUnknown(f"the index has no person {min(unknown)}")
    for person, merged_into in found:
        if merged_into is not None:
            raise PersonIsAbsorbed(f"person {person} has been merged into {merged_into}")


def _refuse_two_verified_ids(connection: psycopg.Connection, kept: UUID, absorbed: UUID) -> None:
    """What the population database itself wrote counts, also where two of its rows contradict each other."""
    found = connection.execute(
        "SELECT count(DISTINCT personal_id) FROM people_recordclaim"
        " WHERE person_id = ANY (%s) AND id_verified AND personal_id IS NOT NULL",
        [[kept, absorbed]],
    ).fetchone()
    if found is not None and found[0] > 1:
        raise VerifiedIdsDiffer(f"persons {kept} and {absorbed} have different verified personal ids")


def _records_of(connection: psycopg.Connection, person: UUID) -> list[UUID]:
    rows = connection.execute(
        "SELECT record_id FROM people_recordclaim WHERE person_id = %s ORDER BY record_id FOR UPDATE", [person]
    )
    return [record for (record,) in rows]


def _standing_merge(
    connection: psycopg.Connection, merge: int
) -> tuple[UUID, UUID, list[UUID], dict[str, dict[str, str]]]:
    row = connection.execute(
        "SELECT kept_id, absorbed_id, moved_records, evidence, undone_at FROM people_merge WHERE id = %s FOR UPDATE",
        [merge],
    ).fetchone()
    if row is None:
        raise MergeUnknown(f"there is no merge {merge}")
    if row[4] is not None:
        raise MergeAlreadyUndone(f"merge {merge} was undone at {row[4]}")
    return row[0], row[1], row[2], row[3] or {}


def _refuse_later_merge(connection: psycopg.Connection, kept: UUID, absorbed: UUID) -> None:
    rows = connection.execute(
        "SELECT id, merged_into_id FROM people_person WHERE id = ANY (%s) ORDER BY id FOR UPDATE",
        [[kept, absorbed]],
    )
    found: dict[UUID, UUID | None] = dict(rows.fetchall())
    if found.get(kept) is not None:
        raise LaterMergeStands(f"person {kept} has since been merged into {found[kept]}")
    if found.get(absorbed) != kept:
        raise RecordsHaveMovedOn(f"person {absorbed} is no longer merged into {kept}")


def _give(
    connection: psycopg.Connection, records: list[UUID], *, to: UUID, reason: str, by: str, now: datetime
) -> None:
    """Append a manual link for each record and let its claim and its facts follow."""
    connection.execute(
        "INSERT INTO people_link (record_id, person_id, decision, evidence, reason, model_version, decided_by,"
        " decided_at) SELECT r, %s, 'manual', jsonb_build_object('person_before', c.person_id), %s, '', %s, %s"
        " FROM unnest(%s::uuid[]) AS r JOIN people_recordclaim c ON c.record_id = r ORDER BY r",
        [to, reason, by, now, records],
    )
    connection.execute("UPDATE people_recordclaim SET person_id = %s WHERE record_id = ANY (%s)", [to, records])
    for table in _fact_tables():
        connection.execute(
            sql.SQL("UPDATE {} SET person_id = %s WHERE record_id = ANY (%s) AND person_id <> %s").format(
                sql.Identifier(table)
            ),
            [to, records, to],
        )


def _fact_tables() -> list[str]:
    """Tables of the facts that belong to a person; a place is nobody's."""
    return [fact.table for fact in registered() if fact.name != "place"]


def derive_anew(connection: psycopg.Connection, *persons: UUID) -> None:
    """Golden records and duplicate marks of these persons, from the claims and facts they now have."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS touched, source_rank, claim_ranked, golden, identifier_now, contact_now")
        cursor.execute("CREATE TEMP TABLE touched (person_id uuid PRIMARY KEY) ON COMMIT DROP")
        cursor.executemany("INSERT INTO touched VALUES (%s)", [[person] for person in persons])
    refresh_touched(connection)
    settle_touched(connection)
