"""The forms and their versions: dated data. Each question says what it asks, how it is answered, and what answers it
already. Pure.

The questions of `domestic` are those of the form that tokhaiyte.vn really had; the others are put together from the
columns of the old apps' exports, so they are not verified and are shown as our reading.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

YES_NO, SYMPTOMS, TEXT, WORDS, DAY, MOMENT, NUMBER, COUNTRY, SEX, ADDRESS, DISEASES = (
    "yes_no", "symptoms", "text", "words", "day", "moment", "number", "country", "sex", "address", "diseases",
)  # fmt: skip
"""Kinds of answers. `words` is a longer text, `address` one that is read into a commune."""


class Question(NamedTuple):
    """One question. `known`: the attribute of the index that answers it, where one does; then it is never asked."""

    code: str
    kind: str
    known: str = ""
    is_required: bool = True
    only_if: str = ""
    """Code of a yes-no question: this one is needed only after a yes."""
    least: float = 0
    most: float = 0


class Section(NamedTuple):
    """Questions that belong together, on one part of the page."""

    code: str
    questions: tuple[Question, ...]


class Form(NamedTuple):
    """One version of a form, in force from one day to another (None: still)."""

    code: str
    version: int
    valid_from: date
    valid_to: date | None
    issuer: str
    document: str
    is_verified: bool
    sections: tuple[Section, ...]
    symptoms: tuple[str, ...]
    """The symptoms that its list offers."""

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for section in self.sections for question in section.questions)


DOMESTIC, DAILY, MOVEMENT, ENTRY = "domestic", "daily", "movement", "entry"

_WHO = Section("who", (
    Question("name", TEXT, known="name"),
    Question("birth_date", DAY, known="birth_date"),
    Question("sex", SEX, known="sex"),
    Question("nationality", COUNTRY, known="nationality"),
    Question("document", TEXT, known="document", is_required=False),
    Question("phone", TEXT, known="phone", is_required=False),
    Question("residence", ADDRESS, known="residence"),
))  # fmt: skip
_SIGNS = Section("signs", (
    Question("symptoms", SYMPTOMS),
    Question("symptom_note", TEXT, is_required=False),
))  # fmt: skip
_ALL_SYMPTOMS = (
    "fever", "cough", "dyspnoea", "chest_pain", "sore_throat", "fatigue", "loss_of_taste_or_smell", "headache",
    "muscle_pain", "runny_nose", "chills", "vomiting", "diarrhoea",
)  # fmt: skip
_ENTRY_SYMPTOMS = (
    "fever", "cough", "dyspnoea", "sore_throat", "vomiting", "diarrhoea", "haemorrhage", "rash",
)  # fmt: skip
_HEALTH_MINISTRY = "Bộ Y tế"
_NOTICE = date(2021, 9, 13)

FORMS: tuple[Form, ...] = (
    Form(
        DOMESTIC, 1, _NOTICE, None, _HEALTH_MINISTRY, "Tờ khai y tế của tokhaiyte.vn, mẫu năm 2021", True,
        (
            _WHO,
            Section("travel", (
                Question("has_travelled", YES_NO),
                Question("travel_note", WORDS, only_if="has_travelled"),
            )),
            _SIGNS,
            Section("contact", (
                Question("contact_case", YES_NO),
                Question("contact_from_sick_country", YES_NO),
                Question("contact_sick", YES_NO),
            )),
        ),
        _ALL_SYMPTOMS,
    ),
    Form(
        DAILY, 1, _NOTICE, None, "", "Ghép từ cột của NCOVI và tokhaiyte.vn; chưa có văn bản", False,
        (
            _WHO,
            _SIGNS,
            Section("measured", (
                Question("temperature", NUMBER, is_required=False, least=34, most=43),
                Question("spo2", NUMBER, is_required=False, least=50, most=100),
            )),
            Section("contact", (Question("contact_case", YES_NO),)),
            Section("diseases", (Question("chronic_diseases", DISEASES, known="chronic_diseases"),)),
        ),
        _ALL_SYMPTOMS,
    ),
    Form(
        MOVEMENT, 1, _NOTICE, None, "", "Ghép từ cột của tokhaiyte.vn (di chuyển nội địa); chưa có văn bản", False,
        (
            _WHO,
            Section("trip", (
                Question("departure_place", TEXT),
                Question("destination_place", TEXT),
                Question("transport", TEXT),
                Question("vehicle_number", TEXT, is_required=False),
                Question("seat", TEXT, is_required=False),
                Question("departed_at", MOMENT),
            )),
            _SIGNS,
            Section("contact", (Question("contact_case", YES_NO),)),
        ),
        _ALL_SYMPTOMS,
    ),
    Form(
        ENTRY, 1, _NOTICE, None, "", "Ghép từ cột của tokhaiyte.vn (nhập cảnh); chưa có văn bản", False,
        (
            _WHO,
            Section("entry", (
                Question("gate", TEXT),
                Question("vehicle_kind", TEXT),
                Question("vehicle_number", TEXT, is_required=False),
                Question("seat", TEXT, is_required=False),
                Question("departed_on", DAY),
                Question("entered_on", DAY),
                Question("departure_country", COUNTRY),
                Question("departure_province", TEXT, is_required=False),
                Question("destination_province", TEXT),
                Question("places_passed", WORDS, is_required=False),
            )),
            _SIGNS,
            Section("contact", (
                Question("contact_sick", YES_NO),
                Question("contact_animals", YES_NO),
            )),
            Section("vaccines", (Question("vaccines_used", TEXT, known="vaccines", is_required=False),)),
        ),
        _ENTRY_SYMPTOMS,
    ),
)  # fmt: skip
CODES = tuple(dict.fromkeys(form.code for form in FORMS))


def form_on(code: str, day: date, forms: tuple[Form, ...] = FORMS) -> Form:
    """The version of a form in force on a day, the newest where two are. Raises LookupError where none is."""
    found = [
        form
        for form in forms
        if form.code == code and form.valid_from <= day and (form.valid_to is None or day <= form.valid_to)
    ]
    if not found:
        raise LookupError(f"no version of {code} is in force on {day}")
    return max(found, key=lambda form: form.version)


def version_of(code: str, version: int, forms: tuple[Form, ...] = FORMS) -> Form:
    """One version of a form, in force or not. Raises LookupError."""
    for form in forms:
        if (form.code, form.version) == (code, version):
            return form
    raise LookupError(f"no version {version} of {code}")
