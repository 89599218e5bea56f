"""The swap: one transaction in which an approved shadow becomes what stands, by the import's own machinery.

Whoever reads meanwhile sees the index before or after, never between. Nothing of it is kept when it is interrupted.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from pccovid.carry_over.facts import publish_statements
from pccovid.carry_over.jobs import failures_told, only_import
from pccovid.carry_over.leftovers import run_folder
from pccovid.carry_over.mappings import reading_context
from pccovid.carry_over.operations import Surroundings
from pccovid.carry_over.reading import ReadingJob
from pccovid.carry_over.replaying import stage_chosen
from pccovid.carry_over.staging import create_tables, drop_tables
from pccovid.connectors.delivery import Delivery
from pccovid.foundation.facts import StagedFact, registered, settle_touched
from pccovid.people.golden import refresh_touched
from pccovid.relinking.making import forget
from pccovid.relinking.shadows import NEEDED, READY, SWAPPED, Shadow, newest_shadow, open_relinking, shadow_of
from pccovid.relinking.standing import standing_now, standing_with_key, what_happened
from pccovid.relinking.statements import run_script, shadow_script

Progress = Callable[[str, float], None]


class SwapRefused(RuntimeError):
    """The shadow cannot be swapped in, or taken back; the message says why and what to do."""


class NoShadowWaits(SwapRefused):
    """There is no shadow that is ready."""


class NotApproved(SwapRefused):
    """Two different officers have not approved the shadow."""


class OutOfDate(SwapRefused):
    """The index is not what the shadow was made of any more."""


@dataclass(frozen=True)
class _Swap:
    """One swap under way, in its transaction."""

    connection: psycopg.Connection
    around: Surroundings
    shadow: Shadow
    run: int
    by: str
    now: datetime
    progress: Progress


@failures_told()
def swap(around: Surroundings, *, by: str, now: datetime, progress: Progress) -> Shadow:
    """Make the approved shadow that waits what stands. Raises SwapRefused in its kinds, AnotherImportIsRunning."""
    with only_import(around.url) as connection, connection.transaction():
        open_relinking(connection, "swap a shadow in")
        hold_rulings(connection)
        shadow = newest_shadow(connection, READY)
        if shadow is None:
            raise NoShadowWaits("no shadow is ready; make one with `pccovid linkage shadow make`")
        refuse_unapproved(shadow)
        refuse_out_of_date(connection, shadow)
        _carry_out(_Swap(connection, around, shadow, _open_run(connection, shadow, by, now), by, now, progress))
        return shadow_of(connection, shadow.id)


def hold_rulings(connection: psycopg.Connection) -> None:
    """Nobody writes a ruling until the transaction ends; imports, merges and splits wait for the index anyway."""
    connection.execute("LOCK TABLE link_review_ruling IN SHARE MODE")


def refuse_unapproved(shadow: Shadow) -> None:
    if not shadow.is_approved:
        raise NotApproved(
            f"shadow {shadow.id} has {len(shadow.approvals)} of {NEEDED} approvals; two data stewards must look at it"
        )


def refuse_out_of_date(connection: psycopg.Connection, shadow: Shadow) -> None:
    happened = what_happened(dict(shadow.stood or {}), standing_now(connection))
    if happened:
        raise OutOfDate(
            f"shadow {shadow.id} is out of date: since it was made there have been new {', '.join(happened)};"
            " make it anew with `pccovid linkage shadow make`, and have it approved"
        )


def _open_run(connection: psycopg.Connection, shadow: Shadow, by: str, now: datetime) -> int:
    row = connection.execute(
        "INSERT INTO people_importrun (folder, fingerprint, stage, started_at, published_at, published_by,"
        " model_version) VALUES (%s, %s, 'published', %s, %s, %s, %s) RETURNING id",
        [f"(shadow {shadow.id})", f"shadow {shadow.id}", now, now, by, shadow.model_version],
    ).fetchone()
    assert row is not None
    return int(row[0])


def _carry_out(swap: _Swap) -> None:
    connection, shadow, facts = swap.connection, swap.shadow, registered()
    swap.progress("swapping", 0.0)
    _forget_earlier(connection, shadow)
    connection.execute(shadow_script("decide", shadow.id, now=swap.now))
    refuse_moved(connection)
    _remember(connection, shadow, facts)
    _read_placed(swap, facts)
    swap.progress("swapping", 0.3)
    connection.execute(shadow_script("give", shadow.id, by=swap.by, now=swap.now))
    connection.execute(shadow_script("merge", shadow.id, by=swap.by, now=swap.now))
    refresh_touched(connection)
    swap.progress("swapping", 0.6)
    connection.execute(run_script("incoming", swap.run))
    for statement in publish_statements(swap.run, facts, swap.now):
        connection.execute(statement)
    settle_touched(connection)
    connection.execute(shadow_script("waiting", shadow.id, run=swap.run, now=swap.now))
    drop_tables(connection, swap.run)
    _close(swap)
    swap.progress("swapping", 1.0)


def _forget_earlier(connection: psycopg.Connection, shadow: Shadow) -> None:
    """Only the last swap can be taken back: what earlier ones overwrote is of no more use."""
    rows = connection.execute("SELECT DISTINCT shadow_id FROM relinking_change WHERE shadow_id <> %s", [shadow.id])
    for (earlier,) in rows.fetchall():
        forget(connection, earlier)


def refuse_moved(connection: psycopg.Connection) -> None:
    """A last look: each record stands where it stood when it was compared."""
    row = connection.execute("SELECT count(*) FROM decision WHERE person_now IS DISTINCT FROM person_before").fetchone()
    if row != (0,):
        raise OutOfDate("records stand on other persons than when the shadow was compared; make it anew")


def _remember(connection: psycopg.Connection, shadow: Shadow, facts: tuple[StagedFact, ...]) -> None:
    connection.execute(shadow_script("remember", shadow.id))
    for fact in facts:
        if fact.name != "place":
            connection.execute(
                sql.SQL(
                    "INSERT INTO relinking_undo (shadow_id, table_name, row_id, was)"
                    " SELECT {shadow}, {name}, f.id, jsonb_build_object('person_id', f.person_id, 'superseded_at',"
                    "  f.superseded_at, 'duplicate_of', to_jsonb(f) -> 'duplicate_of')"
                    " FROM {table} f JOIN decision d USING (record_id)"
                ).format(shadow=shadow.id, name=sql.Literal(fact.table), table=sql.Identifier(fact.table))
            )


def _read_placed(swap: _Swap, facts: tuple[StagedFact, ...]) -> None:
    """Read the records that find their person again: what was held from its first day has no facts yet."""
    connection = swap.connection
    create_tables(connection, swap.run, facts)
    spill = swap.around.spill
    job = ReadingJob(swap.around.url, swap.run, Delivery(files=(), unknown=()), swap.now.date(), spill, facts)
    context = reading_context(connection, job, with_lists=False)
    stage_chosen(connection, job, context, _placed_without_facts(facts).as_string(connection), {})
    shutil.rmtree(run_folder(swap.around.work, swap.run), ignore_errors=True)


def _placed_without_facts(facts: tuple[StagedFact, ...]) -> sql.Composed:
    known = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT 1 FROM {} f WHERE f.source_record_id = s.id").format(sql.Identifier(fact.table))
        for fact in facts
        if fact.name != "place"
    )
    return sql.SQL(
        "SELECT NULL::uuid, s.system, s.kind, s.key, s.payload, '', s.record_id FROM decision d"
        " JOIN people_recordclaim c USING (record_id) JOIN people_sourcerecord s ON s.id = c.source_record_id"
        " WHERE d.person_before IS NULL AND d.person_id IS NOT NULL AND NOT EXISTS ({}) ORDER BY c.record"
    ).format(known)


def _close(swap: _Swap) -> None:
    connection, shadow = swap.connection, swap.shadow
    connection.execute(
        "UPDATE relinking_shadow SET stage = %s, swapped_by = %s, swapped_at = %s, run_id = %s, stood_after = '{}',"
        " logged_to = access.last_log_entry() WHERE id = %s",
        [SWAPPED, swap.by, swap.now, swap.run, shadow.id],
    )
    connection.execute(
        "INSERT INTO relinking_modelchange (model_print, shadow_id, changed_by, changed_at) VALUES (%s, %s, %s, %s)",
        [shadow.model_print, shadow.id, swap.by, swap.now],
    )
    connection.execute(
        "UPDATE relinking_shadow SET stood_after = %s WHERE id = %s", [Jsonb(standing_with_key(connection)), shadow.id]
    )
