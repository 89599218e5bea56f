"""Registering a place, its poster, checking in by its link, and codes that say nothing to others."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from conftest import MadeDatabase
from integration.citizen.made_people import Index
from integration.citizen.visiting import Visitor

PHONE, NAME, BORN = "0912345678", "Nguyễn Thị Chủ Quán", date(1980, 2, 3)
PLACE = {"name": "Quán Phở Bà Tư", "kind": "restaurant", "address": "12 Hàng Bún, Phường Phúc Xá, Quận Ba Đình, Hà Nội"}


def keeper(index: Index, visitor: Visitor) -> UUID:
    """Somebody who has signed in by a phone code."""
    person = index.person(NAME, BORN, PHONE)
    index.identified_by(person, "001180012345")
    assert visitor.signs_in(PHONE, NAME, BORN).status_code == 302
    return person


def child_of(index: Index, database: MadeDatabase, guardian: UUID) -> UUID:
    child = index.person("Trần Bé Út", date(2019, 5, 6))
    with database.connect("owner") as owner:
        row = owner.execute("SELECT record_id FROM people_recordclaim WHERE person_id = %s", [guardian]).fetchone()
    assert row is not None
    index.fact(
        "people_relationship", child, system="vneid", provenance="official", kind="guardian", other_system="vneid",
        other_kind="vneid", other_key="x", other_record_id=row[0],
    )  # fmt: skip
    return child


def registered(visitor: Visitor, **changes: str) -> str:
    """The address of a fresh place's page."""
    answer = visitor.client.post("/dia-diem", {**PLACE, **changes})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def link_on_poster(visitor: Visitor, place: str) -> str:
    """The path that the poster's code leads to, taken from the place's own number as the page does."""
    from pccovid.personal_codes.keys import code_keys
    from pccovid.personal_codes.rules import poster_code

    page = visitor.client.get(f"{place}/to-dan/a4")
    assert (page.status_code, page.content.count(b"<svg")) >= (200, 1)
    return f"/d/{poster_code(code_keys(), UUID(place.rsplit('/', 1)[1]))}"


def inbox(database: MadeDatabase) -> list[tuple[Any, ...]]:
    with database.connect("owner") as owner:
        return owner.execute(
            "SELECT person_id, way, place_key FROM access.scan_inbox ORDER BY way, person_id"
        ).fetchall()


def test_a_citizen_registers_a_place_and_prints_its_poster(
    index: Index, visitor: Visitor, database: MadeDatabase
) -> None:
    keeper(index, visitor)
    place = registered(visitor)
    page = visitor.client.get(place).content.decode()
    assert "Quán Phở Bà Tư" in page
    assert "Phường Phúc Xá" in page
    for size in ("a4", "15cm"):
        assert visitor.client.get(f"{place}/to-dan/{size}").status_code == 200
    assert visitor.client.get(f"{place}/to-dan/a0").status_code == 404
    with database.connect("owner") as owner:
        row = owner.execute("SELECT commune_code, kind FROM movement_place").fetchone()
    assert row == ("00001", "restaurant")


@pytest.mark.parametrize(
    "change", [{"name": ""}, {"kind": "castle"}, {"address": "ở quê"}, {"address": ""}, {"name": "x" * 201}]
)
def test_what_is_no_place_is_not_registered(index: Index, visitor: Visitor, change: dict[str, str]) -> None:
    keeper(index, visitor)
    assert visitor.client.post("/dia-diem", {**PLACE, **change}).status_code == 422


def test_the_whole_family_checks_in_at_once_and_twice_pressed_is_once(
    index: Index, visitor: Visitor, database: MadeDatabase
) -> None:
    me = keeper(index, visitor)
    child = child_of(index, database, me)
    link = link_on_poster(visitor, registered(visitor))
    page = visitor.client.get(link).content.decode()
    assert "Trần Bé Út" in page
    scan = re.search(r'name="scan" value="([0-9a-f-]+)"', page)
    assert scan
    for _ in range(2):
        answer = visitor.client.post(link, {"way": "in", "who": ["0", "1"], "scan": scan[1]})
        assert answer.status_code == 200
        assert "Trần Bé Út" in answer.content.decode()
    assert {(person, way) for person, way, _ in inbox(database)} == {(me, 0), (child, 0)}
    assert len(inbox(database)) == 2
    visitor.client.post(link, {"way": "out", "who": ["1"], "scan": scan[1]})
    assert (child, 1) in {(person, way) for person, way, _ in inbox(database)}


