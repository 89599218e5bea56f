"""A data steward looks at a shadow in a real browser: numbers by reason, one person before and after, approval."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from conftest import MadeDatabase
from integration.console.made_index import AN, HA_NOI, add_claim
from relinking_shadows import LATER, silent

WITHOUT_SCRIPT = {"java_script_enabled": False}
STRANGER = UUID(int=7001)


@pytest.fixture(scope="module")
def shadow(made: MadeDatabase, service: str, tmp_path_factory: pytest.TempPathFactory) -> int:
    """A record of somebody else stands on An; linked anew it would not."""
    from pccovid.carry_over.operations import Surroundings
    from pccovid.linkage.model import default_model
    from pccovid.relinking.making import make_shadow

    with made.connect("owner", autocommit=True) as owner:
        add_claim(owner, AN, STRANGER, "Lê Thị Tú", HA_NOI, "001190000077", "0912000077")
    work: Path = tmp_path_factory.mktemp("work")
    around = Surroundings(made.url("jobs"), work, "1GB")
    return int(make_shadow(around, model=default_model(), by="operator test", now=LATER, progress=silent).id)


@pytest.mark.parametrize("officer", [WITHOUT_SCRIPT], indirect=True)
def test_a_steward_sees_who_would_change_and_why_and_approves_without_javascript(officer: Any, shadow: int) -> None:
    officer.signs_in_as("steward")
    officer.page.get_by_role("navigation").get_by_role("link", name="Ghép thử").click()
    officer.page.get_by_role("link", name=f"Số {shadow}").click()
    seen = officer.sees()
    assert "Không còn chứng cứ nối các bản ghi" in seen or "Hai số định danh đã xác minh khác nhau" in seen
    assert "tách sang người khác" in seen
    officer.page.get_by_label("Điều xảy ra").select_option("split")
    officer.page.get_by_role("button", name="Lọc").click()
    officer.page.get_by_role("link", name="Trước và sau").first.click()
    seen = officer.sees()
    assert "Nguyễn Văn An" in seen
    assert "Lê Thị Tú" in seen
    before, _, after = seen.partition("Sau 1")
    assert "Lê Thị Tú" in before
    assert "Lê Thị Tú" not in after.partition("Bản ghi nào đổi")[0]
    officer.page.go_back()
    officer.page.get_by_label("Tôi đã xem các con số").check()
    officer.page.get_by_role("button", name="Duyệt, ghi tên tôi").click()
    seen = officer.sees()
    assert "Đã có 1 trên 2 người duyệt." in seen
    assert "Cơ quan steward" in seen
    assert officer.page.get_by_role("button", name="Duyệt, ghi tên tôi").count() == 0
    with officer.made.connect("owner") as owner:
        shown = owner.execute("SELECT count(*) FROM access.disclosure WHERE person_id = %s", [AN]).fetchone()
    assert shown == (1,)


def test_the_pages_of_a_shadow_pass_axe_wide_and_narrow_in_both_languages(officer: Any, shadow: int) -> None:
    officer.signs_in_as("steward")
    for language in ("vi", "en"):
        officer.opens("/can-bo/ghep-thu")
        if language == "en":
            officer.page.get_by_role("button", name="English").click()
            officer.opens("/can-bo/ghep-thu")
        officer.looks(f"console-shadows-{language}")
        officer.opens(f"/can-bo/ghep-thu/{shadow}")
        officer.looks(f"console-shadow-{language}")
        officer.opens(f"/can-bo/ghep-thu/{shadow}/nguoi/{AN}")
        for closed in officer.page.locator("details summary").all():
            closed.click()
        officer.looks(f"console-shadow-person-{language}")


def test_a_shadow_that_does_not_exist_and_a_person_it_does_not_change_are_not_in_sight(
    officer: Any, shadow: int
) -> None:
    officer.signs_in_as("steward")
    for path in (f"{shadow + 7}", f"{shadow}/nguoi/{UUID(int=2)}", "99999999999999999999"):
        answer = officer.page.request.get(f"{officer.service}/can-bo/ghep-thu/{path}")
        assert answer.status == 404
