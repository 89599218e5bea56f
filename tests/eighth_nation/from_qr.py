"""Places and visits."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from eighth_nation import forms
from eighth_nation.addresses import Addresses
from eighth_nation.codes import HAS_OLD_CARD, Codes
from eighth_nation.delivery import Delivery, Row
from eighth_nation.forms import NO_DATE_ASKED
from eighth_nation.identity import Form, Written
from eighth_nation.people import Person
from sixth_nation.mistakes import OFF, RIGHT

KINDS = (
    "Siêu thị", "Chợ", "Cơ quan", "Bệnh viện", "Nhà hàng", "Trường học", "Chốt kiểm soát", "Cửa hàng",
)  # fmt: skip
NAMES = ("Hoa Sen", "Bình An", "Minh Phát", "Thành Công")
LEAST_PLACES, PEOPLE_OF_A_PLACE = 40, 60
VISITS = {1: 45, 2: 30, 4: 17, 7: 8}
TYPICAL_DAY = date(2021, 10, 1)
USUAL_PLACE, HAS_LEFT, TYPED_TOO = 0.6, 0.3, 0.5
BY_VNEID, MASKED, DECLARED, SCANNED_CARD, NAMED_BESIDE_NUMBER, PHONE_ALONE = 0.12, 0.05, 0.4, 0.85, 0.8, 0.04


class Qr:
    """Writes both files."""

    def __init__(self, delivery: Delivery, addresses: Addresses) -> None:
        self.delivery, self.rng, self.addresses = delivery, delivery.rng, addresses
        self.codes = Codes(delivery, addresses)
        self.places: list[str] = []
        self.by_province: dict[str, list[str]] = defaultdict(list)

    def open_places(self) -> None:
        """Each registered by somebody."""
        people = self.delivery.nation.people
        for _ in range(max(LEAST_PLACES, len(people) // PEOPLE_OF_A_PLACE)):
            self._open_place(people)

    def _open_place(self, people: list[Person]) -> None:
        delivery, rng, nation = self.delivery, self.rng, self.delivery.nation
        area, moment = rng.choice(nation.land.lived_in), delivery.moment("2021-06-01", "2021-10-01")
        kind, key = rng.choice(KINDS), delivery.key("PL", 7)
        owner, house = rng.choice(people), nation.land.some_home()
        row: Row = {
            "placeId": key,
            "registeredAt": delivery.at(moment),
            "name": f"{kind} {rng.choice((*NAMES, f'Số {rng.randrange(1, 99)}', 'Trung tâm'))}",
            "kind": kind,
            "communeCode": area.commune,
            "address": self.addresses.address(house._replace(area=area), is_whole=True),
            "registrantName": owner.name,
            "registrantPhone": forms.phone(rng, owner.phones[0][1] if owner.phones else nation.office.new_phone()).text,
        }
        self.places.append(key)
        self.by_province[area.province].append(key)
        delivery.add_about_nobody("qr_places", row, moment)

    def write(self, person: Person) -> None:
        """All visits of somebody, most of them to one place."""
        around = self.by_province.get(person.home_on(TYPICAL_DAY).area.province) or self.places
        usual = self.rng.choice(around)
        for _ in range(self.delivery.one_of(VISITS)):
            self._visit(person, usual, around)

    def _visit(self, person: Person, usual: str, around: list[str]) -> None:
        delivery = self.delivery
        moment = delivery.moment("2021-08-01", "2021-12-31")
        via = delivery.one_of(_vias(person, moment.date()))
        has_own_phone = person.age >= 14 and bool(person.phones)
        written = delivery.pen.write(person, moment, Form(NO_DATE_ASKED, needs_own_phone=has_own_phone, is_proven=True))
        written.kinds, written.evidence.numbers = [], frozenset()
        kept = self._kept(person, written, moment.date(), via)
        row: Row = {
            "visitId": delivery.key("VS", 10),
            "leftAt": self._left(moment),
            "placeId": usual if delivery.some(USUAL_PLACE) else self.rng.choice(around),
            "scannedAt": delivery.at(moment),
            "via": via,
            **kept,
        }
        delivery.add("qr_visits", row, person, written, moment)

    def _left(self, moment: datetime) -> str:
        if not self.delivery.some(HAS_LEFT):
            return ""
        return self.delivery.at(moment + timedelta(minutes=self.rng.randrange(5, 240)))

    def _kept(self, person: Person, written: Written, day: date, via: str) -> Row:
        """What a gate keeps of whom it lets in; some type what the code says as well."""
        is_typed = self.delivery.some(TYPED_TOO)
        if via == "personal_qr" and person.card and self.delivery.some(BY_VNEID):
            return self._vneid(person, written, day)
        if via in ("personal_qr", "paper_qr"):
            return self._unified(person, written, via, is_typed=is_typed)
        if via == "cccd":
            return self._card(person, written, day, is_typed=is_typed)
        if via == "bhyt":
            return self._insurance(person, written, day, is_typed=is_typed)
        if self.delivery.some(PHONE_ALONE):
            written.without_name()
        return {"phone": written.phone, "fullName": written.name}

    def _vneid(self, person: Person, written: Written, day: date) -> Row:
        """As gates cannot count on its layout, they keep the columns too."""
        written.kinds.append("qr_vneid")
        text = self.codes.of_vneid(person, written, day)
        return {"qrText": text, "cccd": person.card, "fullName": person.name.upper(), "phone": written.phone}

    def _unified(self, person: Person, written: Written, via: str, *, is_typed: bool) -> Row:
        """On paper it was often declared for them."""
        is_masked = via == "personal_qr" and self.delivery.some(MASKED)
        is_declared = via == "paper_qr" and (not 18 <= person.age <= 60 or self.delivery.some(DECLARED))
        text = self.codes.unified(person, written, is_declared=is_declared, is_masked=is_masked)
        written.kinds.append("qr_masked" if is_masked else "qr_unified")
        if not is_typed:
            return {"qrText": text}
        name = written.name if self.delivery.some(0.5) else person.name
        return {"qrText": text, "fullName": name, "phone": written.phone}

    def _card(self, person: Person, written: Written, day: date, *, is_typed: bool) -> Row:
        """Scanned, typed, or both; a number alone has a name beside it more often than not."""
        row: Row = {}
        evidence, is_scanned = written.evidence, self.delivery.some(SCANNED_CARD)
        evidence.phone = ""
        old_card = person.old_card if person.old_card and self.delivery.some(HAS_OLD_CARD) else ""
        if is_scanned:
            row["qrText"] = self.codes.chip_card(person, written, day, old_card)
            written.kinds.append("qr_cccd")
        if is_typed or not is_scanned:
            row["cccd"], kinds = forms.paper(self.rng, person.card)
            written.kinds += kinds
            evidence.numbers |= {person.card}
        if not is_scanned:
            is_named = self.delivery.some(NAMED_BESIDE_NUMBER)
            row["fullName"], evidence.name = (written.name, RIGHT) if is_named else ("", OFF)
        return row

    def _insurance(self, person: Person, written: Written, day: date, *, is_typed: bool) -> Row:
        row: Row = {"qrText": self.codes.insurance_card(person, written, day)}
        if is_typed:
            row |= {"bhyt": person.insurance, "fullName": person.name}
        written.evidence.phone = ""
        written.kinds.append("qr_bhyt")
        return row


def _vias(person: Person, day: date) -> dict[str, float]:
    """By a code on the phone or on paper, by a card that they have by then, by typing a phone."""
    return {
        "personal_qr": 45 if person.age >= 14 else 0,
        "paper_qr": 8 if person.age < 60 else 25,
        "cccd": 22 if person.card and person.card_since <= day else 0,
        "bhyt": 8 if person.insurance else 0,
        "phone": 17,
    }
