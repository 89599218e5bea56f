"""A campaign that runs with counts in two communes, its endpoint's hours, and an agency that has fallen silent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg

NOW = datetime.now(UTC)
AREAS = {"00001": (60, 20, 10, 5), "27259": (3, 1, 0, 0)}
"""Commune → agree, disagree, no id, not verifiable."""
VERDICTS = ("agree", "disagree", "no_id", "not_verifiable")


def make_sources(owner: psycopg.Connection) -> None:
    """In place of what was made before."""
    for table in ("verification_task", "verification_count", "verification_campaign", "source_alert"):
        owner.execute(f"DELETE FROM access.{table}")
    owner.execute("DELETE FROM foundation_endpointhour; DELETE FROM foundation_outboxendpoint")
    for table in ("exchange_message", "agreement_opinion", "agreement", "agency"):
        owner.execute(f"ALTER TABLE access.{table} DISABLE TRIGGER USER; DELETE FROM access.{table}")
        owner.execute(f"ALTER TABLE access.{table} ENABLE TRIGGER USER")
    (campaign,) = owner.execute(
        "INSERT INTO access.verification_campaign (source, endpoint, per_second, persons, started_by, started_at)"
        " VALUES ('population', 'x', 1, 100, 'test', %s) RETURNING id", [NOW - timedelta(hours=5)],
    ).fetchone()  # type: ignore[misc]  # fmt: skip
    for area, counts in AREAS.items():
        of_area = {"all": sum(counts) + 1, **dict(zip(VERDICTS, counts, strict=True))}
        for verdict, persons in of_area.items():
            owner.execute("INSERT INTO access.verification_count VALUES (%s, %s, %s, %s)",
                          [campaign, area, verdict, persons])  # fmt: skip
    owner.execute(
        "INSERT INTO access.verification_task (campaign_id, position, person_id, area_code)"
        " VALUES (%s, 1, gen_random_uuid(), '00001')", [campaign],
    )  # fmt: skip
    owner.execute(
        "INSERT INTO foundation_endpointhour VALUES ('x', date_trunc('hour', now()), 90, 6, 1, 3, 5000, %s)",
        [NOW - timedelta(minutes=10)],
    )
    owner.execute(
        "INSERT INTO people_importfile (run_id, name, system, kind, received, linked, new, held, rejected,"
        " unchanged, repeated, notes) SELECT min(id), 'vneid.csv', 'vneid', 'vneid', 3, 2, 0, 1, 0, 0, 0, '{}'"
        " FROM people_importrun ON CONFLICT DO NOTHING"
    )
    owner.execute("INSERT INTO access.agency (code, name, standing) VALUES ('bv-thu', 'Bệnh viện Thử', 'facility')")
    (agreement,) = owner.execute(
        "INSERT INTO access.agreement (agency_code, purpose, categories, written, valid_until, document, reason,"
        " asked_by, asked_through, asked_office, asked_at) VALUES ('bv-thu', 'care', '{vaccination}',"
        " '{vaccination}', %s, 'x', 'một lý do đủ dài để thử', 1, 1, 'x', %s) RETURNING id",
        [NOW + timedelta(days=30), NOW - timedelta(days=3)],
    ).fetchone()  # type: ignore[misc]
    owner.execute(
        "INSERT INTO access.agreement_opinion (agreement_id, asked_by, officer_id, appointment_id, office, "
        " approves, note, given_at) VALUES (%s, 1, 2, 1, 'x', true, '', %s)", [agreement, NOW - timedelta(days=3)],
    )  # fmt: skip


def carry_over(owner: psycopg.Connection, source: str, *, days: int, declared: tuple[int, ...]) -> None:
    """A delivery of an earlier app so many days ago, with declarations made so many days ago."""
    at = NOW - timedelta(days=days)
    (run,) = owner.execute(
        "INSERT INTO people_importrun (folder, fingerprint, stage, started_at, published_at, published_by,"
        " model_version) VALUES ('x', gen_random_uuid(), 'published', %s, %s, 'test', '') RETURNING id", [at, at],
    ).fetchone()  # type: ignore[misc]  # fmt: skip
    owner.execute(
        "INSERT INTO people_importfile (run_id, name, system, kind, received, linked, new, held, rejected, unchanged,"
        " repeated, notes) VALUES (%s, 'x', %s, 'x', %s, 0, %s, 0, 0, 0, 0, '{}')",
        [run, source, len(declared), len(declared)],
    )
    for one in declared:
        owner.execute(
            "INSERT INTO declarations_declaration (id, person_id, record_id, source_record_id, source_system,"
            " provenance, recorded_at, declared_at, is_for_other, symptoms, chronic_diseases, answers)"
            " SELECT gen_random_uuid(), min(id::text)::uuid, gen_random_uuid(), gen_random_uuid(), %s, 'self_declared',"
            " %s, %s, false, '{}', '{}', '{}' FROM people_person", [source, at, NOW - timedelta(days=one)],
        )  # fmt: skip
