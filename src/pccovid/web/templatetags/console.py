"""Tags and filters of the console's pages."""

from __future__ import annotations

from django import template
from django.utils.translation import ngettext

from pccovid.web.console import waterfall, wording
from pccovid.web.words import area_name

register = template.Library()
register.simple_tag(wording.officer_word, name="officer_word")
register.filter("reason", wording.reason_word)
register.filter("said", wording.said)


@register.filter
def record_of(source: str) -> str:
    """'vneid/vneid:vneid:1' → 'vneid:vneid:1'."""
    return source.rpartition("/")[2]


@register.filter
def system_of(source: str) -> str:
    """'vneid/vneid:vneid:1' or 'vneid:vneid:1' → 'vneid'."""
    return source.partition("/")[0].partition(":")[0]


@register.inclusion_tag("console/parts/balance.html")
def balance_bar(parts: object) -> dict[str, object]:
    """The received rows as one bar of four parts."""
    return {"parts": parts}


@register.inclusion_tag("console/parts/waterfall.html")
def waterfall_table(of: waterfall.Waterfall | None) -> dict[str, object]:
    """Evidence per attribute, each bar beginning where the one before ended."""
    return {"waterfall": of, "width": waterfall.WIDTH}


_HOUR = 60


@register.filter
def how_long(minutes: int) -> str:
    """300 → '5 giờ', 135 → '2 giờ 15 phút', 40 → '40 phút'."""
    hours, rest = divmod(minutes, _HOUR)
    parts = [ngettext("%d giờ", "%d giờ", hours) % hours] * bool(hours)
    parts += [ngettext("%d phút", "%d phút", rest) % rest] * bool(rest or not hours)
    return " ".join(parts)


@register.filter
def short_area(code: str) -> str:
    """'27259' → 'Phường 5': the unit's own name alone."""
    return area_name(code).partition(",")[0] or code
