"""The declaration apps: tokhaiyte (domestic, entry, movement) and Bluezone."""

from __future__ import annotations

import hashlib
from datetime import date
from random import Random

from .areas import Commune, short
from .book import Book, Row
from .names import key as key_of
from .pen import Dialect, Pen, Shown
from .people import Person

FIRST, LAST = date(2020, 3, 10), date(2022, 2, 25)
NATIONS = {
    "VN": "Việt Nam",
    "KR": "Hàn Quốc",
    "CN": "Trung Quốc",
    "IN": "Ấn Độ",
    "FR": "Pháp",
    "ES": "Tây Ban Nha",
    "ID": "Indonesia",
    "US": "Hoa Kỳ",
    "LA": "Lào",
}
WORDS = [("1", "0"), ("TRUE", "FALSE"), ("true", "false"), ("True", "False")]


def hex_id(*words: object) -> str:
    """A vendor object id: 24 hex digits."""
    return hashlib.sha256("/".join(map(str, words)).encode()).hexdigest()[:24]


def areas(book: Book, communes: list[Commune]) -> None:
    """The vendor's own tables of areas and nations; its names are not always the official ones."""
    rng, seen = book.rng, set()
    for one in communes:
        steps = [
            ("province", one.province_code, one.province, ""),
            ("district", one.district_code, one.district, hex_id("province", one.province_code)),
            ("ward", one.code, one.name, hex_id("district", one.district_code)),
        ]
        for level, code, name, parent in steps:
            if (level, code) not in seen:
                seen.add((level, code))
                name = short(name) if rng.random() < 0.08 else name.upper() if rng.random() < 0.03 else name
                book.add(
                    "tokhaiyte_areas", {"id": hex_id(level, code), "level": level, "name": name, "parentId": parent}
                )
    for iso2, name in NATIONS.items():
        book.add("tokhaiyte_nations", {"id": hex_id("nation", iso2), "name": name, "iso2": iso2})


def place_ids(shown: Shown) -> Row:
    """Province, district and ward as vendor ids."""
    one = shown.commune
    if one is None:
        return {"provinceId": "", "districtId": "", "wardId": ""}
    return {
        "provinceId": hex_id("province", one.province_code),
        "districtId": hex_id("district", one.district_code),
        "wardId": hex_id("ward", one.code),
    }


def common(shown: Shown, row_id: str, dialect: Dialect) -> Row:
    """What the three vendor forms share; there is only a birth year."""
    gender = {"M": "Nam", "F": "Nu"}.get(shown.person.sex, "Khac")
    return {
        "id": row_id,
        "createdAt": dialect.at(shown.when),
        "fullName": shown.text["name"],
        "birthYear": shown.text["year"],
        "gender": gender if shown.person.number % 9 else gender.upper(),
        "phone": shown.text["phone"],
        "passport": shown.text["id"],
        "address": shown.text["address"],
        **place_ids(shown),
    }


def domestic(book: Book, pen: Pen, person: Person, dialect: Dialect, mean: float = 0.9) -> None:
    """Domestic declarations; who has no phone is declared by another."""
    rng = book.rng
    for when in pen.moments(mean, FIRST, LAST, person):
        shown = pen.show(person, when, dialect).maybe(rng, id=0.66, address=0.9, bhyt=0, dob=0)
        yes, no = rng.choice(WORDS)
        key = hex_id("domestic", len(book.truths))
        row = common(shown, key, dialect) | {
            "otherUser": no if person.phones else yes,
            "nation": hex_id("nation", person.nationality),
            "email": f"{key_of(person.name)[:12].replace(' ', '.')}{person.born.year}@mail.vn"
            if rng.random() < 0.1
            else "",
            "showCountryPassing": no,
            "countryPassing": "",
            "showSignal": yes if rng.random() < 0.05 else no,
            "showSignalNote": "",
            "hasPatient": rng.choice(["2"] * 9 + ["1"]),
            "hasFromSickCountry": "2",
            "hasSick": rng.choice(["2", "2", "2.0", "1"]),
            "isLocalTransport": no,
            "lat": "10.77",
            "long": "106.69",
            "appBuild": "2.1.7",
        }
        book.add("tokhaiyte_domestic", row)
        book.about("tokhaiyte_domestic", key, shown)


