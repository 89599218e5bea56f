"""The pen: what one row shows of a person, with the faults of the person's class and of the clerk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random

from . import digits, names, spelling
from .areas import Commune
from .people import Person

SEXES = [{"M": "1", "F": "2"}, {"M": "M", "F": "F"}, {"M": "Nam", "F": "Nữ"}, {"M": "NAM", "F": "NỮ"}]
TIMES = ["%Y-%m-%d %H:%M:%S", "Z", "%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M:%S+07:00", "%d/%m/%Y %H:%M:%S"]
DATES = {"dmy": "%d/%m/%Y", "iso": "%Y-%m-%d", "dash": "%d-%m-%Y", "dot": "%d.%m.%Y"}


@dataclass
class Dialect:
    """The habits of one file: how it writes times, birth dates, sexes."""

    time: str
    dob: str
    sex: dict[str, str]

    @classmethod
    def draw(cls, rng: Random, dob: str = "") -> Dialect:
        """Habits by lot; the birth-date form may be prescribed."""
        return cls(rng.choice(TIMES), dob or rng.choice(list(DATES)), rng.choice(SEXES))

    def at(self, when: datetime) -> str:
        """A moment (Viet Nam time) in the file's words."""
        if self.time == "Z":
            return (when - timedelta(hours=7)).strftime("%Y-%m-%dT%H:%M:%SZ")
        return when.strftime(self.time)


@dataclass
class Shown:
    """What a row shows: the written words, and what of the truth can be read back from them."""

    person: Person
    when: datetime
    text: dict[str, str]
    name_key: str = ""
    born: date | None = None
    phone: str = ""
    commune: Commune | None = None
    ids: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    @property
    def fault(self) -> str:
        """The gravest fault of what is left in the row."""
        return self.faults[0] if self.faults else ""

    def keep(self, *words: str) -> Shown:
        """Only these of name, dob, year, sex, phone, id, bhyt, commune, address."""
        kept = {word: value if word in words else "" for word, value in self.text.items()}
        faults = [
            one for one in self.faults if one.split("_")[0] in words or (one == "dob_year_off" and "year" in words)
        ]
        ids = {one for word in ("id", "bhyt") if word in words for one in self.ids if one.startswith(word + ":")}
        return replace(
            self,
            text=kept,
            faults=faults,
            ids=ids,
            links=set(self.links),
            name_key=self.name_key if "name" in words else "",
            born=self.born if "dob" in words else None,
            phone=self.phone if "phone" in words else "",
            commune=self.commune if "commune" in words else None,
        )

    def maybe(self, rng: Random, **shares: float) -> Shown:
        """Every field, but each named one only in its share of rows."""
        return self.keep(*(word for word in self.text if rng.random() < shares.get(word, 1.0)))


