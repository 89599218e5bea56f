"""Vaccination: registrations (some people have two), doses; doses doubled, missing, late, under another's account."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sixth_nation import forms
from sixth_nation.delivery import Delivery, Row
from sixth_nation.identity import Evidence, Written, write_down
from sixth_nation.land import Area, written_address
from sixth_nation.name_lists import COUNTRIES
from sixth_nation.people import Person

PRODUCTS = {
    "AstraZeneca": 32, "Pfizer": 34, "Vero Cell": 20, "Moderna": 8, "Sputnik V": 1, "Abdala": 2, "Janssen": 0.5,
    "Hayat-Vax": 1.5,
}  # fmt: skip
WAYS_TO_WRITE = {
    "AstraZeneca": ("AstraZeneca", "COVID-19 Vaccine AstraZeneca", "Astra"),
    "Pfizer": ("Comirnaty", "Pfizer", "PFIZER"),
    "Vero Cell": ("Vero Cell", "VeroCell", "Sinopharm"),
    "Moderna": ("Spikevax", "Moderna"),
}
REACTIONS = ("", "", "", "", "Không", "Sốt nhẹ", "Đau chỗ tiêm", "sốt 38 độ, mệt")
NEVER_ENTERED, ENTERED_TWICE, WRONG_PERSON, WITHOUT_NUMBER = 0.066, 0.03, 0.002, 0.03
UNDER_AN_ACCOUNT, COPIED_FROM_IT, TYPED_OR_COPIED = 0.78, 0.42, 0.6
LAST_DAY = date(2022, 9, 15)


class Registration(NamedTuple):
    """An account's key, and what was written there."""

    key: str
    written: Written


@dataclass
class Injection:
    """What was injected."""

    day: date
    number: int
    product: str
    lot: str


@dataclass
class Entry:
    """How an injection is entered: below which account, and what stands in the row itself."""

    written: Written
    evidence: Evidence
    of_the_row: Evidence
    """What the row's own name, date and phone are worth."""
    account: str = ""
    is_typed: bool = True


