"""Rows of tokhaiyte.vn: domestic, entry and movement declarations, and the vendor's two mapping tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from pccovid.sandbox.names import NATIONS
from pccovid.sandbox.people import Person
from pccovid.sandbox.telling import Mark, Row, Said, Style, Subject
from pccovid.sandbox.territory import Commune, Territory, territory, vendor_id
from pccovid.sandbox.writing import Period, stamp, zoned

_PERIOD = Period("2021-05-01", "2021-10-31")
_FORM = Style("name year id", "form", "year", "gender", id_optional=True)
_FORM_FIRST_SEEN = Style("name year id", "form", "year", "gender")
_GATES = [
    "Sân bay Nội Bài",
    "Sân bay Tân Sơn Nhất",
    "Sân bay Đà Nẵng",
    "Cửa khẩu Hữu Nghị",
    "Cửa khẩu Mộc Bài",
    "Cảng Hải Phòng",
]
_HIDDEN_BY_GUARDIAN = frozenset({"", "phone_changed", "phone_handed_over", "shared_phone", "child_without_id"})
"""Faults that nobody sees in a declaration that a grown-up makes with their own phone."""
_SIGNS = ["sốt nhẹ", "ho khan", "đau họng", "mệt mỏi", "ho, sổ mũi", "khó thở"]
_SYMPTOMS = ("fever", "cough", "dyspnoea", "soreThroat", "vomiting", "diarrhoea", "haemorrhage", "rash")
_TRANSPORT = ("xe máy", "ô tô cá nhân", "xe khách", "tàu hoả", "máy bay")
_VACCINES = ("", "", "AstraZeneca 2 mũi", "Pfizer x2 (05/2021)", "sinopharm", "chưa tiêm")


def domestic(subject: Subject) -> Iterator[Row]:
    """One to four domestic declarations; a child's are typed in by a grown-up of the household."""
    for turn in range(subject.rng.choice((1, 1, 2, 2, 3, 4))):
        yield _domestic(subject, turn)


def _domestic(subject: Subject, turn: int) -> Row:
    person, rng = subject.person, subject.rng
    said = subject.say(_FORM if turn else _FORM_FIRST_SEEN)
    guardian = person.guardian if person.guardian and (person.age < 15 or rng.random() < 0.5) else None
    sick, travelled, key = rng.random() < 0.04, rng.random() < 0.06, subject.key()
    values: dict[str, object] = {
        "id": key,
        "createdAt": stamp(_PERIOD.moment(rng)),
        "otherUser": str(int(guardian is not None)),
        **_who(person, said, rng),
        "email": person.email,
        "showCountryPassing": str(int(travelled)),
        "countryPassing": person.registered_home.province_name if travelled else "",
        "showSignal": str(int(sick)),
        "showSignalNote": rng.choice(_SIGNS) if sick else "",
        "hasPatient": _yes_no(rng, 0.02),
        "hasFromSickCountry": _yes_no(rng, 0.01),
        "hasSick": _yes_no(rng, 0.03),
        "isLocalTransport": str(int(rng.random() < 0.1)),
        **_silent_position(rng),
    }
    if not guardian:
        return Row("tokhaiyte_domestic", values, (subject.mark(key, said.fault),))
    if said.fault != "garbled":
        values["phone"] = guardian.phone
    fault = "declared_for_other" if said.fault in _HIDDEN_BY_GUARDIAN else said.fault
    return Row("tokhaiyte_domestic", values, (subject.mark(key, fault),))


def _who(person: Person, said: Said, rng: Random) -> dict[str, object]:
    return {
        "fullName": said.name,
        "passport": said.id,
        "birthYear": said.birth,
        "gender": said.sex,
        "nation": vendor_id("nation", person.nationality),
        **_where(person.home, rng),
        "address": person.address,
        "phone": said.phone,
    }


def _where(home: Commune, rng: Random) -> dict[str, object]:
    """Vendor ids of the area; now and then an id that its own list does not know."""
    ward = vendor_id("ward", home.code if rng.random() < 0.998 else f"lost {home.code}")
    return {
        "provinceId": vendor_id("province", home.province),
        "districtId": vendor_id("district", home.district),
        "wardId": ward if rng.random() < 0.97 else "",
    }