def test_aboard_a_vehicle_the_check_in_is_a_journey_on_a_seat(
    index: Index, visitor: Visitor, database: MadeDatabase
) -> None:
    from pccovid.movement.folding import fold_scans
    from pccovid.personal_codes.keys import code_keys

    me = keeper(index, visitor)
    link = link_on_poster(visitor, registered(visitor, name="29B-123.45", kind="vehicle"))
    assert "Ghế của tôi" in visitor.client.get(link).content.decode()
    sent = {"way": "in", "who": ["0"], "seat_0": " 12A ", "scan": "00000000-0000-0000-0000-000000000005"}
    assert visitor.client.post(link, sent).status_code == 200
    with database.connect("jobs", autocommit=True) as jobs:
        assert fold_scans(jobs, code_keys(), now=datetime.now(UTC)).visits == 1
    with database.connect("owner") as owner:
        trips = owner.execute("SELECT person_id, vehicle_number, seat FROM movement_trip").fetchall()
        visits = owner.execute("SELECT person_id, via, provenance FROM movement_visit").fetchall()
        left = owner.execute("SELECT person_id, vehicle, seat FROM access.scan_inbox").fetchall()
    assert (trips, visits) == ([(me, "29B-123.45", "12A")], [(me, "own_page", "self_declared")])
    assert left == [(None, None, None)]
    assert "29B-123.45" in visitor.client.get("/ho-so/di-lai").content.decode()


def test_nobody_is_checked_in_who_is_not_ones_own(index: Index, visitor: Visitor, database: MadeDatabase) -> None:
    me = keeper(index, visitor)
    other = index.person("Người Khác", date(1990, 1, 1))
    place = registered(visitor).rsplit("/", 1)[1]
    with database.connect("web") as web:
        web.execute("SELECT access.open('citizen', %s, '', 'own_record', 'x', 'own', ARRAY[%s]::uuid[])", [str(me), me])
        with pytest.raises(psycopg.DatabaseError) as refused:
            web.execute("SELECT access.check_in(%s, %s, 0, gen_random_uuid())", [place, [other]])
    assert refused.value.sqlstate == "PC461"
    link = link_on_poster(visitor, f"/dia-diem/{place}")
    for wrong in ({"who": ["7"]}, {"who": []}, {"way": "sideways"}, {"scan": "x"}):
        sent = {"way": "in", "who": ["0"], "scan": "00000000-0000-0000-0000-000000000009", **wrong}
        assert visitor.client.post(link, sent).status_code == 422
    assert inbox(database) == []


def test_who_is_not_signed_in_comes_back_to_the_place_after_signing_in(index: Index, visitor: Visitor) -> None:
    keeper(index, visitor)
    link = link_on_poster(visitor, registered(visitor))
    guest = Visitor()
    index.person("Lê Văn Khách", date(1991, 1, 1), "0912000009")
    assert guest.client.get(link).headers["Location"] == "/"
    assert guest.signs_in("0912000009", "Lê Văn Khách", date(1991, 1, 1)).headers["Location"] == link


def test_a_code_of_no_place_is_told_and_a_closed_place_takes_nobody_in(
    index: Index, visitor: Visitor, database: MadeDatabase
) -> None:
    keeper(index, visitor)
    place = registered(visitor)
    link = link_on_poster(visitor, place)
    changed = link[:30] + ("A" if link[30] != "A" else "B") + link[31:]
    assert visitor.client.get(changed).status_code == 404
    assert visitor.client.post(place, {"act": "closed"}).status_code == 302
    sent = {"way": "in", "who": ["0"], "scan": "00000000-0000-0000-0000-000000000008"}
    assert visitor.client.post(link, sent).status_code == 409
    assert inbox(database) == []
    assert visitor.client.post(place, {"act": "opened_again"}).status_code == 302
    assert visitor.client.post(link, sent).status_code == 200


