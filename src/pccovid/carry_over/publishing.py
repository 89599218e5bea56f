"""Third stage: one transaction that makes everything visible, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import psycopg

from pccovid.carry_over.facts import publish_statements
from pccovid.carry_over.ledger import close_ledger
from pccovid.carry_over.statements import script
from pccovid.foundation.facts import StagedFact
from pccovid.people.golden import refresh_touched
from pccovid.vaccination.duplicates import mark_duplicate_doses

Progress = Callable[[str, float], None]


def publish(
    connection: psycopg.Connection,
    run: int,
    facts: tuple[StagedFact, ...],
    *,
    model_version: str,
    by: str,
    now: datetime,
    progress: Progress,
) -> None:
    """Swap the run in. Must be called inside the transaction whose access was opened for `carry_over`."""
    progress("publishing", 0.0)
    connection.execute(script("publish", run, now=now, by=by, model=model_version))
    progress("publishing", 0.45)
    refresh_touched(connection)
    statements = list(publish_statements(run, facts, now))
    for done, statement in enumerate(statements):
        progress("publishing", 0.6 + 0.35 * done / len(statements))
        connection.execute(statement)
    mark_duplicate_doses(connection)
    close_ledger(connection, run, by=by, now=now, model_version=model_version)
    progress("publishing", 1.0)
