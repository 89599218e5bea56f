"""Rows of the vaccination platform (Sổ sức khỏe điện tử): accounts and the doses that facilities typed in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from pccovid.sandbox.drawing import Weighted
from pccovid.sandbox.people import Person
from pccovid.sandbox.telling import Mark, Row, Said, Style, Subject, document
from pccovid.sandbox.writing import Period, stamp

_PERIOD = Period("2021-07-10", "2021-12-20")
_BOOSTERS = Period("2021-12-05", "2022-01-31")
_SPRING = Period("2022-01-05", "2022-05-30")
_END = datetime.fromisoformat("2022-06-01")
_LAST_SECOND_DOSE = datetime.fromisoformat("2021-12-30 15:00")
_DESK = Style("name birth id", "desk", "slash", "word")
_DESK_NUMBER = Style("name birth id", "desk", "slash", "number")
_PRIORITY = Weighted((("", 30), ("1", 5), ("3", 6), ("9", 20), ("11", 25), ("15", 14)))

_PRODUCTS: dict[str, tuple[str, ...]] = {
    "AstraZeneca": ("AstraZeneca", "COVID-19 Vaccine AstraZeneca", "Vaxzevria", "AZ", "Astra Zeneca"),
    "Pfizer": ("Comirnaty (Pfizer BioNTech)", "Pfizer", "Comirnaty", "PFIZER-BIONTECH"),
    "Moderna": ("Spikevax (Moderna)", "Moderna", "COVID-19 Vaccine Moderna"),
    "Vero Cell": ("Vero Cell", "COVID-19 Vaccine (Vero Cell), Inactivated", "Sinopharm", "VEROCELL"),
    "Abdala": ("Abdala", "ABDALA"),
    "Hayat-Vax": ("Hayat-Vax", "Hayat - Vax"),
    "Sputnik V": ("Sputnik V", "Gam-COVID-Vac (Sputnik V)"),
    "Janssen": ("Janssen",),
}
_PRIMARY = Weighted(
    (("AstraZeneca", 40), ("Pfizer", 26), ("Vero Cell", 22), ("Moderna", 7), ("Abdala", 2), ("Hayat-Vax", 1),
     ("Sputnik V", 1), ("Janssen", 1))
)  # fmt: skip
_ARRIVED = {
    "Pfizer": "2021-07-12", "Moderna": "2021-07-15", "Vero Cell": "2021-06-25",
    "Hayat-Vax": "2021-09-20", "Abdala": "2021-10-01",
}  # fmt: skip
"""First day of use in the country, to the week; products not listed: from the first campaign on."""
_FIRST_DOSES = {product: Period(_ARRIVED.get(product, "2021-03-08"), "2021-11-20") for product in _PRODUCTS}
_BOOSTER = Weighted((("Pfizer", 55), ("AstraZeneca", 30), ("Moderna", 15)))
_ADULT_DOSES = Weighted(((1, 6), (2, 42), (3, 40), (4, 12)))
_REACTIONS = ("sốt nhẹ", "đau chỗ tiêm", "mệt mỏi", "nổi mẩn")
_SECOND_ACCOUNT, _DUPLICATE, _UNTIED, _OTHERS_DOSE = 0.03, 0.02, 0.07, 0.003


def records(subject: Subject, neighbour: Person) -> Iterator[Row]:
    """The account (some have two) and the doses. `neighbour`'s dose may, rarely, stand under this account."""
    style = _DESK if subject.rng.random() < 0.8 else _DESK_NUMBER
    account, row = _account(subject, style, "")
    yield row
    accounts = [account]
    if subject.person.carries == "both" and subject.rng.random() < _SECOND_ACCOUNT:
        second, row = _account(subject, style, "second_account")
        accounts.append(second)
        yield row
    yield from _doses(subject, style, accounts)
    if subject.rng.random() < _OTHERS_DOSE and neighbour.number != subject.person.number:
        yield _dose_of_other(subject, neighbour, account)


def _account(subject: Subject, style: Style, label: str) -> tuple[str, Row]:
    person, rng = subject.person, subject.rng
    said, key = subject.say(style), subject.number_key()
    values: dict[str, object] = {
        "personId": key,
        "registeredAt": stamp(_PERIOD.moment(rng)),
        "fullName": said.name,
        "dob": said.birth,
        "sex": said.sex,
        "phone": said.phone,
        "idNumber": said.id,
        "bhytNumber": _insurance(person, rng) if said.fault != "garbled" else "",
        "occupation": person.occupation,
        "ethnicity": person.ethnicity,
        "nationality": "Việt Nam" if person.nationality == "VN" else person.nationality,
        "priorityGroup": _PRIORITY.pick(rng),
        "provinceCode": person.home.province,
        "districtCode": person.home.district,
        "communeCode": person.home.code,
        "address": person.address,
    }
    return key, Row("sskdt_people", values, (subject.mark(key, said.fault or label),))


def _insurance(person: Person, rng: Random) -> str:
    """The card or, as cards since April 2021 print it, the last ten characters; a third left the field empty."""
    chance = rng.random()
    if chance < 0.35:
        return ""
    return person.insurance_card if chance < 0.75 else person.insurance_no