def _yes_no(rng: Random, share: float) -> str:
    """This form's coding: 1 = yes, 2 = no; sometimes nobody answered."""
    chance = rng.random()
    return "1" if chance < share else "2" if chance < 0.97 else ""


def _silent_position(rng: Random) -> dict[str, object]:
    """The position that the form posted without asking."""
    if rng.random() < 0.35:
        return {"lat": "", "long": ""}
    return {"lat": f"{8.5 + rng.random() * 14.8:.6f}", "long": f"{102.2 + rng.random() * 7.2:.6f}"}


def entry(subject: Subject) -> Iterator[Row]:
    """One entry declaration at a border gate."""
    person, rng = subject.person, subject.rng
    said, key = subject.say(_FORM_FIRST_SEEN), subject.key()
    arrived = _PERIOD.moment(rng)
    origin = person.nationality if person.nationality != "VN" else rng.choice(("KR", "JP", "US", "LA", "KH"))
    values: dict[str, object] = {
        "id": key,
        "createdAt": zoned(arrived - timedelta(hours=rng.randrange(1, 40))),
        "gate": rng.choice(_GATES),
        **_who(person, said, rng),
        "vehicleType": rng.choice(("máy bay", "ô tô", "tàu thuyền")),
        "vehicleNo": f"XX{rng.randrange(100, 999)}",
        "seatNo": f"{rng.randrange(1, 40)}{rng.choice('ABCDEF')}",
        "departureDate": (arrived - timedelta(days=rng.randrange(2))).date().isoformat(),
        "entryDate": arrived.date().isoformat(),
        "departureCountry": vendor_id("nation", origin),
        "departureProvince": "",
        "destinationProvince": vendor_id("province", person.home.province),
        "placesPassed": rng.choice(([], [], ["Bangkok"], ["Seoul", "Singapore"])),
        "email": person.email,
        "symptoms": {symptom: int(rng.random() < 0.02) for symptom in _SYMPTOMS},
        "vaccinesUsed": rng.choice(_VACCINES),
        "contactAnimals": 1 if rng.random() < 0.01 else 2,
        "contactSick": 1 if rng.random() < 0.02 else 2,
    }
    yield Row("tokhaiyte_entry", values, (subject.mark(key, said.fault),))


def movement(subject: Subject) -> Iterator[Row]:
    """One declaration of a journey inside the country."""
    person, rng = subject.person, subject.rng
    said, key = subject.say(_FORM), subject.key()
    leaves = _PERIOD.moment(rng)
    transport, target = rng.choice(_TRANSPORT), territory().commune(rng)
    values: dict[str, object] = {
        "id": key,
        "createdAt": stamp(leaves - timedelta(minutes=rng.randrange(10, 900))),
        **{column: value for column, value in _who(person, said, rng).items() if column != "nation"},
        "departurePlace": person.home.district_name + ", " + person.home.province_name,
        "destinationPlace": target.district_name + ", " + target.province_name,
        "transport": transport,
        "plateOrFlight": f"{rng.randrange(11, 99)}X-{rng.randrange(10000, 99999)}",
        "seat": str(rng.randrange(1, 45)) if transport in ("xe khách", "tàu hoả", "máy bay") else "",
        "departureAt": stamp(leaves),
    }
    yield Row("tokhaiyte_movement", values, (subject.mark(key, said.fault),))


def mapping_tables(territory: Territory) -> Iterator[Row]:
    """The vendor's areas and nations; rows that stand for nobody."""
    for area in territory.vendor_areas():
        values: dict[str, object] = {"id": area.id, "level": area.level, "name": area.name, "parentId": area.parent_id}
        yield Row("tokhaiyte_areas", values, (Mark(area.id, None),))
    for iso2, name in NATIONS.items():
        key = vendor_id("nation", iso2)
        yield Row("tokhaiyte_nations", {"id": key, "name": name, "iso2": iso2}, (Mark(key, None),))
