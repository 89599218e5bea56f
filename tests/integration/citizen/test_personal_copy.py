"""Taking a copy: one's own alone, told in the log, limited, kept by nobody on the way; a guardian for a child."""

from __future__ import annotations

import io
import json
from datetime import date
from uuid import UUID

import pytest
from pypdf import PdfReader

from conftest import MadeDatabase
from integration.citizen.made_people import Index
from integration.citizen.visiting import Visitor
from pccovid.foundation.purposes import CATEGORIES

PHONE, NAME, BORN = "0912345678", "Nguyễn Thị Hoa", date(1990, 2, 3)
FORMS = ("html", "pdf", "json", "fhir")


@pytest.fixture(autouse=True)
def all_turns_free(database: MadeDatabase) -> None:
    with database.connect("owner", autocommit=True) as owner:
        owner.execute("DELETE FROM access.turn")


@pytest.fixture
def hoa(index: Index, visitor: Visitor) -> UUID:
    """A signed-in person with a phone, an id and a dose."""
    person = index.person(NAME, BORN, PHONE)
    index.identified_by(person, "001190000003")
    index.fact(
        "vaccination_dose", person, system="sskdt", provenance="facility", product="Pfizer", lot_number="LOHOA",
        occurred_on=date(2021, 8, 1),
    )  # fmt: skip
    visitor.signs_in(PHONE, NAME, BORN)
    return person


def child_of(index: Index, database: MadeDatabase, guardian: UUID) -> UUID:
    """A child whose guardian, by an official word, is this person."""
    child = index.person("Nguyễn Bé Na", date(2018, 5, 6))
    with database.connect("owner", autocommit=True) as owner:
        (record,) = owner.execute(
            "SELECT record_id FROM people_recordclaim WHERE person_id = %s", [guardian]
        ).fetchone() or (None,)
    index.fact(
        "people_relationship", child, system="vneid", provenance="official", kind="guardian", other_system="vneid",
        other_kind="vneid", other_key="x", other_record_id=record,
    )  # fmt: skip
    index.fact("vaccination_dose", child, system="sskdt", provenance="facility", lot_number="LONA")
    return child


def disclosed(database: MadeDatabase, person: UUID) -> list[tuple[str, str | None, list[str]]]:
    with database.connect("owner") as owner:
        rows = owner.execute(
            "SELECT l.purpose, l.case_reference, d.categories FROM access.disclosure d"
            " JOIN access.log l ON l.id = d.log_id WHERE d.person_id = %s ORDER BY l.id",
            [person],
        )
        return [(purpose, case, sorted(categories)) for purpose, case, categories in rows]


def told_in(form: str, content: bytes) -> str:
    """The words of a copy in this form, blanks single."""
    if form != "pdf":
        return content.decode()
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


@pytest.mark.parametrize("form", FORMS)
def test_a_copy_holds_ones_own_and_is_told_in_the_log_as_a_whole(
    hoa: UUID, index: Index, visitor: Visitor, database: MadeDatabase, form: str
) -> None:
    other = index.person("Lê Văn Ba", date(1980, 1, 2), "0987654321")
    index.fact("vaccination_dose", other, system="sskdt", provenance="facility", lot_number="LOBA")
    text = told_in(form, visitor.client.post("/ban-sao", {"form": form}).content)
    assert all(mark in text for mark in (NAME, PHONE, "001190000003", "LOHOA"))
    assert not [mark for mark in ("Lê Văn Ba", "0987654321", "LOBA", str(other)) if mark in text]
    assert disclosed(database, hoa) == [("own_record", f"copy-{form}", sorted(CATEGORIES))]
    assert disclosed(database, other) == []


def test_looking_at_the_choice_of_forms_takes_no_copy(hoa: UUID, visitor: Visitor, database: MadeDatabase) -> None:
    page = visitor.client.get("/ban-sao")
    assert page.status_code == 200
    assert "LOHOA" not in page.content.decode()
    assert visitor.client.post("/ban-sao", {"form": "csv"}).status_code == 422
    assert disclosed(database, hoa) == []


