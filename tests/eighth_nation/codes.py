"""The texts of the codes that a gate may scan; what each is worth is noted in the record's evidence."""

from datetime import date

from eighth_nation import forms
from eighth_nation.addresses import Addresses
from eighth_nation.delivery import Delivery
from eighth_nation.forms import SLASHED
from eighth_nation.identity import Written
from eighth_nation.people import Person
from sixth_nation.forms import SEXES
from sixth_nation.land import toneless
from sixth_nation.mistakes import FULL, NO_DATE, YEAR

NUMBER_LEFT_OUT, HAS_INSURANCE, HAS_CHECKSUM, HAS_OLD_CARD = 0.5, 0.3, 0.1, 0.7
HIDDEN_DIGITS = 6


class Codes:
    """Writes them."""

    def __init__(self, delivery: Delivery, addresses: Addresses) -> None:
        self.delivery, self.rng, self.addresses = delivery, delivery.rng, addresses

    def unified(self, person: Person, written: Written, *, is_declared: bool, is_masked: bool) -> str:
        """number|NAME|date|kind|QID|EXT; a declared one was made by somebody else of the house."""
        evidence, born = written.evidence, person.born
        number = written.true_number
        if is_declared and (not number or self.delivery.some(NUMBER_LEFT_OUT)):
            number = ""
        shown, day = number, born.iso
        if is_masked:
            shown, day = number and "*" * HIDDEN_DIGITS + number[HIDDEN_DIGITS:], f"{born.year}-**-**"
        extension = self._extension(person, written, is_declared=is_declared)
        evidence.qid, evidence.phone = person.qid, written.true_phone
        evidence.numbers = frozenset({number} if number and not is_masked else ())
        evidence.birth = YEAR if is_masked else _grade_of_date(person)
        kind = "1" if is_declared else "0"
        return "|".join((shown, toneless(person.name).upper(), day, kind, person.qid, extension))

    def _extension(self, person: Person, written: Written, *, is_declared: bool) -> str:
        """Another's QID, sex, insurance, phone, and now and then a checksum."""
        rng = self.rng
        other = rng.choice(person.others or [person]).qid if is_declared else ""
        insurance = "00"
        if person.insurance and self.delivery.some(HAS_INSURANCE):
            insurance, written.evidence.insurance = person.insurance, person.insurance_digits
        parts = [other, SEXES["digits"][person.sex], insurance, written.true_phone]
        if self.delivery.some(HAS_CHECKSUM):
            parts.append(f"{rng.getrandbits(64):016x}")
        return "<".join(parts)

    def of_vneid(self, person: Person, written: Written, day: date) -> str:
        """card|old card|name|ddmmyyyy|sex|address|; its layout stands in no document."""
        written.evidence.numbers, written.evidence.birth = frozenset({person.card}), NO_DATE
        address = self.addresses.address(person.house.home_on(day), is_whole=True)
        sex = SEXES["words"][person.sex]
        return "|".join((person.card, person.old_card, person.name, person.born.digits, sex, address, ""))

    def chip_card(self, person: Person, written: Written, day: date, old_card: str) -> str:
        """card|old card|name|ddmmyyyy|sex|address|ddmmyyyy of issue"""
        address = self.addresses.address(person.house.home_on(day), written, is_whole=True)
        evidence, sex = written.evidence, SEXES["words"][person.sex]
        evidence.numbers = frozenset({person.card, old_card} - {""})
        evidence.birth = _grade_of_date(person)
        since = f"{person.card_since:%d%m%Y}"
        return "|".join((person.card, old_card, person.name, person.born.digits, sex, address, since))

    def insurance_card(self, person: Person, written: Written, day: date) -> str:
        """number|name in hexadecimal|date|sex|address in hexadecimal|hospital|…"""
        rng, number = self.rng, person.insurance
        start = f"01/01/{rng.choice((2020, 2021))}"
        address = self.addresses.address(person.house.home_on(day), written, is_whole=True)
        hospital = f"{number[3:5]} - {rng.randrange(1, 400):03d}"
        written.evidence.insurance, written.evidence.birth = person.insurance_digits, _grade_of_date(person)
        born, sex = forms.date(person.born, SLASHED), SEXES["digits"][person.sex]
        who = (number, person.name.encode().hex(), born, sex, address.encode().hex())
        checksum = f"{rng.getrandbits(48):x}-7102$"
        return "|".join((*who, hospital, start, "-", start, number[5:], "-", "4", start, checksum))


def _grade_of_date(person: Person) -> int:
    return FULL if person.born.is_whole else YEAR
