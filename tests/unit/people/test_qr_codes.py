"""The four kinds of code a citizen may hold up to a scanner."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pccovid.people.qr_codes import LONGEST_CODE, PersonalQr, read_personal_qr, write_unified_qr

OFFICIAL_EXAMPLE = "001093029317|NGUYEN VAN A|1987-01-18|0|162979388586171100|<1<00<0123232422"
NAME_IN_HEX = "Nguyễn Văn A".encode().hex()


def test_the_official_example_of_decision_1405_is_read_in_full() -> None:
    assert read_personal_qr(OFFICIAL_EXAMPLE) == PersonalQr(
        kind="unified",
        personal_id="001093029317",
        name="NGUYEN VAN A",
        birth_date=date(1987, 1, 18),
        birth_precision="day",
        sex="male",
        phone="0123232422",
        qid="162979388586171100",
    )


@pytest.mark.parametrize(
    "text",
    [
        "******029317|NGUYEN VAN A|1987-**-**|0|162979388586171100|",
        "xxxxxx029317|NGUYEN VAN A|1987-xx-xx|0|162979388586171100",
    ],
)
def test_a_masked_code_shows_the_year_and_no_identifier(text: str) -> None:
    code = read_personal_qr(text)

    assert (code.kind, code.is_masked, code.personal_id) == ("unified", True, None)
    assert (code.birth_date, code.birth_precision) == (date(1987, 1, 1), "year")
    assert code.qid == "162979388586171100"


def test_a_code_declared_by_another_names_the_declarant() -> None:
    code = read_personal_qr("|TRAN THI B|2015-03-04|1|16297|99<2<GD4797936012345<0912345679<c2ln")

    assert (code.declared_by_other, code.declarant_qid, code.qid) == (True, "99", "16297")
    assert (code.sex, code.insurance_no, code.insurance_card) == ("female", "7936012345", "GD4797936012345")
    assert (code.phone, code.personal_id, code.problem) == ("0912345679", None, None)


@pytest.mark.parametrize(
    ("document", "field"), [("025123456", "old_id"), ("C7654321", "passport"), ("079087012345", "personal_id")]
)
def test_the_document_of_a_unified_code_goes_to_its_own_field(document: str, field: str) -> None:
    assert getattr(read_personal_qr(f"{document}|NGUYEN VAN A|1987-01-18|0|1629|"), field) == document


def test_the_citizen_card_links_its_number_with_the_old_one() -> None:
    code = read_personal_qr("079087012345|025123456|Nguyễn Văn A|18011987|Nam|Số 1, Phường 2, Quận 3|01052021")

    assert (code.kind, code.personal_id, code.old_id) == ("cccd", "079087012345", "025123456")
    assert (code.name, code.birth_date, code.sex) == ("Nguyễn Văn A", date(1987, 1, 18), "male")
    assert code.address == "Số 1, Phường 2, Quận 3"


@pytest.mark.parametrize(
    "text",
    [
        "079187012345||Nguyễn Thị A|18011987|Nữ||01052021",
        "079187012345||Nguyễn Thị A|18011987|Nữ||01052021||||",
        "079187012345|Nguyễn Thị A|18011987|Nữ||01052021",
    ],
)
def test_a_citizen_card_without_an_old_number_is_read_all_the_same(text: str) -> None:
    code = read_personal_qr(text)

    assert (code.kind, code.old_id, code.name, code.sex) == ("cccd", None, "Nguyễn Thị A", "female")


def test_an_insurance_card_tells_its_number_and_the_hexadecimal_name() -> None:
    code = read_personal_qr(
        f"GD4797936012345|{NAME_IN_HEX}|18/01/1987|1|{'Hà Nội'.encode().hex()}|01 - 001|01/01/2021|-|$"
    )

    assert (code.kind, code.insurance_no, code.insurance_card) == ("bhyt", "7936012345", "GD4797936012345")
    assert (code.name, code.birth_date, code.sex, code.address) == ("Nguyễn Văn A", date(1987, 1, 18), "male", "Hà Nội")


def test_an_insurance_card_of_ten_digits_with_a_birth_year_is_read() -> None:
    code = read_personal_qr(f"7936012345|{NAME_IN_HEX}|1987|2")

    assert (code.insurance_no, code.insurance_card, code.sex) == ("7936012345", None, "female")
    assert (code.birth_date, code.birth_precision) == (date(1987, 1, 1), "year")


def test_a_vneid_code_is_one_of_the_known_forms_with_its_prefix() -> None:
    assert read_personal_qr(f"VNEID:{OFFICIAL_EXAMPLE}") == read_personal_qr(OFFICIAL_EXAMPLE)._replace(kind="vneid")


@pytest.mark.parametrize(
    "text",
    [
        "VNEID|079087012345|TRAN THI LAN|1987-01-18|Nữ",
        "079087012345|TRAN THI LAN|18/01/1987|F",
        '{"cccd": "079087012345", "name": "TRAN THI LAN", "dob": "18/01/1987", "sex": "Nữ", "n": 1}',
    ],
)
def test_a_code_in_an_order_of_its_own_is_read_by_the_form_of_its_fields(text: str) -> None:
    assert read_personal_qr(text) == PersonalQr(
        kind="vneid",
        personal_id="079087012345",
        name="TRAN THI LAN",
        birth_date=date(1987, 1, 18),
        birth_precision="day",
        sex="female",
    )


@pytest.mark.parametrize("born", ["1987-01-18", "18/01/1987"])
def test_a_unified_code_keeps_its_fields_whichever_way_the_date_is_written(born: str) -> None:
    code = read_personal_qr(f"025123456|TRẦN THỊ LAN|{born}|0|1629|<2<<0912345679")
    assert (code.kind, code.old_id, code.birth_date, code.phone) == (
        "unified",
        "025123456",
        date(1987, 1, 18),
        "0912345679",
    )


@pytest.mark.parametrize("born", ["18011987", "1987-01-18", "18/01/1987"])
def test_an_insurance_card_gives_the_day_whichever_way_it_is_written(born: str) -> None:
    assert read_personal_qr(f"GD4797936012345|{NAME_IN_HEX}|{born}|1|").birth_date == date(1987, 1, 18)


@pytest.mark.parametrize(
    "text",
    [
        "https://example.vn/x",
        '{"a": [',
        '["079087012345", "TRAN LAN"]',
        "|||||",
        "abc",
        "079087012345",
        "HC1:6BF",
        "VNEID:",
    ],
)
def test_a_code_of_no_known_kind_is_unreadable(text: str) -> None:
    assert read_personal_qr(text) == PersonalQr(problem="qr_unreadable")


def test_an_empty_or_endless_code_says_what_is_wrong() -> None:
    assert read_personal_qr(" \x00") == PersonalQr(problem="qr_empty")
    assert read_personal_qr("1" * (LONGEST_CODE + 1)) == PersonalQr(problem="qr_too_long")


def test_the_official_example_can_be_written_again() -> None:
    text = write_unified_qr(
        document="001093029317",
        name="Nguyễn Văn A",
        birth_date=date(1987, 1, 18),
        qid="162979388586171100",
        sex="male",
        insurance="00",
        phone="0123232422",
    )

    assert text == OFFICIAL_EXAMPLE


def test_the_default_display_hides_six_characters_day_and_month() -> None:
    text = write_unified_qr(
        document="001093029317",
        name="Nguyễn Văn A",
        birth_date=date(1987, 1, 18),
        qid="1629",
        phone="0912345679",
        masked=True,
    )

    assert text == "******029317|NGUYEN VAN A|1987-**-**|0|1629|"


def test_a_code_for_oneself_needs_an_identity_document() -> None:
    with pytest.raises(ValueError, match="identity document"):
        write_unified_qr(document=None, name="A", birth_date=date(1987, 1, 18), qid="1")


@pytest.mark.parametrize("separator", ["|", "<"])
def test_a_value_that_contains_a_separator_is_refused(separator: str) -> None:
    with pytest.raises(ValueError, match="separator"):
        write_unified_qr(
            document="079087012345", name="A", birth_date=date(1987, 1, 18), qid="1", phone=f"09{separator}1"
        )


@given(
    document=st.from_regex(r"0[17]90[0-9]{8}", fullmatch=True).filter(lambda d: len(set(d)) > 3),
    born=st.dates(date(1900, 1, 1), date(2021, 12, 31)),
    sex=st.sampled_from([None, "male", "female"]),
    by_other=st.booleans(),
    masked=st.booleans(),
    precision=st.sampled_from(["day", "month", "year"]),
)
def test_a_written_code_is_read_back(
    document: str, born: date, sex: str | None, by_other: bool, masked: bool, precision: str
) -> None:
    code = read_personal_qr(
        write_unified_qr(
            document=document,
            name="Trần Thị Đào",
            birth_date=born,
            birth_precision=precision,
            qid="1629",
            sex=sex,
            declared_by_other=by_other,
            masked=masked,
        )
    )

    assert (code.name, code.qid, code.is_masked, code.problem) == ("TRAN THI DAO", "1629", masked, None)
    assert (code.personal_id, code.sex) == ((None, None) if masked else (document, sex))
    assert code.birth_precision == ("year" if masked else precision)
    assert code.birth_date is not None
    assert code.birth_date.year == born.year
    assert code.declared_by_other == by_other


ANY_TEXT = st.text(st.characters(exclude_categories=()))
NEARLY_A_CODE = st.lists(
    ANY_TEXT
    | st.sampled_from(["079087012345", "18011987", "1987-01-18", "1987-99-**", "0", "1", "4e67", "GD4797936012345"]),
    min_size=4,
    max_size=9,
).map("|".join)


@given(ANY_TEXT | NEARLY_A_CODE)
def test_any_scanned_text_is_read_or_refused_without_an_error(text: str) -> None:
    code = read_personal_qr(text)

    assert code.kind is not None or code.problem is not None
    for value in (code.name, code.address, code.qid, code.declarant_qid, code.phone):
        assert value is None or "\x00" not in value.encode("utf-8").decode()
