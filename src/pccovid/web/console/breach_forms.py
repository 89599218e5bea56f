"""Forms of the register of breaches: entering one, drawing the affected, and one form for each kind of step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from pccovid.breaches.queries import Breach
from pccovid.breaches.rules import BASES, KINDS, SHORTEST_WORDS, Facts
from pccovid.foundation.purposes import CATEGORIES
from pccovid.web import words
from pccovid.web.console.breach_wording import BASIS, KIND

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_LARGEST = 2**62
_BAD_TIME = gettext_lazy("Nhập ngày và giờ, như 2026-03-05 14:30.")
_NO_NAMES = gettext_lazy("Không ghi tên, số giấy tờ hay bệnh của ai.")


def _moment(label: _StrPromise | str, *, required: bool, hint: _StrPromise | str = "") -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, required=required, help_text=hint,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": _BAD_TIME, "invalid": _BAD_TIME},
    )  # fmt: skip


def _text(
    label: _StrPromise | str, *, shortest: int = 0, rows: int = 3, hint: _StrPromise | str = ""
) -> forms.CharField:  # fmt: skip
    return forms.CharField(
        label=label, required=shortest > 0, min_length=shortest or None, max_length=4000, help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={
            "required": gettext_lazy("Viết vào ô này."),
            "min_length": gettext_lazy("Viết rõ hơn một chút."),
        },
    )  # fmt: skip


def _kinds() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=gettext_lazy("Loại sự cố"), choices=[(code, KIND[code]) for code in KINDS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Chọn ít nhất một loại.")},
    )  # fmt: skip


class _Form(forms.Form):
    """Ids begin with the form's name, so that several may stand on one page."""

    use_required_attribute = False
    first = "words"

    def __init__(self, data: Any = None, *, name: str, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, auto_id=f"{name}-%s", initial=initial)
        self.first_field = f"{name}-{self.first}"


class ReportForm(_Form):
    """Entering a breach."""

    first = "discovered_at"
    discovered_at = _moment(
        gettext_lazy("Phát hiện lúc nào"), required=True,
        hint=gettext_lazy("Giờ Việt Nam. Thời hạn báo tính từ đây, kể cả đêm và ngày nghỉ; ghi rồi không sửa được."),
    )  # fmt: skip
    happened_from = _moment(
        gettext_lazy("Xảy ra từ lúc nào"), required=False, hint=gettext_lazy("Chưa biết thì để trống.")
    )
    happened_to = _moment(
        gettext_lazy("Đến lúc nào"), required=False, hint=gettext_lazy("Chưa biết hoặc còn tiếp diễn thì để trống.")
    )
    kinds = _kinds()
    words = _text(gettext_lazy("Điều đã xảy ra"), shortest=SHORTEST_WORDS, rows=4, hint=_NO_NAMES)
    case = forms.IntegerField(required=False, min_value=1, max_value=_LARGEST, widget=forms.HiddenInput)


class FactsForm(_Form):
    """What is known: kinds, categories, how many, consequences, measures, advice. The rest may follow later."""

    first = "kinds"
    kinds = _kinds()
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Loại dữ liệu"), required=False, choices=[(code, code) for code in CATEGORIES],
        widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("Chưa biết thì để trống."),
    )  # fmt: skip
    persons_basis = forms.ChoiceField(
        label=gettext_lazy("Số người bị ảnh hưởng"), choices=[(code, BASIS[code]) for code in BASES],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Chọn: biết chính xác, ước tính, hay chưa biết.")},
    )  # fmt: skip
    persons = forms.IntegerField(
        label=gettext_lazy("Bao nhiêu người"), required=False, min_value=0, max_value=200_000_000
    )
    happened_from = _moment(
        gettext_lazy("Xảy ra từ lúc nào"), required=False, hint=gettext_lazy("Chưa biết thì để trống.")
    )
    happened_to = _moment(
        gettext_lazy("Đến lúc nào"), required=False, hint=gettext_lazy("Chưa biết hoặc còn tiếp diễn thì để trống.")
    )
    consequences = _text(gettext_lazy("Hậu quả có thể có"), hint=_NO_NAMES)
    measures = _text(gettext_lazy("Biện pháp đã làm và sẽ làm"))
    advice = _text(gettext_lazy("Người bị ảnh hưởng nên làm gì"))

    def __init__(self, data: Any = None, *, name: str, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, name=name, initial=initial)
        categories = self.fields["categories"]
        assert isinstance(categories, forms.MultipleChoiceField)
        categories.choices = [(code, words.word("category", code)) for code in CATEGORIES]

    def clean(self) -> dict[str, Any]:
        """A number is given exactly where it is known or estimated."""
        given = super().clean() or {}
        if given.get("persons_basis") == "unknown":
            given["persons"] = None
        elif given.get("persons") is None and "persons" not in self.errors:
            self.add_error("persons", gettext_lazy("Ghi số người, hoặc chọn “chưa biết”."))
        return given

    @property
    def facts(self) -> Facts:
        given = self.cleaned_data
        return Facts(
            tuple(given["kinds"]), tuple(given["categories"]), given["persons"], given["persons_basis"],
            given["consequences"], given["measures"], given["advice"],
        )  # fmt: skip


