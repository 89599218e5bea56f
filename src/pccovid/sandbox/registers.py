"""What the made nation's agencies hold: everybody as the population database knows them, with the insurer's numbers."""

from __future__ import annotations

from collections.abc import Iterator

from pccovid.connectors.population_database.register import Entry
from pccovid.sandbox.blocks import blocks
from pccovid.sandbox.people import Person

UNKNOWN_TO_POLICE = "unverifiable"


def police_register(*, seed: int, people: int) -> Iterator[Entry]:
    """Everybody of the nation that is in the register: all but those whom nobody could verify, and foreigners."""
    for _, block in blocks(seed, people):
        for person in block.people:
            if person.personal_id and person.verdict != UNKNOWN_TO_POLICE:
                yield _entry(person)


def _entry(person: Person) -> Entry:
    birth = person.birth.isoformat() if person.birth_known_to_day else str(person.birth.year)
    return Entry(
        person.personal_id, person.old_id or None, person.name.full, birth, person.sex,
        person.registered_home.code, person.insurance_no or None,
    )  # fmt: skip
