"""A positive result becomes a case, its contact an order; the contact is told, checks in daily, and is released.

In the browser, as the tracer and as the citizen see it; between them the passes of the worker.
"""

from __future__ import annotations

import re
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from conftest import MadeDatabase
from integration.console.made_index import AN
from integration.contact_tracing.made_outbreak import Outbreak, ago
from pccovid.notices.sending import tell_exposures
from pccovid.quarantine.operations import settle

SECRETS = ("Người Bệnh", "QUÁN-BÍ-MẬT", "CA-", "PCR")


def passes(made: MadeDatabase, outbreak: Outbreak) -> None:
    """What the worker does once a minute."""
    outbreak.trace()
    with made.connect("jobs", autocommit=True) as jobs:
        settle(jobs)
        tell_exposures(jobs)


def words(page: Page) -> str:
    return " ".join(page.locator("main").inner_text().split())


def test_from_a_positive_result_to_release_each_sees_their_own_part(
    officer: Any, citizen: Page, made: MadeDatabase, service: str
) -> None:
    with made.connect("owner", autocommit=True) as owner:
        outbreak = Outbreak(made, owner)
        ill, source = outbreak.person(1, "Người Bệnh"), outbreak.person(2, "Người Bệnh Trước")
        outbreak.test(source, ago(6))
        outbreak.test(ill, ago(1))
        for one, other, place, days in ((ill, AN, "QUÁN-BÍ-MẬT", 1), (source, ill, "CHỢ", 5)):
            for person in (one, other):
                outbreak.visit(person, place, ago(days, 3), ago(days, 1))
        passes(made, outbreak)

        citizen.goto(service + "/thong-bao")
        assert "Bạn đã ở gần một ca bệnh" in words(citizen)
        citizen.get_by_role("link", name="Bạn đã ở gần một ca bệnh").click()
        assert "Bạn có thể đã tiếp xúc gần với người nhiễm" in words(citizen)
        assert not any(secret in citizen.content() for secret in SECRETS)

        officer.signs_in_as("tracer")
        officer.opens("/can-bo/ca-benh")
        officer.page.get_by_role("link", name="CA-").first.click()
        seen = officer.sees()
        assert "Người cần xử lý tiếp: Nguyễn Văn An" in seen
        assert "Nguồn lây và chuỗi ca" in seen
        assert "nhất" in seen
        assert re.search(r"CHỢ \d\d/\d\d/\d{4} 2 2 CA-\d+", seen)
        officer.looks("console-case-to-handle")
        officer.page.get_by_role("button", name="Ra quyết định cách ly cho người này").click()
        officer.opens("/can-bo/cach-ly")
        assert "Nguyễn Văn An" in officer.sees()

        citizen.goto(service + "/tiep-xuc")
        assert "Bạn cách ly tại nhà" in words(citizen)
        citizen.get_by_label("Có triệu chứng", exact=True).check()
        citizen.get_by_role("button", name="Báo sức khỏe hôm nay").click()
        assert "Hôm nay bạn đã báo sức khỏe." in words(citizen)
        assert Axe().run(citizen).response["violations"] == []
        assert not any(secret in citizen.content() for secret in SECRETS)

        officer.opens("/can-bo/cach-ly")
        assert "có triệu chứng" in officer.sees()
        officer.looks("console-quarantine-checked")

        owner.execute("UPDATE access.quarantine_order SET starts_on = starts_on - 9, ends_on = ends_on - 9")
        outbreak.test(AN, ago(0.1), "negative")
        passes(made, outbreak)
        citizen.goto(service + "/tiep-xuc")
        assert "Bạn đã hoàn thành cách ly" in words(citizen)
        assert "Giấy hoàn thành cách ly số" in words(citizen)
        officer.opens("/can-bo/cach-ly")
        assert "Nguyễn Văn An" not in officer.sees()
        assert owner.execute(
            "SELECT count(*) FROM access.quarantine_order WHERE state = 'open' AND person_id = %s", [AN]
        ).fetchone() == (0,)