class Sskdt:
    """Writes both files."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery, self.rng, self.nation = delivery, delivery.rng, delivery.nation
        self.lots = {
            product: [f"{product[:2].upper()}{self.rng.randint(1000, 9999)}" for _ in range(12)] for product in PRODUCTS
        }
        self.last: dict[str, tuple[Person, str]] = {}
        """By commune who was entered last, and their account."""

    def write(self, person: Person) -> None:
        """All that this system holds of somebody."""
        delivery, rng = self.delivery, self.rng
        days = self._days(person)
        registered = days[0] if days else delivery.day("2021-06-01", "2021-12-01")
        registered -= timedelta(days=rng.randint(0, 30))
        accounts = []
        if delivery.some(0.88) or not days:
            accounts.append(self._register(person, registered))
            if len(days) > 1 and delivery.some(0.13):
                accounts.append(self._register(person, days[1]))
        self._inject(person, days, accounts)
        if accounts:
            self.last[person.home.area.commune] = (person, accounts[-1].key)

    def _days(self, person: Person) -> list[date]:
        """The days of the doses that somebody had."""
        rng, delivery, age = self.rng, self.delivery, person.age
        if age < 5:
            return []
        if age < 12:
            count, first = rng.choices((0, 1, 2), (25, 30, 45))[0], delivery.day("2022-04-15", "2022-06-30")
        elif age < 18:
            count, first = rng.choices((1, 2, 3), (10, 70, 20))[0], delivery.day("2021-11-01", "2022-01-10")
        else:
            count, first = rng.choices((1, 2, 3, 4), (7, 33, 44, 16))[0], delivery.day("2021-03-20", "2021-11-20")
        days = [first]
        for number in range(1, count):
            days.append(days[-1] + timedelta(days=rng.randint(21, 70) if number == 1 else rng.randint(95, 170)))
        return [day for day in days[:count] if day < LAST_DAY]

    def _register(self, person: Person, day: date) -> Registration:
        """An account: another one shows the number and phone of its day."""
        delivery, rng = self.delivery, self.rng
        written = write_down(self.nation, person, day, year_alone=0.05)
        insurance = self._insurance(person, written)
        area, key = written.home.area, delivery.key("SK")
        row: Row = {
            "personId": key,
            "registeredAt": forms.at(rng, delivery.moment(day)),
            **self._identity(written, ("words",)),
            "bhytNumber": insurance,
            "occupation": person.job if delivery.some(0.7) else "",
            "ethnicity": person.people if delivery.some(0.8) else "",
            "nationality": COUNTRIES[person.nation],
            "priorityGroup": str(rng.randint(1, 16)),
            "provinceCode": area.province,
            "districtCode": area.district,
            "communeCode": area.commune,
            "address": written_address(rng, written.home),
        }
        delivery.add("sskdt_people", row, person, written.fault, written.evidence)
        return Registration(key, written)

    def _insurance(self, person: Person, written: Written) -> str:
        if not person.insurance or not self.delivery.some(0.4):
            return ""
        written.evidence.numbers += (person.insurance,)
        return person.insurance_head + person.insurance if self.delivery.some(0.7) else person.insurance

    def _identity(self, written: Written, codes_of_sex: tuple[str, ...]) -> Row:
        rng = self.rng
        return {
            "fullName": forms.name(rng, written.name),
            "dob": forms.slashed_date(rng, written.born),
            "sex": forms.SEXES[rng.choice(codes_of_sex) if codes_of_sex[1:] else codes_of_sex[0]][written.sex],
            "phone": forms.phone(rng, written.phone),
            "idNumber": forms.paper(rng, written.number),
        }

    def _inject(self, person: Person, days: list[date], accounts: list[Registration]) -> None:
        """Some doses were never entered, some were by a second facility too, a day off now and then."""
        delivery, rng = self.delivery, self.rng
        grown = person.age >= 18
        product = rng.choices(list(PRODUCTS), list(PRODUCTS.values()))[0] if grown else "Pfizer"
        for number, day in enumerate(days, 1):
            if number == 3 or number == len(days) >= 3 or delivery.some(0.06):
                product = rng.choice(("Pfizer", "AstraZeneca", "Moderna")) if grown else "Pfizer"
            injection = Injection(day, number, product, rng.choice(self.lots[product]))
            account = (accounts[-1] if number > 1 else accounts[0]) if accounts else None
            if not delivery.some(NEVER_ENTERED):
                self._enter(person, injection, account)
                if delivery.some(ENTERED_TWICE):
                    injection.day += timedelta(days=rng.choice((0, 0, 0, 1, -1, 2)))
                    self._enter(person, injection, None)

    def _enter(self, person: Person, injection: Injection, account: Registration | None) -> None:
        delivery = self.delivery
        written = write_down(self.nation, person, injection.day, year_alone=0.05, number_left_out=WITHOUT_NUMBER)
        area = self._site(person, written, injection.day)
        entry = Entry(written, written.evidence, written.evidence)
        if account and delivery.some(UNDER_AN_ACCOUNT):
            entry = self._under(account, written)
            self._clerk_slips(person, area, entry)
        row = self._dose(injection, area, entry)
        delivery.add("sskdt_doses", row, person, written.fault, entry.evidence)

    def _site(self, person: Person, written: Written, day: date) -> Area:
        """Mostly where one lives."""
        area = person.home_on(day).area
        if self.delivery.some(0.8):
            written.evidence.commune = area.commune
            return area
        written.evidence.commune = ""
        return self.rng.choice(self.nation.communes)

    def _under(self, account: Registration, written: Written) -> Entry:
        """The row names the account; it says by itself what the machine copied, what was typed anew, or nothing."""
        lot = self.rng.random()
        reference = Evidence(names_record=f"sskdt_people/{account.key}")
        entry = Entry(written, reference, written.evidence, account.key)
        if lot < COPIED_FROM_IT:
            kept = account.written
            entry.of_the_row = kept.evidence
            written.name, written.born, written.number = kept.name, kept.born, kept.number
            written.phone, written.sex, written.faults = kept.phone, kept.sex, list(kept.faults)
        elif lot >= TYPED_OR_COPIED:
            entry.is_typed, written.faults = False, []
        return entry

    def _clerk_slips(self, person: Person, area: Area, entry: Entry) -> None:
        """Seldom the row stands below whoever was entered before."""
        before = self.last.get(area.commune)
        if before and before[0] is not person and self.delivery.some(WRONG_PERSON / UNDER_AN_ACCOUNT):
            entry.evidence = entry.of_the_row.beside()
            entry.evidence.bears_anothers = True
            entry.account, entry.is_typed = before[1], True
            entry.written.faults.append("personid_of_other")

    def _dose(self, injection: Injection, area: Area, entry: Entry) -> Row:
        delivery, rng = self.delivery, self.rng
        at = delivery.moment(injection.day, 7, 17)
        late = timedelta(days=rng.choice((0, 0, 0, 1, 2)) if delivery.some(0.88) else rng.randint(8, 120))
        number = injection.number if delivery.some(0.98) else rng.choice(("", 1, 2))
        site = self._name_of_site(area)
        lot = self._lot_as_written(injection.lot)
        row: Row = {
            "doseId": delivery.key("DS"),
            "personId": entry.account,
            "doseNumber": str(number),
            "product": rng.choice(WAYS_TO_WRITE.get(injection.product, (injection.product,))),
            "lotNumber": lot,
            "injectedAt": forms.at(rng, at) if delivery.some(0.85) else injection.day.isoformat(),
            "siteCode": f"{area.commune}{rng.randint(1, 3)}",
            "siteName": site,
            "reactionNote": rng.choice(REACTIONS),
            "enteredAt": forms.at(rng, at + late + timedelta(minutes=rng.randint(5, 300))),
        }
        if entry.is_typed:
            return row | self._identity(entry.written, ("words", "digits"))
        return row | dict.fromkeys(("fullName", "dob", "sex", "phone", "idNumber"), "")

    def _name_of_site(self, area: Area) -> str:
        commune, district = area.commune_name, area.district_name
        return self.rng.choice((f"TYT {commune}", f"Trạm y tế {commune}", f"TTYT {district}", f"BV {district}"))

    def _lot_as_written(self, lot: str) -> str:
        if not self.delivery.some(0.02):
            return lot
        return self.rng.choice((lot.lower(), lot + " ", lot[:2] + "-" + lot[2:], ""))
