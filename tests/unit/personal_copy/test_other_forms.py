"""The copy as JSON and as a page: every fact once, every value told, nothing told that is left out."""

from __future__ import annotations

import json
import re
from collections import Counter
from html import unescape
from typing import Any

import pytest
from hypothesis import given, settings

from unit.personal_copy.made_copies import MADE_AT, copies, ids_of

from django.template.loader import render_to_string  # isort: skip
from django.test import override_settings  # isort: skip
from django.utils import translation  # isort: skip
from pccovid.consents.rules import TEXTS  # isort: skip
from pccovid.foundation.classification import RETENTIONS  # isort: skip
from pccovid.foundation.processing import processed, processed_by_law  # isort: skip
from pccovid.foundation.purposes import BASES, CATEGORIES, CONSENT, rules  # isort: skip
from pccovid.inspection.queries import OwnView  # isort: skip
from pccovid.personal_copy.as_json import copy_document, written  # isort: skip
from pccovid.personal_copy.queries import PersonalCopy, copied_kinds  # isort: skip
from pccovid.personal_copy.rules import LEFT_OUT, left_out  # isort: skip
from pccovid.web import words  # isort: skip
from pccovid.web.citizen.copy_words import FIELD, KIND, said, told_fact  # isort: skip
from pccovid.web.citizen.my_copy import Held, _readable  # isort: skip

NOBODY_LOOKED = OwnView((), (), (), (), 1, False)
_PLAIN_FILES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


def as_json(copy: PersonalCopy) -> dict[str, Any]:
    return json.loads(written(copy_document(copy, looked=NOBODY_LOOKED, consents=(), made_at=MADE_AT)))


def page(copy: PersonalCopy, language: str = "vi") -> str:
    with translation.override(language), override_settings(STORAGES=_PLAIN_FILES):
        return render_to_string("citizen/copy/readable.html", _readable(Held(copy, NOBODY_LOOKED, (), MADE_AT)))


def ids_in_json(document: dict[str, Any]) -> Counter[str]:
    return Counter(one["id"] for one in [*document["facts"], *document["declared_for"]])


def ids_in_page(html: str) -> Counter[str]:
    return Counter(re.findall(r'id="f-([0-9a-f-]{36})"', html))


@given(copies())
@settings(max_examples=40, deadline=None)
def test_every_fact_is_in_the_json_and_in_the_page_exactly_once(copy: PersonalCopy) -> None:
    expected = Counter(str(id_) for id_ in ids_of(copy))
    assert ids_in_json(as_json(copy)) == expected
    assert ids_in_page(page(copy)) == expected


@given(copies())
@settings(max_examples=40, deadline=None)
def test_every_value_of_a_fact_is_in_the_json_and_only_what_is_not_left_out(copy: PersonalCopy) -> None:
    found = {one["id"]: one["values"] for one in as_json(copy)["facts"]}
    for fact in copy.facts:
        columns = set(fact.carried._fields) - left_out(fact.kind, fact.values)
        assert set(found[str(fact.id)]) == columns
        for column, value in found[str(fact.id)].items():
            same = json.loads(written({"value": getattr(fact.carried, column)}))["value"]
            assert value == same, (fact.kind, column)


@given(copies())
@settings(max_examples=40, deadline=None)
def test_every_value_of_a_fact_is_told_on_the_page_in_words(copy: PersonalCopy) -> None:
    with translation.override("vi"):
        html = unescape(page(copy))
        for fact in copy.facts:
            told = told_fact(fact)
            shown = " ".join([told.lead, *(value for _, value in told.pairs)])
            for column, value in fact.values.items():
                if column != "answers" and value not in (None, "", [], ()):
                    assert said(fact.kind, column, value) in shown, (fact.kind, column)
            assert told.lead in html


def test_a_pooled_tubes_code_is_left_out_and_a_single_ones_is_not() -> None:
    assert left_out("test", {"is_pooled": True}) == {"tube_barcode"}
    assert left_out("test", {"is_pooled": False}) == set()


def test_what_is_left_out_names_columns_that_exist() -> None:
    kinds = {kind.name: set(kind.columns) for kind in copied_kinds()}
    assert all(set(one.columns) <= kinds[one.kind] for one in LEFT_OUT)


def test_every_kind_and_every_column_has_a_word_for_people() -> None:
    hidden = {column for one in LEFT_OUT if not one.only_where for column in one.columns}
    columns = {column for kind in copied_kinds() for column in kind.columns} - hidden
    assert {kind.name for kind in copied_kinds()} == set(KIND)
    assert columns - set(FIELD) - {"entered_at"} == set()


def test_the_page_speaks_the_language_it_is_asked_for() -> None:
    @given(copies())
    @settings(max_examples=1, deadline=None)
    def look(copy: PersonalCopy) -> None:
        assert '<html lang="vi">' in page(copy, "vi")
        assert "Bản sao dữ liệu" in page(copy, "vi")
        english = page(copy, "en")
        assert '<html lang="en">' in english
        assert "Copy of personal data" in english

    look()


def test_the_page_carries_no_script_and_no_style_of_its_own() -> None:
    @given(copies())
    @settings(max_examples=5, deadline=None)
    def look(copy: PersonalCopy) -> None:
        html = page(copy)
        assert "<script" not in html
        assert "<style" not in html
        assert " style=" not in html

    look()


def test_what_is_processed_names_every_category_with_every_purpose_of_the_rules() -> None:
    told = {one.category: {of.purpose.code for of in one.purposes} for one in processed()}
    assert list(told) == list(CATEGORIES)
    assert told == {category: {r.purpose for r in rules() if r.category == category} for category in CATEGORIES}
    assert all(one.kept for one in processed())


def test_nothing_that_rests_on_consent_is_among_what_the_law_allows_without() -> None:
    assert CONSENT in BASES
    assert CONSENT not in {basis.text for basis, _ in processed_by_law()}
    told = {of.purpose.code for _, purposes in processed_by_law() for of, _ in purposes}
    assert told == {rule.purpose for rule in rules()}


@pytest.mark.parametrize("name", sorted(RETENTIONS))
def test_every_retention_is_told_in_words_of_both_languages(name: str) -> None:
    for language in ("vi", "en"):
        with translation.override(language):
            told = words.kept(name, RETENTIONS[name])
        assert told
        assert told != name


def test_every_text_of_consent_says_what_the_export_it_allows_may_hold() -> None:
    from pccovid.bulk_export.rules import PURPOSES

    words_of = {
        "birth_year": "năm sinh", "sex": "giới tính", "province": "tỉnh", "district": "huyện", "doses": "số mũi",
        "last_dose_on": "ngày tiêm gần nhất", "tests": "số lần xét nghiệm", "last_positive_on": "ngày dương tính",
        "name": "họ tên", "commune": "xã", "phone": "số điện thoại",
    }  # fmt: skip
    newest = {text.purpose: text for text in TEXTS}
    needing = [purpose for purpose in PURPOSES.values() if purpose.consent]
    assert {purpose.consent for purpose in needing} == set(newest)
    for purpose in needing:
        said_first = newest[purpose.consent].body.partition("Không có tên")[0]
        assert [name for name in purpose.columns if words_of[name] not in said_first] == []
