"""Connections that are kept between requests: whether one still stands, without a round trip."""

from __future__ import annotations

import select

import psycopg
from psycopg.pq import ConnStatus


def stands(connection: psycopg.Connection) -> bool:
    """Whether the server has not closed it. A server says nothing unasked to an idle connection unless it goes away, so
    there is nothing to read on one that stands."""
    if connection.pgconn.status != ConnStatus.OK:
        return False
    waiting = select.poll()
    waiting.register(connection.pgconn.socket, select.POLLIN)
    return not waiting.poll(0)


def check(connection: psycopg.Connection) -> None:
    """The same for a pool. Raises OperationalError for one that does not stand."""
    if not stands(connection):
        raise psycopg.OperationalError("the server has closed this connection")
