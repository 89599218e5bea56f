"""VNeID: three addresses, papers for journeys with the checkpoints that scanned them."""

from datetime import date, timedelta

from sixth_nation import forms
from sixth_nation.delivery import Delivery, Row
from sixth_nation.identity import Written, write_down
from sixth_nation.land import Home, written_address
from sixth_nation.people import Person


class Vneid:
    """Writes its file."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery, self.rng, self.nation = delivery, delivery.rng, delivery.nation

    def write(self, person: Person) -> list[str]:
        """Somebody's account; returns the keys of their journeys' papers, which gates scan too."""
        delivery, rng = self.delivery, self.rng
        day = delivery.day("2021-08-01", "2022-03-01")
        written = write_down(self.nation, person, day, year_alone=0.02)
        own = person.phone_on(day)
        if own and delivery.some(0.9):
            written.under_phone(own)
            written.faults = [fault for fault in written.faults if not fault.startswith("phone")]
        old_number = self._two_numbers(person, written, day)
        journeys = [self._journey(written.home) for _ in range(rng.choice((0, 0, 0, 1, 1, 2)))]
        row: Row = {
            "id": delivery.key("VN"),
            "createdAt": forms.at(rng, delivery.moment(day)),
            "fullName": forms.name(rng, written.name),
            "dob": forms.iso_date(written.born),
            "sex": forms.SEXES["letters"][written.sex],
            "citizenId": forms.paper(rng, written.number, from_a_sheet=False),
            "oldIdNumber": forms.paper(rng, old_number, from_a_sheet=False),
            "phone": forms.phone(rng, written.phone),
            **self._homes(person, written),
            "movements": journeys,
        }
        delivery.add("vneid", row, person, written.fault, written.evidence)
        return [str(journey["id"]) for journey in journeys]

    def _two_numbers(self, person: Person, written: Written, day: date) -> str:
        """The new card's number stands in its own field, the old one's, returned, often beside it; wrong ones stay."""
        if not written.evidence.numbers:
            return ""
        if person.card and (person.card_since <= day or not person.old_card):
            written.number, written.evidence.numbers = person.card, (person.card,)
            if person.old_card and self.delivery.some(0.55):
                written.evidence.numbers += (person.old_card,)
                return person.old_card
        elif person.old_card:
            written.number, written.evidence.numbers = person.old_card, (person.old_card,)
            if self.delivery.some(0.6):
                written.number = ""
                return person.old_card
        return ""

    def _journey(self, home: Home) -> Row:
        delivery, rng = self.delivery, self.rng
        to, departs = rng.choice(self.nation.communes), delivery.moment(delivery.day("2021-08-05", "2021-12-20"))
        scans = [
            {
                "at": forms.at(rng, departs + timedelta(minutes=rng.randint(20, 2000))),
                "checkpoint": f"Chốt {rng.randint(1, 9)} {to.district_name}",
            }
            for _ in range(rng.choice((0, 1, 1, 3)))
        ]
        return {
            "id": delivery.key("VM"),
            "fromCommuneCode": home.area.commune,
            "toCommuneCode": to.commune,
            "departAt": forms.at(rng, departs),
            "transport": rng.choice(("Xe máy", "Ô tô", "Xe tải", "Xe khách")),
            "validUntil": forms.at(rng, departs + timedelta(hours=72)),
            "scans": scans,
        }

    def _homes(self, person: Person, written: Written) -> Row:
        """Registered, temporary where that is not at home, and where they stay."""
        rng, registered = self.rng, person.first_registered
        temporary = None if person.registered else person.home
        return {
            "permanentCommuneCode": registered.area.commune,
            "permanentAddress": written_address(rng, registered),
            "temporaryCommuneCode": temporary.area.commune if temporary else "",
            "temporaryAddress": written_address(rng, temporary) if temporary else "",
            "stayCommuneCode": written.home.area.commune,
            "stayAddress": written_address(rng, written.home),
        }
