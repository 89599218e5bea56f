"""Sealing: what is sealed opens again, only where it was written, and only with a key that is still there."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pccovid.foundation import key_ring as keys
from pccovid.foundation.key_ring import KeyRing, KeysAreWrong
from pccovid.foundation.sealing import KeyIsMissing, Sealer, SealIsBroken, is_sealed


def family(*names: str) -> keys.Family:
    return keys.Family(names[-1], {name: name.encode().ljust(32, b"k") for name in names})


def sealer_of(sealing: tuple[str, ...] = ("1",), lookup: tuple[str, ...] = ("1",)) -> Sealer:
    return Sealer(KeyRing(family(*sealing), family(*lookup)))


ONE = sealer_of()
texts = st.text(st.characters(codec="utf-8"), max_size=300)


@given(texts, texts)
def test_what_was_sealed_opens_again_as_it_was(text: str, about: str) -> None:
    assert ONE.unseal(ONE.seal(text, about), about) == text


@given(st.text("0123456789", min_size=9, max_size=15))
def test_neither_seal_nor_hash_shows_the_number(number: str) -> None:
    assert number not in ONE.seal(number, "phone")
    assert number not in ONE.lookup(number, "phone")


@given(st.lists(texts, min_size=2, max_size=20, unique=True))
def test_different_texts_never_share_a_nonce_or_a_hash(several: list[str]) -> None:
    assert len({ONE.seal(text, "phone").rpartition(":")[2][:16] for text in several}) == len(several)
    assert len({ONE.lookup(text, "phone") for text in several}) == len(several)


def test_the_same_row_imported_twice_writes_the_same_bytes() -> None:
    assert ONE.seal("0912345678", "phone") == sealer_of().seal("0912345678", "phone")


def test_a_seal_moved_to_another_column_or_row_does_not_open() -> None:
    sealed = ONE.seal("{}", "payload/row one")
    with pytest.raises(SealIsBroken):
        ONE.unseal(sealed, "payload/row two")


@given(st.integers(min_value=0, max_value=39), st.integers(min_value=1, max_value=255))
def test_a_seal_with_one_byte_changed_does_not_open(place: int, change: int) -> None:
    mark, key, body = ONE.seal("012345678901", "personal_id").split(":")
    changed = bytearray(urlsafe_b64decode(body))
    changed[place] ^= change
    with pytest.raises(SealIsBroken):
        ONE.unseal(f"{mark}:{key}:{urlsafe_b64encode(changed).decode()}", "personal_id")


def test_numbers_of_two_kinds_have_different_hashes_and_find_nothing_of_the_other() -> None:
    assert ONE.lookup("012345678", "old_id") != ONE.lookup("012345678", "passport")


def test_after_a_new_key_old_rows_still_open_and_are_found() -> None:
    before, after = sealer_of(), sealer_of(("1", "2"), ("1", "2"))
    assert after.unseal(before.seal("0912345678", "phone"), "phone") == "0912345678"
    assert before.lookup("0912345678", "phone") in after.lookups("0912345678", "phone")
    assert after.lookup("0912345678", "phone") in after.lookups("0912345678", "phone")
    assert after.seal("0912345678", "phone").startswith("s:2:")


def test_what_was_sealed_under_a_destroyed_key_is_gone() -> None:
    with pytest.raises(KeyIsMissing):
        sealer_of(("2",)).unseal(ONE.seal("0912345678", "phone"), "phone")


def test_a_text_not_sealed_yet_is_shown_as_it_stands() -> None:
    assert ONE.reveal("0912345678", "phone") == "0912345678"
    assert not is_sealed('{"phone": "0912345678"}')


@given(st.binary(min_size=16, max_size=16))
def test_a_hidden_content_hash_can_be_hidden_anew_under_the_next_key(content_hash: bytes) -> None:
    after = sealer_of(lookup=("1", "2"))
    hidden = ONE.mark(content_hash)
    assert content_hash not in hidden
    assert after.marked_anew(hidden) == after.mark(content_hash) == after.marked_anew(content_hash)
    assert after.marked_anew(after.mark(content_hash)) == after.mark(content_hash)


@pytest.fixture
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PCCOVID_HOME", str(tmp_path))
    for name in (keys.KEYS_VARIABLE, keys.KEYS_FILE_VARIABLE, "PCCOVID_MODE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "secrets" / "keys.json"


def test_a_sandbox_makes_its_own_keys_which_only_its_account_may_read(key_file: Path) -> None:
    ring = keys.key_ring()
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert keys.key_ring() is ring


def test_production_without_keys_does_not_start_and_says_what_is_missing(
    key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PCCOVID_MODE", "production")
    with pytest.raises(KeysAreWrong, match="PCCOVID_KEYS_FILE"):
        keys.check_keys(may_make=False)
    assert not key_file.exists()


def test_a_rotation_adds_a_key_and_a_running_process_learns_of_it(key_file: Path) -> None:
    before = keys.key_ring()
    assert keys.begin_rotation(keys.LOOKUP) == "2"
    during = keys.key_ring()
    assert during.lookup.is_rotating
    assert list(during.lookup.keys) == ["1", "2"]
    assert during.lookup.keys["1"] == before.lookup.keys["1"]
    assert during.sealing == before.sealing
    keys.end_rotation(keys.LOOKUP)
    assert not keys.key_ring().lookup.is_rotating


def test_the_key_that_writes_cannot_be_destroyed(key_file: Path) -> None:
    keys.key_ring()
    with pytest.raises(KeysAreWrong):
        keys.destroy_key(keys.SEALING, "1")
    keys.begin_rotation(keys.SEALING)
    keys.destroy_key(keys.SEALING, "1")
    assert list(keys.key_ring().sealing.keys) == ["2"]


SHORT_KEYS = json.dumps({name: {"active": "1", "keys": {"1": "c2hvcnQ="}} for name in keys.FAMILIES})


@pytest.mark.parametrize(
    "written",
    ["", "{}", '{"sealing": 1, "lookup": 2}', SHORT_KEYS],
)
def test_keys_that_cannot_be_read_are_told_without_showing_them(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(keys.KEYS_VARIABLE, written)
    with pytest.raises(KeysAreWrong, match="keys"):
        keys.key_ring()


def test_keys_given_in_the_environment_are_changed_only_by_their_keeper(
    key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys.write_new_keys(key_file)
    monkeypatch.setenv(keys.KEYS_VARIABLE, key_file.read_text())
    with pytest.raises(KeysAreWrong, match="PCCOVID_KEYS"):
        keys.begin_rotation(keys.SEALING)
