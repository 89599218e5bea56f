"""A made agency's machine: its keys, its signed assertions, its tokens and what it asks."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA384
from django.test import Client

from conftest import MadeDatabase

TOKEN_URL = "http://testserver/api/auth/token"  # noqa: S105 - an address
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
EVERY_CATEGORY = ("identity", "contact", "vaccination", "test", "insurance")
EVERY_WRITTEN = ("identity", "vaccination", "test", "insurance")


def b64(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


class SigningKey:
    """A private key of one of SMART's two algorithms."""

    def __init__(self, kid: str, algorithm: str = "ES384") -> None:
        self.kid, self.algorithm = kid, algorithm
        self._key: Any = (
            ec.generate_private_key(ec.SECP384R1()) if algorithm == "ES384" else rsa.generate_private_key(65537, 2048)
        )

    def jwk(self) -> dict[str, Any]:
        numbers = self._key.public_key().public_numbers()
        if self.algorithm == "ES384":
            points = {name: b64(getattr(numbers, name).to_bytes(48)) for name in ("x", "y")}
            return {"kty": "EC", "crv": "P-384", "kid": self.kid, **points}
        return {"kty": "RSA", "kid": self.kid, "n": b64(numbers.n.to_bytes(256)), "e": b64(numbers.e.to_bytes(3))}

    def sign(self, claims: dict[str, Any], **header: Any) -> str:
        head = {"alg": self.algorithm, "kid": self.kid, "typ": "JWT", **header}
        text = ".".join(b64(json.dumps(part).encode()) for part in (head, claims))
        if self.algorithm == "RS384":
            signature = self._key.sign(text.encode(), padding.PKCS1v15(), SHA384())
        else:
            r, s = decode_dss_signature(self._key.sign(text.encode(), ec.ECDSA(SHA384())))
            signature = r.to_bytes(48) + s.to_bytes(48)
        return f"{text}.{b64(signature)}"


@dataclass
class Agency:
    """An agency with one agreement, in front of the service."""

    made: MadeDatabase
    agreement: int
    key: SigningKey
    token: str = ""
    client: Client = field(default_factory=lambda: Client(HTTP_ACCEPT="application/fhir+json"))

    def claims(self, **changed: Any) -> dict[str, Any]:
        name = f"CS-{self.agreement}"
        ends = int((datetime.now(UTC) + timedelta(minutes=4)).timestamp())
        return {"iss": name, "sub": name, "aud": TOKEN_URL, "exp": ends, "jti": uuid4().hex, **changed}

    def ask_token(self, assertion: str | None = None, scope: str = "system/*.crus") -> Any:
        return self.client.post("/api/auth/token", {
            "grant_type": "client_credentials", "client_assertion_type": ASSERTION, "scope": scope,
            "client_assertion": assertion or self.key.sign(self.claims()),
        })  # fmt: skip

    def sign_in(self, scope: str = "system/*.crus") -> Agency:
        answer = self.ask_token(scope=scope)
        assert answer.status_code == 200, answer.content
        self.token = answer.json()["access_token"]
        return self

    def get(self, address: str, **query: str) -> Any:
        return self.client.get(f"/api/fhir/R4/{address}", query, headers=self._headers())

    def form(self, address: str, **query: str) -> Any:
        return self.client.post(f"/api/fhir/R4/{address}", query, headers=self._headers())

    def post(self, address: str, body: Any, **headers: str) -> Any:
        text = body if isinstance(body, bytes | str) else json.dumps(body)
        return self.client.post(
            f"/api/fhir/R4{address and '/' + address}", text, content_type="application/fhir+json",
            headers={**self._headers(), **headers},
        )  # fmt: skip

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def patient(number: str, **changed: Any) -> dict[str, Any]:
    """A made patient of the agency's file `number`."""
    return {
        "resourceType": "Patient", "identifier": [{"system": "https://benh-vien.thu/ho-so", "value": number}],
        "name": [{"text": "Đỗ Thử Nghiệm"}], "gender": "female", "birthDate": "1988-02-29", **changed,
    }  # fmt: skip


def national(value: str) -> dict[str, str]:
    return {"system": "https://pccovid.invalid/fhir/NamingSystem/personal-id", "value": value}


def dose(number: str, patient_reference: str, **changed: Any) -> dict[str, Any]:
    return {
        "resourceType": "Immunization", "identifier": [{"system": "https://benh-vien.thu/mui", "value": number}],
        "status": "completed", "vaccineCode": {"text": "AstraZeneca"}, "patient": {"reference": patient_reference},
        "occurrenceDateTime": "2021-10-20", "lotNumber": "TESTLOT1", **changed,
    }  # fmt: skip


def test_result(number: str, patient_reference: str, **changed: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation", "identifier": [{"system": "https://benh-vien.thu/xn", "value": number}],
        "status": "final", "code": {"coding": [{"system": "http://loinc.org", "code": "94309-2"}]},
        "subject": {"reference": patient_reference}, "effectiveDateTime": "2021-10-21T08:00:00+07:00",
        "issued": "2021-10-21T20:00:00+07:00",
        "valueCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": "260373001"}]}, **changed,
    }  # fmt: skip


test_result.__test__ = False  # type: ignore[attr-defined]


def bundle(*resources: dict[str, Any], kind: str = "transaction", **first: Any) -> dict[str, Any]:
    """A bundle of these resources; the first has the full URL `urn:uuid:1`, the second `urn:uuid:2` and so on."""
    return {
        "resourceType": "Bundle", "type": kind,
        "entry": [
            {"fullUrl": f"urn:uuid:{at}", "resource": one, "request": {"method": "POST", "url": one["resourceType"]}}
            for at, one in enumerate(resources, start=1)
        ],
    }  # fmt: skip
