"""Hard cases put into the nation on purpose: each function makes or bends a few people and marks them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from . import names
from .maker import APPS, Maker
from .people import Person

MARK_PAIRS = [("Hiền", "Hiển"), ("Thúy", "Thùy"), ("Tuấn", "Tuân"), ("Hạnh", "Hanh"), ("Quý", "Quỳ"), ("Bảo", "Báo")]
LETTER_PAIRS = [
    ("Lan", "Loan"),
    ("Hùng", "Hưng"),
    ("Nga", "Ngà"),
    ("Trang", "Trâng"),
    ("Minh", "Minhh"),
    ("Hoa", "Hoan"),
]
COMMON = ["Nguyễn Văn Hùng", "Nguyễn Thị Lan", "Trần Văn Tuấn", "Lê Thị Hoa", "Nguyễn Thị Hương"]


def home(make: Maker) -> tuple:
    """A new household's commune and street."""
    make.households += 1
    return make.rng.choice(make.communes), f"Ngõ {make.rng.randint(1, 300)}"


def mark(name: str, *people: Person) -> list[Person]:
    """Note the case on each of its people."""
    for one in people:
        one.casts.add(name)
    return list(people)


def father_phone(make: Maker) -> list[Person]:
    """A family where everybody uses the father's phone."""
    place, street = home(make)
    father = make.person(place, street, make.birthday(38, 50), "M")
    family = father.name.split()[0]
    group = [
        make.person(place, street, make.birthday(low, low + 3), sex, family=family if low < 30 else "")
        for low, sex in ((36, "F"), (17, "M"), (13, "F"), (7, ""), (65, ""))
    ]
    make._lean_on(group, father, 1.0)
    father.phones = father.phones[:1] or [(date(1990, 1, 1), make.new_phone())]
    father.second_phone = ""
    return mark("father_phone", father, *group)


def _twins(make: Maker, pairs: list[tuple[str, str]], label: str) -> list[Person]:
    place, street = home(make)
    mother = make.person(place, street, make.birthday(30, 45), "F")
    mother.phones = mother.phones or [(date(1990, 1, 1), make.new_phone())]
    born, stem = make.birthday(3, 16), make.rng.choice(["Nguyễn Ngọc", "Trần Thị", "Phạm Văn", "Đỗ Minh"])
    twins = [make.person(place, street, born, "F", f"{stem} {given}") for given in make.rng.choice(pairs)]
    for one in twins:
        one.guardian, one.phones = mother, []
    return mark(label, *twins)


def twins_marks(make: Maker) -> list[Person]:
    """Twins whose names differ in diacritics only."""
    return _twins(make, MARK_PAIRS, "twins_marks")


def twins_letter(make: Maker) -> list[Person]:
    """Twins whose names differ in one letter."""
    return _twins(make, LETTER_PAIRS, "twins_letter")


def father_and_son(make: Maker) -> list[Person]:
    """Father and son with one name and one phone."""
    place, street = home(make)
    father = make.person(place, street, make.birthday(42, 60), "M")
    father.phones = father.phones or [(date(1990, 1, 1), make.new_phone())]
    son = make.person(place, street, make.birthday(14, 20), "M", father.name)
    son.guardian, son.phones = father, []
    return mark("father_and_son", father, son)


def common_trio(make: Maker) -> list[Person]:
    """Three people of one common name, born 01/01 of one year, in one commune, unrelated."""
    place, name = make.rng.choice(make.communes), make.rng.choice(COMMON)
    year = make.rng.randint(1948, 1975)
    trio = []
    for _ in range(3):
        make.households += 1
        one = make.person(
            place, f"Xóm {make.rng.randint(1, 15)}", date(year, 1, 1), "F" if " Thị " in name else "M", name
        )
        one.name, one.alias, one.year_only = name, "", True
        trio.append(one)
    return mark("common_trio", *trio)


def recycled_phone(make: Maker) -> list[Person]:
    """A number given up by one person and sold to a stranger months later."""
    first, second = (make.person(*home(make), make.birthday(20, 60)) for _ in range(2))
    number, day = make.new_phone(), date(2021, make.rng.randint(1, 7), 1)
    first.second_phone = second.second_phone = ""
    first.phones = [(date(1990, 1, 1), number), (day, make.new_phone())]
    second.phones = [(date(1990, 1, 1), make.new_phone()), (day + timedelta(days=45), number)]
    return mark("recycled_phone", first, second)


