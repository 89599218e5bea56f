"""Destroying the keys whose day has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import psycopg

from pccovid.backups.keys import BackupKeys
from pccovid.backups.rules import VIET_NAM, days_gone, lives_over


@dataclass(frozen=True)
class Shredded:
    """Backups and days whose keys were destroyed."""

    backups: tuple[str, ...]
    days: tuple[str, ...]


def shred(connection: psycopg.Connection, keys: BackupKeys, *, now: datetime) -> Shredded:
    """Destroy the keys of days that have passed and of backups whose life is over. May be repeated at will.

    `connection` is the owner's. A made nation lives on a day of its own: its days pass by that.
    """
    today, end = connection.execute(
        "SELECT (access.present() AT TIME ZONE %s)::date, access.approved_end()", [VIET_NAM.key]
    ).fetchone() or (now.date(), None)
    made = {name: (one.made_at, one.until) for name, one in keys.backups.items()}
    done = Shredded(lives_over(made, now=now, end=_day(end)), days_gone(keys.days, today=today))
    if done.backups or done.days:
        keys.destroy(backups=done.backups, days=done.days)
    return done


def _day(found: object) -> date | None:
    return found if isinstance(found, date) else None
