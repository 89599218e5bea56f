"""What people are told in the app, by push and SMS, and how the many are told: counted first, by two officers."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from integration.console.made_index import AN, BINH, NOW, Console
from integration.security.people_in_sight import citizen_browser
from unit.corrections.test_states_values_and_photos import picture

DAY = datetime(2021, 11, 20, 3, 0, tzinfo=UTC)
NIGHT = datetime(2021, 11, 20, 16, 0, tzinfo=UTC)
ENDPOINT = "https://fcm.googleapis.com/fcm/send/device-of-an"
SEEN = {"kind": "vaccination", "place": "", "words": "Điểm tiêm đông quá, không giữ khoảng cách."}


class Carrier:
    """A push service and a telecom that keep what they were given."""

    def __init__(self, *, breaks: bool = False) -> None:
        self.pushed: list[str] = []
        self.sent: list[tuple[str, str]] = []
        self._breaks = breaks

    def push(self) -> Any:
        carrier = self

        class Push:
            def send(self, endpoint: str, *, now: datetime) -> None:
                from pccovid.notices.pushing import NotDelivered

                if carrier._breaks:
                    raise NotDelivered
                carrier.pushed.append(endpoint)

        return Push()

    def send(self, phone: str, text: str) -> None:
        self.sent.append((phone, text))


@pytest.fixture
def an(console: Console) -> Any:
    with console.owner() as owner:
        for table in ("feedback_step", "feedback_photo", "feedback"):
            owner.execute(f"ALTER TABLE access.{table} DISABLE TRIGGER USER; DELETE FROM access.{table};"
                          f" ALTER TABLE access.{table} ENABLE TRIGGER USER")  # fmt: skip
        owner.execute(
            "DELETE FROM access.notice; DELETE FROM access.push_subscription; DELETE FROM access.notice_choice;"
            " DELETE FROM access.mass_notice"
        )
    return citizen_browser(console, AN)


def tells(console: Console, carrier: Carrier, at: datetime = DAY) -> int:
    from pccovid.notices.sending import send_waiting

    with console.made.connect("jobs", autocommit=True) as jobs:
        return send_waiting(jobs, push=carrier.push(), sms=carrier, now=at)


def new_for(console: Console, person: UUID) -> int:
    with console.owner() as owner:
        row = owner.execute(
            "SELECT count(*) FROM access.notice WHERE person_id = %s AND read_at IS NULL", [person]
        ).fetchone()
    assert row
    return int(row[0])


def answered(console: Console, an: Any) -> str:
    """An sends feedback and the station answers; returns its address at the desk."""
    assert an.post("/phan-anh", SEEN).status_code == 302
    station = console.sign_in("station")
    (address,) = set(re.findall(r"/can-bo/phan-anh/\d+", station.get("/can-bo/phan-anh").text))
    assert station.post(address, {"act": "answer", "told": "Trạm đã chia thêm khung giờ."}).status_code == 302
    return address


def test_feedback_reaches_the_commune_without_a_name_and_the_answer_comes_back(console: Console, an: Any) -> None:
    photo = SimpleUploadedFile("a.jpg", picture(), "image/jpeg")
    assert an.post("/phan-anh", {**SEEN, "photo": photo}).status_code == 302
    station = console.sign_in("station")
    (address,) = set(re.findall(r"/can-bo/phan-anh/\d+", station.get("/can-bo/phan-anh").text))
    page = station.get(address).text
    assert SEEN["words"] in page
    assert not re.search("Nguyễn Văn An|0912000001|001090000001", page)
    (image,) = re.findall(rf'src="({address}/anh/\d+)"', page)
    assert station.get(image).content[:2] == b"\xff\xd8"
    assert station.post(address, {"act": "answer", "told": "Trạm đã chia thêm khung giờ."}).status_code == 302
    shown = an.get("/phan-anh").text
    assert "Trạm đã chia thêm khung giờ." in shown
    assert "Cán bộ station" not in shown
    with console.owner() as owner:
        assert owner.execute("SELECT count(*) FROM access.feedback_step WHERE act = 'read'").fetchone() >= (2,)


def test_feedback_goes_to_the_commune_that_its_place_names_and_can_be_handed_over(console: Console, an: Any) -> None:
    place = "chợ Đồng Xuân, phường Đồng Xuân, quận Hoàn Kiếm, Hà Nội"
    an.post("/phan-anh", {**SEEN, "place": place})
    an.post("/phan-anh", {**SEEN, "kind": "crowd", "place": "chợ"})
    with console.owner() as owner:
        rows = owner.execute("SELECT role, area_code FROM access.feedback ORDER BY id").fetchall()
    assert rows[0][0] == "health_station"
    assert rows[0][1] not in (None, "00001")
    assert rows[1] == ("commune_police", "00001")
    police, station = console.sign_in("police"), console.sign_in("station")
    assert "PA-" not in station.get("/can-bo/phan-anh").text
    (address,) = set(re.findall(r"/can-bo/phan-anh/\d+", police.get("/can-bo/phan-anh").text))
    assert station.get(address).status_code == 404
    assert police.post(address, {"act": "hand_over", "note": "Việc của trạm y tế"}).status_code == 302
    assert police.get(address).status_code == 404
    assert station.get(address).status_code == 200


@pytest.mark.parametrize("given", [{"words": "ngắn"}, {"kind": "spam"}, {"kind": ""}])
def test_feedback_without_kind_or_words_is_not_taken(console: Console, an: Any, given: dict[str, str]) -> None:
    assert an.post("/phan-anh", {**SEEN, **given}).status_code == 422


def test_an_answer_is_news_on_the_home_page_until_it_was_seen(console: Console, an: Any) -> None:
    answered(console, an)
    assert "1 điều mới" in an.get("/ho-so").text
    assert "Phản ánh của bạn đã được trả lời" in an.get("/thong-bao").text
    assert an.post("/thong-bao", {"act": "read"}).status_code == 302
    assert "điều mới</a>" not in an.get("/ho-so").text
    assert new_for(console, BINH) == 0


def test_a_device_that_asked_is_pushed_once_and_not_at_night(console: Console, an: Any) -> None:
    assert an.post("/thong-bao", {"act": "push", "endpoint": ENDPOINT}).status_code == 302
    answered(console, an)
    carrier = Carrier()
    assert tells(console, carrier, NIGHT) == 0
    assert tells(console, carrier) == 1
    assert tells(console, carrier) == 0
    assert carrier.pushed == [ENDPOINT]
    with console.owner() as owner:
        ((sealed,),) = owner.execute("SELECT sealed FROM access.push_subscription").fetchall()
    assert "fcm" not in sealed


def test_an_endpoint_that_is_no_push_service_is_refused(console: Console, an: Any) -> None:
    assert an.post("/thong-bao", {"act": "push", "endpoint": "https://127.0.0.1/admin"}).status_code == 422


def test_a_device_passes_to_whoever_signs_in_on_it_next(console: Console, an: Any) -> None:
    an.post("/thong-bao", {"act": "push", "endpoint": ENDPOINT})
    citizen_browser(console, BINH).post("/thong-bao", {"act": "push", "endpoint": ENDPOINT})
    answered(console, an)
    assert tells(console, Carrier()) == 0


def test_who_has_no_device_that_answers_gets_an_sms_that_says_nothing(console: Console, an: Any) -> None:
    assert an.post("/thong-bao", {"act": "sms", "phone": "0912 000 001"}).status_code == 302
    an.post("/thong-bao", {"act": "push", "endpoint": ENDPOINT})
    answered(console, an)
    carrier = Carrier(breaks=True)
    assert tells(console, carrier) == 1
    ((phone, text),) = carrier.sent
    assert phone == "0912000001"
    assert text.isascii()
    assert not re.search("An|Nguyen|tiem|khung gio|phan anh", text)
    assert an.post("/thong-bao", {"act": "sms", "phone": "abc"}).status_code == 422


def test_web_cannot_ask_whom_to_notify(console: Console, an: Any) -> None:
    import psycopg

    with console.made.connect("web") as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute("SELECT * FROM access.people_to_notify(1)")


def propose(console: Console) -> int:
    station = console.sign_in("station")
    assert "Đếm thử: 1 người" in station.get("/can-bo/thong-bao").text
    words = {"act": "propose", "words": "Ngày mai tiêm mũi hai tại trạm y tế."}
    assert station.post("/can-bo/thong-bao", words).status_code == 302
    with console.owner() as owner:
        row = owner.execute("SELECT max(id) FROM access.mass_notice").fetchone()
    assert row
    return int(row[0])


def test_a_mass_notice_goes_out_only_after_a_second_officer_approves(console: Console, an: Any) -> None:
    number = propose(console)
    own = console.sign_in("station").post("/can-bo/thong-bao", {"act": "approve", "notice": number})
    assert own.status_code == 422
    assert new_for(console, AN) == 0
    second = console.sign_in("protector")
    assert second.post("/can-bo/thong-bao", {"act": "approve", "notice": number}).status_code == 302
    assert (new_for(console, AN), new_for(console, BINH)) == (1, 0)
    assert second.post("/can-bo/thong-bao", {"act": "approve", "notice": number}).status_code == 422
    assert "Ngày mai tiêm mũi hai" in an.get("/thong-bao").text


def test_a_count_that_has_moved_must_be_made_anew(console: Console, an: Any) -> None:
    number = propose(console)
    with console.owner() as owner:
        owner.execute("UPDATE access.mass_notice SET counted = 50")
    answer = console.sign_in("protector").post("/can-bo/thong-bao", {"act": "approve", "notice": number})
    assert answer.status_code == 422
    assert "Đề nghị lại" in answer.text
    assert new_for(console, AN) == 0


def test_an_office_of_another_area_approves_nothing_and_a_withdrawn_one_stays_so(console: Console, an: Any) -> None:
    from pccovid.officers.operations import appoint

    number = propose(console)
    with console.owner() as owner:
        account = owner.execute("SELECT id FROM auth_user WHERE username = 'far-police'").fetchone()
        assert account
        appoint(owner, officer=account[0], role="health_station", area="27259", office="Trạm khác", by="t",
                now=NOW + timedelta(minutes=1))  # fmt: skip
    far = console.sign_in("far-police")
    for chosen in re.findall(r'name="appointment" value="(\d+)"', far.get("/can-bo/chuc-vu").text):
        far.post("/can-bo/chuc-vu", {"appointment": chosen})
        assert far.post("/can-bo/thong-bao", {"act": "approve", "notice": number}).status_code in (403, 422)
    station = console.sign_in("station")
    assert station.post("/can-bo/thong-bao", {"act": "withdraw", "notice": number}).status_code == 302
    answer = console.sign_in("protector").post("/can-bo/thong-bao", {"act": "approve", "notice": number})
    assert answer.status_code == 422
    assert new_for(console, AN) == 0


def test_a_mass_notice_reaches_exactly_those_whom_an_officer_of_the_area_would_find(console: Console, an: Any) -> None:
    with console.owner() as owner:
        for area in ("00001", "001", "01", "79", "27259", "56"):
            everybody = owner.execute(
                "SELECT array_agg(id ORDER BY id) FROM people_person WHERE access.person_lies_in(id, %s)", [area]
            ).fetchone()
            told = owner.execute("SELECT array_agg(p ORDER BY p) FROM access.who_lives_in(%s) p", [area]).fetchone()
            assert told == everybody, area
