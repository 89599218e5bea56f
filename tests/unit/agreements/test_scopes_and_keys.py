"""Scopes are cut to the agreement; only public keys of SMART's two algorithms are taken."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from integration.exchange.agencies import SigningKey, b64
from pccovid.agreements.assertions import AssertionRefused, read_keys
from pccovid.agreements.rules import Grant, granted_scopes


def test_scopes_are_cut_to_what_the_agreement_covers() -> None:
    asked = "system/*.crus system/Appointment.rs openid system/Patient.banana"
    granted = granted_scopes(asked, ["identity", "vaccination"], ["vaccination"])
    assert granted == ("system/Patient.rs", "system/Immunization.crus")
    assert granted_scopes("system/Observation.rs", ["identity"], []) == ()
    assert granted_scopes("system/Patient.read", ["identity"], []) == ("system/Patient.rs",)


def test_a_grant_reads_and_writes_by_agreement_and_scope_together() -> None:
    grant = Grant(1, "a", "A", "facility", "care", ("identity",), ("vaccination",), None,
                  ("system/Patient.rs", "system/Immunization.c"), "")  # fmt: skip
    assert grant.may_read("Patient")
    assert not grant.may_read("Immunization")
    assert grant.may_write("Immunization")
    assert not grant.may_write("Patient")
    assert not grant.may_read("Nonsense")
    assert grant.system == "facility.a"


def test_a_set_of_public_keys_is_read_without_what_does_not_matter() -> None:
    key = SigningKey("k1").jwk()
    assert read_keys(json.dumps({"keys": [{**key, "use": "sig", "alg": "ES384"}]})) == [key]


def small_rsa() -> dict[str, str]:
    numbers = rsa.generate_private_key(65537, 1024).public_key().public_numbers()
    return {"kty": "RSA", "kid": "k", "n": b64(numbers.n.to_bytes(128)), "e": "AQAB"}


def other_curve() -> dict[str, str]:
    numbers = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
    return {"kty": "EC", "crv": "P-256", "kid": "k", "x": b64(numbers.x.to_bytes(32)), "y": b64(numbers.y.to_bytes(32))}


@pytest.mark.parametrize(
    "keys",
    [
        "", "[]", "{}", '{"keys": []}', '{"keys": [1]}', '{"keys": [{"kty": "oct", "kid": "k", "k": "AA"}]}',
        json.dumps({"keys": [{**SigningKey("k1").jwk(), "d": "AA"}]}), json.dumps({"keys": [small_rsa()]}),
        json.dumps({"keys": [other_curve()]}), json.dumps({"keys": [SigningKey("k").jwk(), SigningKey("k").jwk()]}),
        json.dumps({"keys": [{**SigningKey("k1").jwk(), "x": "AAAA"}]}),
        json.dumps({"keys": [{**SigningKey("k1").jwk(), "kid": ""}]}),
    ],
)  # fmt: skip
def test_keys_that_will_not_do_are_refused(keys: str) -> None:
    with pytest.raises(AssertionRefused):
        read_keys(keys)
