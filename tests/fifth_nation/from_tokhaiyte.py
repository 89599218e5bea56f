"""Health declarations at home, at the border and on the road, and the two code lists."""

from datetime import timedelta
from random import Random

from fifth_nation import forms, land, occasions
from fifth_nation.choosing import since
from fifth_nation.delivery import Delivery, Row
from fifth_nation.families import TODAY
from fifth_nation.people import Person

NATIONS = {
    "VN": "Việt Nam",
    "KR": "Hàn Quốc",
    "JP": "Nhật Bản",
    "CN": "Trung Quốc",
    "US": "Hoa Kỳ",
    "IN": "Ấn Độ",
    "ID": "Indonesia",
}
GATES = (
    "Cửa khẩu Sân bay Nội Bài",
    "Cửa khẩu Sân bay Tân Sơn Nhất",
    "Cửa khẩu Mộc Bài",
    "Cửa khẩu Hữu Nghị",
    "Cảng Hải Phòng",
)
SYMPTOMS = ("fever", "cough", "dyspnoea", "soreThroat", "vomiting", "diarrhoea", "haemorrhage", "rash")


def write_lists(delivery: Delivery) -> None:
    """Every area and nation under the vendor's ids; nobody's rows."""
    seen = set()
    for one in land.communes():
        levels = (
            ("province", one.province, one.province_name, ""),
            ("district", one.district, one.district_name, one.province),
            ("ward", one.code, one.name, one.district),
        )
        for level, code, name, parent in levels:
            if (level, code) not in seen:
                seen.add((level, code))
                row: Row = {"id": _area(level, code), "level": level, "name": name, "parentId": _above(level, parent)}
                delivery.add("tokhaiyte_areas.csv", "id", row, None)
    for code, name in NATIONS.items():
        delivery.add(
            "tokhaiyte_nations.csv", "id", {"id": land.vendor_id(f"nation {code}"), "name": name, "iso2": code}, None
        )


def _area(level: str, code: str) -> str:
    return land.vendor_id(f"{level} {code}")


def _above(level: str, code: str) -> str:
    return _area({"district": "province", "ward": "district"}[level], code) if code else ""


def write(rng: Random, one: Person, delivery: Delivery) -> None:
    """One to three declarations; some on the road; whoever came from abroad declared at the gate."""
    for _ in range(rng.choices((1, 2, 3), (60, 28, 12))[0]):
        if rng.random() < 0.2:
            _movement(rng, one, delivery)
        else:
            _domestic(rng, one, delivery)
    if rng.random() < (0.8 if one.nation != "VN" else 0.02):
        _entry(rng, one, delivery)


def _common(rng: Random, one: Person, key: str, habit: str) -> tuple[Row, occasions.Typed]:
    when = forms.moment(rng, since(one, "tokhaiyte"), TODAY)
    typed = occasions.about(rng, one, when.date())
    year = typed.born[0] if isinstance(typed.born, tuple) else typed.born or one.born.year
    typed.phone = typed.phone or occasions.phone_shown(rng, one, when.date())  # whoever declares has signed in by it
    commune = typed.home.commune
    row: Row = {
        "id": key,
        "createdAt": forms.at(rng, when),
        "fullName": forms.typed_name(rng, typed, habit),
        "passport": forms.paper(rng, typed.paper) if rng.random() < 0.8 else "",
        "birthYear": str(year),
        "gender": forms.sex(typed.sex, "gender") if rng.random() > 0.01 else "Khac",
        "provinceId": _area("province", commune.province),
        "districtId": _area("district", commune.district),
        "wardId": _area("ward", commune.code),
        "address": typed.address,
        "phone": forms.phone(rng, typed.phone),
    }
    return row, typed


def _nation(one: Person) -> str:
    return land.vendor_id(f"nation {one.nation}")


def _email(rng: Random, one: Person) -> str:
    return (
        f"{forms.toneless(one.name).lower().replace(' ', '').replace(chr(39), '')}{one.number}@example.vn"
        if rng.random() < 0.1
        else ""
    )


