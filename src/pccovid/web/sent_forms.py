"""A page with a form: what was sent for it to read, and the status it is shown with again."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent; None where the page is only opened, so that the form is empty and says nothing."""
    return request.POST if request.method == "POST" else None


def status_of(wrong: object) -> int:
    """422 where something about what was sent is wrong, else 200."""
    return 422 if wrong else 200