def test_nothing_keeps_the_copy_and_no_name_of_a_file_tells_whose_it_is(hoa: UUID, visitor: Visitor) -> None:
    for form, name in (
        ("json", "ban-sao-du-lieu.json"), ("fhir", "ban-sao-du-lieu.fhir.json"), ("pdf", "ban-sao-du-lieu.pdf"),
    ):  # fmt: skip
        answer = visitor.client.post("/ban-sao", {"form": form})
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert "no-store" in answer.headers["Cache-Control"]
    assert "no-store" in visitor.client.post("/ban-sao", {"form": "html"}).headers["Cache-Control"]


def test_the_copy_is_in_the_language_one_presses_whatever_the_pages_is(hoa: UUID, visitor: Visitor) -> None:
    english = visitor.client.post("/ban-sao", {"form": "html", "language": "en"}).content.decode()
    assert '<html lang="en">' in english
    assert "Copy of personal data" in english
    assert "Bản sao dữ liệu" in visitor.client.post("/ban-sao", {"form": "html", "language": "vi"}).content.decode()
    assert visitor.client.post("/ban-sao", {"form": "html", "language": "xx"}).status_code == 200


def test_ten_copies_a_day_are_the_most_and_the_eleventh_shows_nothing(
    hoa: UUID, visitor: Visitor, database: MadeDatabase
) -> None:
    assert {visitor.client.post("/ban-sao", {"form": "json"}).status_code for _ in range(10)} == {200}
    refused = visitor.client.post("/ban-sao", {"form": "json"})
    assert refused.status_code == 429
    assert "LOHOA" not in refused.content.decode()
    assert len(disclosed(database, hoa)) == 10


def test_ones_copies_stand_among_who_looked_and_an_earlier_one_in_the_next(hoa: UUID, visitor: Visitor) -> None:
    visitor.client.post("/ban-sao", {"form": "json"})
    assert "lấy bản sao dữ liệu" in visitor.client.get("/ai-da-xem").content.decode()
    looked = json.loads(visitor.client.post("/ban-sao", {"form": "json"}).content)["who_looked"]
    assert [(one["purpose"], one["case"]) for one in looked["readings"]] == [("own_record", "copy-json")]


def test_a_guardian_takes_the_childs_copy_and_the_log_says_whose_was_shown(
    hoa: UUID, index: Index, visitor: Visitor, database: MadeDatabase
) -> None:
    child = child_of(index, database, hoa)
    assert "Nguyễn Bé Na" in visitor.client.get("/ban-sao/con/1").content.decode()
    for form in FORMS:
        text = told_in(form, visitor.client.post("/ban-sao/con/1", {"form": form}).content)
        assert "LONA" in text
        assert "LOHOA" not in text
    assert [case for _, case, _ in disclosed(database, child)] == [f"copy-{form}" for form in FORMS]
    assert disclosed(database, hoa) == []


def test_a_child_that_is_not_ones_own_has_no_address(hoa: UUID, index: Index, visitor: Visitor) -> None:
    index.person("Nguyễn Bé Na", date(2018, 5, 6))
    assert visitor.client.get("/ban-sao/con/1").status_code == 404
    assert visitor.client.post("/ban-sao/con/1", {"form": "json"}).status_code == 404


def test_superseded_and_repeated_entries_are_in_the_copy_and_marked(
    hoa: UUID, index: Index, visitor: Visitor, database: MadeDatabase
) -> None:
    old = index.fact(
        "lab_tests_test", hoa, system="sampling", provenance="facility", result="positive", is_pooled=True,
        tube_barcode="POOL77", superseded_at="2021-11-21",
    )  # fmt: skip
    document = json.loads(visitor.client.post("/ban-sao", {"form": "json"}).content)
    (test,) = [fact for fact in document["facts"] if fact["id"] == str(old)]
    assert (test["status"], test["values"]["result"]) == ("superseded", "positive")
    assert "tube_barcode" not in test["values"]
    assert "POOL77" not in visitor.client.post("/ban-sao", {"form": "html"}).content.decode()
    bundle = json.loads(visitor.client.post("/ban-sao", {"form": "fhir"}).content)
    (resource,) = [e["resource"] for e in bundle["entry"] if e["resource"]["id"] == str(old)]
    assert resource["status"] == "entered-in-error"
