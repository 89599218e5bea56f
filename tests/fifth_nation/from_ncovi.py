"""NCOVI: one account, the household behind it, everybody's declarations."""

from random import Random

from fifth_nation import forms, occasions
from fifth_nation.choosing import since
from fifth_nation.delivery import Delivery, Row
from fifth_nation.families import TODAY
from fifth_nation.people import Person

FILE = "ncovi.jsonl"


def write(rng: Random, one: Person, delivery: Delivery) -> None:
    """An account; three in five holders enter those of their house."""
    when = forms.moment(rng, since(one, "ncovi"), TODAY)
    typed = occasions.about(rng, one, when.date())
    key = f"NC{len(delivery.rows.get(FILE, ())) + 1:07d}"
    commune = typed.home.commune
    members = [other for other in one.housemates if other.born <= when.date()] if rng.random() < 0.6 else []
    listed = [(f"{key}-{number}", other) for number, other in enumerate(members[:6], 1)]
    row: Row = {
        "accountId": key,
        "createdAt": forms.at(rng, when),
        "fullName": forms.typed_name(rng, typed),
        "dob": forms.day(rng, typed.born, "typed"),
        "sex": forms.sex(typed.sex, "digits"),
        "idNumber": forms.paper(rng, typed.paper),
        "phone": forms.phone(rng, one.own_phone(when.date()) or typed.phone),
        "provinceCode": commune.province,
        "districtCode": commune.district,
        "communeCode": commune.code,
        "address": typed.address,
        "household": [_member(rng, one, member, other, delivery, when.date()) for member, other in listed],
        "declarations": _declarations(rng, key, [None, *(member for member, _ in listed)], one),
    }
    delivery.add(FILE, "accountId", row, one, typed.fault)


def _member(rng: Random, holder: Person, key: str, other: Person, delivery: Delivery, on) -> Row:  # type: ignore[no-untyped-def]
    typed = occasions.about(rng, other, on)
    delivery.know(FILE, key, other, typed.fault)
    born = typed.born[0] if isinstance(typed.born, tuple) and rng.random() < 0.15 else typed.born
    return {
        "memberId": key,
        "fullName": forms.typed_name(rng, typed),
        "relation": relation(holder, other),
        "idNumber": forms.paper(rng, typed.paper) if rng.random() < 0.7 else "",
        "socialInsuranceNo": typed.insurance[5:] if rng.random() < 0.4 else "",
        "nationality": "Việt Nam" if other.nation == "VN" else other.nation,
        "sex": forms.sex(typed.sex, "digits"),
        "dob": forms.day(rng, born, "typed"),
        "phone": forms.phone(rng, typed.phone) if rng.random() < 0.6 else "",
    }


def relation(holder: Person, other: Person) -> str:
    """The word a holder chooses for somebody of the house."""
    if other is holder.spouse:
        return "Vợ" if other.sex == "F" else "Chồng"
    if other in (holder.mother, holder.father):
        return "Mẹ" if other.sex == "F" else "Bố"
    if holder in (other.mother, other.father):
        return "Con"
    return "Anh/chị/em" if other.mother is holder.mother and other.mother is not None else "Khác"


def _declarations(rng: Random, key: str, members: list[str | None], one: Person) -> list[Row]:
    made = []
    for number in range(rng.choices((0, 1, 2, 3), (30, 40, 20, 10))[0]):
        made.append(
            {
                "declarationId": f"{key}/{number}",
                "at": forms.at(rng, forms.moment(rng, since(one, "ncovi"), TODAY)),
                "memberId": rng.choice(members),
                "symptoms": rng.choice(([], [], [], ["sốt"], ["ho", "đau họng"])),
                "contactHistory": rng.choice(("", "", "Tiếp xúc F1")),
                "chronicDiseases": rng.choice(([], [], [], ["Tăng huyết áp"])),
            }
        )
    return made
