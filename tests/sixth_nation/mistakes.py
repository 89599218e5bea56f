"""What a clerk or a citizen puts down wrongly: names, birth dates, numbers, each with the share of every way."""

from datetime import date
from random import Random
from typing import NamedTuple

from sixth_nation.land import toneless
from sixth_nation.misspelling import as_telex_left_it, heard_wrongly, mistyped, with_a_wrong_mark
from sixth_nation.people import Person

JUNK = ("không", "khong co", "0", "000000000", "123456789", "chưa có", "-", "KHÔNG CÓ CMND", "x")
OTHER_MIDDLES = ("Văn", "Thị", "Ngọc", "Thanh", "Minh", "Xuân")
RIGHT, NEAR, OFF = 2, 1, 0
"""How right a name is."""
FULL, YEAR, NO_DATE, WRONG_YEAR = 3, 2, 1, 0
"""How right a birth date is."""

Born = tuple[int, int, int] | None
"""Year, month and day as written; month and day are 0 where the year stands alone; None is nothing."""


class WrongName(NamedTuple):
    """The name as written, how right it still is, and the fault's name."""

    name: str
    grade: int
    fault: str


class WrongDate(NamedTuple):
    """The birth date as written, how right it still is, and the fault's name."""

    born: Born
    grade: int
    fault: str


def wrong_name(rng: Random, person: Person) -> WrongName:
    """A mark, a letter, a sound, a word; now and then another's name."""
    words, lot = person.name.split(" "), rng.random()
    at = rng.randrange(len(words))
    if lot < 0.30:
        return _graded(person, words, at, with_a_wrong_mark(rng, words[at]), "name_mark")
    if lot < 0.52:
        return _near(words, at, mistyped(rng, words[at]), "name_letter")
    if lot < 0.57:
        return _graded(person, words, at, as_telex_left_it(words[at]), "name_telex")
    if lot < 0.75 and len(words) > 2:
        del words[rng.randrange(1, len(words) - 1)]
        return WrongName(" ".join(words), NEAR, "name_middle_missing")
    if lot < 0.89:
        return _near(words, len(words) - 1, heard_wrongly(rng, words[-1]), "name_sound")
    return _name_hardly_theirs(rng, person, words, at, lot)


def _name_hardly_theirs(rng: Random, person: Person, words: list[str], at: int, lot: float) -> WrongName:
    if lot < 0.93 and person.others:
        return WrongName(rng.choice(person.others).name, OFF, "name_of_relative")
    if lot < 0.96:
        return WrongName(words[-1], OFF, "name_given_only")
    if len(words) > 2:
        other = rng.choice([middle for middle in OTHER_MIDDLES if middle != words[1]])
        return _near(words, 1, other, "name_other_middle")
    return _near(words, at, mistyped(rng, words[at]), "name_letter")


def _near(words: list[str], at: int, word: str, fault: str) -> WrongName:
    return WrongName(" ".join([*words[:at], word, *words[at + 1 :]]), NEAR, fault)


def _graded(person: Person, words: list[str], at: int, word: str, fault: str) -> WrongName:
    """Right all the same where only marks differ, or nothing does."""
    wrong = _near(words, at, word, fault)
    return wrong._replace(grade=RIGHT) if toneless(wrong.name) == toneless(person.name) else wrong


def wrong_date(rng: Random, person: Person, *, year_only: bool) -> WrongDate:
    """Day and month swapped, 1 January, another digit; another year, or none. `year_only` writes no day."""
    year, month, day = person.born.year, person.born.month, person.born.day
    lot = rng.random()
    if year_only:
        return _wrong_year(rng, person, 0.5 + lot / 2)
    if lot < 0.22 and day <= 12 and day != month:
        return WrongDate((year, day, month), YEAR, "dob_swapped")
    if lot < 0.45 and not (month == 1 and day == 1):
        return WrongDate((year, 1, 1), YEAR, "dob_first_january")
    if lot < 0.60:
        return _wrong_day(rng, person)
    return _wrong_year(rng, person, lot)


def _wrong_day(rng: Random, person: Person) -> WrongDate:
    year, month, day = person.born.year, person.born.month, person.born.day
    if rng.random() < 0.6:
        other = (rng.randint(1, 28), month)
    else:
        other = (min(day, 28), rng.randint(1, 12))
    return WrongDate((year, other[1], other[0]), YEAR if other != (day, month) else FULL, "dob_digit")


def _wrong_year(rng: Random, person: Person, lot: float) -> WrongDate:
    year, month, day = person.born.year, person.born.month, min(person.born.day, 28)
    if lot < 0.83:
        return WrongDate((year + rng.choice((-1, 1)), month, day), WRONG_YEAR, "dob_year_off")
    if lot < 0.90:
        other_year = year + rng.choice((-10, 10)) if year < 2010 else year - 10
        return WrongDate((other_year, month, day), WRONG_YEAR, "dob_year_digit")
    if lot < 0.96:
        other = date(rng.randint(1940, 2015), rng.randint(1, 12), rng.randint(1, 28))
        grade = WRONG_YEAR if other.year != year else YEAR
        return WrongDate((other.year, other.month, other.day), grade, "dob_other")
    return WrongDate(None, NO_DATE, "dob_missing")


def bad_number(rng: Random, right: str) -> tuple[str, str]:
    """No number, or one that no office could have issued; and the fault's name."""
    lot = rng.random()
    if lot < 0.70:
        return "", "id_missing"
    if lot < 0.85:
        return rng.choice(JUNK), "id_junk"
    at = rng.randrange(len(right))
    if lot < 0.95:
        shorter = rng.random() < 0.6
        return (right[:at] + right[at + 1 :] if shorter else right[:at] + right[at] + right[at:]), "id_length"
    return (right.replace("0", "O", 1) if "0" in right else right + "O"), "id_letter"


def number_not_theirs(rng: Random, person: Person, right: str) -> tuple[str, str]:
    """A well-formed number that is somebody else's or nobody's; and the fault's name."""
    lot = rng.random()
    owners = [other for other in person.others if other.papers]
    if lot < 0.25 and owners:
        return rng.choice(owners).papers[0], "id_of_relative"
    if lot < 0.85:
        return _slipped(rng, right), "id_slip"
    return "".join(rng.choices("0123456789", k=rng.choice((9, 12)))), "id_invented"


def _slipped(rng: Random, right: str) -> str:
    """Two digits swapped, or one another, among the last seven."""
    at = rng.randrange(max(1, len(right) - 7), len(right))
    if rng.random() < 0.35 and at + 1 < len(right) and right[at] != right[at + 1]:
        return right[:at] + right[at + 1] + right[at] + right[at + 2 :]
    return right[:at] + rng.choice([digit for digit in "0123456789" if digit != right[at]]) + right[at + 1 :]
