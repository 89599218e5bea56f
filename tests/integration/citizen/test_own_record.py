"""What a signed-in citizen sees: all of their own, each fact with its source, nothing of anybody else's."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from conftest import MadeDatabase
from integration.citizen.made_people import Index
from integration.citizen.test_places import child_of
from integration.citizen.visiting import Visitor

LAN, LAN_BORN, PHONE = "Nguyễn Thị Lan", date(1990, 5, 17), "0912345678"
AT = datetime(2021, 9, 1, 2, 30, tzinfo=UTC)
PAGES = {
    "/ho-so/tiem-chung": ("vaccination_dose", {"product": "Pfizer", "occurred_on": AT.date(), "site_name": "{}"}),
    "/ho-so/xet-nghiem": ("lab_tests_test", {"is_pooled": False, "collected_at": AT, "site_name": "{}"}),
    "/ho-so/khai-bao": (
        "declarations_declaration",
        {"form": "daily", "is_for_other": False, "symptoms": [], "symptom_note": "{}", "chronic_diseases": [],
         "answers": "{{}}"},
    ),
    "/ho-so/di-lai": ("movement_trip", {"trip_key": "t", "departure_place": "{}", "departed_at": AT}),
    "/ho-so/nhap-canh": ("border_entry", {"gate": "{}", "entered_on": date(2021, 9, 1), "places_passed": []}),
    "/ho-so/bao-hiem": ("insurance_card", {"insurance_no": "0123456789", "card_number": "{}"}),
    "/ho-so/dia-chi": ("people_address", {"kind": "stay", "line": "{}"}),
}  # fmt: skip


@pytest.fixture
def lan(index: Index) -> UUID:
    return index.person(LAN, LAN_BORN, PHONE)


@pytest.fixture
def signed_in(lan: UUID, visitor: Visitor) -> Visitor:
    visitor.signs_in(PHONE, LAN, LAN_BORN)
    return visitor


def words_of(page: str) -> str:
    """The page's text without tags, blanks single."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def given_fact(index: Index, page: str, person: UUID, marker: str) -> None:
    table, columns = PAGES[page]
    filled = {name: value.format(marker) if isinstance(value, str) else value for name, value in columns.items()}
    index.fact(table, person, system="sskdt", provenance="facility", **filled)


@pytest.mark.parametrize("page", PAGES)
def test_each_kind_of_fact_is_shown_with_its_source_and_standing(
    index: Index, lan: UUID, signed_in: Visitor, page: str
) -> None:
    given_fact(index, page, lan, "MARK-OWN")
    for shown in (page, "/ho-so"):
        text = words_of(signed_in.client.get(shown).text)
        assert "MARK-OWN" in text
        assert "Cơ sở ghi nhận" in text
        assert "Nguồn: Sổ sức khỏe điện tử, nhận về 20/11/2021" in text


@pytest.mark.parametrize("page", PAGES)
def test_no_fact_of_another_person_is_shown(index: Index, signed_in: Visitor, page: str) -> None:
    stranger = index.person("Trần Văn Lạ", date(1970, 2, 3), PHONE)
    given_fact(index, page, stranger, "MARK-STRANGER")
    for shown in (page, "/ho-so"):
        assert "MARK-STRANGER" not in signed_in.client.get(shown).text


@pytest.mark.parametrize("page", [*PAGES, "/ho-so/noi-da-den", "/ho-so/gia-dinh"])
def test_a_page_without_facts_says_so_in_plain_words(signed_in: Visitor, page: str) -> None:
    assert "Chưa " in words_of(signed_in.client.get(page).text.split("<main")[1])


def test_a_superseded_fact_is_no_longer_shown(index: Index, lan: UUID, signed_in: Visitor) -> None:
    index.fact(
        "vaccination_dose", lan, system="sskdt", provenance="facility", site_name="CŨ", superseded_at=AT
    )  # fmt: skip
    assert "CŨ" not in signed_in.client.get("/ho-so/tiem-chung").text


def test_a_dose_entered_twice_counts_once_and_is_explained(index: Index, lan: UUID, signed_in: Visitor) -> None:
    first = index.fact(
        "vaccination_dose", lan, system="sskdt", provenance="facility", product="Pfizer", occurred_on=date(2021, 9, 1),
        site_name="Trạm Một",
    )  # fmt: skip
    index.fact(
        "vaccination_dose", lan, system="sskdt", provenance="facility", product="Pfizer", occurred_on=date(2021, 9, 2),
        site_name="Trạm Hai", duplicate_of=first,
    )  # fmt: skip
    text = words_of(signed_in.client.get("/ho-so/tiem-chung").text)
    assert "Tiêm chủng (1)" in text
    assert "Mũi 1 · Pfizer" in text
    assert "Mũi 2" not in text
    assert "được nhập thêm 1 lần nữa; chỉ tính một mũi" in text
    assert "Trạm Hai" in text


