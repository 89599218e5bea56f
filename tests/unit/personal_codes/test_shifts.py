"""What a shift's device holds makes no code, names nobody, and is small enough for a phone."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

from pccovid.personal_codes.keys import CodeKeys, KeySet
from pccovid.personal_codes.rules import Standing, handle_of, issue, made_at, read
from pccovid.personal_codes.shifts import Revocation, days_of, shift_bundle

KEYS = CodeKeys(1, {1: KeySet(1, bytes(32))})
NOW = datetime(2026, 11, 28, 20, 0, tzinfo=UTC)  # three in the morning of the 29th in Viet Nam
ENDS = NOW + timedelta(hours=12)


def bundle(*revoked: Revocation) -> dict[str, object]:
    return shift_bundle(KEYS, revoked, starts=NOW, ends=ENDS)


def test_a_shift_reads_codes_of_its_days_and_of_the_day_before() -> None:
    assert days_of(NOW, ENDS) == ["2026-11-28", "2026-11-29"]
    assert set(bundle()["standings"]) == {"1 2026-11-28", "1 2026-11-29"}  # type: ignore[call-overload]


def test_nothing_that_makes_or_opens_a_code_is_in_it() -> None:
    import base64

    written = json.dumps(bundle(Revocation(UUID(int=5), NOW)))
    one = KEYS.newest
    for secret in (one.root, one.seal, one.mac, one.signing.private_bytes_raw(), one.handles("2026-11-29")):
        assert base64.b64encode(secret).decode() not in written
    assert UUID(int=5).hex not in written


def test_a_revocation_is_found_by_the_days_handle() -> None:
    revoked = bundle(Revocation(UUID(int=5), NOW))["revoked"]
    assert revoked == {  # type: ignore[comparison-overlap]
        handle_of(KEYS.newest, day, UUID(int=5)).hex(): int(NOW.timestamp()) for day in days_of(NOW, ENDS)
    }


def test_ten_thousand_revocations_are_less_than_a_megabyte() -> None:
    many = [Revocation(UUID(int=number), NOW) for number in range(10_000)]
    assert len(json.dumps(bundle(*many))) < 1_000_000


def test_a_code_made_ahead_says_when_it_was_made() -> None:
    code = read(issue(KEYS, UUID(int=1), Standing(True), now=NOW, ahead=timedelta(hours=3)))
    assert code.issued == NOW + timedelta(hours=3)
    assert code.made == made_at(code.octets) == NOW
