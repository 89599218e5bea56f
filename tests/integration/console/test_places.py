"""The commune's places: registered, taken up from earlier systems, found twice; another commune's are out of sight."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from integration.console.made_index import Console

PLACE = {"act": "register", "name": "Chợ Phúc Xá", "kind": "market", "commune": "00001", "address": "1 Phúc Xá"}


def registered(client: object, **changes: str) -> str:
    answer = client.post("/can-bo/dia-diem", {**PLACE, **changes})  # type: ignore[attr-defined]
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def test_the_commune_registers_a_place_prints_its_poster_and_closes_it(console: Console) -> None:
    police = console.sign_in("police")
    place = registered(police)
    page = police.get(place).content.decode()
    assert "Chợ Phúc Xá" in page
    assert police.get(f"{place}/to-dan/15cm").status_code == 200
    assert police.post(place, {"act": "closed"}).status_code == 302
    assert police.post(place, {"act": "closed"}).status_code == 409
    assert police.post(place, {"act": "opened_again"}).status_code == 302


def test_another_communes_office_neither_sees_nor_changes_it(console: Console) -> None:
    place = registered(console.sign_in("police"))
    far = console.sign_in("far-police")
    assert far.get(place).status_code == far.post(place, {"act": "closed"}).status_code == 404
    assert "Chợ Phúc Xá" not in far.get("/can-bo/dia-diem").content.decode()
    assert far.post("/can-bo/dia-diem", PLACE).status_code == 422


def test_a_place_of_an_earlier_system_is_taken_up_once_under_its_key(console: Console) -> None:
    key = f"CŨ-{uuid4().hex[:8]}"
    with console.owner() as owner:
        owner.execute(
            "INSERT INTO movement_place (id, record_id, source_record_id, place_key, name, kind, commune_code, address,"
            " registrant_name, recorded_at) VALUES (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), %s,"
            " 'Siêu thị Cũ', 'shop', '00001', '5 Cũ', 'Tên Người Đăng Ký', %s)",
            [key, datetime.now(UTC)],
        )
    police = console.sign_in("police")
    assert "Siêu thị Cũ" in (page := police.get("/can-bo/dia-diem").content.decode())
    assert "Tên Người Đăng Ký" not in page
    taken = {"act": "take_up", "key": key, "kind": "supermarket"}
    assert police.post("/can-bo/dia-diem", taken).status_code == 302
    assert police.post("/can-bo/dia-diem", taken).status_code == 422
    with console.owner() as owner:
        rows = owner.execute("SELECT kind, registered_by FROM access.place WHERE place_key = %s", [key]).fetchall()
        owner.execute("DELETE FROM movement_place WHERE place_key = %s", [key])
    assert rows == [("supermarket", "carried")]


def test_entries_that_look_alike_are_shown_and_joined_so_that_both_posters_lead_to_one(console: Console) -> None:
    police = console.sign_in("police")
    one = registered(police, name="Quán Phở Bà Tư", address="12 Hàng Bún")
    other = registered(police, name="QUAN PHO BA TU", address="số 12 đường Hàng Bún")
    registered(police, name="Quán Phở Bà Tư", address="21 Hàng Bún")
    page = police.get("/can-bo/dia-diem").content.decode()
    assert page.count("12 Hàng Bún</a> ·") + page.count("Hàng Bún</a></li>") >= 1
    assert police.post(other, {"act": "found_same", "other": one[-36:]}).status_code == 302
    assert police.post(one, {"act": "found_same", "other": other[-36:]}).status_code == 409
    with console.made.connect("web") as web:
        shown = {web.execute("SELECT id FROM access.place_shown(%s)", [at[-36:]]).fetchone() for at in (one, other)}
    assert len(shown) == 1


def test_a_scanner_is_added_for_the_place_and_only_its_hash_is_kept(console: Console) -> None:
    from pccovid.web.scan_lane.postgres import hash_of

    police = console.sign_in("police")
    place = registered(police)
    page = police.post(place, {"act": "scanner", "name": "Cổng chính"}).content.decode()
    secret = page.split("/may-quet#s=")[1].split("&amp;")[0]
    with console.owner() as owner:
        row = owner.execute("SELECT name, key_hash FROM access.scan_device WHERE key_hash = %s", [hash_of(secret)])
        assert row.fetchone() == ("Cổng chính", hash_of(secret))


def test_a_paper_list_is_typed_in_once_and_lines_that_cannot_be_read_come_back(console: Console) -> None:
    from django.utils import timezone

    police = console.sign_in("police")
    place = registered(police)
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    lines = "001090000001; Nguyễn Văn An; 1990; 8:05; 9h30\nkhông đọc được\n079 190 000 002; Trần Thị Bình; 1990; 8:10"
    for added in (3, 0):
        answer = police.post(place, {"act": "paper", "on": yesterday, "lines": lines})
        page = answer.content.decode()
        assert (answer.status_code, f"Đã ghi {added} lượt" in page) == (422, True)
        assert ">không đọc được</textarea>" in page
        assert "Nguyễn Văn An; 1990" not in page.split("<textarea")[1]
    with console.owner() as owner:
        kept = owner.execute("SELECT way, content FROM access.scan_inbox WHERE kind = 2 ORDER BY way").fetchall()
    assert [way for way, _ in kept] == [0, 0, 1]
    assert all(b"001090000001" not in bytes(content) for _, content in kept)
    for on in ("2020-01-01", (timezone.localdate() + timedelta(days=2)).isoformat(), "x"):
        assert police.post(place, {"act": "paper", "on": on, "lines": lines}).status_code == 422


@pytest.mark.parametrize(
    "change",
    ["UPDATE access.place_step SET step = 'closed'", "DELETE FROM access.place_step", "TRUNCATE access.place_step"],
)
def test_what_was_done_to_places_is_only_added_to_even_by_the_owner(console: Console, change: str) -> None:
    registered(console.sign_in("police"))
    with console.owner() as owner, pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner.execute(change)
