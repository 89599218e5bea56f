"""Second factors of officers: one-time codes, passkeys, recovery codes; adding, showing and removing them.

What was tried is counted before it is looked at, per officer and network and per officer, so that neither many
workers nor many networks help a guesser, and a stranger elsewhere does not lock the officer out at the desk.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pccovid.officers import rules
from pccovid.officers.database import call, call_rows
from pccovid.officers.limits import forget_turns, take_turn
from pccovid.officers.sealing import recovery_hashes, seal, unseal

TOTP, PASSKEY, RECOVERY = "totp", "passkey", "recovery"


class FactorRefused(PermissionError):
    """The code or key does not fit, or was used before; which of them is not said."""


class LastFactorStays(RuntimeError):
    """The only confirmed factor of an account cannot be removed."""


@dataclass(frozen=True)
class Factor:
    """One factor as it is kept: `secret` sealed, `credential` public, `uses` the last step or counter."""

    id: int
    kind: str
    label: str
    secret: bytes | None
    credential: bytes | None
    uses: int
    is_confirmed: bool
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Standing:
    """Where an account stands: sessions of another epoch are over."""

    epoch: int
    may_enrol: bool
    must_change_password: bool


def standing_of(officer: int) -> Standing | None:
    """The account's standing; None where it is closed or unknown."""
    rows = call_rows("officer_standing", officer)
    return Standing(*rows[0]) if rows else None


def factors_of(officer: int) -> tuple[Factor, ...]:
    """Everything not removed, the unconfirmed included."""
    return tuple(Factor(*map(_as_bytes, row)) for row in call_rows("factors_of", officer))


def confirmed_factors(officer: int) -> tuple[Factor, ...]:
    """The factors that open a session."""
    return tuple(factor for factor in factors_of(officer) if factor.is_confirmed)


def secret_being_added(officer: int, *, label: str) -> bytes:
    """The secret of the one-time codes under enrolment; the same one until its first code confirms it."""
    for factor in factors_of(officer):
        if factor.kind == TOTP and not factor.is_confirmed and factor.secret is not None:
            return unseal(factor.secret, officer=officer)
    secret = secrets.token_bytes(rules.SECRET_BYTES)
    call("begin_totp", officer, seal(secret, officer=officer), label)
    return secret


def confirm_totp(officer: int, code: str, *, network: str, now: datetime) -> None:
    """Make the secret under enrolment a factor by its first code. Raises FactorRefused, TooManyTurns."""
    _count_try(officer, network)
    _use_code(officer, [one for one in factors_of(officer) if not one.is_confirmed], code, now)
    _forgive(officer, network)


def show_code(officer: int, code: str, *, network: str, now: datetime) -> str:
    """Check a one-time code or a recovery code, whichever it looks like; returns the factor's kind.

    Raises FactorRefused, TooManyTurns. A code is accepted once.
    """
    _count_try(officer, network)
    digits = "".join(code.split())
    if digits.isascii() and digits.isdigit() and len(digits) == rules.DIGITS:
        _use_code(officer, confirmed_factors(officer), digits, now)
        kind = TOTP
    else:
        _use_recovery_code(officer, rules.tidied_recovery_code(code))
        kind = RECOVERY
    _forgive(officer, network)
    return kind


def new_recovery_codes(officer: int) -> tuple[str, ...]:
    """Ten fresh codes, to be shown once; all earlier ones are void."""
    codes = tuple(
        "".join(secrets.choice(rules.RECOVERY_ALPHABET) for _ in range(rules.RECOVERY_CODE_LENGTH))
        for _ in range(rules.RECOVERY_CODES)
    )
    call("keep_recovery_codes", officer, [recovery_hashes(code, officer=officer)[0] for code in codes])
    return tuple("-".join((code[:4], code[4:8], code[8:])) for code in codes)


def recovery_codes_left(officer: int) -> int:
    """How many recovery codes were not used yet."""
    return int(call("recovery_codes_left", officer))


def remove_factor(officer: int, factor: int) -> None:
    """Take a factor away. Raises LastFactorStays (also for what is not the officer's)."""
    if not call("remove_factor", officer, factor):
        raise LastFactorStays


def end_sessions(officer: int, *, by: int, why: str) -> None:
    """Sign the officer out everywhere."""
    call("end_sessions", officer, by, why)


def password_changed(officer: int) -> None:
    """Note a new password of the officer's own choice; ends all sessions."""
    call("password_changed", officer)


def _use_code(officer: int, factors: tuple[Factor, ...] | list[Factor], code: str, now: datetime) -> None:
    for factor in factors:
        if factor.kind != TOTP or factor.secret is None:
            continue
        step = rules.step_of_code(unseal(factor.secret, officer=officer), code, now=now, used=factor.uses)
        if step is not None and call("use_totp", officer, factor.id, step):
            return
    raise FactorRefused


def _use_recovery_code(officer: int, code: str) -> None:
    for hashed in recovery_hashes(code, officer=officer):
        if call("use_recovery_code", officer, hashed):
            return
    raise FactorRefused


def _count_try(officer: int, network: str) -> None:
    take_turn(rules.CODES_FROM_NETWORK, f"{officer} {network}")
    take_turn(rules.CODES_OF_OFFICER, str(officer))


def _forgive(officer: int, network: str) -> None:
    forget_turns(rules.CODES_FROM_NETWORK, f"{officer} {network}")


def _as_bytes(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
