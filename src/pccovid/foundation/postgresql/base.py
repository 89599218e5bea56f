"""The connection as Django wants it. Its name is Django's: a backend is a package with a module `base`."""

from __future__ import annotations

from django.db.backends.postgresql import base

from pccovid.foundation.kept_connections import stands


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, but for how a connection that was kept is looked at before its next request."""

    def is_usable(self) -> bool:
        """Whether the server has not closed it. Django asks `SELECT 1`, a round trip for each page."""
        return self.connection is not None and stands(self.connection)
