"""Rows of qr.tokhaiyte.vn: registered places and the visits scanned there, by any of the four QR kinds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from hashlib import blake2b
from random import Random

from pccovid.sandbox.people import Person
from pccovid.sandbox.telling import Mark, Row, Style, Subject, new_key
from pccovid.sandbox.writing import Period, stamp, without_diacritics, write_name, write_phone

_PERIOD = Period("2021-07-01", "2021-10-31")
_REGISTRATION = Period("2021-06-01", "2021-07-01")
_BY_PHONE = Style("name", "free", "year", "gender")
_KINDS = ("Cửa hàng", "Nhà thuốc", "Chợ", "Trường học", "Nhà hàng", "Công ty", "Trụ sở cơ quan", "Bến xe")
_LEFT_SHARE = 0.45


def place(registrant: Person, rng: Random) -> tuple[str, Row]:
    """(place id, row) of a place that `registrant` runs; the row stands for nobody."""
    key, kind = new_key(rng), rng.choice(_KINDS)
    values: dict[str, object] = {
        "placeId": key,
        "registeredAt": stamp(_REGISTRATION.moment(rng)),
        "name": f"{kind} mẫu số {rng.randrange(1, 9999)}",
        "kind": kind,
        "communeCode": registrant.home.code,
        "address": registrant.address,
        "registrantName": write_name(registrant.name.full, rng, "free"),
        "registrantPhone": write_phone(registrant.phone, rng),
    }
    return key, Row("qr_places", values, (Mark(key, None),))


def visits(subject: Subject, places: list[str]) -> Iterator[Row]:
    """One to eight visits to some of `places`."""
    rng = subject.rng
    usual = [rng.choice(places) for _ in range(3)]
    for _ in range(rng.choice((1, 2, 2, 3, 4, 5, 6, 8))):
        yield _visit(subject, rng.choice(usual))


def _visit(subject: Subject, place_id: str) -> Row:
    rng, key = subject.rng, subject.key()
    at = _PERIOD.moment(rng)
    shown, label = _shown(subject)
    values: dict[str, object] = {
        "visitId": key,
        "placeId": place_id,
        "scannedAt": stamp(at),
        "leftAt": stamp(at + timedelta(minutes=rng.randrange(3, 240))) if rng.random() < _LEFT_SHARE else "",
        **dict.fromkeys(("via", "qrText", "cccd", "bhyt", "phone", "fullName"), ""),
        **shown,
    }
    return Row("qr_visits", values, (subject.mark(key, label),))


def _shown(subject: Subject) -> tuple[dict[str, object], str]:
    """What the visitor showed at the door, and the fault in it."""
    person, rng = subject.person, subject.rng
    chance = rng.random()
    if chance < 0.06 and person.personal_id:
        return {"via": "personal_qr", "qrText": vneid_qr(person)}, ""
    if chance < 0.5:
        return {"via": "personal_qr" if chance < 0.38 else "paper_qr", "qrText": unified_qr(person, rng)}, ""
    if chance < 0.68 and person.carries in ("cccd", "both"):
        return {"via": "cccd", "cccd": person.personal_id, "qrText": _if_scanned(cccd_qr(person), rng)}, ""
    if chance < 0.78 and person.insurance_card:
        return {"via": "bhyt", "bhyt": person.insurance_card, "qrText": _if_scanned(bhyt_qr(person), rng)}, ""
    said = subject.say(_BY_PHONE)
    return {"via": "phone", "phone": said.phone or person.phone, "fullName": said.name}, said.fault


def _if_scanned(code: str, rng: Random) -> str:
    """Three cards in ten are typed from."""
    return code if rng.random() < 0.7 else ""


def unified_qr(person: Person, rng: Random) -> str:
    """Personal QR of Decision 1405/QĐ-BTTTT v1.1; a child's is made by the grown-up (type 1, no document)."""
    declared_by = person.guardian if person.age < 14 else None
    number = "" if declared_by else _paper_number(person)
    sex = {"male": "1", "female": "2"}[person.sex]
    extra = [
        _qid(declared_by.number) if declared_by else "",
        sex,
        person.insurance_no if rng.random() < 0.3 else "",
        person.phone,
    ]
    name = without_diacritics(person.name.full).upper()
    kind = "1" if declared_by else "0"
    return "|".join((number, name, person.birth.isoformat(), kind, _qid(person.number), "<".join(extra)))


def _paper_number(person: Person) -> str:
    if person.carries == "passport":
        return person.passport
    return person.old_id if person.carries == "cmnd" else person.personal_id


def _qid(number: int) -> str:
    """The 18-digit number of the national QR platform."""
    return str(10**17 + int(blake2b(f"qid:{number}".encode(), digest_size=8).hexdigest(), 16) % (9 * 10**17))


def cccd_qr(person: Person) -> str:
    """The text of the chip card: personal id, old id, name, birth, sex, address, day of issue."""
    home = person.registered_home
    address = ", ".join((person.address, home.name, home.district_name, home.province_name))
    issued = f"{1 + person.number % 28:02d}{1 + person.number % 6:02d}2021"
    sex = "Nam" if person.sex == "male" else "Nữ"
    birth = person.birth.strftime("%d%m%Y")
    return "|".join((person.personal_id, person.old_id, person.name.full, birth, sex, address, issued))


def bhyt_qr(person: Person) -> str:
    """The text of the paper insurance card: name and address hex-encoded, the rest plain, a '$' at the end."""
    card = person.insurance_card
    sex = "1" if person.sex == "male" else "2"
    return "|".join(
        (card, _hex(person.name.full), person.birth.strftime("%d/%m/%Y"), sex, _hex(person.address),
         f"{card[3:5]} - {person.number % 900 + 10:03d}", "01/01/2021", "-", "01/12/2020",
         "", "-", "4", "01/01/2015", "$")
    )  # fmt: skip


def _hex(text: str) -> str:
    return text.encode().hex()


def vneid_qr(person: Person) -> str:
    """The code of the VNEID application. Its layout was never published: here it is the card's text behind its name."""
    return f"VNEID:{cccd_qr(person)}"
