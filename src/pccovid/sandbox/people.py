"""The people of the made nation and the households they live in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from pccovid.sandbox import names
from pccovid.sandbox.drawing import Weighted
from pccovid.sandbox.identifiers import Registrar, insurance_card
from pccovid.sandbox.names import Name
from pccovid.sandbox.territory import Commune, Territory

TODAY = date(2021, 7, 1)
"""Ages are counted on this day."""

_HOUSEHOLD_SIZE = Weighted(((1, 10), (2, 18), (3, 22), (4, 26), (5, 14), (6, 7), (7, 3)))
_FOREIGN_SHARE = 0.008
_MIGRANT_SHARE = 0.12
_STREETS = [
    "Lê Lợi",
    "Trần Hưng Đạo",
    "Nguyễn Huệ",
    "Quang Trung",
    "Hai Bà Trưng",
    "Lý Thường Kiệt",
    "Nguyễn Trãi",
    "Hùng Vương",
]
_OCCUPATIONS = [
    "Công nhân",
    "Nông dân",
    "Buôn bán",
    "Giáo viên",
    "Nhân viên văn phòng",
    "Lái xe",
    "Y tế",
    "Bộ đội",
    "Nội trợ",
    "Tự do",
]


@dataclass(slots=True)
class Person:
    """One made person, as the population database knows them. Empty strings stand for what they do not have."""

    number: int
    household: int
    name: Name
    sex: str
    birth: date
    birth_known_to_day: bool
    relation: str
    home: Commune
    registered_home: Commune
    address: str
    nationality: str = "VN"
    ethnicity: str = "Kinh"
    personal_id: str = ""
    old_id: str = ""
    passport: str = ""
    carries: str = "none"
    """Which document they show: 'cccd', 'cmnd', 'both', 'passport' or 'none'."""
    insurance_no: str = ""
    insurance_card: str = ""
    phone: str = ""
    phone_is_own: bool = False
    old_phone: str = ""
    occupation: str = ""
    email: str = ""
    verdict: str = "agrees"
    """Error class of the person: 'agrees', 'disagrees', 'no_id' or 'unverifiable' (domain handbook §1)."""
    case: str = ""
    """The hard case this person stands for, if any."""
    has_twin_in_tone: bool = False
    """A twin has the same name but for its diacritics: somebody wrote it down with them once, or nobody could tell."""
    other_name: str = ""
    id_of_other: str = ""
    shared_phone: str = ""
    guardian: Person | None = None
    systems: frozenset[str] = field(default_factory=frozenset)

    @property
    def age(self) -> int:
        """Completed years on TODAY; newborns after that day count 0."""
        born = self.birth
        return max(0, 2021 - born.year - (born.month >= 7 and (born.month, born.day) > (7, 1)))


# Shares of ages by five-year group, after the census of 2019 (rounded), for single draws of heads and elders.
_HEAD_AGE = Weighted(
    ((22, 4), (27, 10), (32, 15), (37, 16), (42, 14), (47, 12), (52, 10), (57, 8), (62, 6), (67, 4), (75, 3))
)


class Maker:
    """Makes households one after another; `next_person` is the number the next member will get."""

    def __init__(self, territory: Territory, registrar: Registrar) -> None:
        self.territory = territory
        self.registrar = registrar
        self.next_person = 1

    def household(self, number: int, rng: Random, limit: int) -> list[Person]:
        """The members of household `number`, head first; at most `limit` people."""
        home = self.territory.commune(rng)
        size = min(_HOUSEHOLD_SIZE.pick(rng), limit)
        if rng.random() < _FOREIGN_SHARE:
            return self._foreigners(number, rng, home, min(size, 2))
        members = self._family(number, rng, home, size)
        for person in members:
            self._documents(person, rng)
        _give_phones(members, self.registrar, rng)
        _give_guardians(members, rng)
        return members

    def _foreigners(self, number: int, rng: Random, home: Commune, size: int) -> list[Person]:
        """Foreign workers: a passport, a phone, no Vietnamese document."""
        iso2, address = names.nationality(rng), _address(rng, home)
        workers = []
        for _ in range(size):
            born = _birthday(rng, 2021 - rng.randrange(22, 60))
            worker = Person(
                self._take_number(), number, names.foreign_name(rng, iso2), rng.choice(("male", "female")), born, True,
                "đồng nghiệp", home, home, address, nationality=iso2, ethnicity="", carries="passport",
                case="foreigner", occupation="Chuyên gia",
            )  # fmt: skip
            worker.passport = self.registrar.passport(rng.choice("MGEK"), worker.number)
            worker.phone, worker.phone_is_own = self.registrar.phone(worker.number), True
            workers.append(worker)
        return workers

    def _take_number(self) -> int:
        self.next_person += 1
        return self.next_person - 1

    def _family(self, number: int, rng: Random, home: Commune, size: int) -> list[Person]:
        """Head, spouse, children, parents: as many as `size`."""
        people = names.people_of(rng, home.province)
        head_sex = "male" if rng.random() < 0.72 else "female"
        head_age = _HEAD_AGE.pick(rng) + rng.randrange(-2, 3)
        family = names.family_name(rng, home.province, people)
        registered = self.territory.commune(rng) if rng.random() < _MIGRANT_SHARE else home
        shared = (number, home, registered, _address(rng, home), people)
        members = [self._member(rng, shared, family, head_sex, head_age, "chủ hộ")]
        for position in range(1, size):
            member = self._member(rng, shared, *_next_role(rng, position, members[0], family))
            _name_apart(member, members)
            members.append(member)
        return members

    def _member(
        self,
        rng: Random,
        shared: tuple[int, Commune, Commune, str, str],
        family: str,
        sex: str,
        age: int,
        relation: str,
    ) -> Person:
        household, home, registered, address, people = shared
        born = _birthday(rng, 2021 - age)
        known_to_day = not (born.year < 1962 and rng.random() < 0.25)
        name = names.full_name(rng, people, family, sex, born.year)
        return Person(
            self._take_number(), household, name, sex, born if known_to_day else date(born.year, 1, 1), known_to_day,
            relation, home, registered, address, ethnicity=people, occupation=_occupation(rng, age),
        )  # fmt: skip

    def _documents(self, person: Person, rng: Random) -> None:
        """Personal id for everybody; what they carry depends on age. Children under 14 carry nothing."""
        province = person.registered_home.province if rng.random() < 0.85 else self.territory.province(rng)
        person.personal_id = self.registrar.personal_id(province, person.sex, person.birth)
        age = person.age
        if age >= 17:
            person.old_id = self.registrar.old_id(province, person.number)
            person.carries = rng.choices(("both", "cccd", "cmnd"), (55, 20, 25))[0]
        elif age >= 14:
            person.carries = "cccd" if rng.random() < 0.6 else "none"
        else:
            person.carries = "cccd" if person.birth.year >= 2016 and rng.random() < 0.3 else "none"
        if rng.random() < 0.91:
            person.insurance_no = self.registrar.insurance_no(province, person.number)
            person.insurance_card = insurance_card(rng, person.insurance_no, age)


def _occupation(rng: Random, age: int) -> str:
    if age < 6:
        return ""
    if age < 22:
        return "Học sinh, sinh viên"
    return "Hưu trí" if age > 62 else rng.choice(_OCCUPATIONS)


def _name_apart(member: Person, members: list[Person]) -> None:
    """No family calls two of its members exactly alike; father and son of one name are a case of their own."""
    taken = {other.name for other in members}
    for word in ("Em", "Út", "Hai", "Ba"):
        if member.name not in taken:
            return
        member.name = member.name._replace(given=f"{member.name.given} {word}")


def _next_role(rng: Random, position: int, head: Person, family: str) -> tuple[str, str, int, str]:
    """(family name, sex, age, relation to the head) of the member at `position`."""
    if position == 1 and head.age >= 20 and rng.random() < 0.85:
        sex = "female" if head.sex == "male" else "male"
        own_family = names.family_name(rng, head.home.province, head.ethnicity)
        return own_family, sex, max(19, head.age + rng.randrange(-6, 5)), _spouse_word(sex)
    sex = rng.choice(("male", "female"))
    if position >= 4 and rng.random() < 0.6:
        return family, sex, min(96, head.age + rng.randrange(21, 34)), "bố" if sex == "male" else "mẹ"
    oldest = max(1, min(head.age - 19, 45))
    return family, sex, max(0, rng.randrange(max(0, oldest - 22), oldest)), "con"


def _spouse_word(sex: str) -> str:
    return "vợ" if sex == "female" else "chồng"


def _birthday(rng: Random, year: int) -> date:
    """A day of `year`; for 2021 a day before the summer."""
    days = 170 if year >= 2021 else 365
    return date(min(year, 2021), 1, 1) + timedelta(days=rng.randrange(days))


def _address(rng: Random, home: Commune) -> str:
    if home.name.startswith("Xã"):
        return f"{rng.choice(('Thôn', 'Xóm', 'Ấp', 'Bản'))} {rng.randrange(1, 15)}"
    if rng.random() < 0.4:
        return f"Tổ {rng.randrange(1, 60)}"
    return f"Số {rng.randrange(1, 400)} đường {rng.choice(_STREETS)}"


def _give_phones(members: list[Person], registrar: Registrar, rng: Random) -> None:
    """Adults mostly have a phone of their own; the others use the phone of a member who has one."""
    for person in members:
        if rng.random() < _share_with_phone(person.age):
            _give_own_phone(person, registrar, rng)
    shared = next((person.phone for person in members if person.phone), "")
    for person in members:
        person.phone = person.phone or shared


def _share_with_phone(age: int) -> float:
    if age < 13:
        return 0.0
    return 0.55 if age < 17 or age > 65 else 0.93


def _give_own_phone(person: Person, registrar: Registrar, rng: Random) -> None:
    person.phone, person.phone_is_own = registrar.phone(person.number), True
    if rng.random() < 0.13:
        person.old_phone = registrar.phone(person.number, 1)
        person.case = "phone_changed"


def _give_guardians(members: list[Person], rng: Random) -> None:
    """A child's guardian is an adult of the household, where there is one."""
    adults = [person for person in members if person.age >= 19]
    children = [person for person in members if person.age < 17] if adults else []
    for child in children:
        child.guardian = _guardian(adults, rng)
        if child.carries == "none":
            child.case = child.case or "child_without_id"


def _guardian(adults: list[Person], rng: Random) -> Person:
    return adults[-1] if len(adults) > 1 and rng.random() < 0.6 else adults[0]