def dose_dates(rng: Random, count: int, product: str) -> list[datetime]:
    """Times of `count` doses: the first two in 2021, not before the product came; boosters from December 2021 on."""
    first = _FIRST_DOSES[product].moment(rng)
    times = [first]
    if count > 1:
        times.append(min(first + timedelta(days=rng.choice((21, 28, 56, 60, 84))), _LAST_SECOND_DOSE))
    for _ in range(2, count):
        times.append(max(times[-1] + timedelta(days=rng.randrange(88, 130)), _BOOSTERS.moment(rng)))
    return [at for at in times if at < _END]


def _doses(subject: Subject, style: Style, accounts: list[str]) -> Iterator[Row]:
    person, rng = subject.person, subject.rng
    if person.age < 12:
        return
    count = _ADULT_DOSES.pick(rng) if person.age >= 18 else rng.choice((1, 2, 2))
    primary = "Pfizer" if person.age < 18 else _PRIMARY.pick(rng)
    for number, at in enumerate(dose_dates(rng, count, primary), start=1):
        product = primary if number <= 2 else _BOOSTER.pick(rng)
        account = accounts[(number - 1) % len(accounts)]
        row = dose(subject, style, "" if rng.random() < _UNTIED else account, number, product, at)
        row = _with_details_of_parent(row, person) if person.case == "parent_details" and number == 1 else row
        yield row
        if rng.random() < _DUPLICATE:
            yield _entered_twice(subject, row, at)


def dose(subject: Subject, style: Style, account: str, number: int, product: str, at: datetime) -> Row:
    """One dose. Without an account, and in half of the other rows, the five person columns stand beside it."""
    rng, key = subject.rng, subject.number_key()
    said = subject.say(style) if not account or rng.random() < 0.5 else Said("", "", "", "", "", "")
    values: dict[str, object] = {
        "doseId": key,
        "personId": account,
        **_five(said),
        "doseNumber": str(number),
        "product": rng.choice(_PRODUCTS[product]),
        "lotNumber": f"{product[0]}{rng.choice('ABCDEFGH')}{1000 + rng.randrange(40) * 37}",
        "injectedAt": stamp(at) if rng.random() < 0.6 else at.date().isoformat(),
        **_site(subject.person.home.district, subject.person.home.district_name, rng.randrange(1, 6)),
        "reactionNote": rng.choice(_REACTIONS) if rng.random() < 0.06 else "",
        "enteredAt": stamp(at + timedelta(days=rng.choice((0, 0, 1, 3, 30)), minutes=rng.randrange(5, 300))),
    }
    return Row("sskdt_doses", values, (subject.mark(key, said.fault or ("" if account else "dose_without_person")),))


def _with_details_of_parent(row: Row, child: Person) -> Row:
    """The dose of a child, typed in with the id and the phone of the parent who stood beside it."""
    parent = child.guardian
    if parent is None:
        return row
    values = row.values | {"personId": "", "fullName": child.name.full, "dob": child.birth.strftime("%d/%m/%Y")}
    values |= {"idNumber": document(parent, Random(parent.number))[0], "phone": parent.phone}
    return row._replace(values=values, marks=(row.marks[0]._replace(fault="parent_details"),))


def _five(said: Said) -> dict[str, object]:
    return {
        "fullName": said.name,
        "dob": said.birth,
        "sex": said.sex,
        "phone": said.phone,
        "idNumber": said.id,
    }


def _site(district: str, district_name: str, number: int) -> dict[str, object]:
    return {"siteCode": f"{district}{number:02d}", "siteName": f"Điểm tiêm mẫu số {number} - {district_name}"}


def _entered_twice(subject: Subject, row: Row, at: datetime) -> Row:
    """The same dose typed in by another facility, perhaps under the next day."""
    rng, key = subject.rng, subject.number_key()
    day = at + timedelta(days=rng.choice((0, 0, 1)))
    values = row.values | {
        "doseId": key,
        "injectedAt": day.date().isoformat(),
        "enteredAt": stamp(day + timedelta(days=9)),
    }
    values |= _site(subject.person.home.district, subject.person.home.district_name, 9)
    return Row("sskdt_doses", values, (subject.mark(key, row.marks[0].fault or "dose_duplicate"),))


def _dose_of_other(subject: Subject, other: Person, account: str) -> Row:
    """A dose that was given to `other` and written under this subject's account."""
    stranger = Subject(other, subject.rng, faultless=True)
    row = dose(stranger, _DESK, "", 1, "AstraZeneca", dose_dates(subject.rng, 1, "AstraZeneca")[0])
    key = subject.number_key()
    values = row.values | {"doseId": key, "personId": account}
    return Row("sskdt_doses", values, (Mark(key, other.number, "dose_of_other"),))


def later_dose(subject: Subject, number: int) -> Row:
    """A booster of spring 2022 without an account, as a second delivery brings it."""
    at = _SPRING.moment(subject.rng)
    return dose(subject, _DESK, "", number, _BOOSTER.pick(subject.rng), at)
