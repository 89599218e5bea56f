"""Tags and filters every page uses: icons, words for codes, where a fact came from."""

from __future__ import annotations

from django import template

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


@register.inclusion_tag("parts/origin.html")
def origin(of: Origin) -> dict[str, object]:
    """Where a fact came from: standing (chip), system, time."""
    return {"origin": of, "chip_icon": words.PROVENANCE_ICONS.get(of.provenance, "info")}


@register.inclusion_tag("parts/result.html")
def result(code: str | None) -> dict[str, object]:
    """A test's result as a chip with drawing and word."""
    look, drawing = words.RESULT_LOOKS.get(code or "", ("info", "info"))
    return {"code": code or "", "look": look, "drawing": drawing}
