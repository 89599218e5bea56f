"""Turns an epidemic whose transmissions are known into what a nation would have recorded of it.

The epidemic says who may meet whom in which layer, who infected whom on which day, and whose result came when. Days,
hours, places and vehicles are drawn here; what of it was recorded is drawn after that. Every share below is our own
choice: it is no measurement of any country.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from random import Random
from typing import NamedTuple

from pccovid.sandbox.outbreak_files import (
    VIET_NAM,
    Journey,
    Meeting,
    Outbreak,
    Presence,
    Resident,
    Specimen,
    Transmission,
)

HOUSEHOLD, SCHOOL, WORK, COMMUNITY, JOURNEY = "household", "school", "work", "community", "journey"
Pair = tuple[int, int]


class Layer(NamedTuple):
    """How a layer is lived: meetings a person and day, people a place, hours, minutes, and what is recorded of it."""

    meetings_a_day: float
    people_a_place: int
    first_hour: int
    last_hour: int
    longest_minutes: int
    recorded: float


LAYERS = {
    SCHOOL: Layer(1.0, 35, 7, 15, 180, 0.9),
    WORK: Layer(1.5, 12, 7, 16, 240, 0.75),
    COMMUNITY: Layer(1.0, 8, 7, 20, 90, 0.55),
}
RECORDED_HOUSEHOLDS, RECORDED_EXITS, RECORDED_JOURNEYS = 0.9, 0.7, 0.85
REMEMBERED = {HOUSEHOLD: 0.95, SCHOOL: 0.5, WORK: 0.6, COMMUNITY: 0.3, JOURNEY: 0.05}
"""Of whom a case met, so many it can name when it is asked."""
ASKED_BACK = timedelta(days=2)
"""From so long before the specimen on somebody is asked whom they met."""
JOURNEYS_OF_COMMUNITY = 0.15
SHORTEST_MINUTES, APART_MINUTES = 10, 30
SPECIMEN_BEFORE_RESULT = timedelta(days=1)


class Infection(NamedTuple):
    """Who infected whom on which day of the epidemic, in which layer; no source: from outside."""

    source: int | None
    target: int
    day: int
    layer: str


class Epidemic(NamedTuple):
    """What a model of an epidemic tells: people are numbered from 0, days from the first."""

    people: int
    days: int
    begins: datetime
    pairs: Mapping[str, Sequence[Pair]]
    infections: Sequence[Infection]
    result_days: dict[int, int]


def recorded(epidemic: Epidemic, rng: Random) -> Outbreak:
    """The epidemic as it happened day by day, and as it was recorded. Equal draws give equal outbreaks."""
    homes = _households(epidemic)
    kept = {home for home in sorted(set(homes)) if rng.random() < RECORDED_HOUSEHOLDS}
    residents = tuple(Resident(str(one), str(home) if home in kept else None) for one, home in enumerate(homes))
    meetings = [Meeting(str(a), str(b), None, HOUSEHOLD) for a, b in epidemic.pairs.get(HOUSEHOLD, ())]
    presences: list[Presence] = []
    journeys: list[Journey] = []
    forced = _transmitting(epidemic.infections)
    for name, layer in LAYERS.items():
        pairs = epidemic.pairs.get(name, ())
        share = min(1.0, layer.meetings_a_day * epidemic.people / 2 / max(1, len(pairs)))
        for day in range(epidemic.days):
            drawn = {pair for pair in pairs if rng.random() < share} | forced.get((day, name), set())
            for pair in sorted(drawn):
                _meet(epidemic, name, layer, day, pair, rng, (meetings, presences, journeys))
    specimens = tuple(_specimens(epidemic))
    return Outbreak(
        residents, tuple(presences), tuple(journeys), specimens, tuple(_transmissions(epidemic)), tuple(meetings),
        tuple(_declared(meetings, specimens, rng)),
    )  # fmt: skip


def _declared(meetings: Sequence[Meeting], specimens: Sequence[Specimen], rng: Random) -> Iterable[Meeting]:
    """Whom those who tested positive remember to have met, from two days before the specimen until the result."""
    asked = {one.person: ((one.collected_at - ASKED_BACK).date(), one.resulted_at.date()) for one in specimens}
    for meeting in meetings:
        for one, other in ((meeting.person, meeting.other), (meeting.other, meeting.person)):
            is_asked_of = one in asked and (meeting.on is None or asked[one][0] <= meeting.on <= asked[one][1])
            if is_asked_of and rng.random() < REMEMBERED[meeting.layer]:
                yield Meeting(one, other, meeting.on, meeting.layer)


def _households(epidemic: Epidemic) -> list[int]:
    """Each person's household: the smallest number of those who are joined by its pairs."""
    home = list(range(epidemic.people))

    def root(one: int) -> int:
        while home[one] != one:
            home[one] = home[home[one]]
            one = home[one]
        return one

    for a, b in epidemic.pairs.get(HOUSEHOLD, ()):
        first, second = sorted((root(a), root(b)))
        home[second] = first
    return [root(one) for one in range(epidemic.people)]


def _transmitting(infections: Iterable[Infection]) -> dict[tuple[int, str], set[Pair]]:
    """Pairs who met for sure, since one infected the other."""
    told: dict[tuple[int, str], set[Pair]] = {}
    for one in infections:
        if one.source is not None:
            told.setdefault((one.day, one.layer), set()).add((one.source, one.target))
    return told


def _meet(
    epidemic: Epidemic, name: str, layer: Layer, day: int, pair: Pair, rng: Random,
    into: tuple[list[Meeting], list[Presence], list[Journey]],
) -> None:  # fmt: skip
    """One meeting: at a place both were at for a while, or on one vehicle."""
    meetings, presences, journeys = into
    on = epidemic.begins + timedelta(days=day)
    start = datetime.combine(on, time(), VIET_NAM) + timedelta(
        hours=layer.first_hour, minutes=rng.randrange(60 * (layer.last_hour - layer.first_hour))
    )
    number = rng.randrange(max(1, epidemic.people // layer.people_a_place))
    if name == COMMUNITY and rng.random() < JOURNEYS_OF_COMMUNITY:
        meetings.append(Meeting(str(pair[0]), str(pair[1]), on.date(), JOURNEY))
        row = rng.randrange(1, 12)
        journeys += [
            Journey(str(one), f"XE-{number}-{start:%H}", start.replace(minute=0), f"{row + rng.randrange(3)}A")
            for one in pair if rng.random() < RECORDED_JOURNEYS
        ]  # fmt: skip
        return
    meetings.append(Meeting(str(pair[0]), str(pair[1]), on.date(), name))
    end = start + timedelta(minutes=rng.randrange(SHORTEST_MINUTES, layer.longest_minutes))
    for one in pair:
        if rng.random() < layer.recorded:
            came = start - timedelta(minutes=rng.randrange(APART_MINUTES))
            went = end + timedelta(minutes=rng.randrange(APART_MINUTES))
            left = went if rng.random() < RECORDED_EXITS else None
            presences.append(Presence(str(one), f"{name}-{number}", came, left))


def _specimens(epidemic: Epidemic) -> Iterable[Specimen]:
    for person, day in sorted(epidemic.result_days.items()):
        result = epidemic.begins + timedelta(days=day, hours=9)
        yield Specimen(str(person), result - SPECIMEN_BEFORE_RESULT, result, "positive", "pcr")


def _transmissions(epidemic: Epidemic) -> Iterable[Transmission]:
    for one in epidemic.infections:
        on = (epidemic.begins + timedelta(days=one.day)).date()
        yield Transmission(None if one.source is None else str(one.source), str(one.target), on, one.layer)