def test_five_doses_are_five_doses(index: Index, lan: UUID, signed_in: Visitor) -> None:
    for month in range(1, 6):
        index.fact(
            "vaccination_dose", lan, system="sskdt", provenance="facility", product="Moderna",
            occurred_on=date(2022, month, 1),
        )  # fmt: skip
    assert "Mũi 5 · Moderna" in words_of(signed_in.client.get("/ho-so/tiem-chung").text)


def test_a_visit_shows_the_place_but_never_who_registered_it(
    database: MadeDatabase, index: Index, lan: UUID, signed_in: Visitor
) -> None:
    index.fact("movement_visit", lan, system="qr", provenance="facility", place_key="p1", entered_at=AT, via="cccd")
    with database.connect("owner", autocommit=True) as owner:
        owner.execute(
            "INSERT INTO movement_place (id, record_id, source_record_id, place_key, name, commune_code,"
            " registrant_name, registrant_phone, recorded_at)"
            " VALUES (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'p1',"
            " 'Chợ Bến Thành', '26743', 'Chủ Chợ', '0903000000', now())"
        )
    text = words_of(signed_in.client.get("/ho-so/noi-da-den").text)
    assert "Chợ Bến Thành Phường Bến Thành, Quận 1, Thành phố Hồ Chí Minh" in text
    assert "Vào 09:30, 01/09/2021 · không quét khi ra · quét thẻ căn cước" in text
    assert "Chủ Chợ" not in text


def test_a_trip_shows_the_checkpoints_that_scanned_it(index: Index, lan: UUID, signed_in: Visitor) -> None:
    index.fact("movement_trip", lan, system="vneid", provenance="self_declared", trip_key="t", departed_at=AT,
               departure_commune="26743", destination_commune="00001")  # fmt: skip
    index.fact("movement_scan", lan, system="vneid", provenance="official", trip_key="t", scanned_at=AT,
               checkpoint="Chốt cầu Phú Mỹ")  # fmt: skip
    text = words_of(signed_in.client.get("/ho-so/di-lai").text)
    assert "Phường Bến Thành, Quận 1, Thành phố Hồ Chí Minh → Phường Phúc Xá, Quận Ba Đình, Thành phố Hà Nội" in text
    assert "Chốt cầu Phú Mỹ" in text


def test_whom_one_declared_for_is_shown_by_the_name_that_declaration_gave_and_no_more(
    index: Index, lan: UUID, signed_in: Visitor, database: MadeDatabase
) -> None:
    account = index.claim(lan, LAN, LAN_BORN, system="ncovi")
    child = index.person("Bé Tên Thật", date(2015, 8, 8))
    as_declared = index.claim(child, "Bé Na", date(2015, 8, 8), system="ncovi")
    index.fact(
        "people_relationship", child, system="ncovi", provenance="self_declared", record_id=as_declared,
        kind="household", role="con", other_system="ncovi", other_kind="ncovi", other_key="1", other_record_id=account,
    )  # fmt: skip
    text = words_of(signed_in.client.get("/ho-so/gia-dinh").text)
    assert "Bé Na Người trong hộ bạn đã khai · quan hệ: con" in text
    assert "Bé Tên Thật" not in text
    assert "2015" not in text


def test_who_declared_for_one_is_not_named(index: Index, lan: UUID, signed_in: Visitor) -> None:
    mother = index.person("Mẹ Của Lan", date(1960, 8, 8))
    account = index.claim(mother, "Mẹ Của Lan", date(1960, 8, 8), system="ncovi")
    index.fact(
        "people_relationship", lan, system="ncovi", provenance="self_declared", kind="household", role="con",
        other_system="ncovi", other_kind="ncovi", other_key="1", other_record_id=account,
    )  # fmt: skip
    text = words_of(signed_in.client.get("/ho-so/gia-dinh").text)
    assert "Bạn có tên trong hộ do người khác khai quan hệ: con" in text
    assert "Mẹ Của Lan" not in text


def test_family_of_others_cannot_be_asked_for_through_the_database(
    database: MadeDatabase, index: Index, lan: UUID
) -> None:
    stranger = index.person("Trần Văn Lạ", date(1970, 2, 3))
    with database.connect("web") as web:
        assert web.execute("SELECT * FROM access.declared_for(%s)", [lan]).fetchall() == []
        web.execute(
            "SELECT access.open('citizen', %s, '', 'own_record', 'right', 'own', %s::uuid[])",
            [str(stranger), [stranger]],
        )
        assert web.execute("SELECT * FROM access.declared_for(%s)", [lan]).fetchall() == []


def test_the_same_address_from_two_systems_stands_once_with_both_sources(
    index: Index, lan: UUID, signed_in: Visitor
) -> None:
    for system, line in (("ncovi", "Bản 10"), ("sskdt", "bản 10 ")):
        index.fact("people_address", lan, system=system, provenance="self_declared", kind="residence",
                   commune_code="00001", line=line)  # fmt: skip
    text = words_of(signed_in.client.get("/ho-so/dia-chi").text)
    assert "Địa chỉ (1)" in text
    assert "NCOVI" in text
    assert "Sổ sức khỏe điện tử" in text


