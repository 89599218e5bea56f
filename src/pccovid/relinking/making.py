"""Making a shadow: every claim is linked afresh, and what comes of it is compared with what stands.

The index is read in one snapshot and is free while the linkage runs. Each stage is one transaction; whoever is killed
takes the shadow up at the stage it had reached.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from pccovid.carry_over.jobs import failures_told
from pccovid.carry_over.leftovers import LEAVE_RELINKING, TAKE_RELINKING
from pccovid.carry_over.linking import copy_answers, export_claims, ruled
from pccovid.carry_over.operations import Surroundings
from pccovid.linkage.engine import link_into
from pccovid.linkage.model import Model
from pccovid.relinking.counting import counts_of
from pccovid.relinking.shadows import (
    COMPARING,
    DISCARDED,
    LINKING,
    READY,
    Shadow,
    newest_shadow,
    open_relinking,
    shadow_of,
)
from pccovid.relinking.standing import Standing, standing_now, what_happened
from pccovid.relinking.statements import claims_of_everybody, manual_decisions, shadow_script, shadow_table

Progress = Callable[[str, float], None]
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'staging' AND tablename LIKE 'shadow%\\_%'"
_ASSIGNED = ("record", "cluster", "decision", "weight", "reason", "evidence")
_REVIEW = ("record", "other_record", "weight", "reason", "evidence")


class AnotherShadowIsMade(RuntimeError):
    """One shadow is made, one model trained or measured at a time; another process is at it."""


@dataclass(frozen=True)
class _Making:
    """One making under way."""

    connection: psycopg.Connection
    around: Surroundings
    model: Model
    progress: Progress

    @property
    def work(self) -> Path:
        return self.around.work / "shadow"


@failures_told()
def make_shadow(around: Surroundings, *, model: Model, by: str, now: datetime, progress: Progress) -> Shadow:
    """Link the whole index afresh with `model` beside what stands; returns the shadow, ready to be looked at.

    A making that broke off is taken up where it stopped, if it was with the same model; any other shadow that waits is
    given up for this one. Raises AnotherShadowIsMade, ImportBrokeOff.
    """
    with only_making(around.url) as connection:
        making = _Making(connection, around, model, progress)
        shadow = _take_up(making, by=by, now=now)
        if shadow.stage == COMPARING and not _answers_survived(making, shadow.id):
            shadow = _at_stage(making, shadow.id, LINKING)
        if shadow.stage == LINKING:
            _link(making, shadow.id)
        _compare(making, shadow.id, now=now)
        with connection.transaction():
            open_relinking(connection, f"shadow {shadow.id}")
            return shadow_of(connection, shadow.id)


def print_of(model: Model) -> str:
    """What tells one model from every other, whatever it is called."""
    return hashlib.sha256(model.to_json().encode()).hexdigest()


@contextlib.contextmanager
def only_making(url: str) -> Iterator[psycopg.Connection]:
    """A connection that alone reads all claims out while the block runs. Raises AnotherShadowIsMade."""
    with psycopg.connect(url, autocommit=True, application_name="pccovid shadow") as connection:
        connection.execute("SET client_connection_check_interval = '1s'")
        connection.execute("SET work_mem = '64MB'")
        if connection.execute(TAKE_RELINKING).fetchone() != (True,):
            raise AnotherShadowIsMade("another shadow is being made, or a model trained or measured; try again later")
        try:
            yield connection
        finally:
            # The server would give the lock back too, but only when it notices that we have gone.
            with contextlib.suppress(psycopg.Error):
                connection.execute(LEAVE_RELINKING)


def _take_up(making: _Making, *, by: str, now: datetime) -> Shadow:
    """The unfinished shadow of this model, or a new one in the place of whatever waits."""
    connection = making.connection
    shutil.rmtree(making.work, ignore_errors=True)
    with connection.transaction():
        open_relinking(connection, "make a shadow")
        waiting = newest_shadow(connection, LINKING, COMPARING, READY)
        is_ours = waiting is not None and waiting.model_print == print_of(making.model)
        if waiting is not None and is_ours and waiting.stage != READY and waiting.software == version("pccovid"):
            return waiting
        if waiting is not None:
            discard(connection, waiting.id)
        return _begin(making, by=by, now=now)


def discard(connection: psycopg.Connection, shadow: int) -> None:
    """Give a shadow up that was not swapped in; what it would have changed is forgotten. Needs an opened access."""
    connection.execute("UPDATE relinking_shadow SET stage = %s WHERE id = %s", [DISCARDED, shadow])
    forget(connection, shadow)


def forget(connection: psycopg.Connection, shadow: int) -> None:
    """Drop what a shadow would change, or changed, and what it overwrote."""
    for table in ("relinking_move", "relinking_change", "relinking_pair", "relinking_undo"):
        connection.execute(sql.SQL("DELETE FROM {} WHERE shadow_id = %s").format(sql.Identifier(table)), [shadow])


def _begin(making: _Making, *, by: str, now: datetime) -> Shadow:
    connection, model = making.connection, making.model
    _drop_tables(connection)
    connection.execute(
        "INSERT INTO relinking_model (print, version, trained_on, content, added_by, added_at)"
        " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [print_of(model), model.version, model.trained_on, model.to_json(), by, now],
    )
    row = connection.execute(
        "INSERT INTO relinking_shadow (model_print, model_version, software, stage, made_by, started_at)"
        " VALUES (%s, %s, %s, 'linking', %s, %s) RETURNING id",
        [print_of(model), model.version, version("pccovid"), by, now],
    ).fetchone()
    assert row is not None
    return shadow_of(connection, int(row[0]))


def _drop_tables(connection: psycopg.Connection) -> None:
    for (name,) in connection.execute(_TABLES).fetchall():
        connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier("staging", name)))


def _answers_survived(making: _Making, shadow: int) -> bool:
    """Unlogged tables are emptied by a crash of the server, and dropped when keys rotate; the sentinel tells."""
    name = shadow_table(shadow, "sentinel")
    (is_there,) = making.connection.execute("SELECT to_regclass(%s) IS NOT NULL", [name]).fetchone() or (False,)
    return bool(is_there) and making.connection.execute(f"SELECT 1 FROM {name}").fetchone() is not None  # noqa: S608


def _at_stage(making: _Making, shadow: int, stage: str) -> Shadow:
    with making.connection.transaction():
        open_relinking(making.connection, f"shadow {shadow}")
        making.connection.execute("UPDATE relinking_shadow SET stage = %s WHERE id = %s", [stage, shadow])
        return shadow_of(making.connection, shadow)


def _link(making: _Making, shadow: int) -> None:
    """Read every claim in one snapshot, link them, and load the answers."""
    connection, work = making.connection, making.work
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        open_relinking(connection, f"shadow {shadow}")
        making.progress("reading claims", 0.0)
        stood = standing_now(connection)
        claims = export_claims(connection, claims_of_everybody(), work / "claims.parquet", making.around.memory)
        decisions = ruled(connection, manual_decisions())
        making.progress("reading claims", 1.0)
    try:
        outcome = link_into(
            work, claims, decisions=decisions, model=making.model,
            limits=making.around.limits(work),
            progress=lambda _stage, share: making.progress("linking everybody", share),
        )  # fmt: skip
        with connection.transaction():
            open_relinking(connection, f"shadow {shadow}")
            _load(making, shadow, outcome.assignments, outcome.review, stood, dict(outcome.counts))
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _load(
    making: _Making, shadow: int, assignments: Path, review: Path, stood: Standing, counts: dict[str, Any]
) -> None:
    connection = making.connection
    _drop_tables(connection)
    connection.execute(shadow_script("create", shadow))
    copy_answers(connection, sql.SQL(shadow_table(shadow, "assignment")), _ASSIGNED, assignments)
    copy_answers(connection, sql.SQL(shadow_table(shadow, "review")), _REVIEW, review)
    connection.execute(
        f"INSERT INTO {shadow_table(shadow, 'sentinel')} VALUES (%s)",  # noqa: S608
        [counts["records"]],
    )
    connection.execute(
        "UPDATE relinking_shadow SET stage = 'comparing', stood = %s, counts = %s WHERE id = %s",
        [Jsonb(stood), Jsonb({"linkage": counts}), shadow],
    )


def _compare(making: _Making, shadow: int, *, now: datetime) -> None:
    """Compare with what stands. Where the index moved on meanwhile, the comparison says so by being out of date."""
    connection = making.connection
    making.progress("comparing", 0.0)
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        open_relinking(connection, f"shadow {shadow}")
        found = shadow_of(connection, shadow)
        connection.execute(shadow_script("compare", shadow, model=found.model_version))
        making.progress("comparing", 0.7)
        moved_on = what_happened(dict(found.stood or {}), standing_now(connection))
        counts = {**found.counts, **counts_of(connection, shadow), "moved_on_while_made": moved_on}
        connection.execute(
            "UPDATE relinking_shadow SET stage = 'ready', counts = %s, ready_at = %s WHERE id = %s",
            [Jsonb(counts), now, shadow],
        )
        _drop_tables(connection)
    making.progress("comparing", 1.0)
