"""A tracer finds a case, handles its contact and orders quarantine; the contact sees nothing of the case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
import pytest

from integration.citizen.visiting import Visitor
from integration.console.conftest import console, made_console
from integration.console.made_index import AN, BINH, SAI_GON, Console
from integration.contact_tracing.made_outbreak import Outbreak, ago
from integration.quarantine.test_notices_and_codes import make_guardian
from integration.security.people_in_sight import citizen_browser
from pccovid.quarantine.operations import settle

__all__ = ["console", "made_console"]


@dataclass
class Traced:
    """A case of Hà Nội that met An there and somebody of Sài Gòn."""

    console: Console
    outbreak: Outbreak
    owner: psycopg.Connection
    case: int
    contact: int


@pytest.fixture
def traced(console: Console) -> Iterator[Traced]:
    with console.owner() as owner:
        outbreak = Outbreak(console.made, owner)
        owner.execute(
            "DELETE FROM access.quarantine_order; DELETE FROM access.trace_task; DELETE FROM access.trace_case;"
            " DELETE FROM lab_tests_test;"
            " DELETE FROM movement_visit; DELETE FROM people_recordclaim WHERE system = 'ncovi';"
            " DELETE FROM people_person WHERE name LIKE 'Người %%'"
        )
        ill, far = outbreak.person(1, "Người Bệnh"), outbreak.person(2, "Người Xa", area=SAI_GON)
        outbreak.test(ill, ago(1))
        for person in (ill, AN, far):
            outbreak.visit(person, "QUÁN-BÍ-MẬT", ago(1, 3), ago(1, 1))
        outbreak.trace()
        ((case,),) = outbreak.rows("SELECT id FROM access.trace_case")
        ((contact,),) = outbreak.rows("SELECT id FROM access.trace_contact WHERE person_id = %s", AN)
        yield Traced(console, outbreak, owner, case, contact)


def by_phone(traced: Traced) -> Any:
    visitor = Visitor()
    visitor.signs_in("0912000001", "Nguyễn Văn An", date(1990, 5, 17))
    return visitor.client


def test_a_tracer_sees_the_case_its_contacts_and_the_drawing_and_is_in_the_log(traced: Traced) -> None:
    client = traced.console.sign_in("tracer")
    assert f"CA-{traced.case}" in client.get("/can-bo/ca-benh").text
    page = client.get(f"/can-bo/ca-benh/{traced.case}")
    assert page.status_code == 200
    assert "Người Bệnh" in page.text
    assert "Nguyễn Văn An" in page.text
    assert "Người Xa" not in page.text
    assert page.text.count('r="11"') == 3
    assert not re.search(r"<style|\sstyle=|<script|\son[a-z]+=", page.text)
    assert ("tracer", f"CA-{traced.case}", ["identity", "movement"]) in traced.console.shown_to(AN)


def test_a_tracer_of_another_province_sees_only_the_contact_who_lives_there(traced: Traced) -> None:
    client = traced.console.sign_in("far-tracer")
    page = client.get("/can-bo/ca-benh")
    assert "Người Xa" in page.text
    assert "Người Bệnh" not in page.text
    assert client.get(f"/can-bo/ca-benh/{traced.case}").status_code == 404


def test_a_contact_is_handled_and_the_period_changed_with_a_reason(traced: Traced) -> None:
    client = traced.console.sign_in("tracer")
    address = f"/can-bo/ca-benh/{traced.case}"
    sent = {"act": "outcome", "contact": traced.contact, "outcome": "reached", "words": "đã gọi"}
    assert client.post(address, sent).status_code == 302
    assert client.post(address, {**sent, "outcome": "not_a_contact", "words": "ngắn"}).status_code == 422
    assert traced.outbreak.rows("SELECT outcome FROM access.trace_contact WHERE id = %s", traced.contact) == [
        ("reached",)
    ]
    period = {
        "act": "period",
        "starts_at": ago(6).strftime("%Y-%m-%dT%H:%M"),
        "ends_at": ago(0).strftime("%Y-%m-%dT%H:%M"),
    }
    assert client.post(address, {**period, "words": "ngắn"}).status_code == 422
    assert client.post(address, {**period, "words": "Bệnh nhân sốt từ bốn ngày trước"}).status_code == 302
    ((because, traced_at),) = traced.outbreak.rows("SELECT ends_because, traced_at FROM access.trace_case")
    assert (because, traced_at) == ("edited", None)


def test_whom_the_case_says_it_met_is_written_by_number_and_nobody_out_of_reach_is(traced: Traced) -> None:
    client = traced.console.sign_in("tracer")
    address = f"/can-bo/ca-benh/{traced.case}"
    sent = {"act": "declared", "number": "001090000001", "first_on": f"{ago(2):%Y-%m-%d}",
            "last_on": f"{ago(1):%Y-%m-%d}", "words": "ăn trưa cùng nhau"}  # fmt: skip
    assert client.post(address, {**sent, "number": "079190000002"}).status_code == 422  # of Sài Gòn
    assert client.post(address, {**sent, "number": "không rõ"}).status_code == 422
    assert client.post(address, {**sent, "first_on": "2019-01-01"}).status_code == 422
    assert traced.outbreak.rows("SELECT count(*) FROM access.trace_declared") == [(0,)]
    assert client.post(address, sent).status_code == 302
    traced.outbreak.trace()
    kinds = traced.outbreak.rows("SELECT kind FROM access.trace_exposure WHERE person_id = %s ORDER BY 1", AN)
    assert kinds == [("declared",), ("place",)]
    assert "ca bệnh khai đã gặp" in client.get(address).text
    elsewhere = traced.console.sign_in("far-tracer")
    assert elsewhere.post(address, {**sent, "number": "079190000002"}).status_code == 404


def test_from_the_order_to_the_certificate_each_sees_their_own_part(traced: Traced) -> None:
    client = traced.console.sign_in("tracer")
    sent = {"act": "order", "contact": traced.contact}
    assert client.post(f"/can-bo/ca-benh/{traced.case}", sent).status_code == 302
    assert client.post(f"/can-bo/ca-benh/{traced.case}", sent).status_code == 422
    own = by_phone(traced)
    page = own.get("/tiep-xuc").text
    assert "Bạn cách ly tại nhà" in page
    assert "Cơ quan tracer" in page
    assert not any(secret in page for secret in ("Người Bệnh", "QUÁN", "CA-", "PCR"))
    assert own.post("/tiep-xuc", {"act": "check", "symptoms": "yes"}).status_code == 302
    assert own.post("/tiep-xuc", {"act": "object", "words": "ngắn"}).status_code == 422
    assert own.post("/tiep-xuc", {"act": "object", "words": "Hôm đó tôi không ở đó"}).status_code == 302
    desk = client.get("/can-bo/cach-ly").text
    assert "có triệu chứng" in desk
    assert "Hôm đó tôi không ở đó" in desk
    ((number,),) = traced.outbreak.rows("SELECT id FROM access.quarantine_order")
    answer = {"number": number, "step": "answered", "words": "Sổ của quán có tên anh"}
    assert client.post("/can-bo/cach-ly", answer).status_code == 302
    assert "Sổ của quán có tên anh" in own.get("/tiep-xuc").text
    traced.owner.execute("UPDATE access.quarantine_order SET starts_on = starts_on - 9, ends_on = ends_on - 9")
    traced.outbreak.test(AN, ago(0.1), "negative")
    with traced.console.made.connect("jobs", autocommit=True) as jobs:
        assert settle(jobs).released == 1
    assert "Giấy hoàn thành cách ly số" in own.get("/tiep-xuc").text
    assert "Nguyễn Văn An" not in client.get("/can-bo/cach-ly").text


def test_who_met_nobody_says_so_and_is_answered_by_the_tracers(traced: Traced) -> None:
    own, client = by_phone(traced), traced.console.sign_in("tracer")
    assert "Bạn có thể đã tiếp xúc gần" in own.get("/tiep-xuc").text
    assert own.post("/tiep-xuc", {"act": "dispute", "words": "ngắn"}).status_code == 422
    assert own.post("/tiep-xuc", {"act": "dispute", "words": "Cả ngày hôm đó tôi ở quê"}).status_code == 302
    assert "Cán bộ truy vết trả lời trước" in own.get("/tiep-xuc").text
    assert "Cả ngày hôm đó tôi ở quê" not in traced.console.sign_in("far-tracer").get("/can-bo/viec-truy-vet").text
    desk = client.get("/can-bo/viec-truy-vet").text
    assert ("Cả ngày hôm đó tôi ở quê" in desk, "Người dân nói không tiếp xúc" in desk) == (True, True)
    ((task,),) = traced.outbreak.rows("SELECT id FROM access.trace_task WHERE kind = 'disputed'")
    handled = {"act": "outcome", "contact": traced.contact, "outcome": "not_a_contact", "words": "Điện thoại cho mượn"}
    assert client.post(f"/can-bo/ca-benh/{traced.case}", handled).status_code == 302
    done = {"number": task, "step": "done", "words": "Đã hỏi quán: máy của anh do em trai cầm"}
    assert client.post("/can-bo/viec-truy-vet", done).status_code == 302
    page = own.get("/tiep-xuc").text
    assert ("Bạn không còn là người tiếp xúc" in page, "máy của anh do em trai cầm" in page) == (True, True)
    assert "Bạn có thể đã tiếp xúc gần" not in page
    assert own.post("/tiep-xuc", {"act": "dispute", "words": "Không còn gì để báo nữa"}).status_code == 422
    assert own.post("/tiep-xuc", {"act": "nonsense", "words": "x"}).status_code == 422


def test_a_guardian_disputes_for_a_child_three_times_at_most(traced: Traced, guardian: Any) -> None:
    sent = {"act": "dispute", "whose": "1", "words": "Cháu ở nhà với bà cả ngày"}
    assert [guardian.post("/tiep-xuc", sent).status_code for _ in range(4)] == [302, 302, 302, 422]
    assert guardian.post("/tiep-xuc", {**sent, "whose": "0"}).status_code == 422
    assert traced.outbreak.rows("SELECT DISTINCT person_id FROM access.trace_task WHERE kind = 'disputed'") == [(AN,)]


@pytest.mark.parametrize("address", ["/can-bo/ca-benh", "/can-bo/ca-benh/1", "/can-bo/cach-ly"])
def test_other_offices_are_refused(traced: Traced, address: str) -> None:
    assert traced.console.sign_in("police").get(address).status_code == 403


@pytest.fixture
def guardian(traced: Traced) -> Iterator[Any]:
    """Bình's browser; An is his child for the length of the test."""
    ((born,),) = traced.outbreak.rows("SELECT birth_date FROM people_person WHERE id = %s", AN)
    make_guardian(traced.outbreak, BINH, AN)
    yield citizen_browser(traced.console, BINH)
    traced.owner.execute("DELETE FROM people_relationship WHERE kind = 'guardian'")
    traced.owner.execute("UPDATE people_person SET birth_date = %s WHERE id = %s", [born, AN])


def test_a_guardian_sees_the_childs_order_reports_its_health_and_objects_for_it(traced: Traced, guardian: Any) -> None:
    tracer = traced.console.sign_in("tracer")
    assert tracer.post(f"/can-bo/ca-benh/{traced.case}", {"act": "order", "contact": traced.contact}).status_code == 302
    page = guardian.get("/tiep-xuc").text
    assert "Nguyễn Văn An cách ly" in page
    assert "Bạn cách ly" not in page
    assert guardian.post("/tiep-xuc", {"act": "check", "whose": "1", "symptoms": "yes"}).status_code == 302
    words = {"act": "object", "whose": "1", "words": "Con tôi không ở đó hôm ấy."}
    assert guardian.post("/tiep-xuc", words).status_code == 302
    checks = traced.outbreak.rows("SELECT has_symptoms, via FROM access.quarantine_check ORDER BY id DESC LIMIT 1")
    assert checks == [(True, "app")]
    assert guardian.post("/tiep-xuc", {"act": "check", "whose": "2", "symptoms": "no"}).status_code == 422
    assert guardian.post("/tiep-xuc", {"act": "object", "whose": "1", "words": "ngắn"}).status_code == 422
