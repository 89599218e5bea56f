"""What a form still has to ask of somebody, and reading what was answered. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple

from pccovid.declaring.forms import (
    ADDRESS,
    COUNTRY,
    DAY,
    DISEASES,
    MOMENT,
    NUMBER,
    SEX,
    SYMPTOMS,
    TEXT,
    WORDS,
    YES_NO,
    Form,
    Question,
    Section,
)

VIET_NAM = timezone(timedelta(hours=7))
NONE_OF_THEM = "none"
"""What is ticked instead of leaving a list of symptoms or diseases empty: an empty list would be a guess."""
IDENTITY = frozenset({"name", "birth_date", "sex", "nationality", "document", "phone", "residence"})
"""What is asked only of oneself, or of one's own child: others' identity is theirs to tell."""
DISEASES_ASKED = (
    "tăng huyết áp", "đái tháo đường", "bệnh tim mạch", "bệnh phổi mạn tính", "ung thư", "bệnh thận mạn tính",
    "béo phì", "suy giảm miễn dịch",
)  # fmt: skip
SHORT_TEXT, LONG_TEXT = 200, 1000
_FARTHEST_BACK, _FARTHEST_AHEAD = timedelta(days=60), timedelta(days=30)

Given = Mapping[str, Sequence[str]]
"""Field → what was sent for it, as browsers send it."""


class Unreadable(ValueError):
    """An answer that cannot be read; `why` is 'missing', 'unreadable', 'too_long', 'out_of_range' or 'contradicts'."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Fault(NamedTuple):
    """What is wrong with one answer."""

    question: str
    why: str


@dataclass(frozen=True)
class Answered:
    """What was read: question → value (text, list, number or ISO date), and what is wrong."""

    values: Mapping[str, object]
    faults: tuple[Fault, ...]


def asked(form: Form, known: Collection[str], *, of_others: bool) -> tuple[Section, ...]:
    """The sections with the questions that are still open; sections without any are left out."""
    open_sections = [
        Section(section.code, tuple(one for one in section.questions if _is_open(one, known, of_others)))
        for section in form.sections
    ]
    return tuple(section for section in open_sections if section.questions)


def read(sections: Sequence[Section], symptoms: Collection[str], given: Given, *, now: datetime) -> Answered:
    """The answers to these questions; what was not asked is not read, whatever was sent."""
    values: dict[str, object] = {}
    faults: list[Fault] = []
    for question in (one for section in sections for one in section.questions):
        if question.only_if and values.get(question.only_if) != "yes":
            continue
        try:
            value = _read_one(question, [text.strip() for text in given.get(question.code, ())], symptoms, now)
        except Unreadable as wrong:
            faults.append(Fault(question.code, wrong.why))
            continue
        if value is not None:
            values[question.code] = value
    return Answered(values, tuple(faults))


def _is_open(question: Question, known: Collection[str], of_others: bool) -> bool:
    if of_others and question.known:
        return False
    return not (question.known and question.known in known)


def _read_one(question: Question, texts: list[str], symptoms: Collection[str], now: datetime) -> object:
    if question.kind == SYMPTOMS:
        return _ticked(texts, symptoms)
    if question.kind == DISEASES:
        return _ticked(texts, DISEASES_ASKED)
    text = texts[0] if texts else ""
    if not text:
        if question.is_required:
            raise Unreadable("missing")
        return None
    if len(text) > (LONG_TEXT if question.kind == WORDS else SHORT_TEXT):
        raise Unreadable("too_long")
    return _READERS[question.kind](text, question, now)


def _ticked(texts: list[str], offered: Collection[str]) -> list[str]:
    found = [text for text in dict.fromkeys(texts) if text]
    if not found:
        raise Unreadable("missing")
    if found == [NONE_OF_THEM]:
        return []
    if NONE_OF_THEM in found:
        raise Unreadable("contradicts")
    if not set(found) <= set(offered):
        raise Unreadable("unreadable")
    return found


def _text(text: str, question: Question, now: datetime) -> str:
    return " ".join(text.split())


def _choice(*offered: str) -> Callable[[str, Question, datetime], str]:
    def read_choice(text: str, question: Question, now: datetime) -> str:
        if text not in offered:
            raise Unreadable("unreadable")
        return text

    return read_choice


def _number(text: str, question: Question, now: datetime) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        raise Unreadable("unreadable") from None
    if not question.least <= value <= question.most:
        raise Unreadable("out_of_range")
    return value


def _country(text: str, question: Question, now: datetime) -> str:
    if not (len(text) == 2 and text.isascii() and text.isupper()):
        raise Unreadable("unreadable")
    return text


def _day(text: str, question: Question, now: datetime) -> str:
    day = _iso_or_written(text)
    today = now.astimezone(VIET_NAM).date()
    if question.code == "birth_date":
        if not date(1900, 1, 1) <= day <= today:
            raise Unreadable("out_of_range")
    elif not today - _FARTHEST_BACK <= day <= today + _FARTHEST_AHEAD:
        raise Unreadable("out_of_range")
    return day.isoformat()


def _moment(text: str, question: Question, now: datetime) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable("unreadable") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=VIET_NAM)
    if not now - _FARTHEST_BACK <= moment <= now + _FARTHEST_AHEAD:
        raise Unreadable("out_of_range")
    return moment.isoformat()


def _iso_or_written(text: str) -> date:
    """'2021-10-05' as browsers send it, '5/10/2021' as people without a date field write it."""
    try:
        if "/" in text:
            return date(*(int(part) for part in text.split("/")[::-1]))
        return date.fromisoformat(text)
    except (ValueError, TypeError):
        raise Unreadable("unreadable") from None


_READERS: dict[str, Callable[[str, Question, datetime], object]] = {
    TEXT: _text, WORDS: _text, ADDRESS: _text, YES_NO: _choice("yes", "no"), SEX: _choice("male", "female"),
    NUMBER: _number, COUNTRY: _country, DAY: _day, MOMENT: _moment,
}  # fmt: skip
