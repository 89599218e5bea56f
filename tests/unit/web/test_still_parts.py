"""Parts of pages that are kept for everybody hold nothing that is somebody's."""

from __future__ import annotations

import django
import pytest
from django.template import Context, Engine, TemplateSyntaxError
from django.utils import translation

django.setup()
ENGINE = Engine(libraries={"still": "pccovid.web.templatetags.still", "i18n": "django.templatetags.i18n"})


def test_a_part_is_made_once_for_each_value_and_language() -> None:
    page = ENGINE.from_string("{% load still i18n %}{% still n=here %}{% translate 'Nam' %} {{ n }}{% endstill %}")
    with translation.override("vi"):
        assert page.render(Context({"here": 1})) == "Nam 1"
        assert page.render(Context({"here": 2})) == "Nam 2"
    with translation.override("en"):
        assert page.render(Context({"here": 1})) == "Male 1"
    kept = page.nodelist[1]._kept  # type: ignore[attr-defined]
    assert sorted(kept) == [("en", "1"), ("vi", "1"), ("vi", "2")]


def test_what_the_tag_is_not_given_does_not_exist_inside() -> None:
    page = ENGINE.from_string("{% load still %}{{ name }}{% still n=here %}[{{ name }}{{ here }}]{% endstill %}")
    assert page.render(Context({"name": "Lan", "here": 1})) == "Lan[]"
    assert page.render(Context({"name": "Hoa", "here": 1})) == "Hoa[]"


def test_a_place_that_varies_without_end_keeps_no_more_than_its_share() -> None:
    page = ENGINE.from_string("{% load still %}{% still n=here %}{{ n }}{% endstill %}")
    assert [page.render(Context({"here": n})) for n in range(500)] == [str(n) for n in range(500)]
    assert len(page.nodelist[1]._kept) == 200  # type: ignore[attr-defined]


def test_values_are_escaped_as_everywhere() -> None:
    page = ENGINE.from_string("{% load still %}{% still n=here %}{{ n }}{% endstill %}")
    assert page.render(Context({"here": "<b>"})) == "&lt;b&gt;"


def test_a_tag_that_is_given_no_names_for_its_values_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError):
        ENGINE.from_string("{% load still %}{% still here %}{% endstill %}")