def swapped_digits(make: Maker) -> list[Person]:
    """Two strangers whose citizen ids are two swapped digits apart; the second's gets typed for the first."""
    born = make.birthday(20, 60)
    first, second = (make.person(*home(make), born, "M") for _ in range(2))
    first.year_only = second.year_only = False
    second.born = date(first.born.year, make.rng.randint(1, 12), make.rng.randint(1, 28))
    first.cccd = make.new_cccd(first, first.communes[0][1].province_code)
    digits = list(first.cccd)
    at = next((i for i in range(6, 11) if digits[i] != digits[i + 1]), 10)
    digits[at], digits[at + 1] = digits[at + 1], digits[at]
    second.cccd = "".join(digits)
    first.id_thief = second
    return mark("swapped_digits", first, second)


def id_of_spouse(make: Maker) -> list[Person]:
    """A clerk keeps typing the husband's CMND for the wife."""
    place, street = home(make)
    husband, wife = (make.person(place, street, make.birthday(30, 70), sex) for sex in "MF")
    husband.cmnd = husband.cmnd or make.unused("1", 8)
    wife.id_thief = husband
    return mark("id_of_spouse", husband, wife)


def moved(make: Maker) -> list[Person]:
    """Somebody who went home to another province in the summer of 2021, with a new phone."""
    one = make.person(*home(make), make.birthday(19, 45))
    one.communes.append((date(2021, make.rng.randint(6, 9), 10), make.rng.choice(make.communes)))
    one.phones = [(date(1990, 1, 1), make.new_phone()), (one.communes[-1][0], make.new_phone())]
    return mark("moved", one)


def changed_card(make: Maker) -> list[Person]:
    """Somebody whose CMND became a CCCD between two doses."""
    one = make.person(*home(make), make.birthday(25, 70))
    one.cmnd = one.cmnd or make.unused("2", 8)
    one.cccd = one.cccd or make.new_cccd(one, one.communes[0][1].province_code)
    one.card_since = date(2021, 8, make.rng.randint(1, 28))
    return mark("changed_card", one)


def newborn(make: Maker) -> list[Person]:
    """A mother and a child that has no name yet."""
    place, street = home(make)
    mother = make.person(place, street, make.birthday(20, 38), "F")
    mother.phones = mother.phones or [(date(1990, 1, 1), make.new_phone())]
    child = make.person(place, street, date(2021, make.rng.randint(6, 12), make.rng.randint(1, 28)))
    child.guardian, child.cccd, child.phones = mother, "", []
    return mark("newborn", child)


def one_system(make: Maker) -> list[Person]:
    """Somebody whom only one earlier app ever met."""
    one = make.person(*home(make), make.birthday(16, 80))
    one.only = make.rng.choice(APPS)
    one.phones = one.phones or [(date(1990, 1, 1), make.new_phone())]
    return mark(f"only_{one.only}", one)


def parents_id(make: Maker) -> list[Person]:
    """A teenager whose doses are entered under the parent's id."""
    place, street = home(make)
    parent = make.person(place, street, make.birthday(38, 55))
    parent.phones = parent.phones or [(date(1990, 1, 1), make.new_phone())]
    child = make.person(place, street, make.birthday(12, 17), family=parent.name.split()[0])
    child.guardian, child.phones, child.id_thief = parent, [], parent
    return mark("parents_id", parent, child)


CASTS: list[Callable[[Maker], list[Person]]] = [
    father_phone,
    twins_marks,
    twins_letter,
    father_and_son,
    common_trio,
    recycled_phone,
    swapped_digits,
    id_of_spouse,
    moved,
    changed_card,
    newborn,
    one_system,
    parents_id,
    one_system,
    moved,
    recycled_phone,
]


def nation(make: Maker, people: int) -> list[Person]:
    """All people: ordinary households, and about one hard case for each twenty people."""
    turn = 0
    while len(make.people) < people:
        if len(make.people) >= turn * 20:
            CASTS[turn % len(CASTS)](make)
            turn += 1
        else:
            make.household()
    for one in make.people:
        one.name = names.plain(one.name).upper() if one.passport else one.name
    return make.people
