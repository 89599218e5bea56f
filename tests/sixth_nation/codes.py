"""The texts of three kinds of code that a gate may scan: the unified one, the chip card's, the insurance card's."""

from dataclasses import replace
from datetime import date

from sixth_nation import forms, mistakes
from sixth_nation.delivery import Delivery
from sixth_nation.identity import Evidence, Written, write_down
from sixth_nation.land import toneless
from sixth_nation.mistakes import FULL, RIGHT, YEAR
from sixth_nation.people import Person

Shown = tuple[str, Evidence, list[str]]
"""A code's text, what it is worth, and the faults in it."""
SEX_DIGITS = {"M": "1", "F": "2", "": "0"}


class UnifiedCodes:
    """Everybody's own code, made once from what they typed; shown whole or masked."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery, self.rng = delivery, delivery.rng
        self.made: dict[int, tuple[Written, str]] = {}

    def show(self, person: Person, day: date) -> Shown:
        """number|NAME|date|kind|QID|EXT"""
        if person.number not in self.made:
            self.made[person.number] = self._make(person, day)
        written, extension = self.made[person.number]
        evidence = replace(written.evidence, commune="")
        is_child = person.age < 15
        number = "" if is_child and not evidence.numbers else written.number
        born = _whole_date(written)
        if self.delivery.some(0.25):
            born = born[:4] + "-**-**" if born else ""
            number = "*" * min(6, len(number)) + number[6:]
            evidence.numbers = tuple(one for one in evidence.numbers if one == person.insurance)
            evidence.birth = min(evidence.birth, YEAR)
        name, kind = toneless(written.name).upper(), "1" if is_child else "0"
        faults = [fault for fault in written.faults if evidence.phone or not fault.startswith("phone")]
        return "|".join((number, name, born, kind, person.qid, extension)), evidence, faults

    def _make(self, person: Person, day: date) -> tuple[Written, str]:
        """What was typed, and EXT: a parent's QID, sex, insurance, phone, and now and then a checksum."""
        delivery = self.delivery
        written = write_down(delivery.nation, person, day, year_alone=0)
        if not delivery.some(0.85):
            written.under_phone("")
        insurance = person.insurance if person.insurance and delivery.some(0.3) else ""
        if insurance:
            written.evidence.numbers += (insurance,)
        parts = [self._parent_of(person), SEX_DIGITS[written.sex], insurance or "00", written.phone or "00"]
        if delivery.some(0.3):
            parts.append(f"{self.rng.getrandbits(128):032x}")
        return written, "<".join(parts)

    def _parent_of(self, person: Person) -> str:
        if person.age >= 15:
            return ""
        return next((other.qid for other in person.house if other.age - person.age > 17), "")


def _whole_date(written: Written) -> str:
    """A year alone is 1 January."""
    if written.born and not written.born[1]:
        return f"{written.year}-01-01"
    return forms.iso_date(written.born)


def chip_card(person: Person) -> Shown:
    """card|old card|name|ddmmyyyy|sex|address|ddmmyyyy of issue"""
    born = str(person.born.year) if person.year_only else person.born.strftime("%d%m%Y")
    home = person.first_registered
    above = (home.area.commune_name, home.area.district_name, home.area.province_name)
    address = ", ".join((home.address, *(name.split(" ", 1)[-1] for name in above)))
    sex = "Nam" if person.sex == "M" else "Nữ"
    text = "|".join((person.card, person.old_card, person.name, born, sex, address, f"{person.card_since:%d%m%Y}"))
    numbers = (person.card, person.old_card) if person.old_card else (person.card,)
    return text, Evidence(RIGHT, YEAR if person.year_only else FULL, numbers, by_machine=True), []


def insurance_card(person: Person, delivery: Delivery) -> tuple[Shown, str]:
    """number|name in hexadecimal|date|sex|commune|hospital|…; also the number as it stands there."""
    rng, faults = delivery.rng, []
    evidence = Evidence(RIGHT, YEAR if person.year_only else FULL, (person.insurance,), by_machine=True)
    name = person.name
    if delivery.some(0.03):
        name, evidence.name, fault = mistakes.wrong_name(rng, person)
        faults.append(fault)
    born = str(person.born.year) if person.year_only else f"{person.born:%d/%m/%Y}"
    number = person.insurance_head + person.insurance if delivery.some(0.5) else person.insurance
    area = person.home.area
    hospital, checksum = f"{area.province} - 001", f"{rng.getrandbits(64):016x}"
    parts = (number, name.encode().hex(), born, SEX_DIGITS[person.sex], area.commune_name.encode().hex(), hospital)
    text = "|".join((*parts, "01/01/2021", "-", "15/12/2020", "", "", "4", checksum, "$"))
    return (text, evidence, faults), number
