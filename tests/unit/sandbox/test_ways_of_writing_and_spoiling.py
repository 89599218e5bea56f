"""Single value forms and faults, checked by properties and against known examples."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pccovid.linkage.phones import read_phone
from pccovid.sandbox import faults
from pccovid.sandbox.identifiers import OLD_PREFIX, PREFIXES, Registrar, twin_id
from pccovid.sandbox.legacy_encodings import as_tcvn3, as_vni
from pccovid.sandbox.writing import write_birth, write_id, write_name, write_phone

NAMES = st.sampled_from(
    ["Nguyễn Thị Hương", "Trần Văn Đức", "Lê Hoàng Minh Quân", "Đặng Thuỳ Trâm", "Y Wang Niê", "Lò Thị Ơn"]
)
SEEDS = st.integers(0, 2**32)
PHONES = st.builds(lambda prefix, rest: f"{prefix}{rest:07d}", st.sampled_from(PREFIXES), st.integers(0, 9_999_999))


@pytest.mark.parametrize(
    ("name", "tcvn3", "vni"),
    [
        ("Nguyễn", "NguyÔn", "Nguyeãn"),
        ("Trần", "TrÇn", "Traàn"),
        ("Phạm", "Ph¹m", "Phaïm"),
        ("Đặng", "§Æng", "Ñaëng"),
        ("Thị", "ThÞ", "Thò"),
        ("Hồ", "Hå", "Hoà"),
    ],
)
def test_older_encodings_look_as_old_files_show_them(name: str, tcvn3: str, vni: str) -> None:
    assert as_tcvn3(name) == tcvn3
    assert as_vni(name) == vni


@given(name=NAMES, seed=SEEDS, fault=st.sampled_from(faults.NAME_FAULTS))
def test_a_spoiled_name_always_differs_from_the_name(name: str, seed: int, fault: str) -> None:
    assert faults.spoil_name(fault, name, Random(seed)) != name


@given(birth=st.dates(date(1925, 1, 1), date(2021, 7, 1)), seed=SEEDS, fault=st.sampled_from(faults.BIRTH_FAULTS))
def test_a_spoiled_birth_date_always_differs_from_the_date(birth: date, seed: int, fault: str) -> None:
    assert faults.spoil_birth(fault, birth, Random(seed)) != birth


@given(phone=PHONES, seed=SEEDS)
def test_every_written_phone_form_reads_back_as_the_same_number(phone: str, seed: int) -> None:
    assume(read_phone(phone).phone == phone)
    written = write_phone(phone, Random(seed))
    if len(written) > 9:
        assert read_phone(written).phone == phone
    else:
        assert "0" + written == phone


@given(number=st.from_regex(r"0\d{11}", fullmatch=True), seed=SEEDS)
def test_a_written_id_loses_nothing_but_one_zero(number: str, seed: int) -> None:
    digits = write_id(number, Random(seed)).replace(" ", "").replace(".", "")
    assert digits in (number, number[1:])


@given(name=NAMES, seed=SEEDS, style=st.sampled_from(["form", "free", "desk", "registry"]))
def test_no_letter_form_of_a_name_changes_its_number_of_words(name: str, seed: int, style: str) -> None:
    assert len(write_name(name, Random(seed), style).split()) == len(name.split())


@given(number=st.from_regex(r"0\d{11}", fullmatch=True), seed=SEEDS)
def test_swapping_two_digits_keeps_the_prefix_and_the_digits(number: str, seed: int) -> None:
    swapped = faults.swap_two_digits(number, Random(seed))
    assert swapped[:6] == number[:6]
    assert sorted(swapped) == sorted(number)


def test_an_unknown_birth_day_is_often_written_as_the_year() -> None:
    written = [write_birth(date(1950, 1, 1), False, Random(seed), "slash") for seed in range(200)]
    assert 80 < sum(text == "1950" for text in written) < 170


def test_every_old_prefix_belongs_to_one_prefix_of_today() -> None:
    assert len(set(OLD_PREFIX.values())) == len(OLD_PREFIX) == 21


def test_no_two_people_receive_the_same_number() -> None:
    registrar = Registrar(seed=4)
    people = range(1, 20_001)
    assert len({registrar.phone(person, turn) for person in people for turn in (0, 1)}) == 40_000
    assert len({registrar.old_id("01", person) for person in people}) == 20_000
    assert len({registrar.insurance_no("01", person) for person in people}) == 20_000
    issued = [registrar.personal_id("01", "male", date(1990, 1, 1)) for _ in people]
    assert len({*issued, *map(twin_id, issued)}) == 40_000


def test_a_reserved_id_is_never_issued_to_anybody_else() -> None:
    registrar, rehearsal = Registrar(seed=4), Registrar(seed=4)
    third = [rehearsal.personal_id("01", "male", date(1990, 1, 1)) for _ in range(3)][2]
    first = registrar.personal_id("01", "male", date(1990, 1, 1))
    assert registrar.reserve(third)
    assert not registrar.reserve(third)
    assert not registrar.reserve(first)
    assert third not in [registrar.personal_id("01", "male", date(1990, 1, 1)) for _ in range(50)]
