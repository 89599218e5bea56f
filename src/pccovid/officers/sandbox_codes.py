"""Sandbox only: one-time codes of made officers, as their phones would show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from pccovid.officers import rules
from pccovid.officers.factors import TOTP, factors_of
from pccovid.officers.sealing import unseal


@dataclass(frozen=True)
class ShownCode:
    """An officer and the code that would be accepted now; None where the codes of this minute were used."""

    username: str
    name: str
    code: str | None


def present_codes(now: datetime) -> tuple[ShownCode, ...]:
    """Of every account with one-time codes, those still being added included."""
    accounts = User.objects.filter(is_active=True).order_by("id")[:50]
    return tuple(
        ShownCode(user.username, user.first_name, rules.next_code(secret, now=now, used=uses))
        for user in accounts
        for secret, uses in _secrets(user.pk)
    )


def _secrets(officer: int) -> list[tuple[bytes, int]]:
    return [
        (unseal(factor.secret, officer=officer), factor.uses)
        for factor in factors_of(officer)
        if factor.kind == TOTP and factor.secret is not None
    ]
