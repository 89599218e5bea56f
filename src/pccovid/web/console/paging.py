"""Pages of a queue: which one is asked for, and what lies before and after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

_LAST_PAGE = 10_000


def page_of(request: HttpRequest) -> int:
    """The page that the address asks for; 1 where it asks for none, or for none there could be."""
    text = request.GET.get("page", "")
    return min(int(text), _LAST_PAGE) or 1 if text.isascii() and text.isdigit() and len(text) < 10 else 1


def paged(found: Sequence[Any], *, most: int, page: int) -> dict[str, Any]:
    """The lines of one page, of which one more than `most` were read, with the pages before and after."""
    return {"lines": found[:most], "before": page - 1 or None, "after": page + 1 if len(found) > most else None}
