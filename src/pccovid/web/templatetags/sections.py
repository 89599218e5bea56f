"""The heads of a record's parts: how many facts are in each, and the way to all of them.

They say how many and nothing of whose: the same for thousands, so each is put together once for each language.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from pccovid.web.citizen.sections import KINDS, Section

register = template.Library()
_KINDS = {kind.page: kind for kind in KINDS}


@register.simple_tag
def tiles(sections: Sequence[Section]) -> SafeString:
    """A tile for each part of the record with its count."""
    language = get_language()
    return mark_safe("".join([_tile(language, one.page, len(one.facts)) for one in sections]))  # noqa: S308 - rendered


@register.simple_tag
def section_head(section: Section) -> SafeString:
    """What the part is called, and the way to the rest of it where home shows the newest alone."""
    return _head(get_language(), section.page, len(section.facts), section.hidden > 0)


@lru_cache(maxsize=1024)
def _tile(_language: str | None, page: str, count: int) -> SafeString:
    return render_to_string("parts/tile.html", {"kind": _KINDS[page], "count": count})


@lru_cache(maxsize=1024)
def _head(_language: str | None, page: str, count: int, is_cut: bool) -> SafeString:
    return render_to_string("parts/section_head.html", {"kind": _KINDS[page], "count": count, "is_cut": is_cut})