def test_the_qr_shows_the_masked_text_of_decision_1405(index: Index, lan: UUID, signed_in: Visitor) -> None:
    index.identified_by(lan, "001190029317")
    assert 'href="/ma-qr/da-che"' in signed_in.client.get("/ma-qr").text
    page = signed_in.client.get("/ma-qr/da-che").text
    assert re.search(r"\*{6}029317\|NGUYEN THI LAN\|1990-\*\*-\*\*\|0\|\d{18}\|", page)
    assert "<svg" in page
    assert "001190029317" not in page
    assert "17/05/1990" not in page


def test_without_any_document_the_qr_page_says_what_to_do(signed_in: Visitor) -> None:
    for path in ("/ma-qr", "/ma-qr/da-che"):
        assert "Chưa tạo được mã QR" in signed_in.client.get(path).text


def test_who_looked_tells_office_time_purpose_and_parts(database: MadeDatabase, lan: UUID, signed_in: Visitor) -> None:
    assert "Chưa có cán bộ nào xem" in signed_in.client.get("/ai-da-xem").text
    with database.connect("owner", autocommit=True) as owner:
        owner.execute(
            "INSERT INTO access.appointment (officer_id, role, office, valid_from, appointed_by)"
            " VALUES (71, 'tracer', 'CDC Hà Nội', now() - interval '1 day', 'test')"
        )
    with database.connect("web") as web:
        web.execute(
            "SELECT access.open('officer', '71', 'tracer', 'contact_tracing', 'Luật', 'area', '{}', '01', 'vụ 12')"
        )
        web.execute("SELECT access.disclose(%s::uuid[], ARRAY['identity', 'test'])", [[lan]])
    text = words_of(signed_in.client.get("/ai-da-xem").text)
    assert "CDC Hà Nội · Truy vết" in text
    assert "Truy vết người tiếp xúc" in text
    assert "danh tính, xét nghiệm" in text
    assert "vụ việc vụ 12" in text


def test_every_opening_of_ones_own_record_is_logged(database: MadeDatabase, lan: UUID, signed_in: Visitor) -> None:
    signed_in.client.get("/ho-so")
    with database.connect("owner") as owner:
        logged = owner.execute(
            "SELECT purpose, scope_kind, scope_persons FROM access.log WHERE actor = %s", [str(lan)]
        ).fetchall()
    assert logged == [("own_record", "own", [lan])]


def test_what_people_wrote_is_shown_as_text_never_as_markup(index: Index, lan: UUID, signed_in: Visitor) -> None:
    index.fact("border_entry", lan, system="tokhaiyte", provenance="self_declared", places_passed=[],
               gate="<script>alert(1)</script>")  # fmt: skip
    page = signed_in.client.get("/ho-so/nhap-canh").text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_guardian_reads_a_childs_record_until_it_is_of_age(
    index: Index, visitor: Visitor, database: MadeDatabase
) -> None:
    lan = index.person("Nguyễn Thị Lan", date(1990, 5, 17), "0912345678")
    visitor.signs_in("0912345678", "Nguyễn Thị Lan", date(1990, 5, 17))
    child = child_of(index, database, lan)
    index.fact("vaccination_dose", child, system="sskdt", provenance="facility", product="Pfizer")
    index.fact(
        "lab_tests_test", child, system="hl7", provenance="facility", is_pooled=False, result="negative",
        resulted_at=datetime.now(UTC),
    )  # fmt: skip
    assert "Trần Bé Út" in visitor.client.get("/ho-so").text
    page = visitor.client.get("/ho-so/con/1").text
    assert "Trần Bé Út" in page
    assert "Pfizer" in page
    told = visitor.client.get("/thong-bao").text
    assert "Con bạn có kết quả xét nghiệm mới" in told
    assert "Trần Bé Út" in told
    assert visitor.client.get("/ho-so/con/2").status_code == 404
    with database.connect("owner") as owner:
        owner.execute("UPDATE people_person SET birth_date = current_date - interval '18 years' WHERE id = %s", [child])
    assert visitor.client.get("/ho-so/con/1").status_code == 404
    for address in ("/ho-so", "/thong-bao", "/tiep-xuc", "/quet", "/khai-bao"):
        assert "Trần Bé Út" not in visitor.client.get(address).text, address


def test_cards_for_the_wallet_are_ones_own_and_the_childrens_with_nothing_but_masked_codes(
    index: Index, visitor: Visitor, database: MadeDatabase
) -> None:
    lan = index.person("Nguyễn Thị Lan", date(1990, 5, 17), "0912345678")
    index.identified_by(lan, "001190029317")
    index.identified_by(child_of(index, database, lan), "001319012345")
    index.identified_by(index.person("Phạm Văn Lạ", date(1986, 3, 2)), "001186011111")
    visitor.signs_in("0912345678", "Nguyễn Thị Lan", date(1990, 5, 17))
    page = visitor.client.get("/ma-qr/the-bo-vi").text
    assert page.count('class="wallet"') == 2
    assert "Nguyễn Thị Lan" in page
    assert "Trần Bé Út" in page
    for secret in ("Phạm Văn Lạ", "001190029317", "001319012345", "17/05/1990"):
        assert secret not in page
