"""A health station prints the card of paper of somebody without a phone."""

from __future__ import annotations

from integration.console.made_index import AN, BINH, Console
from integration.security.people_in_sight import citizen_browser


def test_a_station_prints_the_masked_card_of_its_people_and_they_see_it(console: Console) -> None:
    with console.owner() as owner:
        # Other tests of this folder correct it.
        (name,) = owner.execute("SELECT name FROM people_person WHERE id = %s", [AN]).fetchone() or ("",)
    station = console.sign_in("station")
    page = station.get(f"/can-bo/nguoi/{AN}/the-giay").text
    assert name in page
    assert page.count("<svg") >= 2
    assert "001090000001" not in page
    assert "in thẻ giấy" in citizen_browser(console, AN).get("/ai-da-xem").text


def test_nobody_of_another_area_is_printed_and_no_other_office_prints(console: Console) -> None:
    assert console.sign_in("station").get(f"/can-bo/nguoi/{BINH}/the-giay").status_code == 404
    for office in ("police", "steward", "tracer"):
        assert console.sign_in(office).get(f"/can-bo/nguoi/{AN}/the-giay").status_code == 403
