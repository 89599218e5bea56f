"""The connection as Django wants it. Its name is Django's: a backend is a package with a module `base`."""

from __future__ import annotations

import select

from django.db.backends.postgresql import base
from psycopg.pq import ConnStatus


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, but for how a connection that was kept is looked at before its next request."""

    def is_usable(self) -> bool:
        """Whether the server has not closed it. Django asks `SELECT 1`, a round trip for each page; but a server says
        nothing unasked to an idle connection unless it goes away, so there is nothing to read on one that stands."""
        if self.connection is None or self.connection.pgconn.status != ConnStatus.OK:
            return False
        waiting = select.poll()
        waiting.register(self.connection.pgconn.socket, select.POLLIN)
        return not waiting.poll(0)
