"""Each scan is read by itself: a fault is said of it alone, and wrong clocks are seen through."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pccovid.personal_codes.keys import CodeKeys, KeySet
from pccovid.personal_codes.letterbox import take_out
from pccovid.personal_codes.rules import Standing, head_of, issue, person_in, read
from pccovid.web.scan_lane.wire import LONGEST_WAIT, REASONS, Device, Row, ScanRefused, happened_at, reader, split

KEYS = CodeKeys(1, {1: KeySet(1, bytes(32))})
LANE = KEYS.for_lane()
AT_A_PLACE, AT_A_CHECKPOINT = Device(UUID(int=5), "place", "P1"), Device(UUID(int=6), "checkpoint", None)
NOW, PERSON = datetime(2026, 11, 28, 9, 0, tzinfo=UTC), UUID(int=9)
CODE = issue(KEYS, PERSON, Standing(is_verified=True), now=NOW)
CARD = "079087012345|025123456|Nguyễn Văn A|18011987|Nam|Số 1, Phường 2, Quận 3|01052021"
MINUTES = st.integers(-400_000, 400_000).map(lambda minutes: timedelta(minutes=minutes))


def sent(code: str = CODE, way: str = "in", at: datetime | str = NOW, **more: object) -> bytes:
    return msgspec.json.encode({"id": str(uuid4()), "code": code, "way": way, "at": at, **more})


def row_of(raw: bytes, device: Device = AT_A_PLACE, clock: datetime | None = None) -> Row:
    return reader(LANE, device, clock, NOW)(raw)


def test_a_safe_code_is_stored_so_that_the_worker_alone_can_open_it() -> None:
    row = row_of(sent())
    code = read(CODE)
    assert row.content == code.octets[:35]
    assert person_in(KEYS, row.content[1], row.content[:19], row.content[19:]) == PERSON
    assert head_of(code) == row.content[:19]
    assert PERSON.bytes not in row.content


def test_another_code_is_put_into_the_letterbox() -> None:
    row = row_of(sent(CARD))
    assert take_out(KEYS, row.content, row.scan_id.bytes) == CARD
    assert b"079087012345" not in row.content
    assert row.once == row.scan_id


def test_one_code_is_used_once_in_each_direction_whatever_the_scan_is_called() -> None:
    assert row_of(sent()).once == row_of(sent()).once != row_of(sent(way="out")).once
    other = Device(UUID(int=7), "place", "P2")
    assert row_of(sent(), other).once != row_of(sent()).once


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"{", "malformed"), (b"null", "malformed"), (b"{}", "malformed"), (b'"\xff"', "malformed"),
        (msgspec.json.encode({"id": "x", "code": CODE, "way": "in", "at": NOW}), "malformed"),
        (sent(way="past"), "wrong_way"), (sent(way=""), "wrong_way"), (sent(at="2026-11-28T09:00:00"), "no_time_zone"),
        (sent("hello"), "unreadable"), (sent("x" * 3000), "unreadable"), (sent(""), "unreadable"),
        (sent("PC1:"), "not_ours"), (sent(CODE[:-1] + ("0" if CODE[-1] != "0" else "1")), "changed"),
        (sent(at=NOW - timedelta(days=8)), "too_old"),
        (sent(at=NOW - timedelta(hours=1)), "not_yet"),
    ],
    ids=lambda given: given if isinstance(given, str) else "sent",
)  # fmt: skip
def test_what_is_wrong_with_a_scan_is_said(raw: bytes, reason: str) -> None:
    with pytest.raises(ScanRefused) as refused:
        row_of(raw)
    assert refused.value.reason == reason
    assert reason in REASONS


def test_a_checkpoint_lets_pass_and_a_place_lets_in_and_out() -> None:
    assert row_of(sent(way="past"), AT_A_CHECKPOINT).way == 2
    with pytest.raises(ScanRefused, match="wrong_way"):
        row_of(sent(way="in"), AT_A_CHECKPOINT)


@given(st.timedeltas(timedelta(), LONGEST_WAIT), MINUTES)
def test_a_clock_that_is_wrong_by_the_same_amount_all_along_is_seen_through(ago: timedelta, ahead: timedelta) -> None:
    assert happened_at(NOW - ago + ahead, ahead, NOW) == NOW - ago


@given(MINUTES, MINUTES)
def test_no_scan_happens_after_it_was_received_or_longer_ago_than_a_device_may_wait(
    off: timedelta, ahead: timedelta
) -> None:
    if NOW - (NOW + off - ahead) > LONGEST_WAIT:
        with pytest.raises(ScanRefused, match="too_old"):
            happened_at(NOW + off, ahead, NOW)
    else:
        assert NOW - LONGEST_WAIT <= happened_at(NOW + off, ahead, NOW) <= NOW


def test_a_scan_of_the_morning_sent_at_night_by_a_clock_a_year_ahead_counts_for_the_morning() -> None:
    year = timedelta(days=365)
    code = issue(KEYS, PERSON, Standing(is_verified=True), now=NOW - timedelta(hours=10))
    row = row_of(sent(code, at=NOW - timedelta(hours=10) + year), clock=NOW + year)
    assert row.happened_at == NOW - timedelta(hours=10)
    assert row.device_at == NOW - timedelta(hours=10) + year


def test_the_largest_and_smallest_times_are_read_without_another_error() -> None:
    for at in ("0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59Z"):
        for clock in (None, datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)):
            reasons = []
            try:
                row_of(sent(at=at), clock=clock)
            except ScanRefused as refused:
                reasons.append(refused.reason)
            assert set(reasons) <= set(REASONS)


def test_a_request_holds_one_scan_or_a_list_and_not_thousands() -> None:
    assert len(split(sent())) == 1
    assert len(split(b"[1, {}, null]")) == 3
    for wrong in (b"", b"[", b"7", b"null", b"[" + b"1," * 500 + b"1]"):
        with pytest.raises((msgspec.DecodeError, ValueError)):
            split(wrong)