def entry(book: Book, pen: Pen, person: Person, dialect: Dialect, mean: float = 0.0) -> None:
    """Entry declarations of foreigners and of Vietnamese who come home."""
    rng = book.rng
    for when in pen.moments(mean or (0.8 if person.passport else 0.03), FIRST, LAST, person):
        shown = pen.show(person, when, dialect).maybe(rng, id=0.95, phone=0.8, bhyt=0, dob=0)
        key = hex_id("entry", len(book.truths))
        day = dialect.at(when)[:10]
        row = common(shown, key, dialect) | {
            "gate": rng.choice(["Nội Bài", "Tân Sơn Nhất", "Mộc Bài", "Lao Bảo"]),
            "vehicleNo": "VN417",
            "seatNo": "22A",
            "nation": hex_id("nation", person.nationality),
            "vehicleType": rng.choice(["Máy bay", "Ô tô", "Đi bộ"]),
            "departureDate": day,
            "entryDate": day,
            "departureCountry": "Lào",
            "departureProvince": "",
            "destinationProvince": "",
            "placesPassed": [],
            "email": None,
            "vaccinesUsed": rng.choice(["", "astra", "ko", "2 mũi"]),
            "symptoms": {"fever": 0, "cough": rng.randint(0, 1), "rash": 0},
            "contactAnimals": 2,
            "contactSick": "2",
        }
        row["birthYear"] = int(row["birthYear"]) if rng.random() < 0.5 else row["birthYear"]
        book.add("tokhaiyte_entry", row)
        book.about("tokhaiyte_entry", key, shown)


def movement(book: Book, pen: Pen, person: Person, dialect: Dialect, mean: float = 0.25) -> None:
    """Movement declarations."""
    rng = book.rng
    for when in pen.moments(mean, FIRST, LAST, person):
        shown = pen.show(person, when, dialect).maybe(rng, id=0.75, address=0.6, bhyt=0, dob=0)
        key = hex_id("movement", len(book.truths))
        row = common(shown, key, dialect) | {
            "departurePlace": "Bến xe Mỹ Đình",
            "destinationPlace": rng.choice(["TP.HCM", "Đắk Lắk", "-"]),
            "transport": "xe khách",
            "plateOrFlight": f"29B-{rng.randint(100, 999)}.{rng.randint(10, 99)}",
            "seat": "",
            "departureAt": dialect.at(when),
        }
        book.add("tokhaiyte_movement", row)
        book.about("tokhaiyte_movement", key, shown)


def codes(shown: Shown, rng: Random) -> Row:
    """Official codes; a spreadsheet may have eaten the zeros."""
    one = shown.commune
    if one is None:
        return {"provinceCode": "", "districtCode": "", "communeCode": ""}
    found = {"provinceCode": one.province_code, "districtCode": one.district_code, "communeCode": one.code}
    return {word: str(int(code)) for word, code in found.items()} if rng.random() < 0.02 else found


def bluezone(book: Book, pen: Pen, person: Person, dialect: Dialect) -> None:
    """Bluezone users: phone, name and an address in words; nothing else."""
    rng = book.rng
    if person.phones and rng.random() < (1 if person.only else 0.5):
        when = pen.moment(date(2020, 4, 20), LAST, person)
        shown = pen.show(person, when, dialect).maybe(
            rng, name=0.93, address=0.7, id=0, bhyt=0, dob=0, year=0, sex=0, commune=0
        )
        key = hex_id("bluezone", len(book.truths))[:16]
        book.add(
            "bluezone_users",
            {
                "userId": key,
                "registeredAt": dialect.at(when),
                "phone": shown.text["phone"],
                "fullName": shown.text["name"],
                "address": shown.text["address"],
                "appVersion": "4.0.1",
            },
        )
        book.about("bluezone_users", key, shown)
