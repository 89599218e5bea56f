"""Passkeys (WebAuthn level 2) as the officers' second factor: registering one, and proving its possession.

The library checks challenge, relying party, presence, verification and signature; we check that the origin is exactly
the one the page came from, that the counter grows, and that the key is this officer's. Attestation is not asked: any
maker's key will do.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from pccovid.foundation.passkey_site import UNREADABLE, Site
from pccovid.officers.database import call
from pccovid.officers.factors import PASSKEY, Factor, FactorRefused, confirmed_factors


def begin_registration(site: Site, *, officer: int, username: str, name: str) -> tuple[str, dict[str, Any]]:
    """What the browser is asked to make, as JSON, and the state to keep until it answers."""
    user = PublicKeyCredentialUserEntity(id=f"officer-{officer}".encode(), name=username, display_name=name)
    options, state = site.server.register_begin(
        user, _credentials(officer), resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )  # fmt: skip
    return json.dumps(dict(options.public_key)), state


def complete_registration(site: Site, state: Mapping[str, Any], response: str, *, officer: int, label: str) -> None:
    """Keep the key the browser made. Raises FactorRefused."""
    try:
        made = site.server.register_complete(state, json.loads(response))
        credential = made.credential_data
        assert credential is not None
    except UNREADABLE as error:
        raise FactorRefused from error
    if any(key.credential_id == credential.credential_id for key in _credentials(officer)):
        raise FactorRefused
    call("add_passkey", officer, credential.credential_id, bytes(credential), made.counter, label)


def begin_proof(site: Site, *, officer: int) -> tuple[str, dict[str, Any]] | None:
    """What the browser is asked to sign, as JSON, and the state to keep; None for an officer without passkeys."""
    credentials = _credentials(officer)
    if not credentials or not site.can_have_passkeys:
        return None
    options, state = site.server.authenticate_begin(credentials, UserVerificationRequirement.PREFERRED)
    return json.dumps(dict(options.public_key)), state


def complete_proof(site: Site, state: Mapping[str, Any], response: str, *, officer: int) -> None:
    """Check the signature and spend its counter. Raises FactorRefused."""
    factors = _passkeys(officer)
    try:
        answered = AuthenticationResponse.from_dict(json.loads(response))
        site.server.authenticate_complete(state, [key for key, _ in factors], answered)
        factor = next(factor for key, factor in factors if key.credential_id == answered.raw_id)
        counter = answered.response.authenticator_data.counter
    except UNREADABLE as error:
        raise FactorRefused from error
    if not call("use_passkey", officer, factor.id, counter):
        raise FactorRefused


def _credentials(officer: int) -> list[AttestedCredentialData]:
    return [key for key, _ in _passkeys(officer)]


def _passkeys(officer: int) -> list[tuple[AttestedCredentialData, Factor]]:
    return [
        (AttestedCredentialData(factor.credential), factor)
        for factor in confirmed_factors(officer)
        if factor.kind == PASSKEY and factor.credential is not None
    ]
