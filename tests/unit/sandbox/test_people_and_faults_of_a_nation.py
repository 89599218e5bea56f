"""The people behind the files: fault shares of the domain handbook, value forms, hard cases, numbers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable

import pytest

from pccovid.areas.registry import registry
from pccovid.areas.units import LISTED_2021, LISTED_2025_03
from pccovid.linkage.encodings import repair_mojibake
from pccovid.sandbox.blocks import blocks
from pccovid.sandbox.faults import VERDICT_OF_FAULT
from pccovid.sandbox.people import Person

from .conftest import PEOPLE, SEED, Delivered

MEASURED = {"agrees": 0.672, "disagrees": 0.248, "no_id": 0.046, "unverifiable": 0.034}


@pytest.fixture(scope="module")
def people() -> dict[int, Person]:
    return {person.number: person for _, block in blocks(SEED, PEOPLE) for person in block.people}


def faults_by_person(delivered: Delivered) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for line in delivered.truth.values():
        if line["person"] is not None:
            found[line["person"]].add(line["fault"])  # type: ignore[index,arg-type]
    return found


def test_everybody_stands_on_one_to_six_systems(delivered: Delivered) -> None:
    systems: dict[object, set[object]] = defaultdict(set)
    for line in delivered.truth.values():
        systems[line["person"]].add(line["system"])
    del systems[None]
    assert set(systems) == set(range(1, PEOPLE + 1))
    assert {len(known) for known in systems.values()} == {1, 2, 3, 4, 5, 6}


def test_fault_shares_follow_what_was_measured_in_2022(delivered: Delivered) -> None:
    verdicts = Counter(
        next((VERDICT_OF_FAULT[fault] for fault in faults if fault in VERDICT_OF_FAULT), "agrees")
        for faults in faults_by_person(delivered).values()
    )
    for verdict, share in MEASURED.items():
        tolerance = 4 * (share * (1 - share) / PEOPLE) ** 0.5
        assert verdicts[verdict] / PEOPLE == pytest.approx(share, abs=tolerance)


def test_nobody_carries_faults_of_two_error_classes(delivered: Delivered) -> None:
    for faults in faults_by_person(delivered).values():
        assert len({VERDICT_OF_FAULT[fault] for fault in faults if fault in VERDICT_OF_FAULT}) <= 1


@pytest.mark.parametrize(
    "fault",
    [
        "name_typo",
        "name_tone",
        "name_part_missing",
        "name_order",
        "name_encoding",
        "birth_swapped",
        "birth_default",
        "birth_off",
        "id_missing",
        "id_malformed",
        "garbled",
        "twin",
        "namesakes_one_phone",
        "namesakes_one_commune",
        "shared_phone",
        "two_names",
        "id_of_other",
        "newborn_unnamed",
        "id_digits_swapped",
        "parent_details",
        "dose_duplicate",
        "dose_without_person",
        "second_account",
        "dose_of_other",
        "phone_handed_over",
        "phone_changed",
        "declared_for_other",
        "foreigner",
        "repeat_identical",
        "repeat_changed",
        "test_row",
        "child_without_id",
        "old_id",
    ],
)
def test_every_fault_and_hard_case_occurs_in_a_small_nation(delivered: Delivered, fault: str) -> None:
    assert any(line["fault"] == fault for line in delivered.truth.values())


FORMS: dict[str, tuple[str, str, Callable[[str], object]]] = {
    "gender Nam": ("tokhaiyte_domestic", "gender", lambda v: v == "Nam"),
    "gender Nu": ("tokhaiyte_domestic", "gender", lambda v: v == "Nu"),
    "gender Khac": ("tokhaiyte_domestic", "gender", lambda v: v == "Khac"),
    "sex 1": ("sskdt_people", "sex", lambda v: v == "1"),
    "sex 2": ("sskdt_people", "sex", lambda v: v == "2"),
    "sex Nữ": ("sskdt_people", "sex", lambda v: v == "Nữ"),
    "sex M": ("vneid", "sex", lambda v: v == "M"),
    "sex F": ("vneid", "sex", lambda v: v == "F"),
    "id with blanks": ("sskdt_people", "idNumber", re.compile(r"\d{3}( \d{3}){2,3}").fullmatch),
    "id with dots": ("sskdt_people", "idNumber", re.compile(r"\d{3}(\.\d{3}){2,3}").fullmatch),
    "id without its first zero": ("sskdt_people", "idNumber", re.compile(r"[1-9]\d{10}").fullmatch),
    "id of nine digits": ("sskdt_people", "idNumber", re.compile(r"\d{9}").fullmatch),
    "id of twelve digits": ("sskdt_people", "idNumber", re.compile(r"0\d{11}").fullmatch),
    "passport in the id field": ("sskdt_people", "idNumber", re.compile(r"[A-Z]\d{7}").fullmatch),
    "phone +84": ("sskdt_people", "phone", re.compile(r"\+84\d{9}").fullmatch),
    "phone 84": ("sskdt_people", "phone", re.compile(r"84\d{9}").fullmatch),
    "phone 0": ("sskdt_people", "phone", re.compile(r"0\d{9}").fullmatch),
    "phone of eleven old digits": ("sskdt_people", "phone", re.compile(r"01\d{9}").fullmatch),
    "phone with blanks": ("sskdt_people", "phone", re.compile(r"\d{4} \d{3} \d{3}").fullmatch),
    "name in capitals": ("tokhaiyte_domestic", "fullName", str.isupper),
    "name in small letters": ("bluezone_users", "fullName", str.islower),
    "name without diacritics": ("tokhaiyte_domestic", "fullName", str.isascii),
    "name with doubled blanks": ("sskdt_people", "fullName", lambda v: "  " in v),
    "birth as a year only": ("sskdt_people", "dob", re.compile(r"\d{4}").fullmatch),
    "birth on 1 January": ("sskdt_people", "dob", lambda v: v.startswith("01/01/")),
    "birth with a two-digit year": ("sskdt_people", "dob", re.compile(r"\d\d/\d\d/\d\d").fullmatch),
    "birth in ISO form": ("vneid", "dob", re.compile(r"\d{4}-\d\d-\d\d").fullmatch),
    "position posted silently": ("tokhaiyte_domestic", "lat", re.compile(r"\d+\.\d{6}").fullmatch),
    "yes coded as one": ("tokhaiyte_domestic", "hasSick", lambda v: v == "1"),
    "no coded as two": ("tokhaiyte_domestic", "hasSick", lambda v: v == "2"),
    "no coded as zero": ("tokhaiyte_domestic", "showSignal", lambda v: v == "0"),
    "insurance card of fifteen": ("sskdt_people", "bhytNumber", re.compile(r"[A-Z]{2}\d{13}").fullmatch),
    "insurance number of ten": ("sskdt_people", "bhytNumber", re.compile(r"\d{10}").fullmatch),
    "unified QR": ("qr_visits", "qrText", lambda v: v.count("|") == 5 and "<" in v),
    "unified QR made by another": ("qr_visits", "qrText", re.compile(r"\|[^|]+\|\d{4}-\d\d-\d\d\|1\|.*").fullmatch),
    "card QR": ("qr_visits", "qrText", re.compile(r"\d{12}\|(\d{9})?\|[^|]+\|\d{8}\|.*").fullmatch),
    "insurance QR": ("qr_visits", "qrText", re.compile(r"[A-Z]{2}\d{13}\|[0-9a-f]+\|.*").fullmatch),
    "VNeID QR": ("qr_visits", "qrText", lambda v: v.startswith("VNEID:")),
    "fourth dose": ("sskdt_doses", "doseNumber", lambda v: v == "4"),
    "pooled tube": ("sampling", "pooled", lambda v: v == "1"),
    "result still open": ("sampling", "result", lambda v: v == ""),
    "visit without check-out": ("qr_visits", "leftAt", lambda v: v == ""),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_value_form_of_the_exports_occurs(delivered: Delivered, form: str) -> None:
    file, column, has_form = FORMS[form]
    assert any(has_form(value) for value in delivered.column(file, column))


def test_some_communes_have_merged_since_the_rows_were_written(delivered: Delivered) -> None:
    units = registry()
    codes = set(delivered.column("sskdt_people", "communeCode"))
    assert all(units.unit(code, on=LISTED_2021, level="commune") for code in codes)
    assert any(units.unit(code, on=LISTED_2025_03) is None for code in codes)


def test_vendor_area_ids_lead_to_the_commune_through_the_mapping_table(delivered: Delivered) -> None:
    areas = {row["id"]: row for row in delivered.rows["tokhaiyte_areas"]}
    wards = [area for area in areas.values() if area["level"] == "ward"]
    assert len(wards) == len(registry().communes(LISTED_2021))
    assert all(areas[areas[ward["parentId"]]["parentId"]]["level"] == "province" for ward in wards[:200])
    used = [value for value in delivered.column("tokhaiyte_domestic", "wardId") if value]
    assert 0 < sum(ward not in areas for ward in used) < len(used) / 100


def test_names_in_an_older_encoding_can_be_repaired_to_the_true_name(
    delivered: Delivered, people: dict[int, Person]
) -> None:
    spoiled = [
        (str(row["fullName"]), people[line["person"]].name.full)  # type: ignore[index]
        for row in delivered.rows["sskdt_people"]
        if (line := delivered.truth[("sskdt_people", str(row["personId"]))])["fault"] == "name_encoding"
    ]
    repaired = [repair_mojibake(written)[0].lower() == true.lower() for written, true in spoiled]
    assert len(spoiled) >= 5
    assert sum(repaired) >= 0.7 * len(repaired)


def test_clean_rows_say_the_true_birth_year(delivered: Delivered, people: dict[int, Person]) -> None:
    checked = 0
    for row in delivered.rows["tokhaiyte_domestic"]:
        line = delivered.truth[("tokhaiyte_domestic", str(row["id"]))]
        if line["fault"] == "":
            assert row["birthYear"] == str(people[line["person"]].birth.year)  # type: ignore[index]
            checked += 1
    assert checked > PEOPLE / 2


def test_twins_have_ids_in_sequence_and_one_birthday(people: dict[int, Person]) -> None:
    twins: dict[tuple[int, object], list[Person]] = defaultdict(list)
    for person in people.values():
        if person.case == "twin":
            twins[(person.household, person.birth)].append(person)
    assert twins
    for first, second in twins.values():
        assert int(second.personal_id) - int(first.personal_id) == 1
        assert first.name != second.name


def test_ids_of_people_agree_with_birth_and_sex_and_are_unique(people: dict[int, Person]) -> None:
    numbered = [person for person in people.values() if person.personal_id]
    for person in numbered:
        century_sex = 2 * (person.birth.year // 100 - 19) + (person.sex == "female")
        assert person.personal_id[3:6] == f"{century_sex}{person.birth.year % 100:02d}"
    assert len({person.personal_id for person in numbered}) == len(numbered)


def test_swapped_digits_sometimes_hit_the_id_of_somebody_else(people: dict[int, Person]) -> None:
    wrong = {person.id_of_other for person in people.values() if person.case == "id_digits_swapped"}
    hit = [person for person in people.values() if person.case == "id_digits_swapped_into"]
    assert hit
    assert {person.personal_id for person in hit} <= wrong


def test_a_number_that_changed_hands_has_two_owners(people: dict[int, Person]) -> None:
    movers = [person for person in people.values() if person.case == "phone_handed_over"]
    given_up = {person.old_phone for person in movers if person.old_phone}
    assert given_up
    assert given_up <= {person.phone for person in movers}


def test_household_members_share_phones_and_children_have_no_card(people: dict[int, Person]) -> None:
    shared = Counter(person.phone for person in people.values() if person.phone)
    children = [person for person in people.values() if person.age < 12]
    assert sum(count > 1 for count in shared.values()) > PEOPLE / 20
    assert sum(person.carries == "none" for person in children) > 0.6 * len(children)


def test_family_names_follow_their_national_frequencies(people: dict[int, Person]) -> None:
    families = Counter(person.name.family for person in people.values())
    assert families["Nguyễn"] / PEOPLE == pytest.approx(0.38, abs=0.06)
    assert families["Nguyễn"] > families["Trần"] > families["Bùi"]


def test_doses_fall_into_the_campaign_and_do_not_precede_each_other(delivered: Delivered) -> None:
    days: dict[tuple[object, str], dict[int, str]] = defaultdict(dict)
    for row in delivered.rows["sskdt_doses"]:
        line = delivered.truth[("sskdt_doses", str(row["doseId"]))]
        if line["fault"] not in ("dose_duplicate", "dose_of_other", "test_row"):
            days[(line["person"], "")].setdefault(int(str(row["doseNumber"])), str(row["injectedAt"])[:10])
    for by_number in days.values():
        ordered = [by_number[number] for number in sorted(by_number)]
        assert ordered == sorted(ordered)
        assert "2021-03-01" < ordered[0] < "2021-12-31"


def test_pooled_tubes_hold_several_people_with_one_result(delivered: Delivered) -> None:
    tubes: dict[str, list[dict[str, object]]] = defaultdict(list)
    for row in delivered.rows["sampling"]:
        tubes[str(row["tubeBarcode"])].append(row)
    pooled = [rows for rows in tubes.values() if rows[0]["pooled"] == "1"]
    assert max(len(rows) for rows in pooled) >= 8
    assert all(len({row["result"] for row in rows}) == 1 for rows in pooled)
