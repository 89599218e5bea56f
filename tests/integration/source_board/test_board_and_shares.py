"""The board of sources and the shares of verification, on pages: counts by area, alerts, nobody's record."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from integration.console.made_index import Console
from integration.source_board.made_sources import NOW, carry_over, make_sources


@pytest.fixture
def sources(console: Console) -> Console:
    with console.owner() as owner:
        make_sources(owner)
    return console


def watch(console: Console) -> tuple[str, ...]:
    from pccovid.source_board.operations import count_sources, watch_sources

    with console.made.connect("jobs", autocommit=True) as jobs:
        assert count_sources(jobs) >= 1
        return watch_sources(jobs)


def cells(page: str, label: str) -> list[str]:
    """The texts of a table's row that begins with a label."""
    (row,) = [row for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", page, re.DOTALL) if label in row]
    texts = [re.sub(r"<[^>]+>", " ", cell).split() for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)]
    return [" ".join(text) for text in texts]


def test_shares_are_shown_for_the_country_and_by_province(sources: Console) -> None:
    page = sources.sign_in("steward").get("/can-bo/xac-minh").text
    assert cells(page, "XM-") == ["101", "2", "63 63,6 %", "21 21,2 %", "10 10,1 %", "5 5,1 %"]
    assert cells(page, "Hà Nội") == ["96", "1", "60 63,2 %", "20 21,1 %", "10 10,5 %", "5 5,3 %"]
    below = sources.sign_in("steward").get("/can-bo/xac-minh", {"khu-vuc": "001"}).text
    assert cells(below, "Phúc Xá")[:2] == ["96", "1"]
    assert "Hồ Chí Minh" not in below


def test_an_office_of_a_commune_sees_its_own_and_asks_for_no_other(sources: Console) -> None:
    police = sources.sign_in("police")
    page = police.get("/can-bo/xac-minh").text
    assert cells(page, "XM-")[0] == "96"
    assert "Hồ Chí Minh" not in page
    assert police.get("/can-bo/xac-minh", {"khu-vuc": "79"}).status_code == 404
    assert police.get("/can-bo/xac-minh", {"khu-vuc": "'; --"}).status_code == 200, "what is no code asks for nothing"
    assert sources.sign_in("tracer").get("/can-bo/xac-minh").status_code == 403


def test_a_source_that_fell_silent_has_an_alert_until_it_is_fresh_again(sources: Console) -> None:
    assert watch(sources) == ("facility.bv-thu",), "the population database answered ten minutes ago"
    assert watch(sources) == (), "noticed once"
    steward = sources.sign_in("steward")
    assert "1 nguồn im lặng quá lâu" in steward.get("/can-bo/").text
    page = steward.get("/can-bo/nguon").text
    assert page.index("Bệnh viện Thử") < page.index("CSDL quốc gia về dân cư"), "stale ones first"
    assert page.count('role="alert"') == 1
    with sources.owner() as owner:
        owner.execute(
            "INSERT INTO access.exchange_message (agency_code, agreement_id, kind, digest, received, linked, new, held,"
            " rejected, unchanged) SELECT 'bv-thu', max(id), 'transaction', '\\x00', 1, 1, 0, 0, 0, 0"
            " FROM access.agreement"
        )
        owner.execute("UPDATE foundation_endpointhour SET last_answer_at = %s", [NOW - timedelta(hours=3)])
    assert watch(sources) == ("population",), "somebody waits for its answers, and none has come for hours"
    assert "Bệnh viện Thử" in steward.get("/can-bo/nguon").text
    with sources.owner() as owner:
        ended = owner.execute("SELECT source, ended_at IS NOT NULL FROM access.source_alert ORDER BY id").fetchall()
        owner.execute("UPDATE access.verification_task SET verdict = 'agree', settled_at = now()")
    assert ended == [("facility.bv-thu", True), ("population", False)]
    assert watch(sources) == (), "nobody waits: silence is no fault"


def test_the_board_tells_rates_and_completeness_and_nobodys_record(sources: Console) -> None:
    watch(sources)
    page = sources.sign_in("protector").get("/can-bo/nguon").text
    assert "100, không được 10,0 % (sai dạng 3, bị từ chối 1), trung bình 50 ms" in " ".join(page.split())
    assert "5 vào người đã có, 3 người mới, 1 giữ lại" in page
    assert re.search(r"Số giấy tờ</dt><dd class=\"numbers\">66,7 %", page), "two of three made records have a number"
    for forbidden in ("Nguyễn Văn An", "001090000001", "0912000001"):
        assert forbidden not in page
    assert sources.sign_in("police").get("/can-bo/nguon").status_code == 403


@pytest.mark.parametrize("path", ["/can-bo/nguon", "/can-bo/xac-minh"])
def test_pages_are_in_english_where_that_is_chosen(sources: Console, path: str) -> None:
    client: Any = sources.sign_in("steward")
    client.post("/ngon-ngu", {"language": "en", "next": path})
    page = client.get(path).text
    assert re.search(r"<h1>(Sources|Verification of identities)", page)
    main = page[page.index("<main") :]
    assert "Thỏa thuận" not in main
    assert "Không khớp" not in main


def test_an_earlier_app_that_still_collects_after_it_was_handed_over_has_an_alert(sources: Console) -> None:
    with sources.owner() as owner:
        carry_over(owner, "ncovi", days=3, declared=(4, 5))
        carry_over(owner, "bluezone", days=3, declared=(6,))
    watch(sources)
    steward = sources.sign_in("steward")
    assert "vẫn thu thập" not in steward.get("/can-bo/").text
    assert steward.get("/can-bo/nguon").text.count("đã ngừng") == 2
    with sources.owner() as owner:
        carry_over(owner, "ncovi", days=1, declared=(2, 1))
    watch(sources)
    assert "1 ứng dụng cũ vẫn thu thập" in steward.get("/can-bo/").text
    page = " ".join(steward.get("/can-bo/nguon").text.split())
    assert page.count("đã ngừng") == 1
    assert "1 ứng dụng cũ vẫn thu thập sau ngày chuyển giao" in page
    assert 'Bản ghi sau ngày chuyển giao</dt><dd class="numbers">2<' in page
    assert "2, sau ngày chuyển giao có dữ liệu mới: 1" in page
    steward.post("/ngon-ngu", {"language": "en", "next": "/can-bo/nguon"})
    assert "1 earlier app still collects after its hand-over" in " ".join(steward.get("/can-bo/nguon").text.split())