def _domestic(rng: Random, one: Person, delivery: Delivery) -> None:
    key = f"TKD{len(delivery.rows.get('tokhaiyte_domestic.csv', ())) + 1:07d}"
    row, typed = _common(rng, one, key, "upper")
    for_other = not one.phones or typed.phone not in {number for _, number in one.phones}
    abroad, ill = rng.random() < 0.03, rng.random() < 0.04
    row |= {
        "otherUser": "1" if for_other else "0",
        "nation": _nation(one),
        "email": _email(rng, one),
        "showCountryPassing": "1" if abroad else "0",
        "countryPassing": "Bắc Ninh, Hà Nội" if abroad else "",
        "showSignal": "1" if ill else "0",
        "showSignalNote": "Ho, sốt nhẹ" if ill else "",
        "hasPatient": "1" if rng.random() < 0.02 else "2",
        "hasFromSickCountry": "1" if rng.random() < 0.01 else "2",
        "hasSick": "1" if rng.random() < 0.02 else "2",
        "isLocalTransport": "0",
        "lat": f"{rng.uniform(9, 23):.6f}",
        "long": f"{rng.uniform(103, 109):.6f}",
    }
    delivery.add("tokhaiyte_domestic.csv", "id", row, one, typed.fault)


def _movement(rng: Random, one: Person, delivery: Delivery) -> None:
    key = f"TKM{len(delivery.rows.get('tokhaiyte_movement.csv', ())) + 1:07d}"
    row, typed = _common(rng, one, key, "upper")
    there = rng.choice(land.communes())
    row |= {
        "departurePlace": f"{typed.home.commune.district_name}, {typed.home.commune.province_name}",
        "destinationPlace": f"{there.district_name}, {there.province_name}",
        "transport": rng.choice(("Xe khách", "Ô tô cá nhân", "Máy bay", "Tàu hỏa", "Xe máy")),
        "plateOrFlight": f"{rng.randint(11, 99)}A-{rng.randint(100, 999)}.{rng.randint(10, 99)}",
        "seat": str(rng.randint(1, 45)),
        "departureAt": row["createdAt"],
    }
    delivery.add("tokhaiyte_movement.csv", "id", row, one, typed.fault)


def _entry(rng: Random, one: Person, delivery: Delivery) -> None:
    key = f"TKE{len(delivery.rows.get('tokhaiyte_entry.jsonl', ())) + 1:07d}"
    row, typed = _common(rng, one, key, "upper")
    typed.paper = one.passport if rng.random() < 0.9 else typed.paper
    arrived = forms.moment(rng, since(one, "tokhaiyte"), TODAY).date()
    commune = typed.home.commune
    row |= {
        "gate": rng.choice(GATES),
        "nation": _nation(one),
        "passport": forms.paper(rng, typed.paper),
        "vehicleType": "Máy bay",
        "vehicleNo": f"VN{rng.randint(100, 999)}",
        "seatNo": f"{rng.randint(1, 40)}{rng.choice('ABCDEF')}",
        "departureDate": str(arrived - timedelta(days=1)),
        "entryDate": str(arrived),
        "departureCountry": rng.choice(list(NATIONS.values())[1:]),
        "departureProvince": "",
        "destinationProvince": commune.province_name,
        "placesPassed": rng.choice(([], ["Seoul"], ["Bangkok", "Phnom Penh"])),
        "email": _email(rng, one),
        "symptoms": {symptom: int(rng.random() < 0.02) for symptom in SYMPTOMS},
        "vaccinesUsed": rng.choice(("", "Pfizer x2", "AstraZeneca, 2 mũi", "đã tiêm 1 mũi Moderna")),
        "contactAnimals": rng.choice((1, 2, 2, 2)),
        "contactSick": 2,
    }
    delivery.add("tokhaiyte_entry.jsonl", "id", row, one, typed.fault)
