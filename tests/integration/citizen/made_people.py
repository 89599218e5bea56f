"""Made persons written straight into the index, as the import would have left them."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, date, datetime
from uuid import UUID

import psycopg

from pccovid.linkage.names import read_name
from sealed_rows import hash_and_seal, hash_of, seals_of

RECEIVED = datetime(2021, 11, 20, 1, 0, tzinfo=UTC)


class Index:
    """Writes persons, what systems claim about them, and facts; as the owner, past all row security."""

    def __init__(self, owner: psycopg.Connection) -> None:
        self._owner = owner

    def person(self, name: str, born: date, phone: str | None = None, *, precision: str = "day") -> UUID:
        """One person whom one record of tokhaiyte.vn describes."""
        person = uuid.uuid4()
        self._owner.execute(
            "INSERT INTO people_person (id, name, birth_date, birth_precision, sex, is_identity_verified,"
            " attribute_sources, created_at) VALUES (%s, %s, %s, %s, 'female', false, %s, %s)",
            [person, name, born, precision, json.dumps({"name": "tokhaiyte/tokhaiyte:tokhaiyte_domestic:1"}), RECEIVED],
        )
        self.claim(person, name, born, precision=precision, phone=phone)
        if phone:
            self.reached_by(person, phone)
        return person

    def claim(
        self, person: UUID | None, name: str, born: date | None, *, precision: str = "day", phone: str | None = None,
        system: str = "tokhaiyte", swapped: date | None = None,
    ) -> UUID:  # fmt: skip
        """What one source record says; returns its record id."""
        record, reading = uuid.uuid4(), read_name(name)
        self._owner.execute(
            "INSERT INTO people_recordclaim (record_id, record, system, kind, source_record_id, content_hash, version,"
            " person_id, is_about_nobody, name, name_full, name_key, name_sorted, birth_date, birth_precision,"
            " birth_swapped, phone, sealed, id_verified, phone_is_own, flags)"
            " VALUES (%s, %s, %s, 'made', %s, '', 1, %s, false, %s, %s, %s, %s, %s, %s, %s, %s, %s, false, true, '{}')",
            [record, f"{system}:made:{record}", system, record, person, name, reading.full, reading.key,
             reading.sorted_key, born, precision if born else None, swapped, hash_of(phone, "phone"),
             seals_of(phone=phone)],
        )  # fmt: skip
        return record

    def reached_by(self, person: UUID, phone: str, *, is_own: bool = True) -> None:
        self._owner.execute(
            "INSERT INTO people_contactpoint (id, person_id, system, value, sealed, is_own, sources)"
            " VALUES (gen_random_uuid(), %s, 'phone', %s, %s, %s, ARRAY['tokhaiyte:made:1'])",
            [person, *hash_and_seal(phone, "phone"), is_own],
        )

    def identified_by(self, person: UUID, value: str, system: str = "personal_id") -> None:
        self._owner.execute(
            "INSERT INTO people_identifier (id, person_id, system, value, sealed, is_verified, verified_by, sources)"
            " VALUES (gen_random_uuid(), %s, %s, %s, %s, false, '', ARRAY['sskdt:made:1'])",
            [person, system, *hash_and_seal(value, system)],
        )

    def fact(self, table: str, person: UUID, *, system: str, provenance: str, **columns: object) -> UUID:
        """One row of a fact table; `columns` beyond those that every fact has."""
        values = {
            "id": uuid.uuid4(), "person_id": person, "record_id": uuid.uuid4(), "source_record_id": uuid.uuid4(),
            "source_system": system, "provenance": provenance, "recorded_at": RECEIVED, **columns,
        }  # fmt: skip
        self._owner.execute(
            f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(['%s'] * len(values))})",
            list(values.values()),
        )
        return UUID(str(values["id"]))
