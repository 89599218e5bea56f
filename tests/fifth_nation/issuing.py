"""Who has which number since when."""

from datetime import date, timedelta
from random import Random

from fifth_nation.families import TODAY
from fifth_nation.numbers_of_people import Register
from fifth_nation.people import Person

KINDS = (("HT", 60, 200), ("TE", 0, 5), ("HS", 6, 17), ("DN", 18, 59), ("GD", 18, 59), ("HC", 18, 59), ("HN", 18, 59))


def issue(rng: Random, people: list[Person]) -> None:
    """Gives everybody of `people` their numbers, in place."""
    register = Register(rng)
    for one in people:
        if one.nation != "VN":
            one.passport = register.passport(one.nation)
        else:
            _papers(rng, register, one)
        _phones(rng, register, one)
    _twins_in_sequence(register, people)


def _papers(rng: Random, register: Register, one: Person) -> None:
    province = one.registered.commune.province
    one.personal_id = register.personal_id(province, one.sex, one.born)
    age = one.age(TODAY)
    if age >= 14:
        issued = date(2016, 1, 1) + timedelta(days=int(2370 * rng.random() ** 0.45))
        one.card_since = max(issued, date(one.born.year + 14, 6, 1))
    if one.born.year <= 2004 and rng.random() < 0.96:
        one.old_card = register.old_card(province)
    if age >= 18 and rng.random() < 0.06:
        one.passport = register.passport("VN")
    if rng.random() < 0.9:
        kinds = [kind for kind, least, most in KINDS if least <= age <= most]
        one.insurance = register.insurance(province, rng.choice(kinds))


def _phones(rng: Random, register: Register, one: Person) -> None:
    age = one.age(TODAY)
    if rng.random() < (0 if age < 12 else 0.4 if age < 18 else 0.93 if age < 60 else 0.55):
        one.phones.append((date.min, register.phone()))
        if rng.random() < 0.12:
            one.phones.append((date(2020, 6, 1) + timedelta(days=rng.randrange(700)), register.phone()))


def _twins_in_sequence(register: Register, people: list[Person]) -> None:
    first: dict[tuple[int, date, str], Person] = {}
    for one in people:
        if one.twin and one.mother is not None:
            elder = first.setdefault((id(one.mother), one.born, one.sex), one)
            if elder is not one:
                one.personal_id = register.next_to(elder.personal_id)
