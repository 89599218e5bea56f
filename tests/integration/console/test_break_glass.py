"""Break-glass: one person, a quarter of an hour, a reason, logged as such, seen by the person, reviewed by another."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import psycopg
import pytest

from integration.console.made_index import AN, BINH, NOW, Console
from integration.security.people_in_sight import citizen_browser

PAGE = "/can-bo/khan-cap"
REASON = "Người bệnh bất tỉnh được đưa vào trạm, cần biết tiền sử ngay"
BINH_TYPED = {"reason": REASON, "number": "079190000002", "name": "Trần Thị Bình", "birth": "17/05/1990"}


def broken(console: Console, client: Any) -> str:
    answer = client.post(PAGE, BINH_TYPED)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def account_of(console: Console, username: str) -> int:
    with console.owner() as owner:
        return (owner.execute("SELECT id FROM auth_user WHERE username = %s", [username]).fetchone() or (0,))[0]


def opened_as_glass(console: Console, officer: int, person: UUID, case: str) -> None:
    """What a web process taken over might try: open any person as the emergency office."""
    from pccovid.foundation import access

    with access.open(
        access.officer(officer, "break_glass"), purpose="break_glass", legal_basis="x",
        scope=access.persons(person, within=None), case=case,
    ):  # fmt: skip
        pass


def test_a_record_outside_the_area_opens_with_a_reason_and_says_so_loudly(console: Console) -> None:
    client = console.sign_in("station")
    assert client.get(f"/can-bo/nguoi/{BINH}").status_code in (302, 404)
    page = client.get(broken(console, client)).content.decode()
    for expected in ("Trần Thị Bình", "LOT-77", REASON, "Hồ sơ mở khẩn cấp, đến"):
        assert expected in page, expected
    assert "CHỢ-ĐỒNG-XUÂN" not in page


def test_the_person_sees_that_it_was_an_emergency_opening(console: Console) -> None:
    client = console.sign_in("station")
    case = "KC-" + broken(console, client).rpartition("/")[2]
    client.get(f"{PAGE}/{case[3:]}")
    looks = console.shown_to(BINH)
    assert looks[0] == ("break_glass", case, ["identity"])
    assert looks[1][:2] == ("break_glass", case)
    assert "vaccination" in looks[1][2]
    own_view = citizen_browser(console, BINH).get("/ai-da-xem").content.decode()
    assert "Cán bộ mở khẩn cấp" in own_view
    assert case in own_view


@pytest.mark.parametrize("change", [{"reason": "gấp"}, {"number": "079190000099"}, {"name": "Trần Văn Khác"},
                                    {"birth": "18/05/1990"}, {"name": ""}])  # fmt: skip
def test_without_reason_or_with_anything_wrong_nothing_opens(console: Console, change: dict[str, str]) -> None:
    answer = console.sign_in("station").post(PAGE, {**BINH_TYPED, **change})
    assert answer.status_code == 422
    assert console.shown_to(BINH) == []


def test_a_glass_is_for_one_person_and_its_officer_alone(console: Console) -> None:
    from pccovid.foundation.access import AccessRefused

    client = console.sign_in("station")
    path = broken(console, client)
    case = "KC-" + path.rpartition("/")[2]
    assert console.sign_in("police").get(path).status_code == 404
    opened_as_glass(console, account_of(console, "station"), BINH, case)
    for officer, person, other_case in (
        ("station", AN, case), ("police", BINH, case), ("station", BINH, "KC-0"), ("station", BINH, "")
    ):  # fmt: skip
        with pytest.raises(AccessRefused):
            opened_as_glass(console, account_of(console, officer), person, other_case)


def test_it_closes_with_the_office_it_was_broken_from(console: Console) -> None:
    from pccovid.foundation.access import AccessRefused

    case = "KC-" + broken(console, console.sign_in("station")).rpartition("/")[2]
    station = account_of(console, "station")
    opened_as_glass(console, station, BINH, case)
    with console.owner() as owner:
        owner.execute(
            "UPDATE access.appointment SET valid_to = now() WHERE officer_id = %s AND role = 'health_station'",
            [station],
        )
    with pytest.raises(AccessRefused):
        opened_as_glass(console, station, BINH, case)


def test_it_closes_after_a_quarter_of_an_hour(console: Console) -> None:
    client = console.sign_in("station")
    path = broken(console, client)
    with console.owner() as owner:
        (minutes,) = owner.execute(
            "SELECT extract(epoch FROM ends_at - broken_at) / 60 FROM access.break_glass"
        ).fetchone() or (0,)
        assert minutes == pytest.approx(15, abs=0.01)
        owner.execute("ALTER TABLE access.break_glass DISABLE TRIGGER break_glass_is_kept")
        owner.execute("UPDATE access.break_glass SET ends_at = now()")
        owner.execute("ALTER TABLE access.break_glass ENABLE TRIGGER break_glass_is_kept")
    assert client.get(path).status_code == 404


def test_a_glass_cannot_be_mended_or_swept_away(console: Console) -> None:
    broken(console, console.sign_in("station"))
    with console.owner() as owner:
        for statement in (
            "UPDATE access.break_glass SET reason = 'không có gì đáng nói cả, thật đấy'",
            f"UPDATE access.break_glass SET person_id = '{AN}'",
            "DELETE FROM access.break_glass",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                owner.execute(statement)


def test_five_in_a_day_are_enough(console: Console) -> None:
    client = console.sign_in("station")
    for _ in range(5):
        broken(console, client)
    answer = client.post(PAGE, BINH_TYPED)
    assert answer.status_code == 422
    assert "năm lần" in answer.content.decode()


def test_an_inspector_of_the_area_reviews_it_once_and_nobody_else_does(console: Console) -> None:
    from pccovid.officers.break_glass import glasses_to_review, review
    from pccovid.officers.database import Refused

    glass = int(broken(console, console.sign_in("station")).rpartition("/")[2])
    with console.owner() as owner:
        for username, area in (("police", "01"), ("far-police", "79"), ("station", "01")):
            owner.execute(
                "INSERT INTO access.appointment (officer_id, role, area_code, office, valid_from, appointed_by)"
                " VALUES (%s, 'inspector', %s, 'Thanh tra', %s, 'test')",
                [account_of(console, username), area, NOW],
            )
    inspector = account_of(console, "police")
    for other in ("far-police", "station", "tracer"):
        assert glasses_to_review(inspector=account_of(console, other)) == ()
        with pytest.raises(Refused, match="PC411"):
            review(inspector=account_of(console, other), glass=glass, outcome="justified", note="")
    (waiting,) = glasses_to_review(inspector=inspector)
    assert (waiting.id, waiting.reason, waiting.person, waiting.outcome) == (glass, REASON, BINH, None)
    review(inspector=inspector, glass=glass, outcome="unjustified", note="không có bệnh án")
    with pytest.raises(Refused, match="PC411"):
        review(inspector=inspector, glass=glass, outcome="justified", note="")
    assert re.search(r"không có căn cứ", console.sign_in("station").get(PAGE).content.decode())
