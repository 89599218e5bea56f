"""Forms of the desk of quarantine: sending somebody to a place, needs, days away; places, rooms and who gets one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pccovid.quarantine.lodging import Facility
from pccovid.web.console.case_forms import BAD_DAY, LARGEST, DeskForm, words_field
from pccovid.web.console.case_wording import NEED, NEED_OUTCOME, VERDICT

_REQUIRED = {"required": gettext_lazy("Điền mục này.")}
_CHOOSE = {"required": gettext_lazy("Chọn một mục."), "invalid_choice": gettext_lazy("Chọn một mục.")}


def _number(label: Any, least: int, most: int) -> forms.IntegerField:
    wrong = gettext_lazy("Nhập một số trong khoảng cho phép.")
    errors = dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong)
    return forms.IntegerField(label=label, min_value=least, max_value=most, error_messages=errors)


class SendForm(DeskForm):
    """To which place, and why. Places with a free bed alone."""

    first = "facility"
    facility = forms.TypedChoiceField(label=gettext_lazy("Khu cách ly"), coerce=int, error_messages=_CHOOSE)
    words = words_field(required=True)

    def __init__(self, data: Any = None, *, name: str, facilities: Sequence[Facility]) -> None:
        super().__init__(data, name=name)
        field = self.fields["facility"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [
            (one.number, _("%(name)s (còn %(free)s giường)") % {"name": one.name, "free": one.free})
            for one in facilities
            if one.free
        ]


class NeedForm(DeskForm):
    """What somebody needs, as the officer heard it."""

    first = "kind"
    kind = forms.ChoiceField(label=gettext_lazy("Cần gì"), choices=list(NEED.items()), error_messages=_CHOOSE)
    words = forms.CharField(
        label=gettext_lazy("Cụ thể"), max_length=1000, min_length=3, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=dict.fromkeys(("required", "min_length"), gettext_lazy("Viết vào ô này.")),
    )  # fmt: skip


class AnswerForm(DeskForm):
    """What came of a need."""

    first = "outcome"
    need = forms.IntegerField(min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=gettext_lazy("Kết quả"), choices=list(NEED_OUTCOME.items()), error_messages=_CHOOSE
    )
    words = words_field(required=False)


class DayAwayForm(DeskForm):
    """What a day was: left without leave, allowed, or a mistake."""

    first = "day"
    day = forms.DateField(
        label=gettext_lazy("Ngày"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": BAD_DAY, "invalid": BAD_DAY},
    )  # fmt: skip
    verdict = forms.ChoiceField(label=gettext_lazy("Kết luận"), choices=list(VERDICT.items()), error_messages=_CHOOSE)
    words = words_field(required=True)


class FacilityForm(DeskForm):
    """A new place of quarantine."""

    first = "name"
    name = forms.CharField(
        label=gettext_lazy("Tên khu cách ly"), max_length=200, min_length=2,
        error_messages={**_REQUIRED, "min_length": gettext_lazy("Điền mục này.")},
    )  # fmt: skip
    commune = forms.ChoiceField(label=gettext_lazy("Xã, phường"), error_messages=_CHOOSE)
    address = forms.CharField(label=gettext_lazy("Địa chỉ"), max_length=300, required=False)
    phone = forms.CharField(label=gettext_lazy("Số điện thoại trực"), max_length=20, required=False)

    def __init__(self, data: Any = None, *, name: str, communes: list[tuple[str, str]]) -> None:
        super().__init__(data, name=name)
        field = self.fields["commune"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = communes


class RoomForm(DeskForm):
    """A room and its beds; the same name again sets its beds anew."""

    first = "name"
    name = forms.CharField(label=gettext_lazy("Phòng"), max_length=50, error_messages=_REQUIRED)
    beds = _number(gettext_lazy("Số giường (0: không dùng)"), 0, 200)


class AdmitForm(DeskForm):
    """Who gets which room."""

    first = "room"
    order = forms.IntegerField(min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    room = forms.TypedChoiceField(label=gettext_lazy("Phòng"), coerce=int, error_messages=_CHOOSE)

    def __init__(self, data: Any = None, *, name: str, order: int | None, rooms: list[tuple[int, str]]) -> None:
        super().__init__(data, name=name, initial={"order": order})
        field = self.fields["room"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = rooms
