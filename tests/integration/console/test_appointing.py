"""Appointing by superiors, held by the database: only one's own office, area and term; and its pages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integration.console.made_index import OFFICERS, PASSWORD, Console

PAGE = "/can-bo/bo-nhiem"


def soon(days: int = 30) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


class Staffing:
    """A tracer of Hà Nội who is its head for sixty days, and what is asked in their name."""

    def __init__(self, console: Console) -> None:
        self.console = console
        with console.owner() as owner:
            self.accounts = dict(owner.execute("SELECT username, id FROM auth_user").fetchall())
            self.head = self.accounts["tracer"]
            (self.through,) = owner.execute(
                "UPDATE access.appointment SET is_head = true, valid_to = now() + interval '60 days'"
                " WHERE officer_id = %s RETURNING id",
                [self.head],
            ).fetchone() or (0,)

    def appoints(self, username: str = "station", area: str | None = "00001", **other: Any) -> int:
        from pccovid.officers.appointing import appoint_under

        asked = {"head": self.head, "through": self.through, "office": "Đội truy vết", "until": soon(),
                 "as_head": False, **other}  # fmt: skip
        return appoint_under(officer=self.accounts[username], area=area, **asked)

    def offices(self, username: str) -> list[tuple[str, str | None]]:
        from pccovid.officers.queries import appointments_of

        return [(one.role, one.area) for one in appointments_of(self.accounts[username])]


@pytest.fixture
def staffing(console: Console) -> Staffing:
    return Staffing(console)


def refused_with(code: str) -> Any:
    from pccovid.officers.database import Refused

    return pytest.raises(Refused, match=code)


def test_a_head_gives_the_office_on_within_the_area(staffing: Staffing) -> None:
    staffing.appoints("station", "00001")
    assert ("tracer", "00001") in staffing.offices("station")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"area": "27259"}, "PC402"),
        ({"area": "79"}, "PC402"),
        ({"area": None}, "PC402"),
        ({"area": "no-such"}, "PC402"),
        ({"until": soon(61)}, "PC403"),
        ({"until": soon(-1)}, "PC403"),
        ({"username": "tracer"}, "PC404"),
        ({"area": "01", "as_head": True}, "PC406"),
    ],
)
def test_nobody_grants_beyond_their_own_area_date_or_person(
    staffing: Staffing, change: dict[str, Any], code: str
) -> None:
    with refused_with(code):
        staffing.appoints(**change)


def test_no_office_is_given_longer_than_its_longest_term(staffing: Staffing) -> None:
    with staffing.console.owner() as owner:
        owner.execute("UPDATE access.appointment SET valid_to = NULL WHERE id = %s", [staffing.through])
    with refused_with("PC403"):
        staffing.appoints(until=soon(181))
    staffing.appoints(until=soon(179))


@pytest.mark.parametrize("username", sorted(set(OFFICERS) - {"tracer"}))
def test_only_heads_appoint_and_only_through_their_own_office(staffing: Staffing, username: str) -> None:
    with refused_with("PC401"):
        staffing.appoints("far-police", head=staffing.accounts[username])


def test_a_dismissed_head_appoints_nobody(staffing: Staffing) -> None:
    with staffing.console.owner() as owner:
        owner.execute("UPDATE access.appointment SET valid_to = now() WHERE id = %s", [staffing.through])
    with refused_with("PC401"):
        staffing.appoints()


def test_what_was_given_on_can_be_given_on_only_by_heads_of_smaller_areas(staffing: Staffing) -> None:
    plain = staffing.appoints("station", "001")
    with refused_with("PC401"):
        staffing.appoints("police", "00001", head=staffing.accounts["station"], through=plain)
    district = staffing.appoints("police", "001", as_head=True)
    staffing.appoints("far-police", "00001", head=staffing.accounts["police"], through=district, until=soon(20))
    with refused_with("PC402"):
        staffing.appoints("station", "01", head=staffing.accounts["police"], through=district)


def test_ending_an_appointment_puts_its_holder_out_at_once(staffing: Staffing) -> None:
    from pccovid.officers.appointing import end_appointment

    with staffing.console.owner() as owner:
        owner.execute("DELETE FROM access.appointment WHERE officer_id = %s", [staffing.accounts["station"]])
    given = staffing.appoints("station", "00001")
    client = staffing.console.sign_in("station")
    assert client.get("/can-bo/").status_code == 200
    end_appointment(head=staffing.head, through=staffing.through, appointment=given, why="thôi việc")
    assert client.get("/can-bo/").status_code == 302
    assert "officer" not in client.session
    again = staffing.console.browser().post("/can-bo/dang-nhap", {"username": "station", "password": PASSWORD})
    assert again.status_code == 200


def test_a_head_ends_and_resets_nobody_outside_the_authority(staffing: Staffing) -> None:
    from pccovid.officers.appointing import end_appointment, reset_officer

    with staffing.console.owner() as owner:
        others = owner.execute("SELECT id FROM access.appointment WHERE id <> %s", [staffing.through]).fetchall()
    for (appointment,) in others:
        with refused_with("PC402"):
            end_appointment(head=staffing.head, through=staffing.through, appointment=appointment, why="")
    staffing.appoints("station", "00001")  # who is a health station as well
    with refused_with("PC402"):
        reset_officer(head=staffing.head, through=staffing.through, officer=staffing.accounts["station"])


def test_a_new_officer_is_opened_appointed_and_signs_in_for_the_first_time(staffing: Staffing) -> None:
    head = staffing.console.sign_in("tracer")
    until = f"{soon(20):%Y-%m-%d}"
    answer = head.post(
        PAGE, {"username": "hoa-moi", "full_name": "Lê Hoa", "area": "00001", "office": "Trạm", "until": until}
    )
    password = re.search(r"<dt>Mật khẩu</dt><dd class=\"code\">([^<]+)<", answer.content.decode())
    assert password
    assert "hoa-moi" in head.get(PAGE).content.decode()
    client = staffing.console.browser()
    client.post("/can-bo/dang-nhap", {"username": "hoa-moi", "password": password.group(1)})
    assert client.get("/can-bo/dang-nhap/thiet-lap").headers["Location"] == "/can-bo/dang-nhap/mat-khau-moi"
    kept = client.post("/can-bo/dang-nhap/mat-khau-moi", {"password": password.group(1)})
    assert "Chọn mật khẩu khác" in kept.content.decode()
    assert client.post("/can-bo/dang-nhap/mat-khau-moi", {"password": "gà trống gáy sáng"}).status_code == 302
    assert client.get("/can-bo/dang-nhap/thiet-lap").status_code == 200


def test_the_page_says_what_was_refused_and_is_for_heads_only(staffing: Staffing) -> None:
    head = staffing.console.sign_in("tracer")
    asked = {"username": "station", "area": "00001", "office": "Trạm", "until": f"{soon(90):%Y-%m-%d}"}
    assert "Dài hơn thời hạn" in head.post(PAGE, asked).content.decode()
    assert head.post(PAGE, {**asked, "area": "27259"}).status_code == 422
    assert staffing.console.sign_in("station").get(PAGE).status_code == 403


def test_every_act_is_logged_with_who_did_it(staffing: Staffing) -> None:
    given = staffing.appoints("station", "00001")
    with staffing.console.owner() as owner:
        acts = owner.execute(
            "SELECT by_officer, act, officer_id FROM access.officer_act WHERE appointment_id = %s", [given]
        ).fetchall()
    assert acts == [(staffing.head, "appointed", staffing.accounts["station"])]


def test_every_office_has_its_term_in_the_database(console: Console) -> None:
    from pccovid.officers.offices import OFFICES

    with console.owner() as owner:
        kept = owner.execute("SELECT role, longest_days, needs_area FROM access.office_term").fetchall()
    assert {row[0]: row[1:] for row in kept} == {
        role: (office.longest_days, office.needs_area) for role, office in OFFICES.items()
    }
