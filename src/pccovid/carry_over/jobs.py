"""How the import connects: as the jobs role, one import at a time, its access opened in every transaction."""

from __future__ import annotations

import contextlib
import ctypes
import signal
import time
from collections.abc import Iterator

import psycopg

from pccovid.foundation.access import open_for_job
from pccovid.foundation.purposes import EPIDEMIC_LAW

_PR_SET_PDEATHSIG = 1
_LOCK = "SELECT pg_try_advisory_lock(hashtext('pccovid carry over'))"
# A killed import's server process notices within a second or two; this is long enough for any.
_WAIT_SECONDS = 60.0


class AnotherImportIsRunning(RuntimeError):
    """One delivery is carried over at a time; another process is at it."""


def open_carry_over(connection: psycopg.Connection) -> None:
    """Open access for carrying over, inside the running transaction."""
    open_for_job(connection, "carry_over", purpose="carry_over", legal_basis=EPIDEMIC_LAW)


@contextlib.contextmanager
def only_import(url: str) -> Iterator[psycopg.Connection]:
    """A connection that holds the import's lock while the block runs. Raises AnotherImportIsRunning."""
    with psycopg.connect(url, autocommit=True, application_name="pccovid import") as connection:
        # If we are killed, the server must drop our statement and our lock soon.
        connection.execute("SET client_connection_check_interval = '1s'")
        # Publishing is one large transaction with few, large sorts and hash joins.
        connection.execute("SET work_mem = '128MB'")
        deadline = time.monotonic() + _WAIT_SECONDS
        while connection.execute(_LOCK).fetchone() != (True,):
            if time.monotonic() > deadline:
                raise AnotherImportIsRunning("another import is running; try again when it has ended")
            time.sleep(0.2)
        yield connection


def die_with_parent() -> None:
    """Make the kernel end this worker when the import's own process dies, however it dies."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
