"""Taking the last swap back: one transaction after which everything stands as it stood, and history says so.

Links and merges are history and only grow; all else is to the row what it was before the swap. It is possible while
nothing has happened to the index since; afterwards a new shadow with the former model does it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import psycopg
from psycopg import sql

from pccovid.carry_over.jobs import failures_told, only_import
from pccovid.carry_over.operations import Surroundings
from pccovid.foundation.facts import StagedFact, registered, settle_touched
from pccovid.people.golden import refresh_touched
from pccovid.relinking.making import forget
from pccovid.relinking.shadows import ROLLED_BACK, SWAPPED, Shadow, newest_shadow, open_relinking, shadow_of
from pccovid.relinking.standing import standing_with_key, what_happened
from pccovid.relinking.statements import shadow_script
from pccovid.relinking.swapping import SwapRefused, hold_rulings, refuse_moved

Progress = Callable[[str, float], None]


class NothingToRollBack(SwapRefused):
    """No shadow was swapped in, or the last one was taken back already."""


class IndexHasMovedOn(SwapRefused):
    """Something has happened to the index since the swap; the way back would undo that as well."""


@failures_told()
def roll_back(around: Surroundings, *, by: str, now: datetime, progress: Progress) -> Shadow:
    """Take the last swap back. Raises NothingToRollBack, IndexHasMovedOn, AnotherImportIsRunning."""
    with only_import(around.url) as connection, connection.transaction():
        open_relinking(connection, "take a shadow back")
        hold_rulings(connection)
        shadow = newest_shadow(connection, SWAPPED, ROLLED_BACK)
        if shadow is None or shadow.stage == ROLLED_BACK:
            raise NothingToRollBack("no shadow was swapped in that could be taken back")
        _refuse_moved_on(connection, shadow)
        _carry_out(connection, shadow, by=by, now=now, progress=progress)
        return shadow_of(connection, shadow.id)


def _refuse_moved_on(connection: psycopg.Connection, shadow: Shadow) -> None:
    happened = what_happened(dict(shadow.stood_after or {}), standing_with_key(connection))
    if happened:
        raise IndexHasMovedOn(
            f"shadow {shadow.id} cannot be taken back: since the swap there have been new {', '.join(happened)};"
            " make a shadow with the former model instead"
        )


def _carry_out(connection: psycopg.Connection, shadow: Shadow, *, by: str, now: datetime, progress: Progress) -> None:
    said = f"{by} (shadow {shadow.id} taken back)"
    progress("taking back", 0.0)
    connection.execute(shadow_script("decide_back", shadow.id))
    refuse_moved(connection)
    connection.execute(shadow_script("give", shadow.id, by=said, now=now))
    connection.execute(shadow_script("unmerge", shadow.id, by=said, now=now))
    facts = tuple(fact for fact in registered() if fact.name != "place")
    for fact in facts:
        _restore_facts(connection, shadow, fact)
    progress("taking back", 0.4)
    refresh_touched(connection)
    settle_touched(connection)
    _restore_duplicates(connection, shadow)
    connection.execute(shadow_script("restore", shadow.id, run=shadow.run_id, seen=_seen(connection, shadow)))
    _close(connection, shadow, by=by, now=now)
    progress("taking back", 1.0)


def _restore_facts(connection: psycopg.Connection, shadow: Shadow, fact: StagedFact) -> None:
    """Facts that the swap added go; the others are whose they were, and stand or not as they stood."""
    parts = {"table": sql.Identifier(fact.table), "name": sql.Literal(fact.table), "shadow": sql.Literal(shadow.id)}
    connection.execute(
        sql.SQL(
            "DELETE FROM {table} f USING decision d WHERE f.record_id = d.record_id AND NOT EXISTS ("
            "SELECT 1 FROM relinking_undo u WHERE u.shadow_id = {shadow} AND u.table_name = {name} AND u.row_id = f.id)"
        ).format(**parts)
    )
    connection.execute(
        sql.SQL(
            "UPDATE {table} f SET person_id = (u.was ->> 'person_id')::uuid,"
            " superseded_at = (u.was ->> 'superseded_at')::timestamptz FROM relinking_undo u"
            " WHERE u.shadow_id = {shadow} AND u.table_name = {name} AND u.row_id = f.id"
        ).format(**parts)
    )


def _restore_duplicates(connection: psycopg.Connection, shadow: Shadow) -> None:
    connection.execute(
        "UPDATE vaccination_dose d SET duplicate_of = (u.was ->> 'duplicate_of')::uuid FROM relinking_undo u"
        " WHERE u.shadow_id = %s AND u.table_name = 'vaccination_dose' AND u.row_id = d.id"
        " AND d.duplicate_of IS DISTINCT FROM (u.was ->> 'duplicate_of')::uuid",
        [shadow.id],
    )


def _seen(connection: psycopg.Connection, shadow: Shadow) -> list[str]:
    """Of the persons the swap opened, those somebody has looked at since."""
    rows = connection.execute(
        "SELECT s::text FROM access.looked_at_since((SELECT coalesce(array_agg(person_id), '{}') FROM relinking_change"
        " WHERE shadow_id = %s AND 'opened' = ANY (kinds)), %s) s ORDER BY 1",
        [shadow.id, shadow.logged_to],
    )
    return [person for (person,) in rows]


def _close(connection: psycopg.Connection, shadow: Shadow, *, by: str, now: datetime) -> None:
    connection.execute(
        "UPDATE relinking_shadow SET stage = %s, rolled_back_by = %s, rolled_back_at = %s WHERE id = %s",
        [ROLLED_BACK, by, now, shadow.id],
    )
    connection.execute(
        "INSERT INTO relinking_modelchange (model_print, shadow_id, changed_by, changed_at) VALUES (("
        "SELECT c.model_print FROM relinking_modelchange c WHERE c.id < (SELECT min(d.id) FROM relinking_modelchange d"
        " WHERE d.shadow_id = %(shadow)s) ORDER BY c.id DESC LIMIT 1), %(shadow)s, %(by)s, %(now)s)",
        {"shadow": shadow.id, "by": by, "now": now},
    )
    forget(connection, shadow.id)
