"""The four kinds of code that a scan may hold."""

import hashlib
from datetime import date
from random import Random

from fifth_nation import forms
from fifth_nation.people import Person


def _qid(one: Person) -> str:
    return str(int(hashlib.sha1(f"qid {one.number}".encode()).hexdigest(), 16) % 10**18).zfill(18)


def unified(rng: Random, one: Person, on: date, *, paper: bool, masked: bool) -> str:
    """Decision 1405: number, name, birth date, kind, QID, EXT. A paper code was declared by another."""
    number = one.passport or one.personal_id if one.nation != "VN" else one.personal_id
    if on < one.card_since and one.old_card:
        number = one.old_card
    if one.age(on) < 14 or (paper and rng.random() < 0.5):
        number = ""
    born = f"{one.born.year}-**-**" if masked else one.born.isoformat()
    if masked:
        number = "*" * min(6, len(number)) + number[6:]
    declarant = one.who_answers_for(on) if paper else None
    phone = one.own_phone(on) or (declarant.own_phone(on) if declarant else "")
    insurance = one.insurance if rng.random() < 0.4 and not masked else ""
    ext = "<".join(
        (_qid(declarant) if declarant else "", {"M": "1", "F": "2"}[one.sex], insurance, "" if masked else phone)
    )
    return "|".join((number, forms.name(rng, one.name, "ascii"), born, "1" if paper else "0", _qid(one), ext))


def card(one: Person) -> str:
    """The chip card: number, old number, name, ddmmyyyy, sex, address, day of issue."""
    commune = one.registered.commune
    address = f"{one.registered.hamlet}, {commune.name}, {commune.district_name}, {commune.province_name}"
    sex = {"M": "Nam", "F": "Nữ"}[one.sex]
    return f"{one.personal_id}|{one.old_card}|{one.name}|{one.born:%d%m%Y}|{sex}|{address}|{one.card_since:%d%m%Y}"


def insurance_card(one: Person) -> str:
    """The insurance card: text fields are hexadecimal UTF-8."""
    commune = one.registered.commune
    place = f"{commune.name}, {commune.district_name}, {commune.province_name}"
    name, address = one.name.encode().hex(), place.encode().hex()
    sex = {"M": "1", "F": "2"}[one.sex]
    hospital = f"{one.insurance[3:5]} - 012"
    dates = f"01/01/2021|-|10/12/2020|{one.insurance[5:]}"
    return f"{one.insurance}|{name}|{one.born:%d/%m/%Y}|{sex}|{address}|{hospital}|{dates}"
