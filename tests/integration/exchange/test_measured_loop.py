"""How specimens and doses come in: timed, counted by laboratory and site, for the offices that watch; nobody named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from integration.exchange.agencies import bundle, dose, patient, test_result
from integration.exchange.conftest import Exchange
from integration.exchange.test_agreement_pages import browser
from integration.exchange.test_agreement_pages import desk as made_desk

__all__ = ["made_desk"]
PAGE = "/can-bo/duong-di"


def at(hours: float) -> str:
    return (datetime.now(UTC) - timedelta(hours=hours)).isoformat(timespec="seconds")


@pytest.fixture(scope="module")
def person(exchange: Exchange) -> UUID:
    """Somebody with a specimen that came the whole way, one that never did, and a second dose without a first."""
    agency = exchange.agency(agency="pxn-do", name="Phòng xét nghiệm đo")
    laboratory: dict[str, Any] = {"performer": [{"display": "PXN Đo Thử"}]}
    specimen = {"resourceType": "Specimen", "id": "s", "receivedTime": at(26), "accessionIdentifier": {"value": "T1"}}
    whole = test_result("M1", "urn:uuid:1", effectiveDateTime=at(30), issued=at(20), contained=[specimen],
                        specimen={"reference": "#s"}, **laboratory)  # fmt: skip
    lost = test_result("M2", "urn:uuid:1", effectiveDateTime=at(72), status="registered", **laboratory)
    del lost["issued"], lost["valueCodeableConcept"]
    second = dose("M1", "urn:uuid:1", occurrenceDateTime=at(50)[:10], location={"display": "Điểm tiêm Đo"},
                  protocolApplied=[{"doseNumberPositiveInt": 2}])  # fmt: skip
    answer = agency.post("", bundle(patient("M1", birthDate="1955-05-05"), whole, lost, second))
    assert answer.status_code == 200, answer.content.decode()
    return UUID(answer.json()["entry"][0]["response"]["location"].split("/")[1])


def lines(exchange: Exchange, function: str, source: str) -> dict[str, Any]:
    from django.db import connection

    officer, through = exchange.steward
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM access.{function}(%s, %s, 7)", [officer, through])  # noqa: S608
        names = [column.name for column in cursor.description]
        return next(dict(zip(names, row, strict=True)) for row in cursor.fetchall() if row[0] == source)


def test_a_specimen_is_timed_on_its_whole_way_and_one_without_a_result_is_overdue(
    exchange: Exchange, person: UUID
) -> None:
    found = lines(exchange, "loop_of_tests", "PXN Đo Thử")
    assert (found["came"], found["resulted"], found["waiting"], found["overdue"]) == (2, 1, 1, 1)
    assert found["to_laboratory"] == pytest.approx(4, abs=0.1)
    assert found["to_result"] == pytest.approx(6, abs=0.1)
    assert found["to_here"] == pytest.approx(20, abs=0.1)
    assert (found["to_person"], found["seen"]) == (None, 0)


def test_when_the_person_looks_the_loop_is_closed(exchange: Exchange, person: UUID) -> None:
    from pccovid.foundation import access
    from pccovid.foundation.purposes import PURPOSES
    from pccovid.lab_tests.queries import own_tests

    basis = PURPOSES["own_record"].basis
    with access.open(access.citizen(person), purpose="own_record", legal_basis=basis, scope=access.own(person)):
        assert len(own_tests(person)) == 2
    found = lines(exchange, "loop_of_tests", "PXN Đo Thử")
    assert found["seen"] == 2
    assert found["to_person"] == pytest.approx(0, abs=0.1)


def test_an_earlier_dose_that_never_came_is_told_with_the_site_of_the_later(exchange: Exchange, person: UUID) -> None:
    found = lines(exchange, "loop_of_doses", "Điểm tiêm Đo")
    assert (found["came"], found["missing"]) == (1, 1)


def test_the_page_tells_it_in_both_languages_and_to_no_other_office(
    exchange: Exchange,
    made_desk: Exchange,
    person: UUID,  # noqa: F811
) -> None:
    steward, protector = browser(exchange, "steward"), browser(exchange, "protector")
    page = steward.get(PAGE).content.decode()
    assert "PXN Đo Thử" in page
    assert "1 mẫu không thấy kết quả" in page
    assert "Đỗ Thử" not in page
    steward.cookies["django_language"] = "en"
    assert "1 earlier doses never came" in steward.get(f"{PAGE}?ngay=31").content.decode()
    assert protector.get(PAGE).status_code in (403, 404)
    with pytest.raises(Exception, match="office"):
        lines_of_nobody(exchange)


def test_single_tubes_and_doses_are_listed_when_asked_and_their_person_reads_of_it(
    exchange: Exchange,
    made_desk: Exchange,
    person: UUID,  # noqa: F811
) -> None:
    steward = browser(exchange, "steward")
    assert "Điểm tiêm Đo</th><td>1</td>" not in steward.get(PAGE).text
    page = steward.get(f"{PAGE}?ngay=7&ke=1").text
    assert "PXN Đo Thử" in page
    assert "Điểm tiêm Đo</th><td>1</td>" in page
    assert "Đỗ Thử" not in page
    read = exchange.owner.execute(
        "SELECT array_agg(DISTINCT c) FROM access.disclosure d JOIN access.log l ON l.id = d.log_id,"
        " unnest(d.categories) c WHERE l.case_reference = 'measured_loop' AND d.person_id = %s", [person],
    ).fetchone()  # fmt: skip
    assert read == (["test", "vaccination"],)


def lines_of_nobody(exchange: Exchange) -> None:
    with exchange.made.connect("web") as web:
        web.execute("SELECT * FROM access.loop_of_tests(%s, %s, 7)", [*exchange.protector])
