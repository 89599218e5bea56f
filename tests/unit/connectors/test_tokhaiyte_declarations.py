"""Given a row as tokhaiyte.vn wrote it, which person and which facts it stands for."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest

from pccovid.connectors.context import ReadingContext
from pccovid.connectors.rows import ACCEPTED, HELD, ParsedRow
from unit.connectors.delivered_rows import BA_DINH, HA_NOI, PHUC_XA, VIET_NAM_ID, facts_of

ReadRow = Callable[..., ParsedRow]
DECLARED = {
    "id": "6123f0aa0000000000000001",
    "createdAt": "2021-08-15 08:30:00",
    "otherUser": "0",
    "fullName": "NGUYỄN VĂN AN",
    "passport": "001 087 012 345",
    "birthYear": "1987",
    "gender": "Nam",
    "nation": VIET_NAM_ID,
    "provinceId": HA_NOI,
    "districtId": BA_DINH,
    "wardId": PHUC_XA,
    "address": "Số 5 ngõ 12",
    "phone": "+84912000111",
    "email": "An@Example.VN",
    "showCountryPassing": "0",
    "showSignal": "1",
    "showSignalNote": "ho, sốt nhẹ",
    "hasPatient": "2",
    "hasFromSickCountry": "2",
    "hasSick": "1",
    "lat": "21.0431",
    "long": "105.8461",
}


def test_a_domestic_declaration_names_its_person_in_comparable_form(read_row: ReadRow) -> None:
    claim = read_row("tokhaiyte_domestic", **DECLARED).claim
    assert claim is not None
    assert (claim.name, claim.name_key) == ("NGUYỄN VĂN AN", "nguyen van an")
    assert (claim.birth_date, claim.birth_precision) == (date(1987, 1, 1), "year")
    assert (claim.personal_id, claim.sex, claim.phone) == ("001087012345", "male", "0912000111")
    assert (claim.email, claim.nationality) == ("an@example.vn", "VN")


def test_vendor_area_ids_become_codes_of_the_2021_list(read_row: ReadRow) -> None:
    row = read_row("tokhaiyte_domestic", **DECLARED)
    assert row.claim is not None
    assert (row.claim.province_code, row.claim.district_code, row.claim.commune_code) == ("01", "001", "00001")
    (address,) = facts_of(row, "address")
    assert (address.kind, address.commune_code, address.line) == ("residence", "00001", "Số 5 ngõ 12")


def test_both_yes_no_codings_of_the_form_are_read_each_by_its_own(read_row: ReadRow) -> None:
    (declaration,) = facts_of(read_row("tokhaiyte_domestic", **DECLARED), "declaration")
    assert declaration.answers == {
        "has_travelled": "no",  # showCountryPassing 0
        "has_symptom": "yes",  # showSignal 1
        "contact_case": "no",  # hasPatient 2
        "contact_from_sick_country": "no",
        "contact_sick": "yes",  # hasSick 1
    }
    assert declaration.symptom_note == "ho, sốt nhẹ"
    assert declaration.declared_at.isoformat() == "2021-08-15T08:30:00+07:00"


@pytest.mark.parametrize(
    ("other_user", "signal", "sick"), [("0.0", "1.0", "1.0"), ("False", "true", "TRUE"), ("Không", "Có", "co")]
)
def test_answers_as_floats_booleans_and_words_mean_what_they_say(
    read_row: ReadRow, other_user: str, signal: str, sick: str
) -> None:
    row = read_row(
        "tokhaiyte_domestic", **(DECLARED | {"otherUser": other_user, "showSignal": signal, "hasSick": sick})
    )
    (declaration,) = facts_of(row, "declaration")
    assert (row.problems, declaration.is_for_other) == ((), False)
    assert (declaration.answers["has_symptom"], declaration.answers["contact_sick"]) == ("yes", "yes")


@pytest.mark.parametrize(("column", "value"), [("showSignal", "2"), ("hasSick", "0"), ("hasPatient", "có thể")])
def test_an_answer_outside_the_coding_is_refused_not_guessed(read_row: ReadRow, column: str, value: str) -> None:
    row = read_row("tokhaiyte_domestic", **(DECLARED | {column: value}))
    assert row.verdict == ACCEPTED
    assert [(problem.field, problem.reason) for problem in row.problems] == [(column, "unknown_code")]
    (declaration,) = facts_of(row, "declaration")
    assert len(declaration.answers) == 4


def test_the_silently_collected_location_is_nowhere_in_the_row(read_bytes: Callable, read_row: ReadRow) -> None:
    row = read_row("tokhaiyte_domestic", **DECLARED)
    assert "21.0431" not in repr(row)
    assert "105.8461" not in repr(row)
    assert not {"lat", "long"} & set(json.loads(row.payload))


def test_dropped_locations_are_counted_in_the_notes_of_the_file(read_bytes: Callable) -> None:
    content = b"id,LAT,Long\na1,21.0,105.8\na2,,105.8\n"
    notes = read_bytes("tokhaiyte_domestic.csv", content).notes
    assert dict(notes.dropped) == {"lat": 1, "long": 2}


def test_coordinates_are_blotted_out_of_lines_that_cannot_be_split(read_bytes: Callable) -> None:
    content = b'id,fullName,lat,long\na1,"An,21.0431,105.8461\n'
    row = read_bytes("tokhaiyte_domestic.csv", content).only
    assert row.reason == "unbalanced_quote"
    assert "21.0431" not in row.payload
    assert "105.8461" not in row.payload


def test_declaring_for_another_carries_a_phone_that_is_not_the_persons(read_row: ReadRow) -> None:
    row = read_row("tokhaiyte_domestic", **(DECLARED | {"otherUser": "1"}))
    assert row.claim is not None
    assert row.claim.phone == "0912000111"
    assert not row.claim.phone_is_own
    (declaration,) = facts_of(row, "declaration")
    assert declaration.is_for_other
    assert facts_of(row, "relationship") == []


def test_area_ids_without_a_mapping_file_are_noted_and_left_open(read_row: ReadRow, context: ReadingContext) -> None:
    object.__setattr__(context, "vendor_areas", None)
    row = read_row("tokhaiyte_domestic", **DECLARED)
    assert row.claim is not None
    assert row.claim.province_code is None
    assert ("provinceId", "no_area_mapping") in row.problems


def test_a_test_row_without_any_number_is_held_for_a_look(read_row: ReadRow) -> None:
    row = read_row("tokhaiyte_domestic", id="t1", fullName="test", phone="0912000111")
    assert (row.verdict, row.reason, row.claim) == (HELD, "not_a_person", None)


def test_a_test_row_with_somebodys_number_is_held_too(read_row: ReadRow) -> None:
    row = read_row("tokhaiyte_domestic", id="t1", fullName="Nguyễn Văn Test", passport="001087012345")
    assert (row.verdict, row.reason) == (HELD, "not_a_person")


def test_a_nameless_row_with_a_document_number_is_still_about_somebody(read_row: ReadRow) -> None:
    row = read_row("tokhaiyte_domestic", id="t1", fullName="không rõ", passport="001087012345")
    assert row.verdict == ACCEPTED
    assert row.claim is not None
    assert row.claim.name is None
    assert "not_a_name" in row.claim.flags


def test_a_row_that_names_nobody_at_all_is_held(read_row: ReadRow) -> None:
    row = read_row("tokhaiyte_domestic", id="t1", gender="Nam", address="Hà Nội")
    assert (row.verdict, row.reason) == (HELD, "nobody_named")


ENTRY = {
    "id": "e1",
    "createdAt": "2021-07-01T10:00:00Z",
    "gate": "Nội Bài",
    "fullName": "JOHN SMITH",
    "birthYear": 1980,
    "gender": "Nam",
    "nation": "United States",
    "passport": "C1234567",
    "vehicleType": "Máy bay",
    "vehicleNo": "VN123",
    "seatNo": "12A",
    "departureDate": "2021-06-30",
    "entryDate": "01/07/2021",
    "departureCountry": "Hoa Kỳ",
    "placesPassed": ["Tokyo", "Seoul"],
    "phone": "0912000222",
    "symptoms": {"fever": 1, "cough": 0, "soreThroat": "1"},
    "vaccinesUsed": "Pfizer 2 mũi",
    "contactAnimals": 2,
    "contactSick": 1,
}


def test_an_entry_declaration_gives_a_crossing_and_a_declaration(read_row: ReadRow) -> None:
    row = read_row("tokhaiyte_entry", **ENTRY)
    (crossing,) = facts_of(row, "entry")
    assert (crossing.gate, crossing.vehicle_number, crossing.seat) == ("Nội Bài", "VN123", "12A")
    assert (crossing.departed_on, crossing.entered_on) == (date(2021, 6, 30), date(2021, 7, 1))
    assert crossing.places_passed == ("Tokyo", "Seoul")
    (declaration,) = facts_of(row, "declaration")
    assert declaration.symptoms == ("fever", "sore_throat")
    assert declaration.answers == {"has_symptom": "yes", "contact_animals": "no", "contact_sick": "yes"}
    assert declaration.declared_at.isoformat() == "2021-07-01T17:00:00+07:00"
    assert row.claim is not None
    assert (row.claim.passport, row.claim.nationality) == ("C1234567", "US")


def test_vendor_ids_of_countries_and_provinces_on_the_way_become_words(read_row: ReadRow) -> None:
    told = {"departureCountry": VIET_NAM_ID.upper(), "departureProvince": "", "destinationProvince": HA_NOI}
    (crossing,) = facts_of(read_row("tokhaiyte_entry", **(ENTRY | told)), "entry")
    assert (crossing.departure_country, crossing.departure_province) == ("VN", None)
    assert crossing.destination_province == "Thành phố Hà Nội"


def test_places_on_the_way_that_no_list_knows_stay_as_they_were_written(read_row: ReadRow) -> None:
    told = {"departureCountry": "Hoa Kỳ", "departureProvince": "Ohio", "destinationProvince": "f" * 24}
    (crossing,) = facts_of(read_row("tokhaiyte_entry", **(ENTRY | told)), "entry")
    assert (crossing.departure_country, crossing.departure_province) == ("Hoa Kỳ", "Ohio")
    assert crossing.destination_province == "f" * 24


def test_no_symptom_is_only_claimed_where_all_eight_were_answered(read_row: ReadRow) -> None:
    (partly,) = facts_of(read_row("tokhaiyte_entry", **(ENTRY | {"symptoms": {"fever": 0}})), "declaration")
    assert "has_symptom" not in partly.answers
    eight = ("fever", "cough", "dyspnoea", "soreThroat", "vomiting", "diarrhoea", "haemorrhage", "rash")
    (wholly,) = facts_of(read_row("tokhaiyte_entry", **(ENTRY | {"symptoms": dict.fromkeys(eight, 0)})), "declaration")
    assert wholly.answers["has_symptom"] == "no"


def test_wrong_types_in_nested_parts_are_noted_and_the_rest_is_kept(read_row: ReadRow) -> None:
    row = read_row("tokhaiyte_entry", **(ENTRY | {"symptoms": [1], "placesPassed": ["Tokyo", {"a": 1}], "gate": {}}))
    assert row.verdict == ACCEPTED
    assert {(problem.field, problem.reason) for problem in row.problems} == {
        ("symptoms", "wrong_type"),
        ("placesPassed[]", "wrong_type"),
        ("gate", "wrong_type"),
    }
    assert facts_of(row, "entry")[0].places_passed == ("Tokyo",)


def test_a_movement_declaration_gives_a_trip_under_its_own_key(read_row: ReadRow) -> None:
    row = read_row(
        "tokhaiyte_movement",
        id="m1",
        createdAt="2021-09-01 07:00",
        fullName="LÊ THỊ BÌNH",
        birthYear="1990",
        phone="0912000333",
        departurePlace="Hà Nội",
        destinationPlace="Nghệ An",
        transport="Ô tô",
        plateOrFlight="29A-123.45",
        departureAt="2021-09-02 05:30:00",
    )
    (trip,) = facts_of(row, "trip")
    assert (trip.trip_key, trip.departure_place, trip.destination_place) == ("m1", "Hà Nội", "Nghệ An")
    assert trip.departed_at.isoformat() == "2021-09-02T05:30:00+07:00"
    (declaration,) = facts_of(row, "declaration")
    assert (declaration.form, declaration.answers) == ("movement", {})


def test_rows_of_the_mapping_files_are_about_nobody(read_row: ReadRow) -> None:
    row = read_row("tokhaiyte_areas", id=HA_NOI, level="province", name="Hà Nội")
    assert (row.verdict, row.claim, row.facts, row.problems) == (ACCEPTED, None, (), ())
    assert read_row("tokhaiyte_areas", id="x", level="", name="Hà Nội").reason == "incomplete_mapping"


def test_a_ward_that_the_mapping_does_not_know_is_noted_alone(read_row: ReadRow) -> None:
    row = read_row("tokhaiyte_domestic", **(DECLARED | {"wardId": "ffffffffffffffffffffffff"}))
    assert row.claim is not None
    assert (row.claim.district_code, row.claim.commune_code) == ("001", None)
    assert row.problems == (("wardId", "unknown_area"),)
