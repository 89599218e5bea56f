"""Tags and filters every page uses: icons, words for codes, where a fact came from."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from pccovid.people.origin import Origin
from pccovid.web import icons, right_words, words

register = template.Library()
register.simple_tag(icons.icon, name="icon")
register.simple_tag(words.word, name="word")
register.simple_tag(words.birth, name="birth")
register.filter("source", words.source_name)
register.filter("office", words.office_name)
register.filter("purpose_explained", words.purpose_explained)
register.filter("purpose_title", words.purpose_title)
register.filter("law", words.law)
register.simple_tag(words.kept, name="kept")
register.simple_tag(words.reader_name, name="reader")
register.filter("insurer_answer", words.insurer_answer)
register.filter("told", words.told)
register.filter("country", words.country_name)
register.filter("area", words.area_name)
register.filter("day", words.day)
register.filter("moment", words.moment)
register.filter("masked", words.masked)
register.filter("attribute_value", words.attribute_value)
register.filter("refusal_text", right_words.refusal_text)
register.filter("refusal_basis", right_words.refusal_basis)


@register.filter
def words_of(codes: list[str] | tuple[str, ...], vocabulary: str) -> str:
    """Codes → their words, separated by commas."""
    return ", ".join(words.word(vocabulary, code) for code in codes)


@register.simple_tag
def origin(of: Origin) -> SafeString:
    """Where a fact came from: standing (chip), system, day."""
    return _origin(get_language(), of.provenance, words.source_name(of.system), words.day(of.recorded_at))


# Both say nothing of whose fact it is, and the same of thousands: they are put together once.
@lru_cache(maxsize=4096)
def _origin(_language: str | None, provenance: str, system: str, day: str) -> SafeString:
    chip_icon = words.PROVENANCE_ICONS.get(provenance, "info")
    about = {"provenance": provenance, "system": system, "day": day, "chip_icon": chip_icon}
    return render_to_string("parts/origin.html", about)


@register.simple_tag
def result(code: str | None) -> SafeString:
    """A test's result as a chip with drawing and word."""
    return _result(get_language(), code or "")


@lru_cache(maxsize=64)
def _result(_language: str | None, code: str) -> SafeString:
    look, drawing = words.RESULT_LOOKS.get(code, ("info", "info"))
    return render_to_string("parts/result.html", {"code": code, "look": look, "drawing": drawing})
