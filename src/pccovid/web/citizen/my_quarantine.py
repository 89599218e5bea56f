"""Having met a case, and one's quarantine: until when, what is due, why, how to object; nothing of the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pccovid.contact_tracing.operations import dispute_exposure
from pccovid.contact_tracing.queries import DISPUTES_OF_FAMILY, EXPOSURES_OF_FAMILY, Dispute, Exposure
from pccovid.inspection.queries import OWN_PERSONS, own_persons
from pccovid.officers.database import Refused
from pccovid.quarantine import needs, operations
from pccovid.quarantine.queries import ORDERS_OF_FAMILY, OwnOrder
from pccovid.quarantine.rules import SHORTEST_WORDS
from pccovid.web.citizen.own_pages import own_page, own_record, read_own
from pccovid.web.sent_forms import status_of

PLACE: dict[str, Promise | str] = {
    "central": gettext_lazy("tại khu cách ly tập trung"),
    "home": gettext_lazy("tại nhà"),
}
NEED: dict[str, Promise | str] = {
    "food": gettext_lazy("Thức ăn, đồ dùng"),
    "medicine": gettext_lazy("Thuốc"),
    "payment": gettext_lazy("Tiền hỗ trợ"),
    "other": gettext_lazy("Việc khác"),
}
_NEED_OUTCOME: dict[str | None, Promise | str] = {
    None: gettext_lazy("đang chờ"),
    "met": gettext_lazy("đã đáp ứng"),
    "not_met": gettext_lazy("chưa đáp ứng được"),
    "not_needed": gettext_lazy("không còn cần"),
}
_VERDICT: dict[str, Promise | str] = {
    "left": gettext_lazy("rời nơi cách ly khi chưa được phép"),
    "allowed": gettext_lazy("được phép đi"),
    "mistaken": gettext_lazy("không rời nơi cách ly"),
}
_TOO_SHORT = gettext_lazy("Viết rõ hơn một chút, ít nhất 10 ký tự.")
_REFUSED: dict[str, Promise | str] = {
    "words_missing": _TOO_SHORT,
    "too_often": gettext_lazy("Bạn đã phản đối ba lần; hãy chờ trả lời, hoặc gọi trạm y tế."),
    "not_in_sight": gettext_lazy("Bạn không có quyết định cách ly nào đang có hiệu lực."),
}


_DISPUTE_REFUSED: dict[str, Promise | str] = {
    "too_often": gettext_lazy("Bạn đã báo ba lần; hãy chờ trả lời, hoặc gọi trạm y tế."),
    "not_in_sight": gettext_lazy("Không còn tin tiếp xúc nào để báo sai."),
}
_OBJECTS = {"object": operations.object_to, "dispute": dispute_exposure}


class NeedForm(forms.Form):
    """What the person needs from those who keep the quarantine."""

    first_field = "id_need"
    kind = forms.ChoiceField(choices=list(NEED.items()), error_messages={"required": gettext_lazy("Chọn một mục.")})
    need = forms.CharField(
        max_length=1000, min_length=3,
        error_messages=dict.fromkeys(("required", "min_length"), gettext_lazy("Viết bạn cần gì.")),
    )  # fmt: skip


class ObjectionForm(forms.Form):
    """Why the order or the exposure is wrong, in the person's words."""

    first_field = "id_words_0"
    words = forms.CharField(
        required=False, max_length=2000, min_length=SHORTEST_WORDS,
        error_messages={"min_length": _TOO_SHORT},
    )  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What is told of one of the family: `at` is their place in it, `name` '' for oneself."""

    at: int
    name: str
    exposure: Exposure | None
    disputes: Sequence[Dispute]
    orders: Sequence[OwnOrder]

    @property
    def shown(self) -> list[tuple[OwnOrder, Promise | str]]:
        return [(one, PLACE[one.place]) for one in self.orders]


@sensitive_post_parameters("words", "need")
@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def show(request: HttpRequest, person: UUID) -> HttpResponse:
    """What is known, what is due today, and what one can do: the daily check, asking for something, objecting."""
    act, of = request.POST.get("act"), str(_place(request))
    form = ObjectionForm(
        request.POST if act in _OBJECTS else None, auto_id=f"id_%s_{of}{'_met' if act == 'dispute' else ''}"
    )
    need = NeedForm(request.POST if act == "need" else None)
    told: Promise | str = ""
    if request.method == "POST" and all(one.is_valid() for one in (form, need) if one.is_bound):
        told = _done(request, person, form, need)
        if not told:
            return redirect("my-quarantine")
    page = _told(person) | {
        "form": form,
        "told": told,
        "of": of,
        "act": act,
        "here": "home",
        "need": need,
        "kinds": NEED,
    }
    return render(request, "citizen/quarantine.html", page, status=status_of(any((told, form.errors, need.errors))))


def _told(person: UUID) -> dict[str, object]:
    """Exposures and orders of the family; what one asked for oneself, and days that were decided."""
    reads = (OWN_PERSONS, EXPOSURES_OF_FAMILY, DISPUTES_OF_FAMILY, ORDERS_OF_FAMILY, needs.OWN, needs.OWN_DAYS_AWAY)
    family, exposures, disputes, orders, asked, away = read_own(person, *reads)
    told_of = [
        Told(
            at, name if at else "", next(iter(exposures.get(one, ())), None), disputes.get(one, ()), orders.get(one, ())
        )
        for at, (one, name) in enumerate(family)
    ]
    return {
        "family": [one for one in told_of if one.at == 0 or one.exposure or one.disputes or one.orders],
        "needs": [(one, NEED[one.kind], _NEED_OUTCOME[one.outcome]) for one in asked],
        "away": [(one, _VERDICT[one.verdict]) for one in away],
    }


def _done(request: HttpRequest, person: UUID, form: ObjectionForm, need: NeedForm) -> Promise | str:
    """Do what was sent, for oneself or a child; why not, where it was refused. Needs are asked for oneself."""
    try:
        with own_record(person):
            whose = dict(enumerate(one for one, _name in own_persons())).get(_place(request))
            if whose is None:
                return _REFUSED["not_in_sight"]
            if form.is_bound:
                _OBJECTS[request.POST["act"]](whose, words=form.cleaned_data["words"])
            elif need.is_bound:
                needs.ask(person, kind=need.cleaned_data["kind"], words=need.cleaned_data["need"])
            else:
                operations.check_in(whose, has_symptoms=request.POST.get("symptoms") == "yes")
    except Refused as refusal:
        code = operations.REFUSALS.get(refusal.code, "")
        if need.is_bound and code == "too_often":
            return _("Bạn đang có năm nhu cầu chờ trả lời; gọi trạm y tế nếu gấp.")
        if request.POST.get("act") == "dispute" and code in _DISPUTE_REFUSED:
            return _DISPUTE_REFUSED[code]
        return _REFUSED.get(code, _REFUSED["not_in_sight"])
    return ""


def _place(request: HttpRequest) -> int:
    text = request.POST.get("whose", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else -1
