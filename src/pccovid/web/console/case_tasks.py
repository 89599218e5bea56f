"""The tracer's tasks: what is due first, what was handed over, what nobody may be holding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pccovid.areas.registry import registry
from pccovid.contact_tracing import operations, queries
from pccovid.contact_tracing.queries import TaskLine
from pccovid.officers.database import Refused
from pccovid.officers.offices import TRACER
from pccovid.web.console import case_wording as words
from pccovid.web.console.case_forms import AREAS_OF, TaskForm
from pccovid.web.console.case_work import just_written
from pccovid.web.console.desk import Desk, Task, desk_page
from pccovid.web.sent_forms import status_of

_AT_ONCE = 20
"""Tasks of a kind on the page; the others unfold below them."""


@sensitive_post_parameters("words")
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(TRACER)
def tasks(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Open tasks of the area, the soonest due first; each is finished or handed over where it stands."""
    task = Task("contact_tracing", "việc truy vết")
    form = TaskForm(request.POST, name=f"v{request.POST.get('number', '')[:20]}") if request.method == "POST" else None
    if form is not None and form.is_valid() and _taken(desk, task, form):
        return redirect(f"{reverse('console-tasks')}?vua-ghi={form.cleaned_data['number']}")
    with desk.reading(task, desk.everybody_in_reach()):
        lines, said = queries.tasks(), queries.disputes_seen()
    page = {
        "desk": desk, "groups": _groups([_shown(one, said.get(one.number, ""), form) for one in lines]), "form": form,
        "just": just_written(request), "provinces": registry().provinces(AREAS_OF),
        "shown_at_once": f":{_AT_ONCE}", "left_for_later": f"{_AT_ONCE}:",
        "overdue": sum(one.is_overdue for one in lines), "between": sum(bool(one.between) for one in lines),
    }  # fmt: skip
    return render(request, "console/tasks.html", page, status=status_of(form))


def _groups(shown: Sequence[dict[str, Any]]) -> list[tuple[str, Promise | str, list[dict[str, Any]]]]:
    """What there is of each kind, in the order in which it is wanted; kinds without anything are left out."""
    kinds = {kind: [one for one in shown if one["line"].kind == kind] for kind in words.TASK}
    return [(kind, words.TASK[kind], lines) for kind, lines in kinds.items() if lines]


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


def _shown(one: TaskLine, said: str, sent: TaskForm | None) -> dict[str, Any]:
    form = sent if sent is not None and sent["number"].value() == str(one.number) else None
    return {
        "line": one, "said": said, "kind": words.TASK[one.kind], "between": words.BETWEEN.get(one.between, ""),
        "form": form or TaskForm(name=f"v{one.number}", initial={"number": one.number}),
    }  # fmt: skip
