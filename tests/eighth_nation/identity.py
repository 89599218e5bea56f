"""What one record says of who somebody is, right or wrong, and what it is worth as evidence.

Each record that asks for a number draws one outcome: 67.2 % agree, in 24.8 % name or birth date disagree, 4.6 % have
no number or a malformed one, 3.4 % a well-formed one that is not theirs.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from eighth_nation import forms, mistakes
from eighth_nation.forms import NO_DATE_ASKED, SLASHED, YEAR_ALONE
from eighth_nation.issuing import Office
from eighth_nation.misnaming import OLD_ENCODINGS, wrong_name
from eighth_nation.people import Born, Home, Person
from sixth_nation.mistakes import FULL, NO_DATE, OFF, RIGHT, YEAR

DISAGREE, NO_NUMBER, NOT_THEIRS = "disagree", "no_id", "unverifiable"
OUTCOMES = {"": 67.2, DISAGREE: 24.8, NO_NUMBER: 4.6, NOT_THEIRS: 3.4}
DISAGREE_WITHOUT_NUMBER, DISAGREE_UNASKED, NUMBER_OF_A_PARENT = 0.248, 0.20, 0.015
PHONE_LEFT_OUT, PHONE_OF_STAFF, PHONE_OF_ANOTHER = 0.03, 0.012, 0.05
SHARED_PHONE = "shared_phone"
WRONG_PARTS = {YEAR_ALONE: (0.75, 0.70)}
USUAL_WRONG_PARTS = (0.52, 0.44)
"""Below which lot the name is wrong, and from which on the birth date: sometimes both."""


@dataclass(eq=False, slots=True)
class Evidence:
    """What of a record is right."""

    key_of_name: str
    born: Born
    name: int = RIGHT
    birth: int = NO_DATE
    numbers: frozenset[str] = frozenset()
    """Numbers of papers that are theirs."""
    not_theirs: str = ""
    is_near: bool = False
    """Whether the number that is not theirs is one slip from theirs."""
    phone: str = ""
    phone_of_account: str = ""
    house: tuple[str, str, str] | None = None
    other_house: tuple[str, str, str] | None = None
    commune: str = ""
    other_commune: str = ""
    insurance: str = ""
    qid: str = ""
    record: str = ""
    """Its own, as file/key."""
    names_record: str = ""
    """The record that it refers to."""


@dataclass(frozen=True)
class Form:
    """What a system asks for."""

    dates: str = SLASHED
    asks_number: bool = True
    in_capitals: bool = False
    needs_own_phone: bool = False
    """It sends a code there."""
    is_proven: bool = False
    """Taken over from a proof, so without faults."""


PLAIN = Form()


@dataclass(slots=True)
class Written:
    """Values as they stand in a record."""

    name: str
    born: str
    home: Home
    evidence: Evidence
    true_number: str = ""
    """Of the paper that was shown."""
    number: str = ""
    true_phone: str = ""
    phone: str = ""
    fault: str = ""
    kinds: list[str] = field(default_factory=list)
    """Faults and forms one by one."""

    def without_name(self) -> None:
        """Says none; other faults and forms no longer show."""
        self.name, self.evidence.name, self.fault = "", OFF, ""
        self.kinds = ["name_missing"]


class Pen:
    """Writes down who somebody is."""

    def __init__(self, rng: Random, office: Office) -> None:
        self.rng, self.office = rng, office

    def write(
        self,
        person: Person,
        moment: datetime,
        form: Form = PLAIN,
        *,
        home: Home | None = None,
        phone: str | None = None,
        staff_phone: str = "",
    ) -> Written:
        """One record. `phone` is what somebody else says it is, `staff_phone` what a clerk types for many."""
        day = moment.date()
        number = self._number_shown(person, day) if form.asks_number else ""
        fault, of_a_parent = self._outcome(person, day, form, number)
        born, evidence = forms.date(person.born, form.dates), _evidence_of(person, form)
        written = Written(person.name, born, home or person.home_on(day), evidence, number, fault=fault)
        self._write_name_and_date(written, person, form, is_wrong=fault == DISAGREE and not of_a_parent)
        self._write_number(written, person, of_a_parent)
        self._write_phone(written, person, day, form, phone, staff_phone)
        return written

    def _outcome(self, person: Person, day: date, form: Form, number: str) -> tuple[str, str]:
        """The fault, and the number of a parent where that is it."""
        rng = self.rng
        if form.is_proven:
            return "", ""
        if not form.asks_number:
            return DISAGREE if rng.random() < DISAGREE_UNASKED else "", ""
        if number:
            return rng.choices(list(OUTCOMES), list(OUTCOMES.values()))[0], ""
        fault = DISAGREE if rng.random() < DISAGREE_WITHOUT_NUMBER else ""
        of_a_parent = self._number_of_a_parent(person, day)
        return DISAGREE if of_a_parent else fault, of_a_parent

    def _number_of_a_parent(self, person: Person, day: date) -> str:
        """Of a child, now and then."""
        parents = [other for other in person.others if other.age >= 20 and (other.card or other.old_card)]
        if person.age >= 16 or not parents or self.rng.random() >= NUMBER_OF_A_PARENT:
            return ""
        return self._number_shown(self.rng.choice(parents), day)

    def _number_shown(self, person: Person, day: date) -> str:
        """The old card's until the new one came, and now and then after; seldom the passport's."""
        rng = self.rng
        if person.nation != "VN" or (person.passport and rng.random() < 0.08):
            return person.passport
        if person.card and person.old_card:
            return person.card if day >= person.card_since and rng.random() < 0.82 else person.old_card
        return person.card or person.old_card

    def _write_name_and_date(self, written: Written, person: Person, form: Form, *, is_wrong: bool) -> None:
        evidence = written.evidence
        if is_wrong:
            lot = self.rng.random()
            name_below, date_from = WRONG_PARTS.get(form.dates, USUAL_WRONG_PARTS)
            if form.dates == NO_DATE_ASKED or lot < name_below:
                written.name, fault, evidence.name = wrong_name(self.rng, person.name)
                written.kinds.append(fault)
            if form.dates != NO_DATE_ASKED and lot >= date_from:
                written.born, fault, grade = mistakes.wrong_date(self.rng, person.born, form.dates)
                written.kinds.append(fault)
                evidence.birth = min(evidence.birth, grade)
        if not OLD_ENCODINGS & set(written.kinds):
            written.name, kinds = forms.name(self.rng, written.name, in_capitals=form.in_capitals)
            written.kinds += kinds

    def _write_number(self, written: Written, person: Person, of_a_parent: str) -> None:
        evidence, right = written.evidence, written.true_number
        if written.fault == NO_NUMBER:
            written.number, fault, is_legible = mistakes.no_number(self.rng, right)
            evidence.numbers = frozenset({right} if is_legible else ())
            written.kinds.append(fault)
        elif written.fault == NOT_THEIRS:
            self._write_another_number(written, person)
        elif of_a_parent:
            written.number = evidence.not_theirs = of_a_parent
            written.kinds.append("borrowed_id")
        elif right:
            written.number, kinds = forms.paper(self.rng, right)
            written.kinds += kinds
            evidence.numbers = frozenset({right})

    def _write_another_number(self, written: Written, person: Person) -> None:
        evidence = written.evidence
        written.number, fault = mistakes.another_number(self.rng, written.true_number)
        evidence.is_near = fault != mistakes.UNKNOWN_OLD
        if not evidence.is_near:
            written.number = person.lost_card or self.office.forgotten_card()
        evidence.not_theirs = written.number
        written.kinds.append(fault)

    def _write_phone(
        self, written: Written, person: Person, day: date, form: Form, phone: str | None, staff_phone: str
    ) -> None:
        rng, is_of_staff = self.rng, False
        if phone is None:
            phone = self._phone_given(written, person, day, form)
            if not form.needs_own_phone and rng.random() < PHONE_LEFT_OUT:
                phone = ""
            is_of_staff = bool(staff_phone) and rng.random() < PHONE_OF_STAFF
        if is_of_staff:
            phone = staff_phone
            written.kinds.append("staff_phone")
        written.true_phone, written.evidence.phone = phone, "" if is_of_staff else phone
        written.phone, kinds = forms.phone(rng, phone)
        written.kinds += kinds

    def _phone_given(self, written: Written, person: Person, day: date, form: Form) -> str:
        """Their own, or that of a grown-up at home."""
        rng, own = self.rng, self._own_phone(person, day)
        others = [other for other in person.others if other.phones and other.age >= 18]
        if own and (form.needs_own_phone or rng.random() > PHONE_OF_ANOTHER):
            return own
        if not others:
            return own
        head = person.house.head
        owner = head if head in others and rng.random() < 0.6 else rng.choice(others)
        written.kinds.append(SHARED_PHONE)
        return self._own_phone(owner, day)

    def _own_phone(self, person: Person, day: date) -> str:
        """The latest; now and then the one given up, or the second card of the phone."""
        rng = self.rng
        numbers = [number for since, number in person.phones if since <= day]
        if len(numbers) > 1 and rng.random() < 0.10:
            return numbers[0]
        if person.second_phone and rng.random() < 0.4:
            return person.second_phone
        return numbers[-1] if numbers else ""


def _evidence_of(person: Person, form: Form) -> Evidence:
    """As if everything that the form asks for were right."""
    born, birth = person.born, NO_DATE
    if form.dates != NO_DATE_ASKED:
        birth = FULL if form.dates != YEAR_ALONE and born.is_whole else YEAR
    return Evidence(forms.key_of(person.name), born, birth=birth)
