"""Doing something at the desks of tracing and quarantine, and saying in words why the database refused it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from pccovid.contact_tracing import operations
from pccovid.officers.database import Refused
from pccovid.officers.offices import QUARANTINE_OFFICER
from pccovid.quarantine import operations as quarantine
from pccovid.web.console.case_wording import REFUSAL
from pccovid.web.console.desk import Desk, Task

_LONGEST_NUMBER = 19
REFUSALS = {**operations.REFUSALS, **quarantine.REFUSALS}


def done(desk: Desk, task: Task, work: Callable[[], object]) -> str:
    """Do it in the desk's opened access; why not, in words, where the database refuses; '' where it was done."""
    try:
        with desk.reading(task, desk.everybody_in_reach()):
            work()
    except Refused as refusal:
        return str(REFUSAL.get(REFUSALS.get(refusal.code, ""), REFUSAL["not_in_sight"]))
    return ""


def number_in(text: str) -> int | None:
    """The number that a part of an address is; None where it is none there could be."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < _LONGEST_NUMBER else None


def just_written(request: HttpRequest) -> int | None:
    """The number of the task or order of which something was written a moment ago, to be said on the page."""
    return number_in(request.GET.get("vua-ghi", "")) if request.method != "POST" else None


def task_of(desk: Desk, case: str) -> Task:
    """The office's own purpose for work on orders: tracers trace, officers of quarantine keep."""
    return Task("quarantine" if desk.role == QUARANTINE_OFFICER else "contact_tracing", case)
