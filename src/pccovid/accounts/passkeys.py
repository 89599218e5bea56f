"""Passkeys of citizens: one press instead of a code, on a device of one's own. The device asks for finger, face or PIN.

A passkey is found by the number that its authenticator gave it, so that nothing has to be typed; what it says of its
owner is random. The database keeps it, and only for whoever has opened their own record.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from pccovid.foundation.passkey_site import UNREADABLE, Site
from pccovid.foundation.reads import by_sql

LONGEST_LABEL = 60
_SURE = UserVerificationRequirement.REQUIRED


class PasskeyRefused(PermissionError):
    """The key does not verify, is nobody's, was copied, or is the sixth."""


@dataclass(frozen=True)
class OwnPasskey:
    """One of the person's passkeys; `credential` is its public key."""

    number: int
    label: str
    added_at: datetime
    used_at: datetime | None
    credential: bytes


@dataclass(frozen=True)
class Owner:
    """Whose passkey was shown, and the level of the identity with which they had added it (None: by phone)."""

    person: UUID
    level: int | None


OWN_PASSKEYS = by_sql("SELECT * FROM access.own_passkeys()", lambda _, rows: tuple(OwnPasskey(*row) for row in rows))
"""The person's passkeys. Needs their own opened access."""


def begin_registration(site: Site, known: tuple[OwnPasskey, ...]) -> tuple[str, dict[str, Any]]:
    """What the browser is asked to make, as JSON, and the state to keep until it answers."""
    user = PublicKeyCredentialUserEntity(id=secrets.token_bytes(32), name="PC-Covid", display_name="PC-Covid")
    options, state = site.server.register_begin(
        user, [AttestedCredentialData(one.credential) for one in known],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED, user_verification=_SURE,
    )  # fmt: skip
    return json.dumps(dict(options.public_key)), state


def complete_registration(
    site: Site, state: Mapping[str, Any], response: str, *, label: str, level: int | None
) -> None:
    """Keep the key the browser made, inside the person's opened access. Raises PasskeyRefused."""
    try:
        made = site.server.register_complete(state, json.loads(response))
        credential = made.credential_data
        assert credential is not None
    except UNREADABLE as error:
        raise PasskeyRefused from error
    _ask("add_own_passkey", credential.credential_id, bytes(credential), made.counter, label[:LONGEST_LABEL], level)


def drop(number: int) -> bool:
    """Forget a passkey, inside the person's opened access; False for one that is not theirs."""
    return bool(_ask("drop_own_passkey", number)[0][0])


def begin_proof(site: Site) -> tuple[str, dict[str, Any]]:
    """What the browser is asked to sign by whichever passkey its owner takes, as JSON, and the state to keep."""
    options, state = site.server.authenticate_begin(user_verification=_SURE)
    return json.dumps(dict(options.public_key)), state


def complete_proof(site: Site, state: Mapping[str, Any], response: str) -> Owner:
    """Whose passkey signed. Raises PasskeyRefused."""
    try:
        answered = AuthenticationResponse.from_dict(json.loads(response))
        found = _ask("passkey_signing_in", answered.raw_id)
        ((number, person, credential, level),) = found
        site.server.authenticate_complete(state, [AttestedCredentialData(credential)], answered)
        counter = answered.response.authenticator_data.counter
    except UNREADABLE as error:
        raise PasskeyRefused from error
    if not _ask("use_own_passkey", number, counter)[0][0]:
        raise PasskeyRefused
    return Owner(person, level)


def _ask(function: str, *arguments: Any) -> list[tuple[Any, ...]]:
    """All rows of a function of the schema `access`. Raises PasskeyRefused where the database refuses."""
    places = ", ".join(["%s"] * len(arguments))
    with connection.cursor() as cursor:
        try:
            cursor.execute(f"SELECT * FROM access.{function}({places})", list(arguments))  # noqa: S608 - our own names
        except DatabaseError as error:
            code = getattr(error.__cause__, "sqlstate", None) or ""
            if code.startswith("PC4") or code == "23505":
                raise PasskeyRefused from error
            raise
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
