"""One shadow as it is kept: its stage, what it counts, and who approved it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from pccovid.foundation.access import open_for_job
from pccovid.foundation.purposes import EPIDEMIC_LAW

LINKING, COMPARING, READY = "linking", "comparing", "ready"
SWAPPED, ROLLED_BACK, DISCARDED = "swapped", "rolled_back", "discarded"
KINDS = ("merged", "split", "moved", "held", "placed")
"""What becomes of a record: its person is another's, parted, it goes elsewhere, is held, or finds its person."""
NEEDED = 2


class ShadowUnknown(LookupError):
    """There is no shadow, or none in the stage that is asked for."""


@dataclass(frozen=True)
class Shadow:
    """A shadow. `approvals`: (account, office, when)."""

    id: int
    model_version: str
    model_print: str
    software: str
    stage: str
    made_by: str
    started_at: datetime
    stood: Mapping[str, Any] | None
    counts: Mapping[str, Any]
    ready_at: datetime | None
    swapped_by: str
    swapped_at: datetime | None
    run_id: int | None
    stood_after: Mapping[str, Any] | None
    logged_to: int | None
    rolled_back_by: str
    rolled_back_at: datetime | None
    approvals: tuple[tuple[int, str, datetime], ...] = ()

    @property
    def is_approved(self) -> bool:
        return len({account for account, _, _ in self.approvals}) >= NEEDED


COLUMNS = (
    "id, model_version, model_print, software, stage, made_by, started_at, stood, counts, ready_at, swapped_by,"
    " swapped_at, run_id, stood_after, logged_to, rolled_back_by, rolled_back_at"
)
_APPROVALS = "SELECT officer_id, office, approved_at FROM relinking_approval WHERE shadow_id = %s ORDER BY id"


def open_relinking(connection: psycopg.Connection, case: str) -> None:
    """Open access to everybody's records for the repair of data, inside the running transaction."""
    open_for_job(connection, "link_repair", purpose="data_repair", legal_basis=EPIDEMIC_LAW, case=case)


def newest_shadow(connection: psycopg.Connection, *stages: str) -> Shadow | None:
    """The newest shadow, in one of these stages where any are named. Needs an opened access."""
    row = connection.execute(
        f"SELECT {COLUMNS} FROM relinking_shadow WHERE cardinality(%(s)s::text[]) = 0 OR stage = ANY (%(s)s)"  # noqa: S608
        " ORDER BY id DESC LIMIT 1",
        {"s": list(stages)},
    ).fetchone()
    return None if row is None else _with_approvals(connection, Shadow(*row))


def shadow_of(connection: psycopg.Connection, number: int) -> Shadow:
    """The shadow of that number. Needs an opened access. Raises ShadowUnknown."""
    row = connection.execute(
        f"SELECT {COLUMNS} FROM relinking_shadow WHERE id = %s",  # noqa: S608
        [number],
    ).fetchone()
    if row is None:
        raise ShadowUnknown(f"there is no shadow {number}")
    return _with_approvals(connection, Shadow(*row))


def _with_approvals(connection: psycopg.Connection, shadow: Shadow) -> Shadow:
    approvals = tuple(connection.execute(_APPROVALS, [shadow.id]).fetchall())
    return Shadow(**{**shadow.__dict__, "approvals": approvals})
