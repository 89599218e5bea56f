"""Looking for what is due, and erasing it: in small transactions, each with its proof, so that a kill loses nothing.

Works as the jobs role. A run that was ended anywhere is simply begun again: what is erased is no longer due.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

import psycopg
from django.db import connection as django_connection
from psycopg import sql

from pccovid.foundation.access import open_for_job
from pccovid.foundation.classification import CLOSED_ACCOUNT_DAYS, LOG_YEARS, RETENTIONS
from pccovid.foundation.purposes import ACCOUNTABILITY
from pccovid.people.golden import refresh_touched
from pccovid.retention.accountable import WHOLES, Written, written
from pccovid.retention.rules import Rule, rules

JOB, PURPOSE = "retention", "erasure"
BATCH_ROWS = 2_000
LOG = "access.log"
TRIES, PAUSE_SECONDS = 5, 0.5
"""How often a day is tried to be dropped, each time waiting at most two seconds for readers (sql/days.sql)."""
_TAKE_INDEX = "SELECT pg_try_advisory_xact_lock(hashtext('pccovid carry over'))"
_STAGED = re.compile(r"r(\d+)_")

Progress = Callable[[str, int], None]
"""(table, rows erased so far)."""


class IndexIsTaken(RuntimeError):
    """An import holds the index; what was erased so far stays erased, the rest waits for the next run."""


@dataclass(frozen=True)
class Due:
    """One table's line of the plan. `because` is 'period', 'end_of_epidemic' or 'kept'."""

    table: str
    retention: str
    days: int | None
    until: str
    document: str
    verified: bool
    because: str
    due: int
    kept: int


@dataclass
class Erased:
    """What one run did: table → rows, and how many persons' golden records were derived anew."""

    run: UUID
    rows: Counter[str] = field(default_factory=Counter)
    persons: int = 0


def write_rules() -> None:
    """Write the rules to where the database reads them; as the owner, through Django's connection."""
    with django_connection.cursor() as cursor:
        cursor.execute("DELETE FROM access.retention_rule")
        cursor.executemany(
            f"INSERT INTO access.retention_rule ({', '.join(Rule._fields)}) VALUES ({', '.join(['%s'] * 13)})",  # noqa: S608
            rules(),
        )
        cursor.execute("DELETE FROM access.log_period")
        cursor.execute(
            "INSERT INTO access.log_period (years, account_days, document, verified) VALUES (%s, %s, %s, %s)",
            [LOG_YEARS, CLOSED_ACCOUNT_DAYS, RETENTIONS["accountability"].document, False],
        )
        cursor.execute("DELETE FROM access.accountable")
        cursor.executemany(
            f"INSERT INTO access.accountable ({', '.join(Written._fields)}) VALUES ({', '.join(['%s'] * 9)})",  # noqa: S608
            written(),
        )
        cursor.execute("SELECT access.let_erasing_through()")


def plan(connection: psycopg.Connection, *, now: datetime, as_if_over: bool = False) -> tuple[Due, ...]:
    """What would be erased as of `now`, table by table; with `as_if_over`, as if the end had been declared for then."""
    with connection.transaction():
        rows = connection.execute("SELECT * FROM access.retention_plan(%s, %s)", [now, as_if_over]).fetchall()
    return tuple(Due(*row) for row in rows)


def look(connection: psycopg.Connection, *, now: datetime) -> None:
    """Count what is due and keep the figures for the page."""
    with connection.transaction():
        connection.execute("SELECT access.write_retention_due(%s)", [now])


def erase_due(
    connection: psycopg.Connection, *, key: bytes, by: str, now: datetime, progress: Progress, batch: int = BATCH_ROWS
) -> Erased:
    """Erase everything due as of `now`, and keep proofs salted with `key`, which the database never sees.

    `connection` is the jobs role's, in autocommit. Raises IndexIsTaken, AccessRefused.
    """
    done = _Run(connection, key, by, now, batch, Erased(uuid4()))
    done.drop_old_staging()
    tables = _tables(connection)
    for table in tables:
        done.drop_days(table, progress)
    done.forget_dropped()
    for table in tables:
        done.erase_table(table, progress)
    for whole in WHOLES:
        done.erase_whole(whole.table, progress)
    done.erase_bare_lines()
    done.erase_log(progress)
    done.erase_accounts()
    anchor_erasures(connection)
    look(connection, now=now)
    return done.erased


