"""Bluezone: the phone of registration, a name, an address, and nothing else; many gave a short name or none."""

from sixth_nation import forms
from sixth_nation.delivery import Delivery, Row
from sixth_nation.identity import Evidence, write_down
from sixth_nation.mistakes import OFF
from sixth_nation.people import Person


def write(person: Person, delivery: Delivery) -> None:
    """Somebody's account."""
    rng, day = delivery.rng, delivery.day("2020-05-01", "2021-10-01")
    written = write_down(delivery.nation, person, day)
    phone, area = person.phone_on(day), written.home.area
    evidence = Evidence(name=written.evidence.name, phone=phone, commune=written.evidence.commune)
    faults = [fault for fault in written.faults if fault.startswith("name")]
    lot = rng.random()
    if lot < 0.03:
        written.name, evidence.name, faults = "", OFF, ["name_missing"]
    elif lot < 0.08:
        written.name, evidence.name, faults = person.name.split(" ")[-1], OFF, ["name_given_only"]
    if not delivery.some(0.5):
        evidence.commune = ""
    row: Row = {
        "userId": delivery.key("BZ"),
        "registeredAt": forms.at(rng, delivery.moment(day)),
        "phone": forms.phone(rng, phone),
        "fullName": forms.name(rng, written.name),
    }
    whole = f"{written.home.address}, {area.commune_name}, {area.district_name}, {area.province_name}"
    parts = ("", area.province_name, written.home.address)
    row["address"] = whole if evidence.commune else rng.choice(parts)
    delivery.add("bluezone_users", row, person, "+".join(faults), evidence)
