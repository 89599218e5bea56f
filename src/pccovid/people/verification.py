"""Which identifiers count as verified, kept across a merge.

Whether one of two claimants of a number holds it verified depends on who came first, so it cannot be derived anew
when a merge is undone: it is remembered.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import psycopg

NOT_VERIFIED = ""

# A remembered verification only comes back where a claim still supports it and nobody else has it meanwhile.
_STRIP = "UPDATE people_identifier SET is_verified = false, verified_by = '' WHERE id = ANY (%s) AND is_verified"
_RESTORE = """
    UPDATE people_identifier i SET is_verified = true, verified_by = %(by)s
    WHERE i.id = %(id)s AND NOT i.is_verified
      AND EXISTS (SELECT 1 FROM people_recordclaim c WHERE c.person_id = i.person_id AND c.id_verified
                  AND i.value IN (c.personal_id, c.old_id))
      AND NOT EXISTS (SELECT 1 FROM people_identifier o WHERE o.is_verified AND o.id <> i.id AND (
          (o.system = i.system AND o.value = i.value)
          OR (o.person_id = i.person_id AND o.system = 'personal_id' AND i.system = 'personal_id')))
"""


def verification_of(connection: psycopg.Connection, *persons: UUID) -> dict[str, str]:
    """Identifier id → who verified it (empty: nobody), for all identifiers of these persons."""
    rows = connection.execute(
        "SELECT id, CASE WHEN is_verified THEN verified_by ELSE '' END FROM people_identifier"
        " WHERE person_id = ANY (%s)",
        [list(persons)],
    )
    return {str(identifier): verified_by for identifier, verified_by in rows}


def restore_verification(connection: psycopg.Connection, remembered: Mapping[str, str], *persons: UUID) -> None:
    """Bring these persons' identifiers back to what was remembered; those that came since stay as they are."""
    now = verification_of(connection, *persons)
    stripped = [UUID(known) for known in now if remembered.get(known) == NOT_VERIFIED]
    connection.execute(_STRIP, [stripped])
    for known, verified_by in remembered.items():
        if verified_by != NOT_VERIFIED and now.get(known) == NOT_VERIFIED:
            connection.execute(_RESTORE, {"id": UUID(known), "by": verified_by})
