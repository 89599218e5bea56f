"""A small index, officers of every kind, and what the tests know about them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import psycopg

from conftest import MadeDatabase
from sealed_rows import hash_and_seal, hash_of, seals_of

AN, BINH = UUID(int=1), UUID(int=2)
AN_RECORD, BINH_RECORD, HELD_RECORD = UUID(int=1001), UUID(int=2001), UUID(int=3001)
ROW_HELD, ROW_REJECTED = UUID(int=4001), UUID(int=4002)
HA_NOI, SAI_GON = ("01", "001", "00001"), ("79", "778", "27259")
PASSWORD = "một mật khẩu dài, chỉ để thử"
NOW = datetime.now(UTC) - timedelta(hours=1)
EVIDENCE = {"phone": {"level": "same", "weight": 13.7}, "name": {"level": "same_plain", "weight": 9.5},
            "sex": {"level": "missing", "weight": 0.0}, "birth": {"level": "far", "weight": -4.2}}  # fmt: skip
OFFICERS = {
    "steward": ("data_steward", None), "station": ("health_station", "00001"), "police": ("commune_police", "00001"),
    "tracer": ("tracer", "01"), "far-tracer": ("tracer", "79"), "far-police": ("commune_police", "27259"),
    "keeper": ("quarantine_officer", "01"), "inspector": ("inspector", None), "protector": ("data_protection", None),
}  # fmt: skip


class Console(NamedTuple):
    """The made database, and browsers on it."""

    made: MadeDatabase
    logged_before: int
    """The last entry of the log when the test began."""

    def owner(self) -> psycopg.Connection:
        return self.made.connect("owner", autocommit=True)

    def browser(self, **environ: str) -> Any:
        from django.test import Client

        return Client(**{"HTTP_USER_AGENT": "one browser", "REMOTE_ADDR": "10.0.0.1", **environ})  # type: ignore[arg-type]

    def sign_in(self, username: str, **environ: str) -> Any:
        """A browser that has shown the officer's password and a fresh one-time code."""
        client = self.browser(**environ)
        answer = client.post("/can-bo/dang-nhap", {"username": username, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()
        answer = client.post("/can-bo/dang-nhap/buoc-hai", {"code": self.code_of(username)})
        assert answer.status_code == 302, answer.content.decode()
        return client

    def code_of(self, username: str) -> str:
        """The officer's present one-time code."""
        with self.owner() as owner:
            return present_code(owner, username)

    def shown_to(self, person: UUID) -> list[tuple[str, str, list[str]]]:
        """(role, case, categories) of every opening that showed this person."""
        with self.owner() as owner:
            return owner.execute(
                "SELECT l.role, l.case_reference, d.categories FROM access.disclosure d"
                " JOIN access.log l ON l.id = d.log_id WHERE d.person_id = %s AND l.id > %s ORDER BY l.id",
                [person, self.logged_before],
            ).fetchall()


def present_code(owner: psycopg.Connection, username: str) -> str:
    """The officer's present one-time code, as if none had been used and nothing been tried yet."""
    from pccovid.officers.rules import code_at, step_of
    from pccovid.officers.sealing import unseal

    row = owner.execute(
        "UPDATE access.officer_factor f SET uses = 0 FROM auth_user u WHERE f.officer_id = u.id"
        " AND f.kind = 'totp' AND f.removed_at IS NULL AND f.confirmed_at IS NOT NULL AND u.username = %s"
        " RETURNING u.id, f.secret",
        [username],
    ).fetchone()
    owner.execute("DELETE FROM access.turn")
    assert row is not None, f"{username} has no one-time codes"
    return code_at(unseal(bytes(row[1]), officer=row[0]), step_of(datetime.now(UTC)))


def make_accounts(owner: psycopg.Connection) -> None:
    from pccovid.officers.operations import enrol
    from pccovid.officers.sandbox import give_codes

    for username in OFFICERS:
        officer = enrol(owner, username=username, full_name=f"Cán bộ {username}", password=PASSWORD, now=NOW)
        give_codes(owner, officer=officer)


def make_officers(owner: psycopg.Connection) -> None:
    """Each made account in its one office again, whatever a test has done to them; nobody else."""
    from pccovid.officers.operations import appoint

    owner.execute("TRUNCATE access.break_glass, access.appointment, access.officer_account, access.turn")
    owner.execute("DELETE FROM auth_user WHERE username <> ALL (%s)", [list(OFFICERS)])
    owner.execute("UPDATE auth_user SET is_active = true")
    owner.execute("DELETE FROM access.officer_factor WHERE confirmed_at IS NULL OR kind = 'passkey'")
    owner.execute("UPDATE access.officer_factor SET removed_at = NULL")
    accounts = dict(owner.execute("SELECT username, id FROM auth_user").fetchall())
    for username, (role, area) in OFFICERS.items():
        office = f"Cơ quan {username}"
        appoint(owner, officer=accounts[username], role=role, area=area, office=office, by="test", now=NOW)


def make_index(owner: psycopg.Connection) -> None:
    """An in Hà Nội, Bình in Sài Gòn, one record of each, a held and a rejected row, a pair under review."""
    run = owner.execute(
        "INSERT INTO people_importrun (folder, fingerprint, stage, started_at, published_at, published_by,"
        " model_version) VALUES ('/exports', 'x', 'published', %s, %s, 'operator', 'model-7') RETURNING id",
        [NOW, NOW],
    ).fetchone()[0]  # type: ignore[index]
    file = owner.execute(
        "INSERT INTO people_importfile (run_id, name, system, kind, received, linked, new, held, rejected, unchanged,"
        " repeated, notes) VALUES (%s, 'sskdt_people.csv', 'sskdt', 'sskdt_people', 10, 5, 3, 1, 1, 2, 0, %s)"
        " RETURNING id",
        [run, json.dumps({"dropped": {"lat": 4}, "encoding": "utf-8"})],
    ).fetchone()[0]  # type: ignore[index]
    for outcome, reason in (("held", "ambiguous"), ("rejected", "column_count"), ("value", "phone_malformed")):
        owner.execute(
            "INSERT INTO people_importreason (file_id, outcome, reason, field, rows) VALUES (%s, %s, %s, '', 1)",
            [file, outcome, reason],
        )
    add_person(owner, run, AN, AN_RECORD, "Nguyễn Văn An", HA_NOI, "001090000001", "0912000001")
    add_person(owner, run, BINH, BINH_RECORD, "Trần Thị Bình", SAI_GON, "079190000002", "0912000002")
    for row, outcome, reason, record in (
        (ROW_HELD, "held", "ambiguous", HELD_RECORD), (ROW_REJECTED, "rejected", "column_count", None),
    ):  # fmt: skip
        owner.execute(
            "INSERT INTO people_unplacedrow (id, run_id, file_name, row_no, system, kind, key, record_id, outcome,"
            " reason, payload, evidence, resolution) VALUES (%s, %s, 'sskdt_people.csv', 7, 'sskdt', 'sskdt_people',"
            " 'k7', %s, %s, %s, %s, '{}', '')",
            [row, run, record, outcome, reason, json.dumps({"fullName": "Ai Đó", "phone": "0912000001"})],
        )
    add_claim(owner, None, HELD_RECORD, "Ai Đó", HA_NOI, None, None)
    for number, (one, other) in enumerate([(HELD_RECORD, AN_RECORD), (BINH_RECORD, AN_RECORD)], start=1):
        owner.execute(
            "INSERT INTO people_reviewpair (id, record_id, other_record_id, weight, evidence, reason, run_id, decision)"
            " VALUES (%s, %s, %s, 19.0, %s, 'looks_alike', %s, '')",
            [UUID(int=5000 + number), one, other, json.dumps(EVIDENCE), run],
        )


def add_person(
    owner: psycopg.Connection, run: int, person: UUID, record: UUID, name: str, area: tuple[str, str, str],
    personal_id: str, phone: str,
) -> None:  # fmt: skip
    source = json.dumps({"name": f"vneid/vneid:vneid:{record.int}"})
    owner.execute(
        "INSERT INTO people_person (id, name, birth_date, birth_precision, sex, province_code, district_code,"
        " commune_code, is_identity_verified, attribute_sources, created_at)"
        " VALUES (%s, %s, '1990-05-17', 'day', 'male', %s, %s, %s, true, %s, %s)",
        [person, name, *area, source, NOW],
    )
    owner.execute(
        "INSERT INTO people_identifier (id, person_id, system, value, sealed, is_verified, verified_by, sources)"
        " VALUES (%s, %s, 'personal_id', %s, %s, true, 'vneid', %s)",
        [UUID(int=record.int + 1), person, *hash_and_seal(personal_id, "personal_id"), [f"vneid:vneid:{record.int}"]],
    )
    owner.execute(
        "INSERT INTO people_contactpoint (id, person_id, system, value, sealed, is_own, sources)"
        " VALUES (%s, %s, 'phone', %s, %s, true, %s)",
        [UUID(int=record.int + 2), person, *hash_and_seal(phone, "phone"), [f"vneid:vneid:{record.int}"]],
    )
    add_claim(owner, person, record, name, area, personal_id, phone)
    owner.execute(
        "INSERT INTO people_sourcerecord (id, record_id, system, kind, key, version, payload, content_hash,"
        " received_at, run_id) VALUES (%s, %s, 'vneid', 'vneid', %s, 1, %s, '', %s, %s)",
        [record, record, str(record.int), json.dumps({"fullName": name, "citizenId": personal_id}), NOW, run],
    )
    owner.execute(
        "INSERT INTO people_link (record_id, person_id, decision, weight, evidence, reason, model_version, decided_by,"
        " decided_at) VALUES (%s, %s, 'probabilistic', 19.0, %s, '', 'model-7', 'operator', %s)",
        [record, person, json.dumps(EVIDENCE), NOW],
    )
    facts = [person, record, record, NOW]
    owner.execute(
        "INSERT INTO vaccination_dose (id, person_id, record_id, source_record_id, source_system, provenance,"
        " recorded_at, product, lot_number) VALUES (%s, %s, %s, %s, 'sskdt', 'facility', %s, 'Vero Cell', 'LOT-77')",
        [UUID(int=record.int + 3), *facts],
    )
    owner.execute(
        "INSERT INTO movement_visit (id, person_id, record_id, source_record_id, source_system, provenance,"
        " recorded_at, place_key) VALUES (%s, %s, %s, %s, 'qr', 'facility', %s, 'CHỢ-ĐỒNG-XUÂN')",
        [UUID(int=record.int + 4), *facts],
    )


def add_claim(
    owner: psycopg.Connection, person: UUID | None, record: UUID, name: str, area: tuple[str, str, str],
    personal_id: str | None, phone: str | None,
) -> None:  # fmt: skip
    from pccovid.linkage.names import read_name

    reading = read_name(name)
    owner.execute(
        "INSERT INTO people_recordclaim (record_id, record, system, kind, source_record_id, content_hash, version,"
        " person_id, is_about_nobody, name, name_full, name_key, name_sorted, birth_date, birth_precision, personal_id,"
        " id_verified, phone, phone_is_own, province_code, district_code, commune_code, flags, sealed)"
        " VALUES (%s, %s, 'vneid', 'vneid', %s, '', 1, %s, false, %s, %s, %s, %s, '1990-05-17', 'day', %s, %s, %s,"
        " true, %s, %s, %s, '{}', %s)",
        [record, f"vneid:vneid:{record.int}", record, person, reading.display, reading.full, reading.key,
         reading.sorted_key, hash_of(personal_id, "personal_id"), personal_id is not None, hash_of(phone, "phone"),
         *area, seals_of(personal_id=personal_id, phone=phone)],
    )  # fmt: skip
