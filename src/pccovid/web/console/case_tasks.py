"""The tracer's tasks: what is due first, what was handed over, what nobody may be holding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pccovid.areas.registry import registry
from pccovid.contact_tracing import operations, queries
from pccovid.contact_tracing.queries import TaskCount, TaskLine
from pccovid.officers.database import Refused
from pccovid.officers.offices import TRACER
from pccovid.web.console import case_wording as words
from pccovid.web.console.case_forms import AREAS_OF, TaskForm
from pccovid.web.console.case_work import just_written, number_in
from pccovid.web.console.desk import Desk, Task, desk_page
from pccovid.web.sent_forms import status_of

_AT_ONCE = 20
"""Tasks of a kind on one page."""


class _Asked(NamedTuple):
    """What part of the list the address asks for: one kind, after a task; neither: the first of every kind."""

    kind: str | None
    after: int | None


class _Group(NamedTuple):
    """Tasks of a kind on the page, how many there are, how many are due later, and after which the next page begins."""

    kind: str
    title: Promise | str
    lines: list[dict[str, Any]]
    waiting: int
    left: int
    last: int


@sensitive_post_parameters("words")
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(TRACER)
def tasks(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Open tasks of the area, the soonest due first; each is finished or handed over where it stands."""
    task, asked = Task("contact_tracing", "việc truy vết"), _asked(request)
    form = TaskForm(request.POST, name=f"v{request.POST.get('number', '')[:20]}") if request.method == "POST" else None
    if form is not None and form.is_valid() and _taken(desk, task, form):
        return redirect(_back(asked, form.cleaned_data["number"]))
    with desk.reading(task, desk.everybody_in_reach()):
        lines = queries.tasks(kind=asked.kind, after=asked.after, most=_AT_ONCE)
        counts = queries.tasks_counted(after=lines[-1].number if asked.kind and lines else None)
    page = {
        "desk": desk, "groups": _groups(lines, counts, form), "form": form, "asked": asked,
        "just": just_written(request), "provinces": registry().provinces(AREAS_OF),
        "overdue": sum(one.overdue for one in counts.values()), "between": sum(one.between for one in counts.values()),
    }  # fmt: skip
    return render(request, "console/tasks.html", page, status=status_of(form))


def _asked(request: HttpRequest) -> _Asked:
    kind = request.GET.get("loai", "")
    return _Asked(kind, number_in(request.GET.get("sau", ""))) if kind in words.TASK else _Asked(None, None)


def _back(asked: _Asked, written: int) -> str:
    """The page that somebody wrote on, which then says so."""
    part = {"loai": asked.kind, "sau": asked.after} if asked.kind else {}
    told = {name: value for name, value in part.items() if value} | {"vua-ghi": written}
    return f"{reverse('console-tasks')}?{urlencode(told)}"


def _groups(lines: Sequence[TaskLine], counts: Mapping[str, TaskCount], form: TaskForm | None) -> list[_Group]:
    """What there is of each kind, in the order in which it is wanted; kinds without anything are left out."""
    groups = []
    for kind, title in words.TASK.items():
        of_kind = [one for one in lines if one.kind == kind]
        if of_kind:
            count = counts[kind]
            left = min(count.later, count.waiting - len(of_kind))
            shown = [_shown(one, form) for one in of_kind]
            groups.append(_Group(kind, title, shown, count.waiting, left, of_kind[-1].number))
    return groups


def _taken(desk: Desk, task: Task, form: TaskForm) -> bool:
    given = form.cleaned_data
    try:
        with desk.reading(task, desk.everybody_in_reach()):
            operations.step_task(
                number=given["number"], step=given["step"], to_area=given["to_area"] or None, words=given["words"]
            )
    except Refused as refusal:
        code = operations.REFUSALS.get(refusal.code, "not_in_sight")
        form.add_error(None, str(words.REFUSAL[code]))
        return False
    return True


def _shown(one: TaskLine, sent: TaskForm | None) -> dict[str, Any]:
    form = sent if sent is not None and sent["number"].value() == str(one.number) else None
    return {
        "line": one, "between": words.BETWEEN.get(one.between, ""),
        "form": form or TaskForm(name=f"v{one.number}", initial={"number": one.number}),
    }  # fmt: skip
