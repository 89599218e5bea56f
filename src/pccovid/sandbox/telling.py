"""What one row says about its person: the truth, told with a fault or in another number, name or phone."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from pccovid.sandbox import faults, writing
from pccovid.sandbox.people import Person

HARD_IN_EVERY_ROW = frozenset(
    ("twin", "namesakes_one_phone", "namesakes_one_commune", "newborn_unnamed", "foreigner", "phone_handed_over",
     "id_digits_swapped_into")
)  # fmt: skip
"""Cases of a person that stand on all their rows; the others are marked only where the row shows them."""
CIRCUMSTANCES = frozenset(("old_id", "phone_changed", "child_without_id", "declared_for_other"))
"""True of a row without being an error in it."""
_FAULT_AGAIN = 0.22
_ID_LEFT_BLANK = 0.15


class Style(NamedTuple):
    """How a file writes its person columns."""

    columns: str
    """'name birth id', 'name year id' or 'name'."""
    name: str
    birth: str
    sex: str
    id_optional: bool = False


class Said(NamedTuple):
    """The person columns of one row as text, and the fault class that is in them ('' if none)."""

    name: str
    birth: str
    sex: str
    id: str
    phone: str
    fault: str


class Mark(NamedTuple):
    """One line of the truth: a key, the person behind it (None: nobody), the fault class."""

    key: str
    person: int | None
    fault: str = ""


class Row(NamedTuple):
    """One row of an export file with its truth; nested records (household members) follow the row's own mark."""

    file: str
    values: dict[str, object]
    marks: tuple[Mark, ...]


def new_key(rng: Random) -> str:
    """A 24-hex key that tells nothing about the person behind it."""
    return f"{rng.getrandbits(96):024x}"


class Subject:
    """A person while their rows are written: the random stream in use, and whether a fault is still due."""

    def __init__(self, person: Person, rng: Random, faultless: bool = False) -> None:
        self.person = person
        self.rng = rng
        self._faultless = faultless
        self._fault_due = person.verdict != "agrees"
        self._special_due = bool(person.id_of_other)
        self._marks_due = person.has_twin_in_tone

    def key(self) -> str:
        """A new key of 24 hexadecimal digits."""
        return new_key(self.rng)

    def number_key(self) -> str:
        """A new key of 18 decimal digits."""
        return str(10**17 + self.rng.getrandbits(59))

    def mark(self, key: str, fault: str = "") -> Mark:
        """The truth about a row of this person: the given fault; before a mere circumstance, the case of the person."""
        case = self.person.case
        if case in HARD_IN_EVERY_ROW and (fault == "" or fault in CIRCUMSTANCES):
            return Mark(key, self.person.number, case)
        return Mark(key, self.person.number, fault)

    def say(self, style: Style, share: float = 1.0) -> Said:
        """The person columns in `style`; `share` scales down the chance of a fault in a well-kept file."""
        fault = self._draw_fault(style, share)
        if fault == "garbled":
            return self._garbled(style)
        in_full = self._marks_due and not fault and style.columns != "name"
        self._marks_due = self._marks_due and not in_full
        name, name_label = self._name(fault, style)
        number, id_label = self._document(fault, style) if style.columns != "name" else ("", "")
        phone, phone_label = self._phone()
        if in_full:
            name = self.person.name.full if name.isascii() else name
            phone, phone_label = writing.write_phone(self.person.phone, self.rng), ""
        label = next(filter(None, (fault, name_label, id_label, phone_label)), "")
        return Said(name, self._birth(fault, style), self._sex(style), number, phone, label)

    def _sex(self, style: Style) -> str:
        return writing.write_sex(self.person.sex, self.rng, style.sex)

    def _draw_fault(self, style: Style, share: float) -> str:
        if self._faultless or self.person.verdict == "agrees":
            return ""
        chance = share if self._fault_due else share * _FAULT_AGAIN
        if self.rng.random() >= chance:
            return ""
        fault = faults.draw_fault(self.rng, self.person.verdict, style.columns)
        if fault == "name_tone" and self.person.has_twin_in_tone:
            # It could make exactly the twin's name of it.
            fault = "name_typo"
        self._fault_due = self._fault_due and not fault
        return fault

    def _name(self, fault: str, style: Style) -> tuple[str, str]:
        person, rng = self.person, self.rng
        name, label = person.name.full, ""
        if person.other_name and not self._faultless and rng.random() < 0.5:
            name, label = person.other_name, person.case
        if fault in faults.NAME_FAULTS:
            name = faults.spoil_name(fault, name, rng)
        # Bytes of an older encoding never passed through a capitals button afterwards.
        return (name if fault == "name_encoding" else writing.write_name(name, rng, style.name)), label

    def _birth(self, fault: str, style: Style) -> str:
        person, birth = self.person, self.person.birth
        if fault in faults.BIRTH_FAULTS:
            year_only = style.birth == "year"
            birth = faults.spoil_year(birth, self.rng) if year_only else faults.spoil_birth(fault, birth, self.rng)
            return writing.write_birth(birth, True, self.rng, "full" if style.birth == "slash" else style.birth)
        return writing.write_birth(birth, person.birth_known_to_day, self.rng, style.birth)

    def _document(self, fault: str, style: Style) -> tuple[str, str]:
        """(number as written, label): the id of the form, the older one, somebody else's, a wrong one or none."""
        number, label = document(self.person, self.rng)
        if fault == "id_missing":
            return "", ""
        if fault == "id_malformed":
            return faults.malformed_id(number or self.person.personal_id, self.rng), ""
        if self._special_due and style.name != "registry" and not self._faultless:
            self._special_due = False
            return self.person.id_of_other, self.person.case
        if style.id_optional and fault == "" and self.rng.random() < _ID_LEFT_BLANK:
            return "", ""
        return writing.write_id(number, self.rng), label

    def _phone(self) -> tuple[str, str]:
        """(number as written, label): today's phone, the one before, or one shared by many."""
        person, rng = self.person, self.rng
        if person.shared_phone and rng.random() < 0.8:
            return writing.write_phone(person.shared_phone, rng), person.case
        if person.old_phone and rng.random() < 0.4:
            return writing.write_phone(person.old_phone, rng), person.case or "phone_changed"
        return writing.write_phone(person.phone, rng), ""

    def _garbled(self, style: Style) -> Said:
        rng = self.rng
        birth = rng.choice(("", "", "00/00/0000", "1900", "31/02/1980")) if style.birth == "slash" else ""
        number = rng.choice(("", "", "0", "xxx"))
        phone = writing.write_phone(self.person.phone, rng) if rng.random() < 0.3 else ""
        return Said(faults.garbled_name(rng), birth, self._sex(style), number, phone, "garbled")


def document(person: Person, rng: Random) -> tuple[str, str]:
    """(number, label) of the document a person shows: of two, the older one about every third time."""
    if person.carries == "passport":
        return person.passport, ""
    if person.carries == "both":
        return (person.old_id, "old_id") if rng.random() < 0.35 else (person.personal_id, "")
    number = {"cccd": person.personal_id, "cmnd": person.old_id}.get(person.carries, "")
    return number, "" if number else "child_without_id"