class Pen:
    """Writes people down."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng

    def moment(self, first: date, last: date, person: Person | None = None) -> datetime:
        """Some moment of a period, not before the person was born."""
        if person is not None:
            first = min(max(first, person.born + timedelta(days=9)), date(2022, 2, 20))
        days = max(1, (last - first).days)
        return datetime(first.year, first.month, first.day) + timedelta(  # noqa: DTZ001 - Viet Nam time throughout
            days=self.rng.randrange(days), hours=self.rng.randint(6, 21), seconds=self.rng.randrange(3600)
        )

    def moments(self, mean: float, first: date, last: date, person: Person) -> Iterator[datetime]:
        """As many moments as the lot gives around a mean."""
        for _ in range(int(mean) + (self.rng.random() < mean % 1)):
            yield self.moment(first, last, person)

    def show(self, person: Person, when: datetime, dialect: Dialect, *, clean: bool = False) -> Shown:
        """Everything a form could ask, written by hand; `clean` reads a card or an account instead."""
        rng, day = self.rng, when.date()
        shown = Shown(person, when, {}, commune=person.commune(day))
        self._name(shown, clean)
        self._dob(shown, dialect, clean)
        self._id(shown, clean)
        self._phone(shown, clean)
        sex = person.sex if rng.random() < 0.985 or clean else rng.choice(["M", "F", "X"])
        place = person.commune(day)
        shown.text |= {
            "sex": dialect.sex.get(sex, "0" if dialect.sex["M"] == "1" else "Khác"),
            "bhyt": self._bhyt(shown),
            "commune": place.code,
            "address": f"{person.street}, {place.text(rng)}",
        }
        return shown

    def _name(self, shown: Shown, clean: bool) -> None:
        person, rng = shown.person, self.rng
        shown.name_key = names.key(person.name)
        shown.text["name"] = person.name
        if "newborn" in person.casts and (shown.when.date() - person.born).days < 75:
            mother = person.guardian.name if person.guardian else ""
            shown.text["name"] = rng.choice(
                ["", "Chưa đặt tên", f"Con bà {mother}", f"BÉ CON {mother.upper()}", "Bé sơ sinh"]
            )
            shown.name_key, shown.faults = "", ["name_newborn"]
        elif clean:
            return
        elif (person.klass == "disagree" and rng.random() < 0.24) or (person.alias and rng.random() < 0.2):
            how = (
                (person.alias, "name_two_families")
                if person.alias and rng.random() < 0.7
                else spelling.damaged(person.name, person.alias, rng)
            )
            shown.text["name"], fault = how
            shown.name_key = names.key(how[0])
            shown.faults.append(fault)
        else:
            shown.text["name"], fault = spelling.surface(person.name, rng)
            shown.faults += [fault] if fault else []

    def _dob(self, shown: Shown, dialect: Dialect, clean: bool) -> None:
        person, rng = shown.person, self.rng
        born, style = person.born, DATES[dialect.dob]
        shown.text |= {"dob": born.strftime(style), "year": str(born.year)}
        shown.born = None if person.year_only else born
        if person.year_only and not clean:
            shown.text["dob"] = rng.choice([str(born.year), born.strftime(style)])
            return
        roll = rng.random()
        if clean or roll > (0.3 if person.klass == "disagree" else 0.02):
            return
        how = (
            rng.choice(["year_only", "first_january", "swapped", "year_off", "day_off", "two_digit_year"])
            if person.klass == "disagree"
            else rng.choice(["year_only", "two_digit_year"])
        )
        if how == "swapped" and (born.day > 12 or born.day == born.month):
            how = "day_off"
        if how == "two_digit_year" and dialect.dob == "iso":
            how = "year_only"
        wrong = {
            "year_off": born.replace(year=born.year - rng.choice([1, 1, 2, 10]), day=min(born.day, 28)),
            "day_off": born + timedelta(days=rng.choice([-1, 1, 9, 10, -7])),
        }.get(how, born)
        if how == "swapped":
            wrong = date(born.year, born.day, born.month)
        if how == "first_january":
            wrong = date(born.year, 1, 1)
        shown.text |= {"dob": wrong.strftime(style), "year": str(wrong.year)}
        if how == "year_only":
            shown.text["dob"] = str(born.year)
        if how == "two_digit_year":
            shown.text["dob"] = born.strftime(style.replace("%Y", "%y"))
        else:
            shown.born = None
        shown.faults.insert(0, f"dob_{how}")

    def _id(self, shown: Shown, clean: bool) -> None:
        person, rng = shown.person, self.rng
        number = person.identifier(shown.when.date(), rng)
        shown.text["id"] = number
        if clean:
            shown.ids |= {f"id:{number}"} if number else set()
        elif person.id_thief and rng.random() < 0.4:
            shown.text["id"] = other = self._thief_number(person)
            shown.ids.add(f"id:{other}")
            shown.faults.insert(
                0, next((f"id_{one}" for one in ("swapped_digits", "parents_id") if one in person.casts), "id_of_other")
            )
        elif not number:
            return
        elif person.klass == "no_id" and rng.random() < 0.95:
            shown.text["id"] = rng.choice(
                ["", "", "", number[:-1], number + "1", "không có", "0", "CMND cũ", "000000000"]
            )
            shown.faults.insert(0, "id_malformed" if shown.text["id"] else "id_missing")
        elif person.klass == "unverifiable" and rng.random() < 0.6:
            at = rng.randrange(3, len(number))
            shown.text["id"] = number[:at] + str((int(number[at]) + rng.randint(1, 9)) % 10) + number[at + 1 :]
            shown.ids.add(f"id:{shown.text['id']}")
            shown.faults.insert(0, "id_typo")
        else:
            shown.text["id"], fault = digits.identifier(number, rng)
            shown.faults += [fault] if fault else []
            if not (fault == "id_lost_zero" and len(number) == 9):
                shown.ids.add(f"id:{number}")

    @staticmethod
    def _thief_number(person: Person) -> str:
        other = person.id_thief
        assert other is not None
        return (other.cmnd if "id_of_spouse" in person.casts else other.cccd) or other.cccd or other.cmnd

    def _phone(self, shown: Shown, clean: bool) -> None:
        rng = self.rng
        number = shown.person.phone(shown.when.date(), rng)
        shown.phone = number
        shown.text["phone"] = number
        if not number or clean:
            return
        if rng.random() < 0.012:
            at = rng.randrange(4, 10)
            shown.text["phone"] = shown.phone = number[:at] + rng.choice("0123456789") + number[at + 1 :]
            shown.faults.append("phone_typo")
            return
        shown.text["phone"] = digits.phone(number, rng)

    def _bhyt(self, shown: Shown) -> str:
        number = shown.person.bhyt
        if number:
            shown.ids.add(f"bhyt:{number[-10:]}")
        return digits.insurance(number, self.rng) if number else ""
