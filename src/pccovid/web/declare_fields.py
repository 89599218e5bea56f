"""A form as the page draws it: what is known already, and each open question with its label, choices and value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from babel import Locale
from django.utils import translation
from django.utils.translation import gettext as _

from pccovid.declaring.answers import DISEASES_ASKED, NONE_OF_THEM, Fault
from pccovid.declaring.forms import (
    COUNTRY,
    DAY,
    DISEASES,
    MOMENT,
    MOVEMENT,
    SEX,
    SYMPTOMS,
    YES_NO,
    Form,
    Question,
    Section,
)
from pccovid.people.queries import OwnIdentity
from pccovid.web import words

_INPUT_TYPES = {"day": "date", "moment": "datetime-local"}
_HINTED = frozenset({"residence", "travel_note", "temperature", "spo2"})


@dataclass(frozen=True)
class Field:
    """One open question. `choices`: (value, word) of those to be ticked, picked or chosen."""

    question: Question
    label: str
    hint: str
    values: tuple[str, ...]
    choices: tuple[tuple[str, str], ...]
    error: str

    @property
    def id(self) -> str:
        return f"id_{self.question.code}"

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def type(self) -> str:
        return _INPUT_TYPES.get(self.question.kind, "text")

    @property
    def is_several(self) -> bool:
        return self.question.kind in (SYMPTOMS, DISEASES)

    @property
    def is_choice(self) -> bool:
        return self.question.kind in (YES_NO, SEX)


@dataclass(frozen=True)
class DrawnSection:
    """A section of the page."""

    code: str
    fields: tuple[Field, ...]


def drawn(
    form: Form, sections: Sequence[Section], given: Mapping[str, Sequence[str]], faults: Sequence[Fault],
    identity: OwnIdentity | None,
) -> tuple[DrawnSection, ...]:  # fmt: skip
    """The open questions with what was filled in so far, or with what is likely where nothing was."""
    wrong = {fault.question: words.word("declaration_fault", fault.why) for fault in faults}
    likely = _likely(form, identity)
    return tuple(
        DrawnSection(section.code, tuple(_field(form, one, given, wrong, likely) for one in section.questions))
        for section in sections
    )


def _field(
    form: Form, question: Question, given: Mapping[str, Sequence[str]], wrong: Mapping[str, str],
    likely: Mapping[str, str],
) -> Field:  # fmt: skip
    values = tuple(given[question.code]) if question.code in given else tuple(filter(None, [likely.get(question.code)]))
    return Field(
        question, words.word("asked", question.code), _hint(question), values, _choices(form, question),
        wrong.get(question.code, ""),
    )  # fmt: skip


def _likely(form: Form, identity: OwnIdentity | None) -> dict[str, str]:
    """What is filled in beforehand, to be changed: a journey mostly begins at home."""
    if form.code != MOVEMENT or identity is None:
        return {}
    return {"departure_place": words.area_name(identity.residence.finest)}


def _hint(question: Question) -> str:
    if question.code not in _HINTED:
        return "" if question.is_required else _("Không bắt buộc.")
    return {
        "residence": _("Ví dụ: 12 Hàng Bạc, phường Hàng Bạc, quận Hoàn Kiếm, Hà Nội."),
        "travel_note": _("Chỉ cần khi trả lời “Có” ở câu trên."),
        "temperature": _("Ví dụ 36,8. Không bắt buộc."),
        "spo2": _("Ví dụ 97. Không bắt buộc."),
    }[question.code]


def _choices(form: Form, question: Question) -> tuple[tuple[str, str], ...]:
    if question.kind == YES_NO:
        return (("yes", words.word("answer", "yes")), ("no", words.word("answer", "no")))
    if question.kind == SEX:
        return tuple((code, words.word("sex", code)) for code in ("female", "male"))
    if question.kind == SYMPTOMS:
        listed = tuple((code, _capital(words.word("symptom", code))) for code in form.symptoms)
        return ((NONE_OF_THEM, _("Không có dấu hiệu nào")), *listed)
    if question.kind == DISEASES:
        return ((NONE_OF_THEM, _("Không có bệnh nền")), *((name, _capital(name)) for name in DISEASES_ASKED))
    return _countries() if question.kind == COUNTRY else ()


def _countries() -> tuple[tuple[str, str], ...]:
    names = Locale((translation.get_language() or "vi")[:2]).territories
    named = [(code, str(name)) for code, name in names.items() if len(code) == 2 and code.isalpha()]
    return (("VN", str(names["VN"])), *sorted((one for one in named if one[0] != "VN"), key=lambda one: one[1]))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def read_back(form: Form, values: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """(question, answer) in words of everything that was answered, to be read out to whoever told it."""
    return tuple(
        (words.word("asked", one.code), _said(form, one, values[one.code]))
        for one in form.questions if one.code in values
    )  # fmt: skip


def _said(form: Form, question: Question, value: object) -> str:
    named = dict(_choices(form, question))
    if isinstance(value, list):
        return ", ".join(str(named.get(one, one)) for one in value or [NONE_OF_THEM])
    text = str(value)
    if question.kind == MOMENT:
        return words.moment(datetime.fromisoformat(text)) or text
    if question.kind == DAY:
        return words.day(date.fromisoformat(text)) or text
    return named.get(text, text)


def known_rows(identity: OwnIdentity, known: frozenset[str], form: Form) -> tuple[tuple[str, str], ...]:
    """(label, value) of what this form would ask and the record answers; numbers are covered."""
    asked = dict.fromkeys(question.known for question in form.questions if question.known in known)
    values = {
        "name": identity.name, "birth_date": words.birth(identity.birth_date, identity.birth_precision),
        "sex": words.word("sex", identity.sex), "nationality": words.country_name(identity.nationality or ""),
        "document": words.masked(_document(identity)), "phone": words.masked(_phone(identity)),
        "residence": words.area_name(identity.residence.finest),
    }  # fmt: skip
    return tuple((words.word("known", name), values.get(name) or _("đã có trong hồ sơ")) for name in asked)


def _document(identity: OwnIdentity) -> str:
    return identity.number("personal_id") or identity.number("old_id") or identity.number("passport") or ""


def _phone(identity: OwnIdentity) -> str:
    return next((contact.value for contact in identity.contacts if contact.system == "phone"), "")