class NotifyForm(_Form):
    """When the notification went out, under which number, and why late where it was."""

    first = "told_at"
    told_at = _moment(gettext_lazy("Đã gửi lúc nào"), required=True, hint=gettext_lazy("Giờ Việt Nam."))
    reference = forms.CharField(label=gettext_lazy("Số công văn hoặc mã hồ sơ"), required=False, max_length=200)
    words = _text(gettext_lazy("Vì sao chậm"), hint=gettext_lazy("Chỉ cần khi gửi sau thời hạn."))


class InformForm(_Form):
    """What the affected read, in plain words."""

    words = _text(
        gettext_lazy("Chuyện gì đã xảy ra"), shortest=SHORTEST_WORDS,
        hint=gettext_lazy("Người bị ảnh hưởng đọc nguyên văn. Viết như nói với người nhà; không nói về ai khác."),
    )  # fmt: skip
    measures = _text(gettext_lazy("Đã làm gì để khắc phục"), shortest=10)
    advice = _text(gettext_lazy("Bạn nên làm gì"), shortest=10)


class WordsForm(_Form):
    """A reason, for what needs nothing else."""

    words = _text(
        gettext_lazy("Lý do"), shortest=SHORTEST_WORDS, hint=gettext_lazy("Ghi rồi không sửa được.")
    )  # fmt: skip


class DrawForm(_Form):
    """From where in the log the affected are drawn."""

    first = "kind"
    kind = forms.ChoiceField(
        label=gettext_lazy("Lấy từ đâu"), widget=forms.RadioSelect,
        choices=[
            ("officer_read", gettext_lazy("mọi người mà một cán bộ đã xem, trong một khoảng thời gian")),
            ("export", gettext_lazy("mọi người trong một tệp xuất (số XD-)")),
            ("case", gettext_lazy("mọi người trong một việc thanh tra (số TT-)")),
        ],
        error_messages={"required": gettext_lazy("Chọn một cách.")},
    )  # fmt: skip
    username = forms.CharField(
        label=gettext_lazy("Tên đăng nhập của cán bộ"), required=False, max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    from_at = _moment(gettext_lazy("Từ lúc"), required=False)
    to_at = _moment(gettext_lazy("Đến lúc"), required=False)
    number = forms.IntegerField(label=gettext_lazy("Số XD- hoặc TT-"), required=False, min_value=1, max_value=_LARGEST)


FORMS: dict[str, type[_Form]] = {
    "assess": FactsForm, "supplement": FactsForm, "notify": NotifyForm, "notify_more": NotifyForm,
    "inform": InformForm, "inform_not_needed": WordsForm, "not_notifiable": WordsForm, "close": WordsForm,
    "disagree": WordsForm,
}  # fmt: skip
"""Step → its form."""


def begun(step: str, breach: Breach) -> _Form:
    """The step's form as it is first shown: filled with what is known already."""
    facts, informed = breach.facts, breach.last("inform")
    known: dict[str, Any] = {}
    if FORMS[step] is FactsForm:
        known = {
            **facts._asdict(),
            "happened_from": breach.line.happened_from,
            "happened_to": breach.line.happened_to,
            "categories": facts.categories or breach.drawn_categories,
        }
        if facts.persons is None and breach.line.persons_drawn:
            known |= {"persons": breach.line.persons_drawn, "persons_basis": "known"}
    if step == "inform":
        known = {"words": informed.words if informed else "", "measures": facts.measures, "advice": facts.advice}
    return FORMS[step](name=step, initial=known)
