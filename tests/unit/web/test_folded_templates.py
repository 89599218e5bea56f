"""Folding puts together what says the same to everybody, and nothing else; a folded page reads as it did before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from django.conf import settings
from django.template import Context, Engine, Template, engines
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

django.setup()
from pccovid.web.folded_templates import ConstantPart, fold  # noqa: E402 - needs Django set up

ENGINE = Engine(
    libraries={"web": "pccovid.web.templatetags.web", "still": "pccovid.web.templatetags.still",
               "i18n": "django.templatetags.i18n"}
)  # fmt: skip
LOADED = "{% load i18n web still %}"
PIECES = """\
<p>
{% translate 'Nam' %}
{% icon 'qr' %}
{{ name }}
{% translate name %}
{% still %}·{% endstill %}
{% still n=name %}[{{ n }}]{% endstill %}
{% blocktranslate %}Nam{% endblocktranslate %}
{% blocktranslate with n=name %}{{ n }}!{% endblocktranslate %}
{% if name %}{% translate 'Nữ' %}{% icon 'eye' %}{% else %}{% icon 'tray' %}-{% endif %}
{% for n in names %}{% icon 'pin' %}:{{ n }}{% empty %}{% icon 'tray' %}.{% endfor %}
{% with n=name %}{% icon 'pin' %} {{ n }}{% endwith %}
{% comment %}x{% endcomment %}
{% block one %}{% icon 'qr' %}={{ name }}{% endblock %}
{% translate 'Nam' as word %}{{ word }}""".splitlines()


def folded(text: str) -> Template:
    page = ENGINE.from_string(LOADED + text)
    fold(page.nodelist)
    return page


@given(st.lists(st.sampled_from(PIECES), max_size=12), st.lists(st.sampled_from(["", "Lan", "<b>", "Nam"]), max_size=3))
def test_a_folded_page_says_what_it_said_to_each_person_in_each_language(pieces: list[str], names: list[str]) -> None:
    # Blocks of one name may stand once.
    text = "".join(p for at, p in enumerate(pieces) if "{% block one" not in p or p not in pieces[:at])
    plain, page = ENGINE.from_string(LOADED + text), folded(text)
    for language in ("vi", "en", "vi"):
        for name in [*names, "Hoa"]:
            with translation.override(language):
                said = page.render(Context({"name": name, "names": names}))
                assert said == plain.render(Context({"name": name, "names": names}))


def test_neighbours_that_never_change_become_one_part() -> None:
    page = folded("<p>{% icon 'qr' %} {% translate 'Nam' %}</p>{{ name }}<b>{% translate 'Nam' %}</b>")
    assert [type(node).__name__ for node in page.nodelist] == ["ConstantPart", "VariableNode", "ConstantPart"]


@pytest.mark.parametrize(
    "text", ["{{ name }}", "{% translate name %}", "{% icon name %}", "{% still n=name %}{% endstill %}"]
)
def test_what_depends_on_the_page_is_no_constant(text: str) -> None:
    page = folded(f"<p>{text}</p>")
    assert not any(isinstance(node, ConstantPart) and len(node.nodes) > 2 for node in page.nodelist)


def test_a_constant_part_could_not_keep_a_person_even_if_it_were_folded_wrongly() -> None:
    part = ConstantPart(ENGINE.from_string("<p>{{ name }}</p>").nodelist)
    page = ENGINE.from_string("x")
    page.nodelist[:] = [part]
    assert page.render(Context({"name": "Trần Thị Lan"})) == "<p></p>"
    assert [*part._kept.values()] == ["<p></p>"]


def every_template() -> Iterator[str]:
    for folder in settings.TEMPLATES[0]["DIRS"]:
        for file in sorted(Path(folder).rglob("*.html")):
            yield file.relative_to(folder).as_posix()


def test_every_template_of_ours_is_loaded_folded() -> None:
    names = list(every_template())
    assert len(names) > 100
    for name in names:
        loaded = engines["django"].get_template(name).template
        assert loaded.is_folded, name
