"""What must not be seen of whom: marks of the two made persons, everything of theirs by number, and their sessions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg

from integration.console.made_index import AN, BINH, Console

MARKS = {
    AN: ("Nguyễn Văn An", "001090000001", "0912000001"),
    BINH: ("Trần Thị Bình", "079190000002", "0912000002"),
}
_TABLES_OF_PERSONS = """
    SELECT c.oid::regclass::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE a.attname = 'person_id' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = 'public'
      AND EXISTS (SELECT 1 FROM pg_attribute i WHERE i.attrelid = c.oid AND i.attname = 'id')
"""


def shows(answer: Any, person: UUID) -> list[str]:
    """The marks of the person that an answer carries."""
    text = (answer.content if not answer.streaming else b"".join(answer.streaming_content)).decode(errors="replace")
    return [mark for mark in MARKS[person] if mark in text + str(dict(answer.headers))]


def everything_of(owner: psycopg.Connection, person: UUID) -> set[str]:
    """The person's id and the id of every row about them in any table."""
    ids = {str(person)}
    for (table,) in owner.execute(_TABLES_OF_PERSONS).fetchall():
        ids |= {str(row[0]) for row in owner.execute(f"SELECT id FROM {table} WHERE person_id = %s", [person])}
    return ids


def record_ids_of(owner: psycopg.Connection, person: UUID) -> set[str]:
    """The ids of the person's source records."""
    return {str(row[0]) for row in owner.execute("SELECT record_id FROM people_link WHERE person_id = %s", [person])}


def rows_of(owner: psycopg.Connection, person: UUID) -> dict[str, str]:
    """Table → a hash of the person's rows, to see that nothing was changed."""
    return {
        table: owner.execute(
            f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t WHERE person_id = %s",
            [person],
        ).fetchone()[0]  # type: ignore[index]
        for (table,) in owner.execute(_TABLES_OF_PERSONS).fetchall()
    }


def citizen_browser(console: Console, person: UUID, **options: Any) -> Any:
    """A browser signed in as the person, as the last step of sign-in leaves it."""
    from django.test import Client

    client = Client(HTTP_USER_AGENT="one browser", REMOTE_ADDR="10.0.0.1", **options)
    client.raise_request_exception = False
    session, now = client.session, datetime.now(UTC).timestamp()
    session["citizen"] = {"person": str(person), "since": now, "seen": now}
    session.save()
    return client


def officer_browser(console: Console, username: str, **options: Any) -> Any:
    """A browser of an officer with a case at hand."""
    from django.test import Client

    signed_in = console.sign_in(username)
    client = Client(HTTP_USER_AGENT="one browser", REMOTE_ADDR="10.0.0.1", **options)
    client.raise_request_exception = False
    client.cookies = signed_in.cookies
    give_case(client)
    return client


def give_case(client: Any) -> None:
    """Put a case for the office's own purpose at hand, so that pages of persons open."""
    from pccovid.officers.offices import OFFICES
    from pccovid.officers.queries import appointments_of

    session = client.session
    account = int(session["_auth_user_id"])
    role = appointments_of(account)[0].role
    session["officer"] = {**session["officer"], "task": [OFFICES[role].purpose, "case 1"]}
    session.save()
