"""The connection by which what agencies send is written: of the jobs role, given to the exchange's own process alone.

A process that was not given one (PCCOVID_EXCHANGE_URL) answers reads, and tells senders to come to another door.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from psycopg_pool import ConnectionPool, PoolTimeout

from pccovid.connectors.persons import keep_few_readings
from pccovid.exchange.outcomes import Issue, Refusal
from pccovid.foundation.kept_connections import check

_MOST_CONNECTIONS = 4
_WAIT_SECONDS = 20.0


class _Pools:
    """One pool in a process, made when first needed and anew where the address changes."""

    url = ""
    pool: ConnectionPool | None = None


@contextmanager
def writing() -> Iterator[psycopg.Connection]:
    """A connection that may write, outside any transaction. Raises Refusal where this process has none."""
    url = settings.EXCHANGE_URL
    if not url:
        raise Refusal(503, Issue("transient", "this process takes nothing in; send it to the exchange's own address"))
    if _Pools.url != url:
        _close()
        _Pools.url, _Pools.pool = url, _pool(url)
    assert _Pools.pool is not None
    try:
        with _Pools.pool.connection(timeout=_WAIT_SECONDS) as connection:
            yield connection
    except PoolTimeout:
        raise Refusal(503, Issue("throttled", "too much is being sent at once; send it again")) from None


def _pool(url: str) -> ConnectionPool:
    keep_few_readings()
    return ConnectionPool(
        url, min_size=0, max_size=_MOST_CONNECTIONS, open=True,
        kwargs={"autocommit": True, "application_name": "pccovid exchange"}, check=check,
    )  # fmt: skip


def _close() -> None:
    if _Pools.pool is not None:
        _Pools.pool.close()
        _Pools.pool = None
