"""Partitions of the days that an import brings, made before it publishes: making one waits for readers, a moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import psycopg
from psycopg import sql

from pccovid.carry_over.facts import day_of, fact_id
from pccovid.carry_over.jobs import open_carry_over
from pccovid.carry_over.statements import stage_table
from pccovid.foundation.facts import StagedFact


def make_days(connection: psycopg.Connection, run: int, facts: Iterable[StagedFact], now: datetime) -> None:
    """Let the database make the partitions that the staged facts need, one transaction for each table."""
    for fact in facts:
        if fact.by_day:
            with connection.transaction():
                open_carry_over(connection)
                days = [day for (day,) in connection.execute(_staged_days(run, fact, now))]
                connection.execute("SELECT access.make_days(%s, %s::date[])", [fact.table, days])


def _staged_days(run: int, fact: StagedFact, now: datetime) -> sql.Composed:
    """The days of the staged facts, also of those that are there already and were received at another time."""
    return sql.SQL(
        "SELECT DISTINCT {of_new} FROM {staged} f JOIN {incoming} i USING (file_no, row_no)"
        " UNION SELECT DISTINCT {of_known} FROM {staged} f JOIN {incoming} i USING (file_no, row_no)"
        "  JOIN {table} old ON old.record_id = i.record_id AND old.id = {id}"
    ).format(
        of_new=day_of(fact, sql.Literal(now)), of_known=day_of(fact, sql.SQL("old.recorded_at")),
        staged=sql.SQL(stage_table(run, fact.name)), incoming=sql.SQL(stage_table(run, "incoming")),
        table=sql.Identifier(fact.table), id=fact_id(fact),
    )  # fmt: skip
