"""Sessions as Django keeps them in the database, read and written by statements that are not put together anew."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.utils import timezone

_WRITE = "UPDATE django_session SET session_data = %s, expire_date = %s WHERE session_key = %s"
_READ = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """Django's own but for reading, and for writing again what is there already."""

    def load(self) -> dict[str, Any]:
        """What the session holds; a key that nobody has, or that is over, is forgotten."""
        with connection.cursor() as cursor:
            cursor.execute(_READ, [self.session_key, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        held: dict[str, Any] = self.decode(row[0])
        return held

    def save(self, must_create: bool = False) -> None:
        """Keep what the session holds, in one round trip where it exists. Raises UpdateError where it is gone."""
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        held: dict[str, Any] = self._session  # type: ignore[attr-defined]
        kept: list[Any] = [self.encode(held), self.get_expiry_date(), self.session_key]
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, kept)
            if not cursor.rowcount:
                raise UpdateError
