"""VNeID: proven names and numbers, homes, and journeys."""

from datetime import datetime, timedelta

from eighth_nation import forms
from eighth_nation.addresses import Addresses
from eighth_nation.delivery import Delivery, Row
from eighth_nation.forms import ISO, Formed
from eighth_nation.identity import Form, Written
from eighth_nation.people import Home, Person
from sixth_nation.forms import SEXES

FORM = Form(ISO, needs_own_phone=True, is_proven=True)
NAMES_OLD_CARD, PLAIN_NUMBER, STAYS = 0.6, 0.9, 0.5
JOURNEYS = {0: 70, 1: 20, 2: 10}
FORMS_OF_NUMBERS = ("id_", "passport")


class Vneid:
    """Writes its file."""

    def __init__(self, delivery: Delivery, addresses: Addresses) -> None:
        self.delivery, self.rng, self.addresses = delivery, delivery.rng, addresses

    def write(self, person: Person) -> None:
        """The one record of somebody who has a card."""
        delivery = self.delivery
        moment = delivery.moment("2021-07-20", "2022-03-01")
        written = delivery.pen.write(person, moment, FORM)
        old_card = person.old_card if person.old_card and delivery.some(NAMES_OLD_CARD) else ""
        written.evidence.numbers = frozenset({person.card, old_card} - {""})
        self._write_card(written, person)
        permanent = person.house.home_on(moment.date())
        row: Row = {
            "id": delivery.uuid(),
            "createdAt": delivery.at(moment),
            "fullName": written.name,
            "dob": written.born,
            "sex": SEXES["letters"][person.sex],
            "citizenId": written.number,
            "oldIdNumber": old_card,
            "phone": written.phone,
            **self._homes(permanent, person.away, written),
            "movements": self._journeys(permanent, moment),
        }
        delivery.add("vneid", row, person, written, moment)

    def _write_card(self, written: Written, person: Person) -> None:
        """The card's number, whatever paper was shown."""
        is_plain = self.rng.random() < PLAIN_NUMBER
        written.number, kinds = Formed(person.card, []) if is_plain else forms.paper(self.rng, person.card)
        written.kinds = [kind for kind in written.kinds if not kind.startswith(FORMS_OF_NUMBERS)] + kinds

    def _homes(self, permanent: Home, away: Home | None, written: Written) -> Row:
        """Where the house is registered, and where they really live."""
        addresses, evidence = self.addresses, written.evidence
        row: Row = {
            "permanentCommuneCode": addresses.codes(permanent, written)[2],
            "permanentAddress": addresses.address(permanent, written),
            **dict.fromkeys(("temporaryCommuneCode", "temporaryAddress", "stayCommuneCode", "stayAddress"), ""),
        }
        if away:
            evidence.other_house = away.house if away.number else None
            evidence.other_commune = away.area.commune
            kind = "stay" if self.delivery.some(STAYS) else "temporary"
            row |= {f"{kind}CommuneCode": away.area.commune, f"{kind}Address": addresses.address(away)}
        return row

    def _journeys(self, permanent: Home, since: datetime) -> list[Row]:
        delivery, rng = self.delivery, self.rng
        journeys: list[Row] = []
        for _ in range(delivery.one_of(JOURNEYS)):
            moment = since + timedelta(days=rng.randrange(60))
            journey: Row = {
                "id": delivery.key("DC-", 9),
                "fromCommuneCode": permanent.area.commune,
                "toCommuneCode": rng.choice(delivery.nation.land.lived_in).commune,
                "departAt": delivery.at(moment),
                "transport": rng.choice(("Xe máy", "Ô tô", "Xe khách")),
                "validUntil": delivery.at(moment + timedelta(hours=72)),
                "scans": [self._scan(moment + timedelta(hours=hour + 1)) for hour in range(rng.randrange(3))],
            }
            journeys.append(journey)
        return journeys

    def _scan(self, moment: datetime) -> Row:
        return {"at": self.delivery.at(moment), "checkpoint": f"Chốt kiểm soát QL{self.rng.randrange(1, 60)}"}
