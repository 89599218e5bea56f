"""Every text of the code has its English; every code of the system has its word."""

from __future__ import annotations

from pathlib import Path

import django
import pytest

django.setup()

from django.utils import translation  # noqa: E402

from pccovid.connectors import symptoms  # noqa: E402
from pccovid.foundation.purposes import CATEGORIES, rules  # noqa: E402
from pccovid.web import catalogues, words  # noqa: E402


@pytest.mark.parametrize("part", ["citizen", "console"])
def test_every_text_of_templates_and_python_has_an_english_translation(part: str) -> None:
    assert len([text for text in catalogues.texts_in_code() if text.part == part]) > 50
    assert [f"{t.file}:{t.line} {t.message}" for t in catalogues.untranslated("en") if t.part == part] == []


def test_texts_are_found_in_templates_and_code_with_their_plurals(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        "{% load i18n %}\n  {% translate 'Xem' %}{% blocktranslate count n=2 %}{{ n }} mũi{% plural %}{{ n }} mũi"
        "{% endblocktranslate %} {{ x|default:_('không rõ') }}"
    )
    (tmp_path / "b.py").write_text(
        "from django.utils.translation import gettext, pgettext\ngettext('Chào')\npgettext('answer', 'Có')\n"
    )
    found = [(text.message, text.plural, text.context) for text in catalogues.texts_in_code(tmp_path)]
    assert found == [
        ("Xem", None, None), ("%(n)s mũi", "%(n)s mũi", None), ("không rõ", None, None), ("Chào", None, None),
        ("Có", None, "answer"),
    ]  # fmt: skip


def test_compiled_catalogues_speak_english_with_its_plurals() -> None:
    catalogues.compile_catalogues()
    with translation.override("en"):
        assert translation.gettext("Tiêm chủng") == "Vaccinations"
        assert translation.ngettext("Còn %(left)s lần thử.", "Còn %(left)s lần thử.", 1) == "%(left)s try left."
        assert translation.ngettext("Còn %(left)s lần thử.", "Còn %(left)s lần thử.", 2) == "%(left)s tries left."
    with translation.override("vi"):
        assert translation.gettext("Tiêm chủng") == "Tiêm chủng"


def test_every_category_purpose_and_symptom_has_a_word_for_people() -> None:
    assert set(CATEGORIES) <= set(words.CATEGORY)
    assert {rule.purpose for rule in rules()} <= set(words.PURPOSE)
    assert set(symptoms._WORDS) == set(words.SYMPTOM)


def test_a_code_without_a_word_is_shown_as_it_is() -> None:
    assert words.word("symptom", "tê chân") == "tê chân"
    assert words.source_name("he_thong_la") == "he_thong_la"


def test_a_vendor_id_without_a_name_is_not_shown_to_people() -> None:
    assert words.told("df9927f8082345a4b18ed898") == ""
    assert words.told("Đà Nẵng") == "Đà Nẵng"


def test_a_country_is_named_in_the_language_of_the_page() -> None:
    with translation.override("vi"):
        assert words.country_name("VN") == "Việt Nam"
    with translation.override("en"):
        assert words.country_name("KR") == "South Korea"
        assert words.country_name("Trung Quốc") == "Trung Quốc"


def test_a_birth_date_is_said_no_finer_than_it_is_known() -> None:
    from datetime import date

    assert words.birth(date(1941, 1, 1), "year") == "năm 1941"
    assert words.birth(date(1941, 6, 1), "month") == "06/1941"
    assert words.birth(date(1941, 6, 7), "day") == "07/06/1941"


@pytest.mark.parametrize(("value", "shown"), [("0912345678", "••••••5678"), ("12", "12"), ("", "")])
def test_a_masked_number_keeps_only_its_end(value: str, shown: str) -> None:
    assert words.masked(value) == shown
