"""Given a row as Bluezone, SSKĐT, VNEID, the place QR or the sampling system wrote it, what it stands for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pccovid.connectors.rows import ACCEPTED, HELD, ParsedRow
from pccovid.connectors.sskdt.products import PRODUCT_NAMES, read_product
from unit.connectors.delivered_rows import facts_of

ReadRow = Callable[..., ParsedRow]


# Bluezone


def test_a_bluezone_address_in_words_gives_codes_where_it_names_one_commune(read_row: ReadRow) -> None:
    row = read_row(
        "bluezone_users",
        userId="b1",
        registeredAt="2021-05-05 10:00:00",
        phone="01234567891",
        fullName="Phạm Thị Hoa",
        address="Số 1, Phường Phúc Xá, Quận Ba Đình, Hà Nội",
    )
    assert row.claim is not None
    assert (row.claim.phone, row.claim.commune_code) == ("0834567891", "00001")
    assert facts_of(row, "address")[0].line == "Số 1, Phường Phúc Xá, Quận Ba Đình, Hà Nội"


def test_a_bluezone_address_that_names_no_place_stays_text(read_row: ReadRow) -> None:
    row = read_row("bluezone_users", userId="b1", phone="0912000111", address="nhà tôi")
    assert row.claim is not None
    assert (row.claim.province_code, row.claim.address) == (None, "nhà tôi")


# Sổ sức khỏe điện tử

PERSON = {
    "personId": "p1",
    "registeredAt": "15/07/2021 09:30",
    "fullName": "Đỗ Minh Quân",
    "dob": "03/04/1990",
    "sex": "1",
    "phone": "0987000111",
    "idNumber": "001090012345",
    "bhytNumber": "DN4010198765431",
    "nationality": "Việt Nam",
    "provinceCode": "1",
    "districtCode": "1",
    "communeCode": "1",
    "address": "Số 9",
}


def test_a_registration_carries_address_and_insurance_card(read_row: ReadRow) -> None:
    row = read_row("sskdt_people", **PERSON)
    assert row.claim is not None
    assert (row.claim.insurance_no, row.claim.insurance_card) == ("0198765431", "DN4010198765431")
    assert facts_of(row, "card")[0].card_number == "DN4010198765431"
    assert row.claim.nationality == "VN"


def test_ten_digits_are_an_insurance_number_for_sure_only_where_one_was_asked_for(read_row: ReadRow) -> None:
    ten = {"idNumber": "1724225233", "dob": "03/04/1998"}
    unsure = read_row("sskdt_people", **PERSON | ten | {"bhytNumber": ""}).claim
    sure = read_row("sskdt_people", **PERSON | ten).claim

    assert unsure is not None
    assert sure is not None
    assert (unsure.insurance_no, "insurance_unsure" in unsure.flags) == ("1724225233", True)
    assert (sure.insurance_no, "insurance_unsure" in sure.flags) == ("0198765431", False)


def test_area_codes_that_lost_their_zeros_in_a_spreadsheet_are_restored(read_row: ReadRow) -> None:
    claim = read_row("sskdt_people", **PERSON).claim
    assert claim is not None
    assert (claim.province_code, claim.district_code, claim.commune_code) == ("01", "001", "00001")


def test_day_before_month_with_the_other_reading_beside_it(read_row: ReadRow) -> None:
    claim = read_row("sskdt_people", **PERSON).claim
    assert claim is not None
    assert (claim.birth_date, claim.birth_swapped) == (date(1990, 4, 3), date(1990, 3, 4))


def test_an_unknown_commune_is_noted_and_the_district_still_counts(read_row: ReadRow) -> None:
    row = read_row("sskdt_people", **(PERSON | {"communeCode": "99999"}))
    assert row.claim is not None
    assert (row.claim.district_code, row.claim.commune_code) == ("001", None)
    assert ("communeCode", "unknown_area") in row.problems


DOSE = {
    "doseId": "d1",
    "personId": "p1",
    "doseNumber": "4",
    "product": "COVID-19 Vaccine AstraZeneca",
    "lotNumber": "ABV123",
    "injectedAt": "20/08/2021",
    "siteCode": "01001",
    "siteName": "TYT Phúc Xá",
    "enteredAt": "2021-08-25 17:00:00",
}


def test_a_dose_points_to_the_account_of_its_person(read_row: ReadRow) -> None:
    row = read_row("sskdt_doses", **DOSE)
    assert row.verdict == ACCEPTED
    assert row.claim is not None
    assert row.claim.account == "sskdt:sskdt_people:p1"
    (dose,) = facts_of(row, "dose")
    assert (dose.product, dose.product_text) == ("AstraZeneca", "COVID-19 Vaccine AstraZeneca")
    assert (dose.occurred_on, dose.dose_number, dose.lot_number) == (date(2021, 8, 20), 4, "ABV123")


def test_a_dose_with_account_and_identity_carries_both_of_them(read_row: ReadRow) -> None:
    row = read_row("sskdt_doses", **DOSE, fullName="Đỗ Minh Quân", idNumber="001087012345")
    assert row.claim is not None
    assert (row.claim.account, row.claim.personal_id) == ("sskdt:sskdt_people:p1", "001087012345")


@pytest.mark.parametrize(("written", "number"), [("Mũi 2", 2), ("mui so 3", 3), ("Liều 1", 1), ("2.0", 2)])
def test_a_dose_number_is_read_behind_its_word(read_row: ReadRow, written: str, number: int) -> None:
    row = read_row("sskdt_doses", **(DOSE | {"doseNumber": written}))
    assert (facts_of(row, "dose")[0].dose_number, row.problems) == (number, ())


def test_a_dose_that_says_nothing_about_its_person_is_held(read_row: ReadRow) -> None:
    row = read_row("sskdt_doses", **(DOSE | {"personId": ""}))
    assert (row.verdict, row.reason, row.facts) == (HELD, "nobody_named", ())


@pytest.mark.parametrize("number", ["0", "-1", "ba", "1.5", "99999999999", "٣"])
def test_odd_dose_numbers_never_reach_the_database_as_they_are(read_row: ReadRow, number: str) -> None:
    row = read_row("sskdt_doses", **(DOSE | {"doseNumber": number}))
    (dose,) = facts_of(row, "dose")
    if number == "0":
        assert dose.dose_number == 0
    else:
        assert dose.dose_number is None
        assert ("doseNumber", "not_a_number") in row.problems


@pytest.mark.parametrize(
    ("written", "product"),
    [
        ("AZD1222", "AstraZeneca"),
        ("astra zeneca", "AstraZeneca"),
        ("Comirnaty (Pfizer-BioNTech)", "Pfizer"),
        ("SPIKEVAX", "Moderna"),
        ("Vero-Cell", "Vero Cell"),
        ("Vero Cell (Sinopharm)", "Vero Cell"),
        ("Janssen/Johnson & Johnson", "Janssen"),
        ("Sputnik-V", "Sputnik V"),
        ("Hayat - Vax", "Hayat-Vax"),
        ("Abdala", "Abdala"),
    ],
)
def test_vaccines_are_known_under_the_names_facilities_write(written: str, product: str) -> None:
    assert read_product(written) == product


@pytest.mark.parametrize("written", ["vắc xin", "AstraZeneca + Pfizer", "", "Covaxin", "0"])
def test_a_vaccine_text_that_names_none_or_two_stays_unread(written: str) -> None:
    assert read_product(written) is None


def test_every_glossary_name_of_a_vaccine_reads_as_itself() -> None:
    assert [read_product(name) for name in PRODUCT_NAMES] == list(PRODUCT_NAMES)


# VNEID


@pytest.mark.parametrize(
    ("number", "is_verified"), [("001185012345", True), ("001150012345", False), ("001085012345", False)]
)
def test_a_number_of_another_year_or_sex_than_the_row_does_not_count_as_verified(
    read_row: ReadRow, number: str, is_verified: bool
) -> None:
    claim = read_row("vneid", id="v1", fullName="Lý Thị Mai", dob="1985-12-31", sex="F", citizenId=number).claim
    assert claim is not None
    assert (claim.personal_id, claim.id_verified) == (number, is_verified)


@pytest.mark.parametrize(("written", "born"), [("09/10/66", date(1966, 10, 9)), ("66-10-09", date(1966, 10, 9))])
def test_a_birth_date_with_slashes_has_the_day_first_where_the_form_asks_for_iso(
    read_row: ReadRow, written: str, born: date
) -> None:
    claim = read_row("vneid", id="v1", fullName="Lý Thị Mai", dob=written).claim
    assert claim is not None
    assert claim.birth_date == born


IDENTITY: dict[str, Any] = {
    "id": "v1",
    "createdAt": "2021-09-01T08:00:00+07:00",
    "fullName": "VŨ THỊ NGA",
    "dob": "1985-12-31",
    "sex": "F",
    "citizenId": "001185012345",
    "oldIdNumber": "012345671",
    "phone": "0911000222",
    "permanentCommuneCode": "00001",
    "permanentAddress": "Thôn 1",
    "temporaryCommuneCode": "26734",
    "temporaryAddress": "Hẻm 5",
    "stayCommuneCode": "",
    "stayAddress": "",
    "movements": [
        {
            "id": "mv1",
            "fromCommuneCode": "00001",
            "toCommuneCode": "26734",
            "departAt": "2021-09-02T05:00:00+07:00",
            "transport": "xe khách",
            "validUntil": "2021-09-05T05:00:00+07:00",
            "scans": [{"at": "2021-09-02T06:00:00+07:00", "checkpoint": "Chốt 1"}, {"at": "?", "checkpoint": "Chốt 2"}],
        }
    ],
}


def test_an_identity_of_the_population_database_counts_as_verified(read_row: ReadRow) -> None:
    claim = read_row("vneid", **IDENTITY).claim
    assert claim is not None
    assert (claim.personal_id, claim.old_id, claim.id_verified) == ("001185012345", "012345671", True)
    assert (claim.birth_date, claim.birth_swapped, claim.sex) == (date(1985, 12, 31), None, "female")


def test_an_identity_without_a_readable_number_is_not_verified(read_row: ReadRow) -> None:
    claim = read_row("vneid", **(IDENTITY | {"citizenId": "12"})).claim
    assert claim is not None
    assert (claim.personal_id, claim.id_verified) == (None, False)


def test_all_given_addresses_are_kept_and_the_nearest_one_is_compared(read_row: ReadRow) -> None:
    row = read_row("vneid", **IDENTITY)
    assert [(a.kind, a.commune_code) for a in facts_of(row, "address")] == [
        ("temporary", "26734"),
        ("permanent", "00001"),
    ]
    assert row.claim is not None
    assert row.claim.commune_code == "26734"


def test_each_movement_and_each_scan_is_a_fact(read_row: ReadRow) -> None:
    row = read_row("vneid", **IDENTITY)
    (trip,) = facts_of(row, "trip")
    assert (trip.trip_key, trip.departure_commune, trip.destination_commune) == ("mv1", "00001", "26734")
    first, second = facts_of(row, "scan")
    assert (first.trip_key, first.checkpoint) == ("mv1", "Chốt 1")
    assert second.scanned_at is None
    assert ("movements[].scans[].at", "unreadable_time") in row.problems


# Places and visits


def test_a_place_belongs_to_nobody_and_keeps_its_registrant_as_contact(read_row: ReadRow) -> None:
    row = read_row(
        "qr_places", placeId="q1", name="Chợ Phúc Xá", kind="Chợ", communeCode="00001",
        registrantName="Lê Văn Tám", registrantPhone="+84 911 000 333",
    )  # fmt: skip
    assert row.claim is None
    (place,) = facts_of(row, "place")
    assert (place.place_key, place.commune_code) == ("q1", "00001")
    assert (place.registrant_name, place.registrant_phone) == ("Lê Văn Tám", "0911000333")


UNIFIED = "001093029317|NGUYEN VAN A|1987-01-18|0|162979388586171100|<1<00<0912232422"


def test_a_scanned_code_says_who_came(read_row: ReadRow) -> None:
    row = read_row(
        "qr_visits", visitId="x1", placeId="q1", scannedAt="2021-10-10 10:00:00", via="personal_qr", qrText=UNIFIED
    )
    assert row.claim is not None
    assert (row.claim.personal_id, row.claim.name_key, row.claim.sex) == ("001093029317", "nguyen van a", "male")
    assert (row.claim.birth_date, row.claim.phone) == (date(1987, 1, 18), "0912232422")
    (visit,) = facts_of(row, "visit")
    assert (visit.place_key, visit.via, visit.left_at) == ("q1", "personal_qr", None)


def test_hidden_parts_of_a_masked_code_are_no_values(read_row: ReadRow) -> None:
    masked = "******029317|NGUYEN VAN A|1987-**-**|0|162979388586171100|<1<00<"
    claim = read_row("qr_visits", visitId="x1", via="personal_qr", qrText=masked).claim
    assert claim is not None
    assert (claim.personal_id, claim.old_id) == (None, None)
    assert (claim.birth_date, claim.birth_precision) == (date(1987, 1, 1), "year")


def test_a_first_of_january_in_a_code_is_the_default_that_it_is_on_paper(read_row: ReadRow) -> None:
    for born, is_default in (("1987-01-01", True), ("1987-01-18", False), ("1987-**-**", False)):
        text = UNIFIED.replace("1987-01-18", born)
        claim = read_row("qr_visits", visitId="x1", via="personal_qr", qrText=text).claim
        assert claim is not None
        assert ("birth_default" in claim.flags) == is_default, born


def test_a_code_made_by_somebody_else_does_not_lend_its_phone(read_row: ReadRow) -> None:
    by_other = "|NGUYEN VAN B|2015-05-05|1|162979388586171101|162979388586171100<1<<0912232422"
    claim = read_row("qr_visits", visitId="x1", via="personal_qr", qrText=by_other).claim
    assert claim is not None
    assert (claim.phone, claim.phone_is_own) == ("0912232422", False)


def test_a_code_that_contradicts_the_typed_number_is_left_aside(read_row: ReadRow) -> None:
    row = read_row("qr_visits", visitId="x1", via="cccd", cccd="001087012345", qrText=UNIFIED)
    assert row.claim is not None
    assert (row.claim.personal_id, row.claim.name) == ("001087012345", None)
    assert ("qrText", "qr_contradicts_row") in row.problems


@pytest.mark.parametrize(
    ("text", "field", "number"),
    [("079087012345", "personal_id", "079087012345"), ("GD4797936012345", "insurance_card", "GD4797936012345")],
)
def test_a_scanned_number_alone_is_the_number_of_its_card(
    read_row: ReadRow, text: str, field: str, number: str
) -> None:
    row = read_row("qr_visits", visitId="x1", placeId="q1", via="cccd", qrText=text)
    assert (row.verdict, getattr(row.claim, field), row.problems) == (ACCEPTED, number, ())


def test_an_unreadable_code_alone_leaves_nobody_named(read_row: ReadRow) -> None:
    row = read_row("qr_visits", visitId="x1", placeId="q1", via="personal_qr", qrText="https://example.vn")
    assert (row.verdict, row.reason) == (HELD, "nobody_named")
    assert ("qrText", "qr_unreadable") in row.problems


# Test sampling

SAMPLE = {
    "sampleId": "s1",
    "tubeBarcode": "MX0001",
    "pooled": "1",
    "collectedAt": "2021-08-10 07:00:00",
    "fullName": "Hồ Thị Sen",
    "dob": "1966",
    "sex": "Nữ",
    "phone": "0913000111",
    "communeCode": "00001",
    "method": "PCR",
    "result": "positive",
    "ctValue": "24,5",
    "resultAt": "2021-08-11 07:00:00",
    "labName": "CDC",
}


def test_a_specimen_carries_tube_pool_result_and_ct_value(read_row: ReadRow) -> None:
    (test,) = facts_of(read_row("sampling", **SAMPLE), "test")
    assert (test.tube_barcode, test.is_pooled, test.method, test.result) == ("MX0001", True, "pcr", "positive")
    assert test.ct_value == 24.5


def test_a_pending_result_is_no_result_rather_than_negative(read_row: ReadRow) -> None:
    row = read_row("sampling", **(SAMPLE | {"result": "", "ctValue": "", "resultAt": ""}))
    (test,) = facts_of(row, "test")
    assert (test.result, test.ct_value, test.resulted_at) == (None, None, None)
    assert row.problems == ()


def test_the_word_empty_is_an_empty_result(read_row: ReadRow) -> None:
    row = read_row("sampling", **(SAMPLE | {"result": "empty"}))
    assert (facts_of(row, "test")[0].result, row.problems) == (None, ())


@pytest.mark.parametrize("written", ["1.0", "true", "Có"])
def test_a_pooled_tube_is_pooled_however_the_mark_is_written(read_row: ReadRow, written: str) -> None:
    assert facts_of(read_row("sampling", **(SAMPLE | {"pooled": written})), "test")[0].is_pooled


@pytest.mark.parametrize("value", ["inf", "1e999", "1_0", "cao"])
def test_ct_values_that_are_no_finite_numbers_are_refused(read_row: ReadRow, value: str) -> None:
    row = read_row("sampling", **(SAMPLE | {"ctValue": value}))
    assert facts_of(row, "test")[0].ct_value is None
    assert ("ctValue", "not_a_number") in row.problems


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("1970-01-01 00:00:00", "time_before_epidemic"),
        ("2022-03-05 00:00:00", "time_in_future"),
        ("0001-01-01T00:00:00+14:00", "unreadable_time"),
        ("31/02/2021", "unreadable_time"),
        ("hôm qua", "unreadable_time"),
        ("20211310", "unreadable_time"),
    ],
)
def test_times_that_cannot_be_are_refused_with_their_reason(read_row: ReadRow, written: str, reason: str) -> None:
    row = read_row("sampling", **(SAMPLE | {"collectedAt": written}))
    assert facts_of(row, "test")[0].collected_at is None
    assert ("collectedAt", reason) in row.problems


@pytest.mark.parametrize(
    "written",
    [
        "2021-08-10 07:00:00",
        "2021-08-10T00:00:00Z",
        "10/08/2021 07:00",
        "07:00 10/08/2021",
        "1628553600",
        "1628553600000",
        "2021/08/10 7:00",
        "2021-8-10 07:00:00 +0700",
        "202108100700",
    ],
)
def test_one_moment_is_read_from_every_way_of_writing_it(read_row: ReadRow, written: str) -> None:
    (test,) = facts_of(read_row("sampling", **(SAMPLE | {"collectedAt": written})), "test")
    assert test.collected_at.isoformat() == "2021-08-10T07:00:00+07:00"
