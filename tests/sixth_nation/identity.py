"""What one record says of who somebody is, right or wrong, and what it is worth as evidence.

Each record draws one outcome: 67.2 % agree, in 24.8 % name or birth date disagree, 4.6 % have no number or a malformed
one, 3.4 % a well-formed one that is not theirs.
"""

from dataclasses import dataclass, field
from datetime import date
from random import Random

from sixth_nation import mistakes
from sixth_nation.land import Home
from sixth_nation.mistakes import FULL, NO_DATE, OFF, RIGHT, YEAR, Born
from sixth_nation.nation import Nation
from sixth_nation.people import Person

OUTCOMES = {"agree": 67.2, "disagree": 24.8, "no number": 4.6, "not theirs": 3.4}
NAME_OR_DATE_IS_WRONG = {"disagree": 1.0, "not theirs": 0.5, "no number": 0.25}


@dataclass(slots=True)
class Evidence:
    """What of a record is right."""

    name: int = OFF
    birth: int = NO_DATE
    numbers: tuple[str, ...] = ()
    """Numbers that are theirs."""
    bears_anothers: bool = False
    """Somebody else's number, or somebody else's registration."""
    phone: str = ""
    commune: str = ""
    names_record: str = ""
    """The record that it refers to."""
    by_machine: bool = False

    def beside(self) -> "Evidence":
        """The same of name, birth date, phone and commune, and of nothing else."""
        return Evidence(name=self.name, birth=self.birth, phone=self.phone, commune=self.commune)


@dataclass(slots=True)
class Written:
    """Values as meant, before a system's form is put on them."""

    name: str
    born: Born
    number: str
    phone: str
    sex: str
    home: Home
    faults: list[str] = field(default_factory=list)
    evidence: Evidence = field(default_factory=Evidence)

    @property
    def fault(self) -> str:
        """All faults in one word."""
        return "+".join(self.faults)

    @property
    def year(self) -> str:
        """The year of birth as written."""
        return str(self.born[0]) if self.born else ""

    def under_phone(self, number: str) -> None:
        """Says another phone instead."""
        self.phone = self.evidence.phone = number


def write_down(
    nation: Nation,
    person: Person,
    day: date,
    *,
    year_only: bool = False,
    year_alone: float = 0.04,
    number_left_out: float = 0.0,
) -> Written:
    """One record about somebody. `year_only` is a form that asks no day; the shares are of people who leave it out."""
    rng = nation.rng
    written = Written(person.name, None, "", "", person.sex, person.home)
    (outcome,) = rng.choices(list(OUTCOMES), list(OUTCOMES.values()))
    _write_name_and_date(rng, written, person, outcome, year_only=year_only or person.year_only, year_alone=year_alone)
    _write_number(rng, written, person, day, outcome, number_left_out)
    _write_phone(nation, written, person, day)
    _write_home(rng, written, person, day)
    if rng.random() < 0.008:
        written.sex = rng.choice(("", "M" if person.sex == "F" else "F"))
        written.faults.append("sex")
    return written


def _write_name_and_date(
    rng: Random, written: Written, person: Person, outcome: str, *, year_only: bool, year_alone: float
) -> None:
    born, evidence = person.born, written.evidence
    evidence.name = RIGHT
    if year_only or rng.random() < year_alone:
        written.born, evidence.birth = (born.year, 0, 0), YEAR
    else:
        written.born, evidence.birth = (born.year, born.month, born.day), FULL
    if _is_wrong(rng, outcome):
        lot = rng.random()
        if lot < 0.55:
            written.name, evidence.name, fault = mistakes.wrong_name(rng, person)
            written.faults.append(fault)
        if lot > 0.45:
            _write_wrong_date(rng, written, person, year_only=year_only)


def _is_wrong(rng: Random, outcome: str) -> bool:
    share = NAME_OR_DATE_IS_WRONG.get(outcome, 0.0)
    return share == 1.0 or (share > 0.0 and rng.random() < share)


def _write_wrong_date(rng: Random, written: Written, person: Person, *, year_only: bool) -> None:
    born, grade, fault = mistakes.wrong_date(rng, person, year_only=year_only)
    written.born = (born[0], 0, 0) if born and year_only else born
    written.evidence.birth = min(grade, YEAR if year_only else FULL)
    written.faults.append(fault)


def _write_number(rng: Random, written: Written, person: Person, day: date, outcome: str, left_out: float) -> None:
    right = _number_shown(rng, person, day)
    if not right:
        _write_number_of_a_parent(rng, written, person)
    elif outcome == "no number":
        written.number, fault = mistakes.bad_number(rng, right)
        written.faults.append(fault)
    elif outcome == "not theirs":
        written.number, fault = mistakes.number_not_theirs(rng, person, right)
        written.faults.append(fault)
        written.evidence.bears_anothers = fault == "id_of_relative"
    elif rng.random() >= left_out:
        written.number, written.evidence.numbers = right, (right,)


def _number_shown(rng: Random, person: Person, day: date) -> str:
    """The old card's number until the new one came, and for some people long after; seldom the passport's."""
    if person.nation != "VN":
        return person.passport
    if person.passport and rng.random() < 0.06:
        return person.passport
    if person.card and person.old_card:
        has_changed = day >= person.card_since and rng.random() > 0.15 + 0.2 * person.habit
        return person.card if has_changed else person.old_card
    return person.card or person.old_card


def _write_number_of_a_parent(rng: Random, written: Written, person: Person) -> None:
    """Of a child, or somebody without papers, now and then."""
    if rng.random() < 0.03:
        owners = [other for other in person.others if other.age > 20 and other.papers]
        if owners:
            written.number, written.evidence.bears_anothers = owners[0].papers[0], True
            written.faults.append("id_of_relative")


def _write_phone(nation: Nation, written: Written, person: Person, day: date) -> None:
    rng = nation.rng
    number, fault = _phone_given(nation, person, day)
    if fault:
        written.faults.append(fault)
    if number and rng.random() < 0.01:
        at = rng.randrange(4, 10)
        number = number[:at] + str((int(number[at]) + rng.randint(1, 9)) % 10) + number[at + 1 :]
        written.faults.append("phone_slip")
    written.under_phone(number)


def _phone_given(nation: Nation, person: Person, day: date) -> tuple[str, str]:
    """Their own; or that of somebody at home, of a helper of the hamlet, or none; and the fault's name."""
    own, lot = person.phone_on(day), nation.rng.random()
    if own and lot > 0.07:
        return own, ""
    others = [other for other in person.others if other.phone and other.age >= 16]
    if others and lot > 0.01:
        return nation.rng.choice(others[:2]).phone_on(day), "phone_of_relative" if own else ""
    if own:
        return (own, "") if lot > 0.004 else ("", "phone_missing")
    if nation.rng.random() < 0.35:
        return nation.helper_phone[person.home.area.commune], "phone_of_helper"
    return "", ""


def _write_home(rng: Random, written: Written, person: Person, day: date) -> None:
    """Where they lived that day; of those who moved, some still say where they lived before."""
    written.home = person.home_on(day)
    if person.old_home and rng.random() < 0.15:
        written.home = person.old_home
    written.evidence.commune = written.home.area.commune
