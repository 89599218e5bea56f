"""Places and who was scanned at them."""

from datetime import timedelta
from random import Random

from fifth_nation import codes, forms, occasions
from fifth_nation.choosing import since
from fifth_nation.delivery import Delivery, Row
from fifth_nation.families import TODAY
from fifth_nation.people import Person

KINDS = ("Nhà hàng", "Chợ", "Cơ quan", "Trường học", "Siêu thị", "Quán cà phê")


def write_places(rng: Random, people: list[Person], delivery: Delivery) -> None:
    """One place for some 60 people; a place is nobody."""
    owners = [one for one in people if one.phones and one.age(TODAY) >= 22]
    for number in range(max(len(people) // 60, 3)):
        owner = rng.choice(owners)
        kind = rng.choice(KINDS)
        row: Row = {
            "placeId": f"Q{number + 1:06d}",
            "registeredAt": forms.at(rng, forms.moment(rng, since(owner, "qr"), TODAY)),
            "name": f"{kind} {owner.home.hamlet}",
            "kind": kind,
            "communeCode": owner.home.commune.code,
            "address": occasions.address(rng, owner.home),
            "registrantName": forms.name(rng, owner.name),
            "registrantPhone": forms.phone(rng, owner.own_phone(TODAY)),
        }
        delivery.add("qr_places.csv", "placeId", row, None)


def write(rng: Random, one: Person, delivery: Delivery) -> None:
    """One to five visits, by whatever the person has with them."""
    places = len(delivery.rows["qr_places.csv"])
    for _ in range(rng.choices((1, 2, 3, 4, 5), (35, 25, 20, 12, 8))[0]):
        scanned = forms.moment(rng, since(one, "qr"), TODAY)
        left = forms.at(rng, scanned + timedelta(minutes=rng.randint(5, 240))) if rng.random() < 0.3 else ""
        row: Row = {
            "visitId": f"V{len(delivery.rows.get('qr_visits.csv', ())) + 1:08d}",
            "placeId": f"Q{rng.randint(1, places):06d}",
            "scannedAt": forms.at(rng, scanned),
            "leftAt": left,
        }
        fault = _shown(rng, one, scanned.date(), row)
        delivery.add("qr_visits.csv", "visitId", row, one, fault)


def _shown(rng: Random, one: Person, on, row: Row) -> str:  # type: ignore[no-untyped-def]
    """Fills in how the visit was scanned; the columns beside the code are filled by some gates only."""
    row |= {"qrText": "", "cccd": "", "bhyt": "", "phone": "", "fullName": ""}
    lot = rng.random()
    has_card = one.nation == "VN" and one.card_since <= on
    if lot < 0.5 and one.own_phone(on):
        row |= {"via": "personal_qr", "qrText": codes.unified(rng, one, on, paper=False, masked=rng.random() < 0.1)}
    elif lot < 0.6:
        row |= {"via": "paper_qr", "qrText": codes.unified(rng, one, on, paper=True, masked=False)}
    elif lot < 0.75 and has_card:
        row |= {"via": "cccd", "qrText": codes.card(one), "cccd": one.personal_id if rng.random() < 0.5 else ""}
    elif lot < 0.85 and one.insurance:
        row |= {"via": "bhyt", "qrText": codes.insurance_card(one), "bhyt": one.insurance if rng.random() < 0.5 else ""}
    else:
        typed = occasions.about(rng, one, on)
        row |= {"via": "phone", "phone": forms.phone(rng, typed.phone), "fullName": forms.typed_name(rng, typed)}
        return typed.fault
    if rng.random() < 0.15:
        row["fullName"] = forms.name(rng, one.name, "ascii")
    return ""
