"""Codes, posters and letters: what we made is read, whatever was changed is refused, nobody else learns whose."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pccovid.personal_codes.keys import CodeKeys, CodeKeysAreWrong, KeySet, add_key_set, code_keys, lane_keys
from pccovid.personal_codes.letterbox import LetterUnreadable, put_in, take_out
from pccovid.personal_codes.rules import (
    PREFIX,
    CodeRefused,
    Standing,
    check_for_device,
    check_for_lane,
    handle_of,
    head_of,
    issue,
    person_in,
    place_on_poster,
    poster_code,
    read,
    standing_in,
    use_of,
    written,
)

KEYS = CodeKeys(2, {1: KeySet(1, bytes(range(32))), 2: KeySet(2, bytes(range(32, 64)))})
OLD = CodeKeys(1, KEYS.sets)
LANE, CHECKS = KEYS.for_lane(), KEYS.signature_checks()
PERSON, NOW = UUID(int=77), datetime(2026, 11, 28, 16, 59, tzinfo=UTC)
VERIFIED = Standing(is_verified=True)
CODE = issue(KEYS, PERSON, VERIFIED, now=NOW)
moments = st.datetimes(datetime(2021, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
standings = st.builds(Standing, st.booleans(), st.sampled_from([None, False, True]))


@given(st.uuids(), standings, moments, st.integers(1, 255), st.sampled_from([KEYS, OLD]))
def test_what_was_issued_is_read_by_lane_device_and_worker(
    person: UUID, standing: Standing, now: datetime, steps: int, keys: CodeKeys
) -> None:
    text = issue(keys, person, standing, now=now, lives=timedelta(minutes=10 * steps))
    code = check_for_lane(text, LANE.macs, now=now)
    assert code == check_for_device(text, CHECKS, now=now)
    assert person_in(KEYS, code.key, head_of(code), code.hidden_person) == person
    shift = KEYS.sets[code.key].shift(code.day)
    assert standing_in(code, shift) == (standing, handle_of(KEYS.sets[code.key], code.day, person))


@given(st.integers(0, 122), st.integers(1, 255))
def test_any_changed_byte_is_refused_by_the_lane(place: int, by: int) -> None:
    octets = bytearray(read(CODE).octets)
    octets[place] ^= by
    with pytest.raises(CodeRefused):
        check_for_lane(written(bytes(octets)), LANE.macs, now=NOW)


@given(st.integers(0, 106), st.integers(1, 255))
def test_any_changed_byte_before_the_lanes_own_tag_is_refused_by_a_device(place: int, by: int) -> None:
    octets = bytearray(read(CODE).octets)
    octets[place] ^= by
    with pytest.raises(CodeRefused):
        check_for_device(written(bytes(octets)), CHECKS, now=NOW)


@given(st.integers(0, 200), st.characters())
def test_any_changed_letter_is_refused(place: int, letter: str) -> None:
    changed = CODE[:place] + letter + CODE[place + 1 :]
    if changed != CODE:
        with pytest.raises(CodeRefused):
            check_for_lane(changed, LANE.macs, now=NOW)


@given(st.text(max_size=300))
def test_any_other_text_is_refused_without_another_error(text: str) -> None:
    for tried in (text, PREFIX + text, CODE + text if text else text):
        with pytest.raises(CodeRefused):
            check_for_lane(tried, LANE.macs, now=NOW)


@pytest.mark.parametrize(
    ("minutes", "reason"), [(-6, "not_yet"), (-4, None), (0, None), (34, None), (36, "expired"), (9_000, "expired")]
)
def test_a_code_holds_for_its_half_hour_and_the_difference_of_clocks(minutes: int, reason: str | None) -> None:
    when = NOW + timedelta(minutes=minutes)
    if reason is None:
        assert check_for_lane(CODE, LANE.macs, now=when) == check_for_device(CODE, CHECKS, now=when)
    else:
        for check in (lambda: check_for_lane(CODE, LANE.macs, now=when),
                      lambda: check_for_device(CODE, CHECKS, now=when)):  # fmt: skip
            with pytest.raises(CodeRefused, match=reason):
                check()


def test_two_codes_of_one_person_have_nothing_in_common_but_the_moment() -> None:
    one, other = (read(issue(KEYS, PERSON, VERIFIED, now=NOW)) for _ in range(2))
    assert one.once != other.once
    assert one.hidden_person != other.hidden_person
    assert one.hidden_standing != other.hidden_standing
    assert PERSON.bytes not in one.octets


def test_a_code_of_a_set_that_was_taken_out_is_refused() -> None:
    old = issue(OLD, PERSON, VERIFIED, now=NOW)
    without = CodeKeys(2, {2: KEYS.sets[2]})
    with pytest.raises(CodeRefused, match="unknown_key"):
        check_for_lane(old, without.for_lane().macs, now=NOW)
    with pytest.raises(CodeRefused, match="unknown_key"):
        check_for_device(old, without.signature_checks(), now=NOW)


def test_the_shift_key_of_another_day_shows_no_standing() -> None:
    code = read(CODE)
    assert standing_in(code, KEYS.newest.shift("2026-11-27"))[1] != handle_of(KEYS.newest, code.day, PERSON)


def test_a_use_is_of_one_code_at_one_place_in_one_direction() -> None:
    other = read(issue(KEYS, PERSON, VERIFIED, now=NOW))
    uses = {use_of(code, place, way) for code in (read(CODE), other) for place in (b"a", b"b") for way in (0, 1)}
    assert len(uses) == 8
    assert use_of(read(CODE), b"a", 0) in uses


@given(st.uuids(), st.integers(0, 81), st.integers(1, 255))
def test_a_poster_names_its_place_and_no_other(place: UUID, at: int, by: int) -> None:
    text = poster_code(OLD, place)
    assert place_on_poster(KEYS, text) == place
    octets = bytearray(base64.urlsafe_b64decode(text + "=="))
    octets[at] ^= by
    with pytest.raises(CodeRefused):
        place_on_poster(KEYS, base64.urlsafe_b64encode(bytes(octets)).decode().rstrip("="))


@given(st.text(max_size=200))
def test_any_other_text_is_no_poster(text: str) -> None:
    with pytest.raises(CodeRefused):
        place_on_poster(KEYS, text)


@given(st.text(st.characters(codec="utf-8"), max_size=200), st.data())
def test_a_letter_opens_for_the_worker_alone_and_only_unchanged(text: str, data: st.DataObject) -> None:
    letter = put_in(LANE.letterbox, LANE.letterbox_number, text, b"this")
    assert take_out(KEYS, letter, b"this") == text
    changed = bytearray(letter)
    changed[data.draw(st.integers(0, len(letter) - 1))] ^= data.draw(st.integers(1, 255))
    for wrong, about in ((bytes(changed), b"this"), (letter, b"that"), (letter[:-1], b"this"), (b"", b"this")):
        with pytest.raises(LetterUnreadable):
            take_out(KEYS, wrong, about)


def test_a_sandbox_gets_keys_and_rotation_keeps_the_old_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PCCOVID_CODE_KEYS", "PCCOVID_CODE_KEYS_FILE", "PCCOVID_MODE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PCCOVID_HOME", str(tmp_path))
    first = code_keys()
    text = issue(first, PERSON, VERIFIED, now=NOW)
    path = tmp_path / "secrets" / "code-keys.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert add_key_set(path) == 2
    assert code_keys().active == 2
    assert check_for_lane(text, code_keys().for_lane().macs, now=NOW).key == 1
    assert code_keys().for_lane().as_text().count('"') > 4


def test_production_without_keys_says_which_variable_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PCCOVID_HOME", str(tmp_path))
    monkeypatch.setenv("PCCOVID_MODE", "production")
    with pytest.raises(CodeKeysAreWrong, match="PCCOVID_CODE_KEYS"):
        code_keys()
    assert not (tmp_path / "secrets").exists()


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"active": 1, "keys": {"1": "c2hvcnQ="}}', '{"active": 2, "keys": {}}', "nonsense"]
)
def test_keys_of_another_form_are_told_in_one_sentence(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PCCOVID_CODE_KEYS", text)
    with pytest.raises(CodeKeysAreWrong):
        code_keys()


def test_the_lane_is_told_what_checks_and_nothing_that_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    text = LANE.as_text()
    monkeypatch.setenv("PCCOVID_LANE_KEYS", text)
    told = lane_keys()
    assert (told.macs, told.letterbox, told.letterbox_number) == (LANE.macs, LANE.letterbox, LANE.letterbox_number)
    assert set(json.loads(text)) == {"macs", "letterbox"}
    monkeypatch.setenv("PCCOVID_LANE_KEYS", "{}")
    with pytest.raises(CodeKeysAreWrong):
        lane_keys()


def test_a_person_is_not_found_in_a_code_by_another_set() -> None:
    code = read(CODE)
    stranger = CodeKeys(2, {2: KeySet(2, bytes(32))})
    assert person_in(stranger, 2, head_of(code), code.hidden_person) != PERSON
    assert person_in(KEYS, 2, head_of(code), code.hidden_person) not in {uuid4()}
