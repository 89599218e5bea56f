"""VNeID accounts with movement passes, and the places and visits of the QR check-in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from . import qr
from .areas import Commune
from .book import Book, Row
from .pen import Dialect, Pen, Shown
from .people import Person

FIRST, LAST = date(2021, 7, 20), date(2022, 2, 20)


def vneid(book: Book, pen: Pen, person: Person, dialect: Dialect, communes: list[Commune]) -> str:
    """The account, when there is one; its name and papers come from the card, so only typing of the old id may fail."""
    rng = book.rng
    chance = 0.42 if person.cccd and person.age() >= 14 else 0
    if rng.random() > (1 if person.only == "vneid" else chance):
        return ""
    when = pen.moment(FIRST, LAST, person)
    shown = pen.show(person, when, dialect, clean=rng.random() < 0.8).maybe(rng, bhyt=0)
    old = person.cmnd if rng.random() < 0.6 else ""
    shown.ids |= {f"id:{old}"} if old else set()
    key = f"{rng.getrandbits(96):024x}"
    last = person.communes[0][1]
    stay = shown.text["commune"]
    row: Row = {
        "id": key,
        "createdAt": dialect.at(when),
        "fullName": shown.text["name"],
        "dob": shown.text["dob"],
        "sex": shown.text["sex"],
        "citizenId": shown.text["id"],
        "oldIdNumber": old,
        "phone": shown.text["phone"],
        "permanentCommuneCode": last.code,
        "permanentAddress": f"{person.street}, {last.text(rng)}",
        "temporaryCommuneCode": rng.choice(["", stay, None]),
        "temporaryAddress": "",
        "stayCommuneCode": stay,
        "stayAddress": shown.text["address"],
        "movements": [],
    }
    for number in range(rng.choice([0, 0, 0, 1, 2])):
        leave = when + timedelta(days=3 + number)
        row["movements"].append(
            {
                "id": f"{key}-{number}",
                "fromCommuneCode": stay,
                "toCommuneCode": rng.choice(communes).code,
                "transport": "Xe máy",
                "departAt": dialect.at(leave),
                "validUntil": dialect.at(leave + timedelta(hours=72)),
                "scans": [{"at": dialect.at(leave + timedelta(hours=2)), "checkpoint": "Chốt QL1A"}][
                    : rng.randint(0, 1)
                ],
            }
        )
    book.add("vneid", row)
    book.about("vneid", key, shown)
    return key


def places(book: Book, pen: Pen, people: list[Person], dialect: Dialect) -> list[str]:
    """Registered places; a place stands for nobody, though its registrant is somebody."""
    rng, keys = book.rng, []
    for number, owner in enumerate(rng.sample(people, max(3, len(people) // 60)), 1):
        key = f"DD{number:06d}"
        when = pen.moment(FIRST, date(2021, 9, 1))
        place = owner.commune(when.date())
        book.add(
            "qr_places",
            {
                "placeId": key,
                "registeredAt": dialect.at(when),
                "name": rng.choice(["Chợ", "Quán phở", "UBND", "WinMart+"]) + f" {number}",
                "kind": rng.choice(["market", "food", "office", "shop"]),
                "communeCode": place.code,
                "address": place.text(rng),
                "registrantName": owner.name,
                "registrantPhone": owner.phone(when.date(), rng),
            },
        )
        keys.append(key)
    return keys


def visits(
    book: Book, pen: Pen, person: Person, dialect: Dialect, where: list[str], account: str, mean: float = 0.9
) -> None:
    """Visits by one of the four codes, by a typed card number, or by phone and name."""
    rng = book.rng
    kinds = ["unified", "masked", "phone", "phone", "phone_only"]
    kinds += ["card", "cccd"] if person.cccd else []
    kinds += ["insurance", "bhyt"] if person.bhyt else []
    kinds += ["vneid"] if account and person.cccd else []
    habit = rng.sample(kinds, min(2, len(kinds)))
    for when in pen.moments(0 if person.age() < 2 else mean, FIRST, LAST, person):
        shown, row = _shown(pen, person, when, dialect, rng.choice(habit), account)
        key = f"{len(book.truths):x}v"
        left = dialect.at(when + timedelta(minutes=rng.randint(5, 200))) if rng.random() < 0.3 else ""
        blank = {"qrText": "", "cccd": "", "bhyt": "", "phone": "", "fullName": ""}
        book.add(
            "qr_visits",
            {
                "visitId": key,
                "placeId": rng.choice(where),
                "scannedAt": dialect.at(when),
                "leftAt": left,
                **blank,
                **row,
            },
        )
        book.about("qr_visits", key, shown)


def _shown(pen: Pen, person: Person, when: datetime, dialect: Dialect, kind: str, account: str) -> tuple[Shown, Row]:
    rng = pen.rng
    if kind in ("phone", "phone_only"):
        shown = pen.show(person, when, dialect).keep("phone", *(["name"] if kind == "phone" else []))
        return shown, {"via": "phone", "phone": shown.text["phone"], "fullName": shown.text["name"]}
    card = pen.show(person, when, dialect, clean=True)
    address = card.text["address"]
    none = card.keep()
    if kind in ("unified", "masked"):
        text, number = qr.unified(person, rng, card.phone, masked=kind == "masked")
        via = rng.choice(["personal_qr", "paper_qr"])
        shown = card.keep("name", "dob") if kind == "unified" else card.keep("name")
        shown.links.add(f"qid:{person.qid}")
        if number:
            shown.links.add(qr.partial(shown, number))
        if kind == "unified":
            shown.ids = {f"id:{number}"} if number else set()
        else:
            shown.faults.append("qr_masked")
        return shown, {"via": via, "qrText": text}
    if kind in ("cccd", "card"):
        with_text = kind == "card"
        shown = replace(card.keep("name", "dob") if with_text else none, ids={f"id:{person.cccd}"})
        text = qr.card(person, address, rng) if with_text else ""
        if text.split("|")[1:2] == [person.cmnd] and person.cmnd:
            shown.ids.add(f"id:{person.cmnd}")
        return shown, {"via": "cccd", "qrText": text, "cccd": person.cccd if not text or rng.random() < 0.5 else ""}
    if kind == "vneid":
        text, known = qr.vneid(person, account, address)
        shown = replace(card.keep("name", "dob"), ids={f"id:{person.cccd}"}) if known else none
        shown.faults += [] if known else ["qr_unknown_form"]
        return shown, {"via": "personal_qr", "qrText": text}
    with_text = kind == "insurance"
    shown = card.keep("name", "dob", "bhyt") if with_text else card.keep("bhyt")
    return shown, {
        "via": "bhyt",
        "bhyt": "" if with_text else card.text["bhyt"],
        "qrText": qr.insurance(person, address, when) if with_text else "",
    }
