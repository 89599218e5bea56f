"""Forms of the tracer's desk: a contact's outcome, the infectious period, and what is done with an order."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from pccovid.areas.free_text import resolve
from pccovid.areas.registry import registry
from pccovid.contact_tracing.rules import SHORTEST_REASON
from pccovid.web.console.case_wording import CHANGE, OUTCOME, STEP
from pccovid.web.words import area_name

LARGEST = 2**62
AREAS_OF = date(2021, 11, 6)
_SHOWN = 5
_SEVERAL_AREAS = gettext_lazy("Có nhiều nơi tên như vậy: %(several)s. Viết thêm tên huyện, tỉnh.")
_NO_AREA = gettext_lazy("Không có xã, huyện, tỉnh nào tên như vậy.")
_BAD_TIME = gettext_lazy("Nhập ngày và giờ, như 2026-03-05 14:30.")
BAD_DAY = gettext_lazy("Nhập ngày, như 2026-03-05.")


class DeskForm(forms.Form):
    """Ids begin with the form's name, so that several may stand on one page."""

    use_required_attribute = False
    first = "words"

    def __init__(self, data: Any = None, *, name: str, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, auto_id=f"{name}-%s", initial=initial)
        self.first_field = f"{name}-{self.first}"


def words_field(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Lý do, ghi chú"), required=required, max_length=2000,
        min_length=SHORTEST_REASON if required else None, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": gettext_lazy("Viết vào ô này."),
            "min_length": gettext_lazy("Viết rõ hơn một chút, ít nhất 10 ký tự."),
        },
    )  # fmt: skip


def _moment(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": _BAD_TIME, "invalid": _BAD_TIME},
    )  # fmt: skip


class _FirstOfAll(forms.RadioSelect):
    """The keyboard is at its first choice as soon as the page is there."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        if option["index"] == "0":
            option["attrs"]["autofocus"] = True
        return option


class OutcomeForm(DeskForm):
    """What came of a contact; one key chooses, Enter sends."""

    first = "outcome"
    contact = forms.IntegerField(min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=gettext_lazy("Kết quả"), choices=list(OUTCOME.items()), widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Chọn một kết quả.")},
    )  # fmt: skip
    words = words_field(required=False)


class PeriodForm(DeskForm):
    """When the case was infectious, as the tracer found out."""

    first = "starts_at"
    starts_at = _moment(gettext_lazy("Lây từ"))
    ends_at = _moment(gettext_lazy("Đến"))
    onset_on = forms.DateField(
        label=gettext_lazy("Ngày có triệu chứng đầu tiên (nếu có)"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), error_messages={"invalid": BAD_DAY},
    )  # fmt: skip
    words = words_field(required=True)


def chosen_persons(sent: Sequence[str]) -> list[UUID]:
    """Those ticked on the page that looks ahead; whatever is no person's number is left out."""
    found = []
    for one in sent:
        with contextlib.suppress(ValueError):
            found.append(UUID(one))
    return found


class OrderForm(DeskForm):
    """Extending, cancelling, sending home, answering an objection; or a check by call or visit."""

    first = "step"
    number = forms.IntegerField(min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    step = forms.ChoiceField(
        label=gettext_lazy("Việc"), choices=list(CHANGE.items()),
        error_messages={"required": gettext_lazy("Chọn một việc.")},
    )  # fmt: skip
    new_end = forms.DateField(
        label=gettext_lazy("Gia hạn đến ngày"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), error_messages={"invalid": BAD_DAY},
    )  # fmt: skip
    words = words_field(required=False)


class TaskForm(DeskForm):
    """Finishing a task, handing it over, taking it on or declining it."""

    first = "step"
    number = forms.IntegerField(min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    step = forms.ChoiceField(
        label=gettext_lazy("Việc"), choices=list(STEP.items()),
        error_messages={"required": gettext_lazy("Chọn một việc.")},
    )  # fmt: skip
    to_area = forms.CharField(
        label=gettext_lazy("Địa bàn nhận khi chuyển: tên hoặc mã xã, huyện, tỉnh"), required=False, max_length=200,
        widget=forms.TextInput(attrs={"list": "dia-ban"}),
    )  # fmt: skip
    words = words_field(required=False)

    def clean_to_area(self) -> str:
        """The code of the one area that is meant. What may mean several is asked back, never guessed."""
        told = str(self.cleaned_data["to_area"]).strip()
        if not told or registry().unit(told, on=AREAS_OF):
            return told
        found = resolve(told, on=AREAS_OF)
        if found.unit is None:
            several = ", ".join(area_name(one.code) for one in found.candidates[:_SHOWN])
            raise forms.ValidationError(_SEVERAL_AREAS % {"several": several} if several else _NO_AREA)
        return found.unit.code


class CallForm(OutcomeForm):
    """The same on a page of its own, where nothing else is to be done."""

    def __init__(self, data: Any = None, *, name: str, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, name=name, initial=initial)
        self.fields["outcome"].widget = _FirstOfAll(choices=list(OUTCOME.items()))
