"""The ledger's lines of what was written here and delivered by nobody: received and linked at once."""

from __future__ import annotations

from datetime import datetime

import psycopg


def enter(
    connection: psycopg.Connection, *, folder: str, name: str, system: str, kind: str, records: int, now: datetime
) -> int:
    """Count the records under this name, as received and linked; returns the run that all of the folder are of."""
    row = connection.execute("SELECT id FROM people_importrun WHERE fingerprint = %s", [folder]).fetchone()
    if row is None:
        row = connection.execute(
            "INSERT INTO people_importrun (folder, fingerprint, stage, started_at, published_at, published_by,"
            " model_version) VALUES (%s, %s, 'published', %s, %s, %s, '') RETURNING id",
            [folder, folder, now, now, system],
        ).fetchone()
    assert row is not None
    connection.execute(
        "INSERT INTO people_importfile AS f (run_id, name, system, kind, received, linked, new, held, rejected,"
        " unchanged, repeated, notes) VALUES (%s, %s, %s, %s, %s, %s, 0, 0, 0, 0, 0, '{}')"
        " ON CONFLICT (run_id, name) DO UPDATE SET received = f.received + excluded.received,"
        " linked = f.linked + excluded.linked",
        [row[0], name, system, kind, records, records],
    )  # fmt: skip
    return int(row[0])