def anchor_erasures(connection: psycopg.Connection) -> None:
    """Leave the chain's end in the access log, which is chained and anchored outside the database."""
    with connection.transaction():
        end = connection.execute(
            "SELECT position, encode(hash, 'hex') FROM access.erasure ORDER BY position DESC LIMIT 1"
        ).fetchone()
        if end is not None:
            case = f"erasure chain {end[0]} {end[1]}"
            open_for_job(connection, JOB, purpose=PURPOSE, legal_basis=ACCOUNTABILITY, case=case)


def salt_of(key: bytes, run: UUID, batch: int) -> bytes:
    """The salt of one batch's commitments: whoever has the key can show which rows a proof is about, nobody else."""
    return hmac.digest(key, f"erasure {run}/{batch}".encode(), "sha256")


def commitment_of(salt: bytes, table: str, keys: list[str]) -> bytes:
    """What a proof holds for these rows: as sql/retention.sql computes it."""
    return hashlib.sha256(salt + f"{table}\n{chr(10).join(sorted(keys))}".encode()).digest()


def _tables(connection: psycopg.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT table_name FROM access.retention_rule WHERE starts IS NOT NULL OR ends_with_epidemic ORDER BY position"
    ).fetchall()
    return [table for (table,) in rows]


@dataclass
class _Run:
    connection: psycopg.Connection
    key: bytes
    by: str
    now: datetime
    most: int
    erased: Erased
    batch: int = 0

    def drop_days(self, table: str, progress: Progress) -> None:
        """Drop every day of a table by days that is due as a whole."""
        for (day,) in self.connection.execute("SELECT due_day FROM access.due_days(%s, %s)", [table, self.now]):
            self.erased.rows[table] += self._drop_day(table, day)
            progress(table, self.erased.rows[table])

    def _drop_day(self, table: str, day: date) -> int:
        """Rows that went; 0 where readers did not let go of the table: the rows then go by batches, in this run."""
        for _ in range(TRIES):
            with contextlib.suppress(psycopg.errors.LockNotAvailable), self.connection.transaction():
                self._open(f"erasure run {self.erased.run}")
                (rows,) = self.connection.execute(
                    "SELECT access.drop_day(%s, %s, %s, %s, %s, %s)",
                    [table, day, self.now, self.erased.run, self.batch, self._salt()],
                ).fetchone() or (0,)
                self.batch += 1
                return int(rows)
            time.sleep(PAUSE_SECONDS)
        return 0

    def forget_dropped(self) -> None:
        """Forget what explained the facts of dropped days, also of those that an ended run dropped."""
        while self._forget_batch():
            pass

    def _forget_batch(self) -> int:
        with self.connection.transaction():
            self._open(f"erasure run {self.erased.run}")
            records, touched = self.connection.execute(
                "SELECT * FROM access.forget_batch(%s, %s, %s, %s, %s)",
                [self.now, self.most, self.erased.run, self.batch, self._salt()],
            ).fetchone() or (0, [])
            if touched:
                self._derive_anew(touched)
        self.batch += 1
        self.erased.persons += len(touched)
        return int(records)

    def erase_table(self, table: str, progress: Progress) -> None:
        """Batch after batch until nothing of the table is due."""
        while self._erase_batch(table) == self.most:
            progress(table, self.erased.rows[table])
        progress(table, self.erased.rows[table])

    def _erase_batch(self, table: str) -> int:
        with self.connection.transaction():
            self._open(f"erasure run {self.erased.run}")
            rows, touched = self.connection.execute(
                "SELECT * FROM access.erase_batch(%s, %s, %s, %s, %s, %s)",
                [table, self.now, self.most, self.erased.run, self.batch, self._salt()],
            ).fetchone() or (0, [])
            if touched:
                self._derive_anew(touched)
        self.batch += 1
        self.erased.rows[table] += rows
        self.erased.persons += len(touched)
        return int(rows)

    def erase_whole(self, table: str, progress: Progress) -> None:
        """Batch after batch of what was kept for accountability and ended its years ago, each thing as a whole."""
        while lost := self._erase_wholes(table):
            for of_table, rows in lost:
                self.erased.rows[of_table] += rows
                progress(of_table, self.erased.rows[of_table])

    def _erase_wholes(self, table: str) -> list[tuple[str, int]]:
        with self.connection.transaction():
            self._open(f"erasure run {self.erased.run}")
            lost = self.connection.execute(
                "SELECT * FROM access.erase_accountable(%s, %s, %s, %s, %s, %s)",
                [table, self.now, self.most, self.erased.run, self.batch, self._salt()],
            ).fetchall()
        self.batch += 1
        return lost

    def erase_bare_lines(self) -> None:
        """Erase the lines of the log that were kept without a name for what has gone since."""
        looked_to: int | None = 0
        while looked_to is not None:
            with self.connection.transaction():
                self._open(f"erasure run {self.erased.run}")
                rows, looked_to = self.connection.execute(
                    "SELECT * FROM access.erase_bare_lines(%s, %s, %s, %s, %s, %s)",
                    [looked_to, self.now, self.most, self.erased.run, self.batch, self._salt()],
                ).fetchone() or (0, None)
            self.batch += 1
            self.erased.rows[LOG] += rows

    def erase_log(self, progress: Progress) -> None:
        """Erase the entries of the log of access that were anchored before their years began."""
        while True:
            with self.connection.transaction():
                self._open(f"erasure run {self.erased.run}")
                (rows,) = self.connection.execute(
                    "SELECT access.erase_log(%s, %s, %s, %s, %s)",
                    [self.now, self.most, self.erased.run, self.batch, self._salt()],
                ).fetchone() or (0,)
            self.batch += 1
            self.erased.rows[LOG] += rows
            progress(LOG, self.erased.rows[LOG])
            if rows < self.most:
                return

    def erase_accounts(self) -> None:
        """Erase what signs in officers who have left, and their names once the log names them no more."""
        with self.connection.transaction():
            self._open(f"erasure run {self.erased.run}")
            shut, erased = self.connection.execute(
                "SELECT * FROM access.erase_accounts(%s, %s, %s, %s)",
                [self.now, self.erased.run, self.batch, self._salt()],
            ).fetchone() or (0, 0)
        self.batch += 1
        self.erased.rows["auth_user"] += shut + erased

    def _derive_anew(self, persons: list[UUID]) -> None:
        self.connection.execute("CREATE TEMP TABLE touched (person_id uuid PRIMARY KEY) ON COMMIT DROP")
        self.connection.execute("INSERT INTO touched SELECT unnest(%s::uuid[])", [persons])
        refresh_touched(self.connection)

    def drop_old_staging(self) -> None:
        """Drop the staging of published imports, and of imports given up a month ago."""
        with self.connection.transaction():
            self._take_index()
            tables = self._old_staging()
            for table in tables:
                self.connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier("staging", table)))
            self.connection.execute(
                "SELECT access.note_staging_dropped(%s, %s, %s, %s, %s)",
                [self.erased.run, self.batch, self.now, tables, self._salt()],
            )
        self.batch += 1
        self.erased.rows["staging"] += len(tables)

    def _old_staging(self) -> list[str]:
        staged = self.connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'staging'").fetchall()
        old = self.connection.execute(
            "SELECT id FROM people_importrun WHERE stage = 'published' OR started_at < %s - interval '30 days'",
            [self.now],
        ).fetchall()
        runs = {run for (run,) in old}
        return [name for (name,) in staged if (found := _STAGED.match(name)) and int(found[1]) in runs]

    def _open(self, case: str) -> None:
        self._take_index()
        open_for_job(self.connection, JOB, purpose=PURPOSE, legal_basis=ACCOUNTABILITY, case=case)

    def _take_index(self) -> None:
        if self.connection.execute(_TAKE_INDEX).fetchone() != (True,):
            raise IndexIsTaken("an import is at work; what is left is erased when it has ended")

    def _salt(self) -> bytes:
        return salt_of(self.key, self.erased.run, self.batch)
