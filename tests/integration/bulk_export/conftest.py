"""The console's made index with officers who ask and approve exports, and a receiving authority with a key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import pkcs7_decrypt_der

from conftest import MadeDatabase, database_from, use_in_django
from integration.console.made_index import make_index

SECRET = b"the key of marks, for tests"
ROLES = {"steward": ("data_steward", None), "station": ("health_station", "00001"),
         "one": ("data_protection", None), "two": ("data_protection", None)}  # fmt: skip


@dataclass(frozen=True)
class Recipient:
    """A receiving authority: its certificate as PEM text, and its private key."""

    certificate: str
    key: rsa.RSAPrivateKey

    def opened(self, content: bytes) -> str:
        loaded = x509.load_pem_x509_certificate(self.certificate.encode())
        return pkcs7_decrypt_der(content, loaded, self.key, []).decode()


def made_recipient(*, bits: int = 2048, days: int = 30) -> Recipient:
    key, now = rsa.generate_private_key(65537, bits), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Cơ quan nhận thử")])
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(7).not_valid_before(now - timedelta(days=60)).not_valid_after(now + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    return Recipient(certificate.public_bytes(Encoding.PEM).decode(), key)


@pytest.fixture(scope="session")
def recipient() -> Recipient:
    return made_recipient()


@dataclass(frozen=True)
class Exports:
    """The made database with officers: name → (account, appointment)."""

    made: MadeDatabase
    owner: psycopg.Connection
    officers: dict[str, tuple[int, int]]
    recipient: Recipient

    def web(self, function: str, *arguments: Any) -> Any:
        """The single value of a function of the schema `access`, as the web role."""
        places = ", ".join(["%s"] * len(arguments))
        with self.made.connect("web") as web:
            row = web.execute(f"SELECT * FROM access.{function}({places})", list(arguments)).fetchone()
        return row[0] if row else None

    def ask(
        self, by: str = "steward", *, purpose: str = "epidemiology", columns: tuple[str, ...] = ("birth_year", "sex"),
        area: str | None = "01",
    ) -> int:  # fmt: skip
        return int(
            self.web("ask_export", *self.officers[by], purpose, list(columns), area, "lý do đủ dài để thử nghiệm",
                     "Viện thử nghiệm", "Người nhận thử", self.recipient.certificate, "AA:BB")
        )  # fmt: skip

    def judge(self, by: str, request: int, *, approves: bool = True) -> str:
        return str(self.web("judge_export", *self.officers[by], request, approves, ""))

    def approved(self, **options: Any) -> int:
        request = self.ask(**options)
        self.judge("one", request)
        assert self.judge("two", request) == "approved"
        return request

    def make(self) -> tuple[int, ...]:
        from pccovid.bulk_export.exporting import make_approved

        with self.made.connect("jobs", autocommit=True) as jobs:
            return make_approved(jobs, secret=SECRET, now=datetime.now(UTC))

    def state(self, request: int) -> str:
        row = self.owner.execute(
            "SELECT access.export_state(r) FROM access.export_request r WHERE id = %s", [request]
        ).fetchone()
        assert row is not None
        return str(row[0])

    def download(self, by: str, request: int) -> str:
        return self.recipient.opened(bytes(self.web("download_export", *self.officers[by], request)))


@pytest.fixture(scope="module")
def exports(prepared_url: str, home: Path, recipient: Recipient) -> Iterator[Exports]:
    """One database for a module's tests: requests are told apart by their numbers."""
    from django.db import connections

    from pccovid.officers.operations import appoint, enrol

    made = database_from(prepared_url, home)
    use_in_django(made, "web")
    now, officers = datetime.now(UTC) - timedelta(hours=1), {}
    with made.connect("owner", autocommit=True) as owner:
        make_index(owner)
        for name, (role, area) in ROLES.items():
            account = enrol(owner, username=name, full_name=name, password="một mật khẩu dài, chỉ để thử", now=now)
            office = f"Cơ quan {name}"
            appointment = appoint(owner, officer=account, role=role, area=area, office=office, by="test", now=now)
            officers[name] = account, appointment
        yield Exports(made, owner, officers, recipient)
    connections["default"].close()
