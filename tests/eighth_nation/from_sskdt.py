"""Vaccination: registrations (some people have two), doses; doses doubled, late, under an account or without one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from eighth_nation.addresses import Addresses
from eighth_nation.delivery import Delivery, Row
from eighth_nation.identity import Evidence, Written
from eighth_nation.name_lists import COUNTRIES
from eighth_nation.people import Person
from eighth_nation.sites import Site, Sites
from sixth_nation.forms import SEXES
from sixth_nation.mistakes import OFF

PRODUCTS = {
    "AstraZeneca": 40, "Pfizer": 24, "Moderna": 8, "Vero Cell": 22, "Hayat-Vax": 1, "Sputnik V": 1, "Abdala": 3,
    "Janssen": 1,
}  # fmt: skip
WAYS_TO_WRITE = {
    "AstraZeneca": ("AstraZeneca", "COVID-19 Vaccine AstraZeneca", "Astra Zeneca", "AZD1222"),
    "Pfizer": ("Pfizer", "Comirnaty", "Pfizer-BioNTech"),
    "Moderna": ("Moderna", "Spikevax"),
    "Vero Cell": ("Vero Cell", "Vero-Cell", "Sinopharm"),
}
REGISTRATIONS = {0: 14, 1: 77, 2: 9}
DOSES, DOSES_OF_THE_YOUNG = {1: 14, 2: 48, 3: 31, 4: 7}, {1: 30, 2: 70, 3: 0, 4: 0}
NO_DOSE, NO_DOSE_OF_CHILDREN = 0.08, 0.9
NEAR_HOME, ENTERED_TWICE, UNDER_AN_ACCOUNT, TWICE_UNDER_AN_ACCOUNT, BY_ACCOUNT_ALONE = 0.9, 0.025, 0.72, 0.5, 0.2
HAS_INSURANCE, WHOLE_INSURANCE, LOT_LEFT_OUT, MISCOUNTED, BOOSTED_WITH_PFIZER = 0.6, 0.75, 0.05, 0.02, 0.6
LOTS = ("AB", "FG", "FK", "30", "2021", "ABW")
REACTIONS = {"": 85, "sốt nhẹ": 8, "đau chỗ tiêm": 7}
DAYS_UNTIL_ENTERED = {0: 60, 1: 20, 9: 12, 40: 8}


@dataclass
class Injection:
    """What was injected, and when it was entered as injected."""

    moment: datetime
    number: int
    product: str
    lot: str
    is_second_entry: bool = False


class Sskdt:
    """Writes both files."""

    def __init__(self, delivery: Delivery, addresses: Addresses, sites: Sites) -> None:
        self.delivery, self.rng, self.addresses, self.sites = delivery, delivery.rng, addresses, sites

    def write(self, person: Person) -> None:
        """All that this system holds of somebody."""
        accounts = [self._register(person) for _ in range(self.delivery.one_of(REGISTRATIONS))]
        if not accounts or not self.delivery.some(NO_DOSE if person.age >= 12 else NO_DOSE_OF_CHILDREN):
            self._inject(person, accounts)

    def _register(self, person: Person) -> str:
        """An account, of which the key is returned."""
        delivery, addresses = self.delivery, self.addresses
        moment = delivery.moment("2021-07-01", "2022-06-30")
        site = self.sites.near(person.home_on(moment.date()).area)
        written = delivery.pen.write(person, moment, staff_phone=site.phone)
        key = delivery.uuid()
        province, district, commune = addresses.codes(written.home, written)
        row: Row = {
            "personId": key,
            **_identity(person, written),
            "bhytNumber": self._insurance(person, written),
            "registeredAt": delivery.at(moment),
            "occupation": person.job,
            "ethnicity": person.people,
            "nationality": COUNTRIES[person.nation],
            "priorityGroup": str(self.rng.randint(1, 16)),
            "provinceCode": province,
            "districtCode": district,
            "communeCode": commune,
            "address": addresses.address(written.home, written),
        }
        delivery.add("sskdt_people", row, person, written, moment)
        return key

    def _insurance(self, person: Person, written: Written) -> str:
        if not person.insurance or not self.delivery.some(HAS_INSURANCE):
            return ""
        written.evidence.insurance = person.insurance_digits
        return person.insurance if self.delivery.some(WHOLE_INSURANCE) else person.insurance_digits

    def _inject(self, person: Person, accounts: list[str]) -> None:
        delivery, rng, is_grown = self.delivery, self.rng, person.age >= 18
        count = delivery.one_of(DOSES if is_grown else DOSES_OF_THE_YOUNG)
        moment = self._first_dose(person)
        product = delivery.one_of(PRODUCTS) if is_grown else "Pfizer"
        for number in range(1, count + 1):
            self._dose(person, Injection(moment, number, product, ""), accounts)
            moment += timedelta(days=rng.choice((28, 56, 84, 95)) if number == 1 else rng.randrange(90, 190))
            if number == 2 and delivery.some(BOOSTED_WITH_PFIZER):
                product = "Pfizer"

    def _first_dose(self, person: Person) -> datetime:
        """Grown-ups first, then the young, then children."""
        if person.age >= 18:
            return self.delivery.moment("2021-03-15", "2021-09-30")
        if person.age >= 12:
            return self.delivery.moment("2021-11-01", "2021-12-30")
        return self.delivery.moment("2022-04-15", "2022-06-30")

    def _dose(self, person: Person, injection: Injection, accounts: list[str]) -> None:
        """Some were entered by a second facility too, a day off now and then."""
        delivery, rng, moment = self.delivery, self.rng, injection.moment
        home = person.home_on(moment.date())
        area = home.area if delivery.some(NEAR_HOME) else rng.choice(delivery.nation.land.lived_in)
        injection.lot = f"{rng.choice(LOTS)}{rng.randrange(1000, 9999)}"
        entries = 2 if delivery.some(ENTERED_TWICE) else 1
        for entry in range(entries):
            site = self.sites.near(area)
            if entry:
                injection.is_second_entry = True
                injection.moment = moment + timedelta(days=rng.choice((-1, 0, 0, 1, 2)))
            self._enter(person, injection, site, accounts)

    def _enter(self, person: Person, injection: Injection, site: Site, accounts: list[str]) -> None:
        delivery = self.delivery
        written = delivery.pen.write(person, injection.moment, staff_phone=site.phone)
        key = delivery.key("VX", 10)
        account = self._account(injection, accounts)
        row = {"doseId": key, "personId": account, **self._injected(injection), **_identity(person, written)}
        row |= {"siteCode": site.code, "siteName": site.name}
        if account:
            written.evidence.names_record = f"sskdt_people/{account}"
            if delivery.some(BY_ACCOUNT_ALONE):
                row |= _by_account_alone(written)
        if injection.is_second_entry:
            written.kinds.append("second_entry")
        delivery.add("sskdt_doses", row, person, written, injection.moment)

    def _account(self, injection: Injection, accounts: list[str]) -> str:
        share = TWICE_UNDER_AN_ACCOUNT if injection.is_second_entry else UNDER_AN_ACCOUNT
        return self.rng.choice(accounts) if accounts and self.delivery.some(share) else ""

    def _injected(self, injection: Injection) -> Row:
        delivery, rng, moment, number = self.delivery, self.rng, injection.moment, injection.number
        return {
            "doseNumber": str(max(1, number - 1) if rng.random() <= MISCOUNTED else number),
            "product": rng.choice(WAYS_TO_WRITE.get(injection.product, (injection.product,))),
            "lotNumber": "" if rng.random() <= LOT_LEFT_OUT else injection.lot,
            "injectedAt": delivery.at(moment),
            "reactionNote": delivery.one_of(REACTIONS),
            "enteredAt": delivery.at(moment + timedelta(days=delivery.one_of(DAYS_UNTIL_ENTERED))),
        }


def _identity(person: Person, written: Written) -> Row:
    return {
        "fullName": written.name,
        "dob": written.born,
        "sex": SEXES["words"][person.sex],
        "phone": written.phone,
        "idNumber": written.number,
    }


def _by_account_alone(written: Written) -> Row:
    """Nothing in the row itself says who it is."""
    evidence = written.evidence
    written.fault, written.kinds = "", ["identity_by_person_id"]
    written.evidence = Evidence(evidence.key_of_name, evidence.born, name=OFF, names_record=evidence.names_record)
    return dict.fromkeys(("fullName", "dob", "sex", "phone", "idNumber"), "")