def test_a_moved_place_keeps_its_poster_and_its_key(index: Index, visitor: Visitor, database: MadeDatabase) -> None:
    keeper(index, visitor)
    place = registered(visitor)
    link = link_on_poster(visitor, place)
    new = "3 Lê Lợi, Phường Bến Nghé, Quận 1, Thành phố Hồ Chí Minh"
    assert visitor.client.post(place, {"act": "moved", "address": new}).status_code == 302
    assert "Lê Lợi" in visitor.client.get(link).content.decode()
    with database.connect("owner") as owner:
        steps = owner.execute(
            "SELECT step, commune_before FROM access.place_step WHERE place_id = %s ORDER BY id", [place[-36:]]
        ).fetchall()
    assert steps == [("registered", "00001" if steps[0][1] else None), ("moved", "00001")]


def test_the_registrant_sees_how_many_came_and_nobodys_name(
    index: Index, visitor: Visitor, database: MadeDatabase
) -> None:
    keeper(index, visitor)
    place = registered(visitor)
    link = link_on_poster(visitor, place)
    guest = Visitor()
    index.person("Lê Văn Khách", date(1991, 1, 1), "0912000009")
    guest.signs_in("0912000009", "Lê Văn Khách", date(1991, 1, 1))
    guest.client.post(link, {"way": "in", "who": ["0"], "scan": "00000000-0000-0000-0000-000000000007"})
    page = visitor.client.get(place).content.decode()
    assert re.search(r'<td class="numbers">1</td>', page)
    assert "Lê Văn Khách" not in page
    assert guest.client.get(place).status_code == 404
    assert guest.client.post(place, {"act": "closed"}).status_code == 404


def test_the_shown_codes_tell_others_nothing_or_only_what_is_masked(index: Index, visitor: Visitor) -> None:
    keeper(index, visitor)
    for path in ("/ma-qr", "/ma-qr/da-che"):
        shown = visitor.client.get(path).content.decode()
        assert 'class="qr"' in shown
        assert "001180012345" not in shown
    assert "001180012345" in visitor.client.get("/ma-qr/day-du").content.decode()
    assert "001180012345" not in visitor.client.get("/ma-qr/the").content.decode()
    ahead = visitor.client.get("/ma-qr/sau-gio-toi").content.decode()
    assert ahead.count('class="qr"') == 6
    assert "001180012345" not in ahead


def test_codes_made_ahead_hold_one_after_another_for_six_hours(index: Index, visitor: Visitor) -> None:
    from pccovid.personal_codes.keys import code_keys
    from pccovid.personal_codes.rules import CodeRefused, Standing, check_for_lane, issue

    now, keys = datetime.now(UTC), code_keys()
    hour = timedelta(hours=1)
    codes = [issue(keys, UUID(int=1), Standing(True), now=now, lives=hour, ahead=n * hour) for n in range(6)]
    for minutes in range(30, 360, 60):
        holding = []
        for text in codes:
            try:
                holding.append(check_for_lane(text, keys.for_lane().macs, now=now + timedelta(minutes=minutes)))
            except CodeRefused:
                continue
        assert len(holding) == 1


def test_the_registrant_makes_a_scanner_for_a_device_and_takes_it_back(
    index: Index, visitor: Visitor, database: MadeDatabase
) -> None:
    from pccovid.web.scan_lane.postgres import hash_of

    keeper(index, visitor)
    place = registered(visitor)
    page = visitor.client.post(place, {"act": "scanner", "name": "Quầy"}).content.decode()
    found = re.search(r"/may-quet#s=([\w-]+)&amp;n=", page)
    assert found
    known = "SELECT count(*) FROM access.scan_devices() WHERE key_hash = %s"
    with database.connect("owner", autocommit=True) as owner:
        assert owner.execute(known, [hash_of(found[1])]).fetchone() == (1,)
        ((device,),) = owner.execute("SELECT id FROM access.scan_device").fetchall()
    assert found[1] not in visitor.client.get(place).content.decode()
    stranger = Visitor()
    index.person("Người Lạ", date(1970, 1, 1), "0912345670")
    stranger.signs_in("0912345670", "Người Lạ", date(1970, 1, 1))
    assert stranger.client.post(place, {"act": "no_scanner", "device": device}).status_code == 404
    assert visitor.client.post(place, {"act": "no_scanner", "device": "x"}).status_code == 422
    assert visitor.client.post(place, {"act": "no_scanner", "device": device}).status_code == 302
    with database.connect("owner", autocommit=True) as owner:
        assert owner.execute(known, [hash_of(found[1])]).fetchone() == (0,)


