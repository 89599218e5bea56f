"""What the tables of somebody else's outbreak came to, and what follows where they leave something open."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import median_low

from pccovid.sandbox.foreign_moments import When
from pccovid.sandbox.foreign_people import People
from pccovid.sandbox.outbreak_files import Journey, Meeting, Outbreak, Presence, Resident, Specimen, Transmission

FARTHEST = timedelta(days=730)
"""A specimen farther from the others than this is a slip of the pen, and would make years of empty days."""


class Gathered:
    """What the files came to so far."""

    def __init__(self) -> None:
        self.people = People()
        self.homes: dict[str, str | None] = {}
        self.presences: list[Presence] = []
        self.journeys: list[Journey] = []
        self.specimens: dict[str, list[Specimen]] = {}
        self.transmissions: dict[tuple[str | None, str], Transmission] = {}
        self.meetings: list[Meeting] = []
        self.declared: list[Meeting] = []
        self.linked: dict[tuple[str, str], None] = {}
        self.fell_ill: dict[str, date] = {}

    def lives(self, person: str, household: str | None = None) -> None:
        self.homes[person] = household or self.homes.get(person)

    def tested(self, specimen: Specimen) -> None:
        told = self.specimens.setdefault(specimen.person, [])
        if specimen not in told:
            told.append(specimen)

    def pair(self, infector: str | None, infected: str, on: date, layer: str) -> None:
        self.transmissions.setdefault((infector, infected), Transmission(infector, infected, on, layer))

    def met(
        self, one: str, other: str, day: When | None, layer: str, *, is_true: bool = True, is_said: bool = True
    ) -> None:
        """In somebody's list of contacts: truly met, and said so when asked, unless it is only one of the two."""
        meeting = Meeting(one, other, day.at.date() if day else None, layer)
        self.meetings += [meeting] * is_true
        self.declared += [meeting] * is_said

    def on(self, infected: str, told: When | None, day_zero: date) -> date:
        """The day of a transmission: as told, else that of the infected's specimen."""
        if told:
            return told.at.date()
        first = next(iter(self.specimens.get(infected, ())), None)
        return first.collected_at.date() if first else day_zero

    def says_who(self) -> bool:
        return any(one.infector for one in self.transmissions.values())

    def pairs_of_linked(self) -> int:
        """Cases that a line list only relates to each other: who fell ill first, for the infector. How many pairs."""
        before = len(self.transmissions)
        for one, other in self.linked:
            days = self.fell_ill.get(one), self.fell_ill.get(other)
            if days[0] is not None and days[1] is not None and days[0] != days[1]:
                first, second = (one, other) if days[0] < days[1] else (other, one)
                self.pair(first, second, self.on(second, None, days[0]), "")
        return len(self.transmissions) - before

    def drop_astray(self) -> int:
        """Specimens far from all others go, however they came to be written. How many."""
        days = [one.collected_at for told in self.specimens.values() for one in told]
        if not days:
            return 0
        middle = median_low(days)
        for person, told in list(self.specimens.items()):
            near = [one for one in told if abs(one.collected_at - middle) <= FARTHEST]
            self.specimens[person] = near
        return len(days) - sum(map(len, self.specimens.values()))

    def outbreak(self) -> Outbreak:
        known = {one.infected for one in self.transmissions.values() if one.infector}
        transmissions = (one for one in self.transmissions.values() if one.infector or one.infected not in known)
        return Outbreak(
            tuple(Resident(*one) for one in self.homes.items()), tuple(self.presences), tuple(self.journeys),
            tuple(one for told in self.specimens.values() for one in told), tuple(transmissions),
            tuple(self.meetings), tuple(self.declared),
        )  # fmt: skip
