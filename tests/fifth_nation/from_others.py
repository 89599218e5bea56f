"""Bluezone, VNEID and the sampling points."""

from datetime import date, timedelta
from random import Random

from fifth_nation import forms, land, occasions
from fifth_nation.choosing import since
from fifth_nation.delivery import Delivery, Row
from fifth_nation.families import TODAY
from fifth_nation.people import Person

LABS = ("CDC Hà Nội", "Viện Pasteur TP. Hồ Chí Minh", "Bệnh viện Đa khoa tỉnh", "Viện Vệ sinh dịch tễ Trung ương")


def write_bluezone(rng: Random, one: Person, delivery: Delivery) -> None:
    """Phone, name, address; a quarter gave the phone alone."""
    when = forms.moment(rng, since(one, "bluezone"), TODAY)
    typed = occasions.about(rng, one, when.date())
    row: Row = {
        "userId": f"BZ{len(delivery.rows.get('bluezone_users.csv', ())) + 1:07d}",
        "registeredAt": forms.at(rng, when),
        "phone": forms.phone(rng, one.own_phone(when.date()) or typed.phone),
        "fullName": forms.typed_name(rng, typed) if rng.random() < 0.75 else "",
        "address": typed.address if rng.random() < 0.6 else "",
    }
    delivery.add("bluezone_users.csv", "userId", row, one, typed.fault)


def write_vneid(rng: Random, one: Person, delivery: Delivery) -> None:
    """The police's own system: half the faults, both numbers where the old card is known, three addresses."""
    first = max(since(one, "vneid"), min(one.card_since, TODAY))
    when = forms.moment(rng, first, TODAY)
    typed = occasions.about(rng, one, when.date(), care=0.5)
    new = typed.paper if len(typed.paper) != 9 else one.personal_id
    permanent = one.registered
    away = one.home is not permanent
    row: Row = {
        "id": f"VN{len(delivery.rows.get('vneid.jsonl', ())) + 1:07d}",
        "createdAt": forms.at(rng, when),
        "fullName": forms.typed_name(rng, typed),
        "dob": forms.day(rng, typed.born, "iso"),
        "sex": forms.sex(typed.sex, "letters"),
        "citizenId": forms.paper(rng, new),
        "oldIdNumber": one.old_card if typed.paper and rng.random() < 0.5 else "",
        "phone": forms.phone(rng, one.own_phone(when.date()) or typed.phone),
        "permanentCommuneCode": permanent.commune.code,
        "permanentAddress": occasions.address(rng, permanent),
        "temporaryCommuneCode": one.home.commune.code if away else "",
        "temporaryAddress": occasions.address(rng, one.home) if away else "",
        "stayCommuneCode": one.home.commune.code,
        "stayAddress": typed.address,
        "movements": _movements(rng, one, when.date()),
    }
    delivery.add("vneid.jsonl", "id", row, one, typed.fault)


def _movements(rng: Random, one: Person, first: date) -> list[Row]:
    made: list[Row] = []
    for number in range(rng.choices((0, 1, 2), (70, 20, 10))[0]):
        leaves = forms.moment(rng, first, TODAY)
        there = rng.choice(land.communes())
        scans = [
            {"at": forms.at(rng, leaves + timedelta(hours=h)), "checkpoint": f"Chốt {there.district_name}"}
            for h in (1, 4)
        ]
        made.append(
            {
                "id": f"MV{one.number}-{number}",
                "fromCommuneCode": one.home.commune.code,
                "toCommuneCode": there.code,
                "departAt": forms.at(rng, leaves),
                "transport": rng.choice(("Ô tô", "Xe máy", "Máy bay")),
                "validUntil": forms.at(rng, leaves + timedelta(hours=72)),
                "scans": scans[: rng.randint(0, 2)],
            }
        )
    return made


def write_samples(rng: Random, one: Person, delivery: Delivery) -> None:
    """One to three tubes; five to ten people of a hamlet share a pooled one."""
    for _ in range(rng.choices((1, 2, 3), (65, 25, 10))[0]):
        taken = forms.moment(rng, since(one, "sampling"), TODAY)
        typed = occasions.about(rng, one, taken.date())
        pooled = rng.random() < 0.35
        number = len(delivery.rows.get("sampling.csv", ())) + 1
        barcode = f"P{one.home.commune.code}{number // 7:06d}" if pooled else f"T{number:09d}"
        method = "pcr" if pooled or rng.random() < 0.5 else "antigen"
        result = rng.choices(("positive", "negative", "inconclusive", ""), (4, 90, 1, 5))[0]
        born = typed.born[0] if isinstance(typed.born, tuple) and rng.random() < 0.3 else typed.born
        row: Row = {
            "sampleId": f"S{number:08d}",
            "tubeBarcode": barcode,
            "pooled": "1" if pooled else "0",
            "collectedAt": forms.at(rng, taken),
            "siteName": f"Điểm lấy mẫu {one.home.hamlet}",
            "fullName": forms.typed_name(rng, typed),
            "dob": forms.day(rng, born, "typed"),
            "sex": forms.sex(typed.sex, rng.choice(("words", "letters", "digits"))),
            "phone": forms.phone(rng, typed.phone),
            "idNumber": forms.paper(rng, typed.paper) if rng.random() < 0.6 else "",
            "communeCode": typed.home.commune.code,
            "method": method,
            "result": result,
            "ctValue": f"{rng.uniform(14, 36):.1f}" if method == "pcr" and result == "positive" else "",
            "resultAt": forms.at(rng, taken + timedelta(hours=rng.randint(1, 60))) if result else "",
            "labName": rng.choice(LABS),
        }
        delivery.add("sampling.csv", "sampleId", row, one, typed.fault)