def guest_came(visitor: Visitor, place: str, **changes: str) -> Any:
    """The registrant asks for a code and types what the guest says."""
    page = visitor.client.post(f"{place}/khach", {"phone": "0912345671"}).content.decode()
    held = re.search(r'name="held" value="([^"]+)"', page)
    assert held
    told = {"code": visitor.reads_code(), "name": "Lê Văn Khách", "day": "3", "month": "4", "year": "1985", "way": "in"}
    return visitor.client.post(f"{place}/khach", {"held": held[1], **told, **changes})


def test_a_guest_with_a_phone_number_alone_is_written_down_with_children_and_never_shown(
    index: Index, visitor: Visitor, database: MadeDatabase
) -> None:
    keeper(index, visitor)
    place = registered(visitor)
    guest = index.person("Lê Văn Khách", date(1985, 4, 3), "0912345671")
    index.identified_by(guest, "001085012345")
    child = child_of(index, database, guest)
    answer = guest_came(visitor, place, family="on")
    page = answer.content.decode()
    assert (answer.status_code, "Đã ghi lượt" in page) == (200, True)
    assert not any(secret in page for secret in ("Lê Văn Khách", "Bé Út", "0912345671"))
    assert {row[:2] for row in inbox(database)} == {(guest, 0), (child, 0)}
    from pccovid.accounts.sandbox_inbox import newest_messages

    assert "để ghi lượt đến Quán Phở Bà Tư" in newest_messages()[0].text


@pytest.mark.parametrize("change", [{"code": "000000"}, {"name": "Lê Văn Khác"}, {"year": "1986"}, {"held": "x"}])
def test_a_guest_who_is_not_who_they_say_is_not_written_down(
    index: Index, visitor: Visitor, database: MadeDatabase, change: dict[str, str]
) -> None:
    keeper(index, visitor)
    place = registered(visitor)
    index.person("Lê Văn Khách", date(1985, 4, 3), "0912345671")
    if change == {"code": "000000"}:
        change = {"code": "999999" if guest_code(visitor, place) != "999999" else "000000"}
    assert guest_came(visitor, place, **change).status_code == 422
    assert inbox(database) == []


def guest_code(visitor: Visitor, place: str) -> str:
    visitor.client.post(f"{place}/khach", {"phone": "0912345671"})
    return visitor.reads_code()


def test_a_code_for_a_place_signs_nobody_in(index: Index, visitor: Visitor) -> None:
    keeper(index, visitor)
    place = registered(visitor)
    index.person("Lê Văn Khách", date(1985, 4, 3), "0912345671")
    code = guest_code(visitor, place)
    other = Visitor()
    other.asks_code("0912345671")
    assert other.types_code(code).status_code == 422


@pytest.mark.parametrize(
    ("ago", "status"), [(timedelta(hours=3), 200), (timedelta(days=8), 409), (-timedelta(hours=1), 409)]
)
def test_a_visit_that_a_phone_kept_counts_from_when_it_happened(
    index: Index, visitor: Visitor, database: MadeDatabase, ago: timedelta, status: int
) -> None:
    keeper(index, visitor)
    link = link_on_poster(visitor, registered(visitor))
    at = datetime.now(UTC) - ago
    kept = {"who": "0", "way": "in", "scan": "7d5b7a56-3f4e-4a1c-9d0e-0f2f7c1a9b11", "at": at.isoformat()}
    assert [visitor.client.post(link, kept).status_code for _ in range(2)] == [status, status]
    with database.connect("owner") as owner:
        rows = owner.execute("SELECT happened_at FROM access.scan_inbox").fetchall()
    assert rows == ([(at,)] if status == 200 else [])
