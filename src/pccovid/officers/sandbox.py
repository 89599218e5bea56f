"""Officers of the made nation: random passwords in a file only the owner's account can read, and one-time codes."""

from __future__ import annotations

import json
import os
import secrets
from datetime import datetime
from pathlib import Path

import psycopg

from pccovid.areas.registry import registry
from pccovid.areas.units import LISTED_2021
from pccovid.officers.offices import (
    COMMUNE_POLICE,
    DATA_PROTECTION,
    DATA_STEWARD,
    HEALTH_STATION,
    INSPECTOR,
    QUARANTINE_OFFICER,
    TRACER,
)
from pccovid.officers.operations import appoint, enrol
from pccovid.officers.rules import SECRET_BYTES
from pccovid.officers.sealing import seal

# Where nobody lives yet: Phường Phúc Xá, Quận Ba Đình, Hà Nội.
_FALLBACK_COMMUNE = ("00001", "01")
_BY = "sandbox"
_HEADS = (DATA_STEWARD, TRACER, QUARANTINE_OFFICER)
"""Offices whose made officer also appoints others, so that the sandbox shows it."""


def make_sandbox_officers(connection: psycopg.Connection, home: Path, *, now: datetime) -> list[dict[str, str]]:
    """One officer of each kind, area-bound ones where most made people live; the same ones when called again.

    `connection` is the owner's. Returns username, password, name, office and role of each, as the file
    `secrets/officers.json` of `home` (mode 600) keeps them.
    """
    path = home / "secrets" / "officers.json"
    known: list[dict[str, str]] = json.loads(path.read_text()) if path.exists() else []
    officers = known if known and _all_enrolled(connection, known) else []
    commune, province = _most_populous(connection)
    # An office that came with a later version is added to those of before.
    there = {officer["username"] for officer in officers}
    for username, name, role, area, office in _wanted(commune, province):
        if username in there:
            continue
        made = {
            "username": username,
            "password": secrets.token_urlsafe(12),
            "name": name,
            "office": office,
            "role": role,
        }
        _make(connection, made, area, now)
        officers.append(made)
    _give_codes(connection, officers)
    _keep(path, officers)
    return officers


def _wanted(commune: str, province: str) -> list[tuple[str, str, str, str | None, str]]:
    return [
        ("quan-tri", "Phạm Thu Hà", DATA_STEWARD, None, "Cục Y tế dự phòng, bộ phận dữ liệu"),
        ("tram-y-te", "Lê Văn Bình", HEALTH_STATION, commune, f"Trạm y tế {_name(commune)}"),
        ("cong-an-xa", "Trần Quốc Dũng", COMMUNE_POLICE, commune, f"Công an {_name(commune)}"),
        ("thanh-tra", "Đặng Thùy Linh", INSPECTOR, None, "Thanh tra Bộ Y tế (bản thử)"),
        ("truy-vet", "Nguyễn Thị Lan", TRACER, province, f"Trung tâm Kiểm soát bệnh tật {_name(province)}"),
        ("cach-ly", "Bùi Văn Hòa", QUARANTINE_OFFICER, province, f"Ban quản lý cách ly {_name(province)}"),
        ("bao-ve-du-lieu", "Hoàng Minh Châu", DATA_PROTECTION, None, "Bộ phận bảo vệ dữ liệu, Bộ Y tế"),
        ("bao-ve-du-lieu-2", "Vũ Đức Anh", DATA_PROTECTION, None, "Bộ phận bảo vệ dữ liệu, Bộ Công an"),
    ]


def _name(code: str) -> str:
    unit = registry().unit(code, on=LISTED_2021)
    return unit.name if unit else code


def _all_enrolled(connection: psycopg.Connection, officers: list[dict[str, str]]) -> bool:
    names = [officer["username"] for officer in officers]
    found = connection.execute(
        "SELECT count(DISTINCT u.id) FROM auth_user u JOIN access.appointment a ON a.officer_id = u.id"
        " WHERE u.username = ANY (%s)",
        [names],
    ).fetchone()
    return found == (len(names),)


def _make(connection: psycopg.Connection, made: dict[str, str], area: str | None, now: datetime) -> None:
    # Passwords were lost with the file, or the database with its accounts: begin with a fresh account.
    connection.execute(
        "UPDATE auth_user SET username = username || '-' || id, is_active = false WHERE username = %s",
        [made["username"]],
    )
    officer = enrol(
        connection, username=made["username"], full_name=made["name"], password=made["password"], now=now
    )  # fmt: skip
    appoint(
        connection, officer=officer, role=made["role"], area=area, office=made["office"], by=_BY, now=now,
        is_head=made["role"] in _HEADS,
    )  # fmt: skip


def _give_codes(connection: psycopg.Connection, officers: list[dict[str, str]]) -> None:
    """One-time codes for each that has no factor yet; the sandbox's page shows them."""
    lacking = connection.execute(
        "SELECT u.id FROM auth_user u WHERE u.username = ANY (%s) AND NOT EXISTS (SELECT 1 FROM access.officer_factor f"
        " WHERE f.officer_id = u.id AND f.removed_at IS NULL AND f.confirmed_at IS NOT NULL)",
        [[officer["username"] for officer in officers]],
    ).fetchall()
    for (officer,) in lacking:
        give_codes(connection, officer=officer)


def give_codes(connection: psycopg.Connection, *, officer: int) -> bytes:
    """A confirmed secret of one-time codes for a made officer; returns it. `connection` is the owner's."""
    secret = secrets.token_bytes(SECRET_BYTES)
    connection.execute(
        "INSERT INTO access.officer_factor (officer_id, kind, label, secret, confirmed_at)"
        " VALUES (%s, 'totp', 'Bản thử', %s, now())",
        [officer, seal(secret, officer=officer)],
    )
    return secret


def _most_populous(connection: psycopg.Connection) -> tuple[str, str]:
    found = connection.execute(
        "SELECT commune_code, province_code FROM people_person p JOIN access.area a ON a.code = p.commune_code"
        " WHERE province_code IS NOT NULL GROUP BY 1, 2 ORDER BY count(*) DESC, 1 LIMIT 1"
    ).fetchone()
    return (found[0], found[1]) if found else _FALLBACK_COMMUNE


def _keep(path: Path, officers: list[dict[str, str]]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(officers, file, ensure_ascii=False, indent=1)
