"""The board of sources and the shares of verified identities, as officers see them in a real browser."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import MadeDatabase
from integration.source_board.made_sources import make_sources


@pytest.fixture
def sources(made: MadeDatabase, service: str) -> None:
    from pccovid.source_board.operations import count_sources, watch_sources

    with made.connect("owner", autocommit=True) as owner:
        make_sources(owner)
    with made.connect("jobs", autocommit=True) as jobs:
        count_sources(jobs)
        watch_sources(jobs)


def test_both_pages_pass_axe_wide_and_narrow_in_both_languages(officer: Any, sources: None) -> None:
    officer.signs_in_as("steward")
    officer.page.get_by_role("link", name="Nguồn dữ liệu").first.click()
    for language in ("vi", "en"):
        officer.opens("/can-bo/nguon")
        if language == "en":
            officer.page.get_by_role("button", name="English").click()
            officer.opens("/can-bo/nguon")
        for closed in officer.page.locator("details summary").all():
            closed.click()
        officer.looks(f"console-sources-{language}")
        officer.opens("/can-bo/xac-minh")
        officer.looks(f"console-verification-{language}")
    officer.page.get_by_role("link", name="Thành phố Hà Nội").click()
    assert "Ba Đình" in officer.sees()
