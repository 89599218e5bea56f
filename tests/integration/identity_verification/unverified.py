"""Made people whose identity nobody has verified yet, written as an import writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import psycopg

from sealed_rows import hash_of, seals_of

HA_NOI, SAI_GON = ("01", "001", "00001"), ("79", "778", "27259")
LONG_AGO = datetime(2021, 10, 1, tzinfo=UTC)


def add_unverified(
    owner: psycopg.Connection, number: int, name: str, birth: str, personal_id: str | None, *,
    old_id: str | None = None, area: tuple[str, str, str] | None = HA_NOI,
) -> UUID:  # fmt: skip
    """A person of one record; `birth` an ISO day or a year, '' where nobody knows."""
    from pccovid.linkage.names import read_name

    person, record, reading = UUID(int=number), UUID(int=10_000_000 + number), read_name(name)
    day = date.fromisoformat(birth if len(birth) > 4 else f"{birth}-01-01") if birth else None
    precision = ("day" if len(birth) > 4 else "year") if day else None
    owner.execute(
        "INSERT INTO people_person (id, is_identity_verified, attribute_sources, created_at)"
        " VALUES (%s, false, '{}', %s)",
        [person, LONG_AGO],
    )
    owner.execute(
        "INSERT INTO people_recordclaim (record_id, record, system, kind, source_record_id, content_hash, version,"
        " person_id, is_about_nobody, name, name_full, name_key, name_sorted, birth_date, birth_precision, personal_id,"
        " old_id, id_verified, phone_is_own, province_code, district_code, commune_code, flags, sealed)"
        " VALUES (%s, %s, 'sskdt', 'sskdt_people', %s, '', 1, %s, false, %s, %s, %s, %s, %s, %s, %s, %s, false, true,"
        " %s, %s, %s, '{}', %s)",
        [record, f"sskdt:sskdt_people:{number}", record, person, reading.display, reading.full, reading.key,
         reading.sorted_key, day, precision, hash_of(personal_id, "personal_id"), hash_of(old_id, "old_id"),
         *(area or (None, None, None)), seals_of(personal_id=personal_id, old_id=old_id)],
    )  # fmt: skip
    return person


def derive_all(owner: psycopg.Connection) -> None:
    """Golden records of everybody, as an import derives them."""
    from pccovid.people.golden import refresh_touched

    with owner.transaction():
        owner.execute("CREATE TEMP TABLE touched ON COMMIT DROP AS SELECT id AS person_id FROM people_person")
        refresh_touched(owner)
