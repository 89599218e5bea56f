"""Places and visits."""

from datetime import date, timedelta

from sixth_nation import codes, forms
from sixth_nation.delivery import Delivery, Row
from sixth_nation.identity import Evidence, write_down
from sixth_nation.land import home_in, toneless, written_address
from sixth_nation.mistakes import NO_DATE, OFF, RIGHT
from sixth_nation.people import Person

KINDS = ["Cơ quan", "Siêu thị", "Chợ", "Nhà hàng", "Trường học", "Bệnh viện", "Nhà máy", "Khách sạn", "Bến xe"]
VIAS = {"personal_qr": 45, "paper_qr": 12, "phone": 18, "cccd": 18, "bhyt": 7}

Seen = tuple[Row, Evidence, list[str]]
"""What a gate kept, what that is worth, and the faults in it."""


class Qr:
    """Writes both files."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery, self.rng, self.nation = delivery, delivery.rng, delivery.nation
        self.places: list[str] = []
        self.unified = codes.UnifiedCodes(delivery)

    def open_places(self, count: int) -> None:
        """Each registered by some grown-up, and often named after them."""
        delivery, rng = self.delivery, self.rng
        grown = [person for person in self.nation.people if person.age > 21 and person.phone]
        for _ in range(count):
            owner, area, kind = rng.choice(grown), rng.choice(self.nation.communes), rng.choice(KINDS)
            day, given = delivery.day("2021-05-10", "2021-11-01"), owner.name.split()[-1]
            row: Row = {
                "placeId": delivery.key("QP"),
                "registeredAt": forms.at(rng, delivery.moment(day)),
                "name": f"{kind} {toneless(given) if delivery.some(0.3) else given}",
                "kind": kind,
                "communeCode": area.commune,
                "address": written_address(rng, home_in(rng, area)),
                "registrantName": forms.name(rng, owner.name),
                "registrantPhone": forms.phone(rng, owner.phone_on(day)),
            }
            self.places.append(str(row["placeId"]))
            delivery.add_about_nobody("qr_places", row, "place")

    def write(self, person: Person, journeys: list[str]) -> None:
        """All visits of somebody; `journeys` are the papers they may show instead of a code."""
        for _ in range(self.rng.choice((1, 1, 2, 3, 5))):
            self._visit(person, journeys)

    def _visit(self, person: Person, journeys: list[str]) -> None:
        delivery, rng = self.delivery, self.rng
        day = delivery.day("2021-07-01", "2022-03-15")
        via = self._via(person, day)
        scanned = delivery.moment(day)
        row: Row = {
            "visitId": delivery.key("QV"),
            "placeId": rng.choice(self.places),
            "scannedAt": forms.at(rng, scanned),
            "leftAt": forms.at(rng, scanned + timedelta(minutes=rng.randint(5, 500))) if delivery.some(0.3) else "",
            "via": via,
            **dict.fromkeys(("qrText", "cccd", "bhyt", "phone", "fullName"), ""),
        }
        kept, evidence, faults = self._kept(person, day, via, journeys)
        delivery.add("qr_visits", row | kept, person, "+".join(faults), evidence)

    def _via(self, person: Person, day: date) -> str:
        """By a code on the phone or on paper, by typing a phone, by a card that they have by then."""
        vias = ["personal_qr", "paper_qr", "phone"]
        if person.card and person.age >= 14 and person.card_since <= day:
            vias.append("cccd")
        if person.insurance:
            vias.append("bhyt")
        return self.rng.choices(vias, [VIAS[via] for via in vias])[0]

    def _kept(self, person: Person, day: date, via: str, journeys: list[str]) -> Seen:
        if via == "cccd":
            return self._card(person)
        if via == "bhyt":
            (text, evidence, faults), number = codes.insurance_card(person, self.delivery)
            return {"qrText": text, "bhyt": number if self.delivery.some(0.5) else ""}, evidence, faults
        if via == "phone":
            return self._typed(person, day)
        if journeys and self.delivery.some(0.15):
            return self._journey(person, day, journeys)
        text, evidence, faults = self.unified.show(person, day)
        return {"qrText": text}, evidence, faults

    def _journey(self, person: Person, day: date, journeys: list[str]) -> Seen:
        """Of VNeID's code we know only that it names the journey's paper."""
        row: Row = {"qrText": self.rng.choice(journeys)}
        phone = person.phone_on(day)
        row |= {"phone": forms.phone(self.rng, phone), "fullName": forms.name(self.rng, person.name)}
        return row, Evidence(name=RIGHT, phone=phone), []

    def _card(self, person: Person) -> Seen:
        """Some gates keep the number too, some the number alone."""
        text, evidence, faults = codes.chip_card(person)
        if not self.delivery.some(0.4):
            return {"qrText": text}, evidence, faults
        number = forms.paper(self.rng, person.card)
        if not self.delivery.some(0.5):
            return {"qrText": text, "cccd": number}, evidence, faults
        return {"cccd": number}, Evidence(OFF, NO_DATE, (person.card,), by_machine=True), faults

    def _typed(self, person: Person, day: date) -> Seen:
        """A phone, and mostly a name."""
        written = write_down(self.nation, person, day)
        phone = person.phone_on(day) or written.phone
        row: Row = {"phone": forms.phone(self.rng, phone)}
        if not self.delivery.some(0.8):
            return row, Evidence(phone=phone), []
        row["fullName"] = forms.name(self.rng, written.name)
        faults = [fault for fault in written.faults if fault.startswith("name")]
        return row, Evidence(name=written.evidence.name, phone=phone), faults
