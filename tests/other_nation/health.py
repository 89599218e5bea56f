"""The vaccination platform (people and doses) and sampling."""

from __future__ import annotations

from datetime import date, timedelta

from .book import Book
from .early import codes
from .pen import Dialect, Pen, Shown
from .people import Person

PRODUCTS = [
    "AstraZeneca",
    "Pfizer",
    "Comirnaty",
    "Moderna",
    "Vero Cell",
    "VeroCell",
    "ASTRA ZENECA",
    "Abdala",
    "Sputnik V",
]
START, LAST = date(2021, 3, 8), date(2022, 2, 20)


def vaccination(book: Book, pen: Pen, person: Person, people: Dialect, doses: Dialect) -> None:
    """Accounts (none, one or two), and doses with or without the account."""
    rng = book.rng
    accounts = rng.choices([0, 1, 2], [38, 57, 5])[0] if person.age() >= 12 else int(rng.random() < 0.05)
    accounts = max(1, accounts) if person.only else accounts
    held = [_account(book, pen, person, people) for _ in range(accounts)]
    given = rng.choices([0, 1, 2, 3, 4], [12, 16, 45, 24, 3])[0] if person.age() >= 12 else 0
    day = pen.moment(START, date(2021, 10, 20), person)
    ghost = f"{rng.randrange(9 * 10**8, 10**9)}" if rng.random() < 0.02 else ""
    for number in range(1, given + 1):
        account = rng.choice(held) if held and rng.random() < 0.6 else ghost
        for _ in range(2 if rng.random() < 0.04 else 1):  # the same dose, entered by two facilities
            shown = pen.show(person, day, doses)
            if "parents_id" in person.casts and rng.random() < 0.35 and (theirs := _of(book, person)):
                shown.faults = ["account_of_parent"]
                _dose(book, shown, theirs, number, doses)
            else:
                _dose(book, shown, account, number, doses)
        day += timedelta(days=rng.randint(25, 70), minutes=rng.randint(-90, 90))


def _account(book: Book, pen: Pen, person: Person, dialect: Dialect) -> str:
    rng = book.rng
    shown = pen.show(person, pen.moment(START, LAST, person), dialect).maybe(rng, id=0.88, bhyt=0.45, phone=0.9)
    key = str(1_000_000 + len(book.truths) * 61)
    shown.links.add(f"account:{key}")
    text = shown.text
    book.add(
        "sskdt_people",
        {
            "personId": key,
            "registeredAt": dialect.at(shown.when),
            "fullName": text["name"],
            "dob": text["dob"],
            "sex": text["sex"],
            "phone": text["phone"],
            "idNumber": text["id"],
            "bhytNumber": text["bhyt"],
            "occupation": rng.choice(["", "Công nhân", "HSSV"]),
            "ethnicity": person.ethnicity,
            "nationality": person.nationality,
            "priorityGroup": str(rng.randint(1, 16)),
            "address": text["address"],
            **codes(shown, rng),
        },
    )
    book.about("sskdt_people", key, shown)
    return key


def _of(book: Book, person: Person) -> str:
    """An account of the guardian, when there is one."""
    return next(
        (
            truth.key
            for truth in reversed(book.truths[-400:])
            if truth.file == "sskdt_people" and person.guardian and truth.person == person.guardian.number
        ),
        "",
    )


def _dose(book: Book, shown: Shown, account: str, number: int, dialect: Dialect) -> None:
    rng, key = book.rng, f"{len(book.truths) + 500001}"
    if account:
        silent = rng.random() < 0.6
        seen = shown.keep() if silent else shown.keep("name", "dob", "sex", "phone", "id")
        if len(account) < 9:
            seen.links.add(f"account:{account}")
    else:
        seen = shown.maybe(rng, id=0.85, dob=0.95, phone=0.9, bhyt=0)
    seen.commune = None
    if "account_of_parent" in shown.faults:
        seen.faults.insert(0, "account_of_parent")
    elif account and account.startswith("9") and len(account) == 9:
        seen.faults.append("account_unknown")
    entered = shown.when + timedelta(days=rng.choice([0, 0, 1, 9, 60]))
    text, site = seen.text, rng.randint(1, 60)
    book.add(
        "sskdt_doses",
        {
            "doseId": key,
            "personId": account,
            "fullName": text["name"],
            "dob": text["dob"],
            "sex": text["sex"],
            "phone": text["phone"],
            "idNumber": text["id"],
            "doseNumber": str(number) if rng.random() < 0.97 else "",
            "product": rng.choice(PRODUCTS),
            "lotNumber": f"{rng.choice('ABFV')}{rng.randint(1000, 9999)}",
            "injectedAt": dialect.at(shown.when),
            "siteCode": f"{site:05d}",
            "siteName": f"TYT phường {site}",
            "reactionNote": rng.choice(["", "", "sốt nhẹ", "-"]),
            "enteredAt": dialect.at(entered),
        },
    )
    book.about("sskdt_doses", key, seen)


def sampling(book: Book, pen: Pen, person: Person, dialect: Dialect, mean: float = 0.5) -> None:
    """Samples; a fifth of them in pools of up to ten."""
    rng = book.rng
    for when in pen.moments(mean, date(2021, 4, 27), LAST, person):
        shown = pen.show(person, when, dialect).maybe(rng, id=0.5, phone=0.85, dob=0.92, commune=0.8, bhyt=0)
        key = f"M-{len(book.truths):08d}"
        pooled = rng.random() < 0.2
        positive = rng.random() < 0.06 and not pooled
        book.add(
            "sampling",
            {
                "sampleId": key,
                "tubeBarcode": f"TB{when:%m%d}{rng.randint(1, 6)}" if pooled else f"TB{len(book.truths)}S",
                "pooled": rng.choice(["1", "1", "TRUE"] if pooled else ["0", "0", "false"]),
                "collectedAt": dialect.at(when),
                "siteName": "Điểm lấy mẫu số 3",
                "fullName": shown.text["name"],
                "dob": shown.text["dob"],
                "sex": shown.text["sex"],
                "phone": shown.text["phone"],
                "idNumber": shown.text["id"],
                "communeCode": shown.text["commune"],
                "method": rng.choice(["pcr", "antigen", "PCR"]),
                "result": "positive" if positive else rng.choice(["negative", "negative", ""]),
                "ctValue": str(rng.randint(14, 36)) if positive else "",
                "resultAt": dialect.at(when + timedelta(hours=20)),
                "labName": "CDC",
            },
        )
        book.about("sampling", key, shown)
