"""Agreements, keys and certificates of the sandbox's agencies: asked by its steward, granted by its data protection."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from pccovid.agreements.certificates import authority_in, certificate_for
from pccovid.agreements.operations import CLIENT
from pccovid.config.commands.session import Session
from pccovid.config.commands.times import now
from pccovid.foundation.roles import JOBS, OWNER, WEB
from pccovid.officers.sandbox import make_sandbox_officers
from pccovid.sandbox.agencies.cast import MLLP, MadeAgency
from pccovid.sandbox.agencies.machine_key import KID, MachineKey

_FOLDER = "agencies"
_DAYS = timedelta(days=365)
_DOCUMENT = "Thỏa thuận của bản thử"
_STEWARD, _PROTECTOR = "data_steward", "data_protection"


class AgencyNotConnected(RuntimeError):
    """An agency's process would not take its agreement."""


def agree_with(
    cast: Sequence[MadeAgency], opened: Session, addresses: Mapping[str, str], *, hub: str, listener: str
) -> None:
    """Let each agency have an agreement in force, and tell its process; those in force from before are kept."""
    home = opened.environment.home
    with psycopg.connect(opened.url(OWNER)) as owner:
        officers = _offices(owner, make_sandbox_officers(owner, home, now=now()))
    for one in cast:
        key = MachineKey.of(home / _FOLDER / f"{one.code}.pem")
        notify = f"{addresses[one.code]}/news"
        agreement = _in_force(opened, one, notify, key) or _agreed(opened, one, notify, key, officers)
        _connect(addresses[one.code], {
            "hub": hub, "client": f"{CLIENT}{agreement}", "key": str(home / _FOLDER / f"{one.code}.pem"),
            "listener": listener, **_certified(opened, one, agreement, key),
        })  # fmt: skip


def _offices(owner: psycopg.Connection, officers: Sequence[Mapping[str, str]]) -> dict[str, tuple[int, int]]:
    """Role → (account, appointment) of the sandbox's own officers."""
    rows = owner.execute(
        "SELECT a.role, u.id, a.id FROM auth_user u JOIN access.appointment a ON a.officer_id = u.id"
        " WHERE u.username = ANY (%s) AND a.area_code IS NULL ORDER BY u.id DESC",
        [[one["username"] for one in officers]],
    ).fetchall()
    return {role: (account, appointment) for role, account, appointment in rows}


def _in_force(opened: Session, one: MadeAgency, notify: str, key: MachineKey) -> int | None:
    """The number of an agreement like this one that stands, with this very key."""
    with psycopg.connect(opened.url(OWNER)) as owner:
        row = owner.execute(
            "SELECT a.id FROM access.agreement a JOIN access.agreement_key k ON k.agreement_id = a.id"
            " WHERE a.agency_code = %s AND a.notify_url = %s AND a.document = %s AND k.jwk = %s::jsonb"
            " AND access.agreement_state(a) = 'granted' AND a.valid_until > now() AND a.categories = %s"
            " AND a.written = %s ORDER BY a.id DESC LIMIT 1",
            [one.code, notify, _DOCUMENT, json.dumps(key.jwk()), list(one.reads), list(one.sends)],
        ).fetchone()
    return int(row[0]) if row else None


def _agreed(
    opened: Session, one: MadeAgency, notify: str, key: MachineKey, officers: Mapping[str, tuple[int, int]]
) -> int:
    wanted = (one.code, one.name, one.standing, one.purpose, list(one.reads), list(one.sends), None, now() + _DAYS,
              _DOCUMENT, "Chạy thử liên thông với người dựng, không có thật", notify,
              json.dumps([key.jwk()]))  # fmt: skip
    with psycopg.connect(opened.url(WEB)) as web:
        number = int(_called(web, "ask_agreement", *officers[_STEWARD], *wanted))
        _called(web, "judge_agreement", *officers[_PROTECTOR], number, True, "")
    return number


def _called(web: psycopg.Connection, function: str, *arguments: Any) -> Any:
    places = ", ".join(["%s"] * len(arguments))
    row = web.execute(f"SELECT * FROM access.{function}({places})".encode(), list(arguments)).fetchone()  # noqa: S608 - our own names
    return row[0] if row else None


def _certified(opened: Session, one: MadeAgency, agreement: int, key: MachineKey) -> dict[str, str]:
    """Files of a laboratory's certificate and of our authority's; nothing for who speaks FHIR."""
    if one.speaks != MLLP:
        return {}
    home = opened.environment.home
    authority = authority_in(home / "secrets", now=now())
    with psycopg.connect(opened.url(JOBS), autocommit=True) as jobs:
        pem = certificate_for(jobs, authority, agreement=agreement, kid=KID, now=now())
    certificate, trusted = (home / _FOLDER / f"{one.code}-{name}.pem" for name in ("certificate", "authority"))
    _write_private(certificate, pem + key.pem())
    trusted.write_bytes(authority.pem())
    return {"certificate": str(certificate), "authority": str(trusted)}


def _write_private(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)


def _connect(address: str, told: Mapping[str, str]) -> None:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request("POST", "/sandbox/connect", json.dumps(dict(told)))
        answer = connection.getresponse()
        if answer.status != 204:
            raise AgencyNotConnected(answer.read().decode("utf-8", "replace"))
    finally:
        connection.close()
