"""Files of a backup: whatever is written is read again, and nothing else opens."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pccovid.backups.keys import BackupKeys, BackupKeysAreWrong, KeyIsGone, read_keys
from pccovid.backups.rules import LIFE_DAYS, days_gone, lives_over, segmented, until
from pccovid.backups.sealed_file import BackupIsBroken, SealedWriter, read_sealed
from pccovid.retention.rules import rules

KEY = secrets.token_bytes(64)
MADE = datetime(2026, 5, 1, 3, tzinfo=UTC)


def sealed(path: Path, pieces: list[bytes], name: str = "one") -> Path:
    path.unlink(missing_ok=True)
    writer = SealedWriter(path, KEY, name)
    for piece in pieces:
        writer.write(piece)
    assert writer.close() == path.stat().st_size
    return path


def opened(path: Path, name: str = "one", key: bytes = KEY) -> bytes:
    return b"".join(read_sealed(path, key, name))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(st.binary(max_size=2000), max_size=20))
def test_what_was_written_is_read_again(tmp_path: Path, pieces: list[bytes]) -> None:
    assert opened(sealed(tmp_path / "file", pieces)) == b"".join(pieces)


@pytest.mark.parametrize("size", [(1 << 20) - 1, 1 << 20, (1 << 20) + 1, 5 << 19])
def test_many_blocks_are_read_again(tmp_path: Path, size: int) -> None:
    noise = secrets.token_bytes(size)
    assert opened(sealed(tmp_path / "file", [noise, b"", noise])) == noise + noise


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_changed_or_shortened_file_opens(tmp_path: Path, data: st.DataObject) -> None:
    path = sealed(tmp_path / "file", [b"movement of a day", b"and another"])
    held = bytearray(path.read_bytes())
    if data.draw(st.booleans()):
        held = held[: data.draw(st.integers(0, len(held) - 1))]
    else:
        held[data.draw(st.integers(0, len(held) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(held)
    with pytest.raises(BackupIsBroken):
        opened(path)


def test_a_file_cut_at_the_border_of_a_block_does_not_open(tmp_path: Path) -> None:
    path = sealed(tmp_path / "file", [secrets.token_bytes(3 << 20)])
    path.write_bytes(path.read_bytes()[: 4 + 16 + 2 * (4 + (1 << 20) + 16)])
    with pytest.raises(BackupIsBroken):
        opened(path)


def test_a_file_opens_under_its_own_name_and_key_alone(tmp_path: Path) -> None:
    path = sealed(tmp_path / "file", [b"x"])
    for name, key in (("other", KEY), ("one", KEY[:32]), ("one", KEY[:-1] + b"\0")):
        with pytest.raises(BackupIsBroken):
            opened(path, name, key)


def test_keys_are_read_again_and_destroyed_ones_are_gone(tmp_path: Path) -> None:
    keys = BackupKeys(tmp_path / "deep" / "keys.json")
    own = keys.begin("a", made_at=MADE, until=until(MADE, days=3))
    day = keys.of_day("2026-05-02")
    again = read_keys(keys.path)
    assert again.of("a", "2026-05-02") == own + day
    assert again.of("a", None) == own
    again.destroy(backups=["a"], days=[])
    for name, label in (("a", None), ("a", "2026-05-02"), ("b", None)):
        with pytest.raises(KeyIsGone):
            read_keys(keys.path).of(name, label)
    keys.destroy(backups=[], days=["2026-05-02"])
    with pytest.raises(KeyIsGone):
        read_keys(keys.path).of("a", "2026-05-02")
    assert day.hex() not in keys.path.read_text()


def test_a_backup_begun_while_keys_are_destroyed_keeps_its_own_and_brings_none_back(tmp_path: Path) -> None:
    making, shredding = (BackupKeys(tmp_path / "keys.json") for _ in range(2))
    making.of_day("2026-05-01")
    making.begin("a", made_at=MADE, until=until(MADE, days=3))
    shredding.destroy(backups=[], days=["2026-05-01"])
    making.of_day("2026-05-09")
    for keys in (making, read_keys(making.path)):
        assert list(keys.backups) == ["a"]
        assert list(keys.days) == ["2026-05-09"]
    shredding.destroy(backups=["a", "never"], days=["never"])
    assert read_keys(making.path).backups == {}


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"backups": {"a": {}}, "days": {}}', '{"backups": {}, "days": {"x": "AAAA"}}']
)
def test_a_file_that_holds_no_keys_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text)
    with pytest.raises(BackupKeysAreWrong):
        read_keys(path)


def test_a_days_key_lives_through_that_day() -> None:
    labels = ["2026-05-01", "2026-05-02", "2026-05-03"]
    assert days_gone(labels, today=date(2026, 5, 2)) == ("2026-05-01",)


def test_a_backup_lives_as_long_as_was_said_and_never_past_a_month() -> None:
    made = {"a": (MADE, until(MADE, days=2)), "b": (MADE, until(MADE, days=LIFE_DAYS))}
    assert lives_over(made, now=MADE + timedelta(days=2), end=None) == ("a",)
    for days in (0, LIFE_DAYS + 1):
        with pytest.raises(ValueError, match="kept from 1"):
            until(MADE, days=days)


def test_the_end_of_the_epidemic_takes_every_older_backup() -> None:
    late = MADE + timedelta(days=6)
    made = {"before": (MADE, until(MADE, days=30)), "after": (late, until(late, days=30))}
    end = (MADE + timedelta(days=3)).date()
    assert lives_over(made, now=MADE + timedelta(days=3), end=end) == ()
    assert lives_over(made, now=late, end=end) == ("before",)


def test_every_table_with_a_period_goes_by_days() -> None:
    tables = {one.table for one in segmented(rules())}
    assert {one.table_name for one in rules() if one.days is not None and one.starts} == tables
    assert {"movement_visit", "movement_trip", "movement_scan", "declarations_declaration", "border_entry"} <= tables
