"""Pages of the desks: calls, lists on paper, looking first, orders with places and needs, a clinician's word."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from integration.console.conftest import console, made_console
from integration.console.made_index import AN, BINH
from integration.contact_tracing.made_outbreak import ago, day_of
from integration.quarantine.test_pages import Traced, by_phone, traced

__all__ = ["console", "made_console", "traced"]
PHONE = "0912000001"


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_contact_is_called_with_number_and_script_and_the_next_one_follows(traced: Traced) -> None:
    client = traced.console.sign_in("tracer")
    address = f"/can-bo/ca-benh/{traced.case}/goi"
    page = client.get(address).content.decode()
    assert PHONE in page
    assert "Không nói đó là ai" in page
    assert page.count("autofocus") == 1
    assert not any(secret in page for secret in ("Người Bệnh", "QUÁN-BÍ-MẬT"))
    assert ["contact"] in [categories for _, _, categories in traced.console.shown_to(AN)]
    sent = {"contact": traced.contact, "outcome": "not_reached", "words": "ngắn"}
    assert client.post(address, sent).status_code == 422
    assert client.post(address, {**sent, "outcome": "reached"}).status_code == 302
    assert "Không còn ai chờ gọi" in text(client.get(address))
    assert client.get("/can-bo/ca-benh/99999/goi").status_code == 404


def test_lists_are_printed_with_numbers_and_nobody_of_elsewhere(traced: Traced) -> None:
    client = traced.console.sign_in("tracer")
    told = text(client.get("/can-bo/viec-truy-vet/in"))
    assert PHONE in told
    assert "Nguyễn Văn An" in told
    assert "Người Xa" not in told
    client.post(f"/can-bo/ca-benh/{traced.case}", {"act": "order", "contact": traced.contact})
    keeper = traced.console.sign_in("keeper")
    told = text(keeper.get("/can-bo/cach-ly/in"))
    assert (PHONE in told, "Nguyễn Văn An" in told) == (True, True)


def test_another_period_is_looked_at_before_it_is_written(traced: Traced) -> None:
    client = traced.console.sign_in("tracer")
    span = {"starts_at": ago(0.5).strftime("%Y-%m-%dT%H:%M"), "ends_at": ago(0).strftime("%Y-%m-%dT%H:%M")}
    sent = {"act": "period", **span, "words": "Bệnh nhân chỉ sốt từ sáng nay"}
    before = traced.outbreak.rows("SELECT starts_at, ends_because FROM access.trace_case")
    told = text(client.post(f"/can-bo/ca-benh/{traced.case}/xem-truoc", sent))
    assert "thêm 0, giữ 0, bỏ 2" in told
    assert "Người Xa" not in told
    assert traced.outbreak.rows("SELECT starts_at, ends_because FROM access.trace_case") == before
    wide = {**sent, "starts_at": ago(6).strftime("%Y-%m-%dT%H:%M")}
    assert "thêm 0, giữ 2, bỏ 0" in text(client.post(f"/can-bo/ca-benh/{traced.case}/xem-truoc", wide))
    assert client.post(f"/can-bo/ca-benh/{traced.case}/xem-truoc", {**sent, "words": "x"}).status_code == 422
    assert client.post(f"/can-bo/ca-benh/{traced.case}", sent).status_code == 302
    traced.outbreak.trace()
    assert traced.outbreak.rows("SELECT count(*) FROM access.trace_contact WHERE level = 1 AND outcome = ''") == [(0,)]
    far = traced.console.sign_in("far-tracer")
    assert far.post(f"/can-bo/ca-benh/{traced.case}/xem-truoc", sent).status_code == 404


def test_whoever_is_ticked_of_another_period_widens_it_no_further_than_to_their_meeting(traced: Traced) -> None:
    client, met = traced.console.sign_in("tracer"), traced.outbreak.person(77, "Người Gặp Sớm")
    ((case_person, starts_at, ends_at),) = traced.outbreak.rows(
        "SELECT person_id, starts_at, ends_at FROM access.trace_case"
    )
    together, earlier = (
        traced.outbreak.person(78, "Người Gặp Cùng Lúc"),
        traced.outbreak.person(79, "Người Gặp Trước Nữa"),
    )
    for hours, others in ((30, (met, together)), (44, (earlier,))):
        for person in (case_person, *others):
            began = starts_at - timedelta(hours=hours)
            traced.outbreak.visit(person, "QUÁN SỚM", began, began + timedelta(hours=2))
    address, wide = f"/can-bo/ca-benh/{traced.case}", (starts_at - timedelta(days=2) + timedelta(hours=7))
    sent = {"act": "period", "starts_at": wide.strftime("%Y-%m-%dT%H:%M"), "ends_at": ago(0).strftime("%Y-%m-%dT%H:%M"),
            "words": "Đã mệt từ hai ngày trước"}  # fmt: skip
    page = client.post(f"{address}/xem-truoc", sent)
    assert "thêm 3, giữ 2, bỏ 0" in text(page)
    assert f'name="accept" value="{met}"' in page.content.decode()
    one = {**sent, "one_by_one": "1", "accept": [str(met), "x"]}
    assert client.post(address, {**one, "words": "x"}).status_code == 422
    assert client.post(address, {**one, "accept": [str(case_person)]}).status_code == 422
    assert client.post(address, {**one, "accept": []}).status_code == 422
    assert traced.console.sign_in("far-tracer").post(address, one).status_code == 404
    client = traced.console.sign_in("tracer")
    known = traced.outbreak.rows(
        "SELECT person_id FROM access.trace_contact WHERE level = 1 AND case_id = %s", traced.case
    )
    period = "SELECT starts_at, ends_at FROM access.trace_case"
    assert client.post(address, {**one, "accept": [str(known[0][0])]}).status_code == 302
    assert traced.outbreak.rows(period) == [(starts_at, ends_at)]  # who counts already widens nothing
    assert client.post(address, one).status_code == 302
    assert traced.outbreak.rows(period) == [(starts_at - timedelta(hours=30), ends_at)]
    assert traced.outbreak.rows("SELECT starts_at, reason FROM access.trace_period") == [
        (starts_at - timedelta(hours=30), sent["words"])
    ]
    for _ in range(2):
        traced.outbreak.owner.execute("UPDATE access.trace_case SET traced_at = NULL")
        traced.outbreak.trace()
        shown = text(client.get(address))
        assert ("Người Gặp Sớm" in shown, "Người Gặp Cùng Lúc" in shown, "Người Gặp Trước Nữa" in shown) == (
            True,
            True,
            False,
        )
    assert traced.outbreak.rows(
        "SELECT x.id FROM access.trace_exposure x JOIN access.trace_case c ON c.id = x.case_id"
        " WHERE x.level = 1 AND (x.started_at < c.starts_at OR x.ended_at > c.ends_at)"
    ) == []  # fmt: skip


def test_an_order_leads_to_a_room_a_need_and_a_day_away_and_the_person_sees_all_three(traced: Traced) -> None:
    tracer, keeper = traced.console.sign_in("tracer"), traced.console.sign_in("keeper")
    tracer.post(f"/can-bo/ca-benh/{traced.case}", {"act": "order", "contact": traced.contact})
    place = {"name": "Trường Phúc Xá", "commune": "00001", "address": "1 Phúc Xá", "phone": "02438250000"}
    assert tracer.post("/can-bo/khu-cach-ly", place).status_code == 422
    assert keeper.post("/can-bo/khu-cach-ly", {**place, "name": ""}).status_code == 422
    assert keeper.post("/can-bo/khu-cach-ly", place).status_code == 302
    ((facility,),) = traced.outbreak.rows("SELECT max(id) FROM access.quarantine_facility")
    at = f"/can-bo/khu-cach-ly/{facility}"
    assert keeper.post(at, {"act": "room", "name": "P1", "beds": "1"}).status_code == 302
    ((order,),) = traced.outbreak.rows("SELECT id FROM access.quarantine_order WHERE state = 'open'")
    one = f"/can-bo/cach-ly/{order}"
    words = "Nhà đông người, không cách ly được"
    assert keeper.post(one, {"act": "send", "facility": facility, "words": "ngắn"}).status_code == 422
    assert keeper.post(one, {"act": "send", "facility": facility, "words": words}).status_code == 302
    assert "Đang đến, chưa nhận phòng" in text(keeper.get(at))
    ((room,),) = traced.outbreak.rows("SELECT id FROM access.quarantine_room WHERE facility_id = %s", facility)
    assert keeper.post(at, {"act": "admit", "order": order, "room": room}).status_code == 302
    assert "1 giường · 1 người đang ở" in text(keeper.get(at))
    assert keeper.post(at, {"act": "close"}).status_code == 422
    own = by_phone(traced)
    page = text(own.get("/tiep-xuc"))
    assert "Trường Phúc Xá, phòng P1" in page
    assert "02438250000" in page
    assert own.post("/tiep-xuc", {"act": "need", "kind": "medicine", "need": "x"}).status_code == 422
    assert own.post("/tiep-xuc", {"act": "need", "kind": "medicine", "need": "thuốc ho"}).status_code == 302
    assert "thuốc ho" in text(keeper.get(one))
    ((need,),) = traced.outbreak.rows("SELECT max(id) FROM access.quarantine_need")
    assert keeper.post(one, {"act": "answer", "need": need, "outcome": "not_met", "words": "hết"}).status_code == 422
    assert keeper.post(one, {"act": "answer", "need": need, "outcome": "met", "words": ""}).status_code == 302
    away = {
        "act": "away",
        "day": day_of(ago()),
        "verdict": "left",
        "words": "Bảo vệ thấy ra ngoài cổng",
    }
    assert keeper.post(one, {**away, "day": (ago() + timedelta(days=3)).date().isoformat()}).status_code == 422
    assert keeper.post(one, away).status_code == 302
    page = text(own.get("/tiep-xuc"))
    assert "đã đáp ứng" in page
    assert "rời nơi cách ly khi chưa được phép (Bảo vệ thấy ra ngoài cổng)" in page
    assert keeper.get(f"/can-bo/ca-benh/{traced.case}").status_code == 403
    assert keeper.get("/can-bo/cach-ly/nhap-canh").status_code == 200
    assert tracer.get("/can-bo/cach-ly/nhap-canh").status_code == 403
    assert traced.console.sign_in("far-tracer").get(one).status_code == 404


def test_one_antigen_positive_is_a_case_only_of_whom_a_clinician_still_suspects(traced: Traced) -> None:
    outbreak = traced.outbreak
    outbreak.owner.execute("DELETE FROM access.clinical_suspicion; DELETE FROM movement_visit")
    outbreak.owner.execute("DELETE FROM access.trace_contact; UPDATE access.trace_case SET traced_at = now()")
    outbreak.test(AN, ago(0.1), method="antigen")
    outbreak.trace()
    station = traced.console.sign_in("station")
    station.post("/can-bo/tim-nguoi", {"purpose": "care", "case": "vụ 1", "number": "001090000001"})
    address, words = f"/can-bo/nguoi/{AN}/nghi-mac", "Sốt, ho, mất vị giác từ hôm qua"
    assert station.post(address, {"is_suspected": "yes", "words": "ngắn"}).status_code == 422
    assert station.get(f"/can-bo/nguoi/{BINH}/nghi-mac").status_code == 404
    definitions = "SELECT definition FROM access.trace_case WHERE person_id = %s"
    for word, found in (("no", []), ("yes", [("suspect_antigen",)])):
        answer = station.post(address, {"is_suspected": word, "words": words})
        assert answer.headers["Location"] == f"/can-bo/nguoi/{AN}"
        outbreak.trace()
        assert outbreak.rows(definitions, AN) == found
    outbreak.owner.execute("DELETE FROM lab_tests_test WHERE person_id = %s", [AN])


def test_a_record_is_opened_for_a_case_or_a_task_and_for_nobody_else_of_the_area(traced: Traced) -> None:
    tracer, far = traced.console.sign_in("tracer"), traced.console.sign_in("far-tracer")
    ((somebody,),) = traced.outbreak.rows("SELECT id FROM people_person WHERE name = 'Người Xa'")
    at = f"/can-bo/ca-benh/{traced.case}"
    assert f"{at}/nguoi/{AN}" in tracer.get(at).content.decode()
    page = tracer.get(f"{at}/nguoi/{AN}")
    assert (page.status_code, f"CA-{traced.case}" in text(page), PHONE in text(page)) == (200, True, True)
    assert f"CA-{traced.case}" in {case for _, case, _ in traced.console.shown_to(AN)}
    for client, address in (
        (tracer, f"{at}/nguoi/{BINH}"), (tracer, f"{at}/nguoi/{somebody}"), (far, f"{at}/nguoi/{AN}"),
        (tracer, f"/can-bo/ca-benh/99999/nguoi/{AN}"), (tracer, f"/can-bo/ca-benh/{10**30}/nguoi/{AN}"),
    ):  # fmt: skip
        answer = client.get(address)
        assert (answer.status_code in (403, 404), "Nguyễn Văn An" in text(answer)) == (True, False), address
    ((task,),) = traced.outbreak.rows("SELECT id FROM access.trace_task WHERE person_id = %s AND done_at IS NULL", AN)
    taken = f"/can-bo/viec-truy-vet/{task}/nguoi/{AN}"
    assert taken in tracer.get("/can-bo/viec-truy-vet").content.decode()
    assert PHONE in text(tracer.get(taken))
    assert far.get(taken).status_code in (403, 404)


def test_the_first_page_says_what_waits_and_what_is_late_and_opens_nobodys_record(traced: Traced) -> None:
    client, far = traced.console.sign_in("tracer"), traced.console.sign_in("far-tracer")
    client.post(f"/can-bo/ca-benh/{traced.case}", {"act": "order", "contact": traced.contact})
    tasks, of_far = (
        browser.get("/can-bo/viec-truy-vet").content.decode().count('<article class="card') for browser in (client, far)
    )
    assert tasks > of_far
    before = traced.outbreak.rows("SELECT count(*) FROM access.log")
    page = text(client.get("/can-bo/"))
    assert (f"{tasks} việc đang mở" in page, "1 quyết định đang thi hành" in page, "quá hạn" in page) == (
        True,
        True,
        False,
    )
    assert f"{of_far} việc đang mở" in text(far.get("/can-bo/"))
    assert traced.outbreak.rows("SELECT count(*) FROM access.log") == before
    traced.outbreak.rows("UPDATE access.trace_task SET due_at = %s WHERE done_at IS NULL RETURNING id", ago(1))
    traced.outbreak.rows("UPDATE access.quarantine_order SET ordered_at = %s RETURNING id", ago(4))
    page = text(client.get("/can-bo/"))
    assert (f"{tasks} việc đã quá hạn" in page, "1 người chưa được hỏi thăm đúng ngày" in page) == (True, True)
    assert page.index("Việc truy vết", page.index("Việc hôm nay")) < page.index("Tìm người", page.index("Việc hôm nay"))
    keeper = text(traced.console.sign_in("keeper").get("/can-bo/"))
    assert ("1 quyết định đang thi hành" in keeper, "việc đang mở" in keeper) == (True, False)
    for call in ("tasks_waiting", "orders_waiting"):
        with pytest.raises(psycopg.errors.Error, match="the office is not held"):
            traced.outbreak.rows(f"SELECT * FROM access.{call}(1, 999999)")


def test_a_task_is_handed_over_by_the_name_of_an_area_and_what_may_mean_several_is_asked_back(traced: Traced) -> None:
    client = traced.console.sign_in("tracer")
    ((number, held_by),) = traced.outbreak.rows(
        "SELECT id, owner_area FROM access.trace_task WHERE person_id = %s AND done_at IS NULL LIMIT 1", AN
    )
    sent = {"number": number, "step": "handed", "words": "Người này đang ở trong ấy với con"}
    answer = client.post("/can-bo/viec-truy-vet", {**sent, "to_area": "Phường 5"})
    assert (answer.status_code, "Có nhiều nơi tên như vậy" in text(answer)) == (422, True)
    answer = client.post("/can-bo/viec-truy-vet", {**sent, "to_area": "nơi không có"})
    assert (answer.status_code, "Không có xã, huyện, tỉnh nào" in text(answer)) == (422, True)
    answer = client.post("/can-bo/viec-truy-vet", {**sent, "to_area": "Quận 5, Thành phố Hồ Chí Minh"})
    assert answer.status_code == 302
    assert f"Đã ghi V-{number}" in text(client.get(answer.headers["Location"]))
    handed = traced.outbreak.rows("SELECT owner_area, handed_to FROM access.trace_task WHERE id = %s", number)
    assert handed == [(held_by, "774")]


def test_what_was_written_of_a_contact_is_said_and_written_again_and_an_order_goes_with_it(traced: Traced) -> None:
    client = traced.console.sign_in("tracer")
    address = f"/can-bo/ca-benh/{traced.case}/goi"
    sent = {"contact": traced.contact, "outcome": "not_a_contact", "words": "Hôm đó người này ở quê"}
    after = client.post(address, sent).headers["Location"]
    page = client.get(after)
    assert "Vừa ghi: Nguyễn Văn An – Không phải người tiếp xúc" in text(page)
    again = f"{address}?nguoi={AN}"
    assert again in page.content.decode()
    assert re.search(r"<h1>Nguyễn Văn An</h1>", client.get(again).content.decode())
    assert "Vừa ghi" not in text(client.get(f"{address}?vua-ghi=x"))
    answer = client.post(again, {**sent, "outcome": "reached", "order": "1"})
    assert answer.status_code == 302
    orders = traced.outbreak.rows("SELECT state FROM access.quarantine_order WHERE person_id = %s", AN)
    assert orders == [("open",)]
    assert "Đã gặp được" in text(client.get(answer.headers["Location"]))
    # A second order is refused and said; what was written of the call stays.
    refused = client.post(again, {**sent, "outcome": "not_reached", "order": "1"})
    assert refused.status_code == 422
    assert "errorlist" in refused.content.decode() or 'role="alert"' in refused.content.decode()
    outcomes = traced.outbreak.rows("SELECT outcome FROM access.trace_contact WHERE id = %s", traced.contact)
    assert outcomes == [("not_reached",)]
