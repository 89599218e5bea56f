"""How the import connects: as the jobs role, one import at a time, its access opened in every transaction."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool

import duckdb
import psycopg

from pccovid.foundation.access import open_for_job
from pccovid.foundation.key_ring import key_ring
from pccovid.foundation.purposes import EPIDEMIC_LAW

_PR_SET_PDEATHSIG = 1
_LOCK = "SELECT pg_try_advisory_lock(hashtext('pccovid carry over'))"
# A killed import's server process notices within a second or two; this is long enough for any.
_WAIT_SECONDS = 60.0
_AGAIN = "nothing is lost: run the same command again to go on"


class AnotherImportIsRunning(RuntimeError):
    """One delivery is carried over at a time; another process is at it."""


class KeysAreHalfRotated(AnotherImportIsRunning):
    """Some numbers are hashed under the old look-up key, some under the new: nothing can be joined meanwhile."""


class ImportBrokeOff(RuntimeError):
    """Something outside the delivery failed: server, disk, memory. The same command takes the run up again."""


@contextlib.contextmanager
def failures_told() -> Iterator[None]:
    """Turn failures of server, disk and memory into ImportBrokeOff with one sentence for the operator."""
    try:
        yield
    except psycopg.OperationalError as failure:
        raise ImportBrokeOff(f"the database failed ({_first_line(failure)}); {_AGAIN}") from failure
    except BrokenProcessPool as failure:
        raise ImportBrokeOff(f"a reading process was ended from outside (out of memory?); {_AGAIN}") from failure
    except OSError as failure:
        raise ImportBrokeOff(f"{failure.filename or 'a file'}: {failure.strerror or failure}; {_AGAIN}") from failure
    except (duckdb.OutOfMemoryException, duckdb.IOException) as failure:
        raise ImportBrokeOff(f"linking ran out of room ({_first_line(failure)}); {_AGAIN}") from failure


def _first_line(failure: Exception) -> str:
    return next(iter(str(failure).splitlines()), type(failure).__name__)


def open_carry_over(connection: psycopg.Connection) -> None:
    """Open access for carrying over, inside the running transaction."""
    open_for_job(connection, "carry_over", purpose="carry_over", legal_basis=EPIDEMIC_LAW)


@contextlib.contextmanager
def only_import(url: str) -> Iterator[psycopg.Connection]:
    """A connection that holds the import's lock while the block runs.

    Raises AnotherImportIsRunning, KeysAreHalfRotated.
    """
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
        if key_ring().lookup.is_rotating:
            raise KeysAreHalfRotated("look-up keys are half rotated; finish it first with `pccovid keys rotate`")
        yield connection


def die_with_parent(parent: int) -> None:
    """Make the kernel end this worker when the process `parent`, which started it, dies, however it dies."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    # It may have died before we could ask: then we were handed to another parent, and nobody would tell us.
    if os.getppid() != parent:
        os._exit(1)
    # An operator's Ctrl-C is the parent's to answer.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
