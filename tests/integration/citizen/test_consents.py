"""Agreeing and withdrawing on the page: one purpose at a time, never chosen for anybody, as easily back as forth."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from uuid import UUID

import pytest

from conftest import MadeDatabase
from integration.citizen.made_people import Index
from integration.citizen.visiting import Visitor

PHONE, NAME, BORN = "0912345678", "Nguyễn Thị Hoa", date(1990, 2, 3)


@pytest.fixture
def hoa(index: Index, visitor: Visitor) -> UUID:
    person = index.person(NAME, BORN, PHONE)
    visitor.signs_in(PHONE, NAME, BORN)
    return person


def forms_on(page: str) -> dict[str, dict[str, str]]:
    """Purpose → what its one form would send, its button included."""
    found = {}
    for form in re.findall(r"<article.*?</article>", page, re.DOTALL):
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
        found[fields["purpose"]] = fields
    return found


def decisions(database: MadeDatabase, person: UUID) -> list[tuple[str, bool, str, str]]:
    with database.connect("owner") as owner:
        return owner.execute(
            "SELECT purpose, gives, language, shown_digest FROM access.consent_decision WHERE person_id = %s"
            " ORDER BY id",
            [person],
        ).fetchall()


def test_one_purpose_is_agreed_to_and_withdrawn_by_one_press_each(
    hoa: UUID, visitor: Visitor, database: MadeDatabase
) -> None:
    first = forms_on(visitor.client.get("/dong-y").content.decode())
    assert {name: form["act"] for name, form in first.items()} == {"research_use": "give", "provincial_app": "give"}
    assert visitor.client.post("/dong-y", first["research_use"]).status_code == 302
    then = forms_on(visitor.client.get("/dong-y").content.decode())
    assert {name: form["act"] for name, form in then.items()} == {"research_use": "withdraw", "provincial_app": "give"}
    assert visitor.client.post("/dong-y", then["research_use"]).status_code == 302
    last = visitor.client.get("/dong-y").content.decode()
    assert forms_on(last)["research_use"]["act"] == "give"
    assert [(purpose, gives) for purpose, gives, *_ in decisions(database, hoa)] == [
        ("research_use", True), ("research_use", False),
    ]  # fmt: skip
    assert last.count("Những lần bạn đã quyết định") == 1


def test_the_hash_that_is_kept_is_of_the_words_that_stood_on_the_page(
    hoa: UUID, visitor: Visitor, database: MadeDatabase
) -> None:
    from pccovid.consents.rules import TEXTS

    form = forms_on(visitor.client.get("/dong-y", headers={"Accept-Language": "en"}).content.decode())["research_use"]
    visitor.client.post("/dong-y", form)
    ((_, _, language, digest),) = decisions(database, hoa)
    text = next(one for one in TEXTS if one.purpose == "research_use")
    title, body = (text.title, text.body) if language == "vi" else (text.title_en, text.body_en)
    shown = "\n".join((text.purpose, str(text.version), language, title, body))
    assert digest == hashlib.sha256(shown.encode()).hexdigest()


def test_nothing_is_chosen_for_anybody_and_nothing_is_bundled(hoa: UUID, visitor: Visitor) -> None:
    page = visitor.client.get("/dong-y").content.decode()
    main = page[page.index("<main") : page.index("</main")]
    assert "checkbox" not in main
    assert "checked" not in main
    assert main.count("<form") == len(forms_on(page)) == 2


def test_the_law_and_the_choice_stand_in_two_lists_apart(hoa: UUID, visitor: Visitor) -> None:
    page = visitor.client.get("/dong-y").content.decode()
    chosen, by_law = page.split("Luật cho phép, không hỏi bạn")
    assert "Truy vết người tiếp xúc" in by_law
    assert "Truy vết người tiếp xúc" not in chosen
    assert '<form method="post"' not in by_law[: by_law.index("</main")]


@pytest.mark.parametrize(
    ("changed", "status"),
    [({"digest": "0" * 64}, 409), ({"version": "2"}, 409), ({"version": "x"}, 422), ({"purpose": "all"}, 409),
     ({"act": ""}, 422), ({"language": "fr"}, 409), ({"version": "9" * 90}, 409)],
)  # fmt: skip
def test_what_is_not_the_text_in_force_is_not_agreed_to(
    hoa: UUID, visitor: Visitor, database: MadeDatabase, changed: dict[str, str], status: int
) -> None:
    form = forms_on(visitor.client.get("/dong-y").content.decode())["research_use"]
    assert visitor.client.post("/dong-y", {**form, **changed}).status_code == status
    assert decisions(database, hoa) == []


def test_every_page_of_the_record_is_the_same_for_who_agreed_and_who_did_not(hoa: UUID, visitor: Visitor) -> None:
    pages = ("/ho-so", "/ma-qr", "/ho-so/tiem-chung", "/ban-sao")
    before = {page: _without_tokens(visitor.client.get(page).content.decode()) for page in pages}
    visitor.client.post("/dong-y", forms_on(visitor.client.get("/dong-y").content.decode())["research_use"])
    assert {page: _without_tokens(visitor.client.get(page).content.decode()) for page in pages} == before


def _without_tokens(page: str) -> str:
    """Without what is another at every look: the form's token, and the page's first code, which is safe for that."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    return re.sub(r"<figure .*?</figure>", "", page, count=1, flags=re.DOTALL)
