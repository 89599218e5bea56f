"""How much of an outbreak's truth tracing found: pairs of infector and infected, and true contacts by layer. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median, quantiles
from typing import NamedTuple

from pccovid.sandbox.outbreak_files import VIET_NAM, Meeting, Outbreak

_Pair = tuple[str, str]


class FoundCase(NamedTuple):
    """A case as tracing has it: whose, from when to when infectious."""

    person: str
    starts_at: datetime
    ends_at: datetime


class FoundContact(NamedTuple):
    """An F1: of whom, who, how surely, when first met, and at which pass it was found first."""

    case: str
    person: str
    score: float
    first_at: datetime
    found_at: datetime


SCORES = (0.3, 0.5, 0.7)
"""From which score on contacts are looked at by themselves: what reaching the surest first would come to."""


def measured(outbreak: Outbreak, cases: Sequence[FoundCase], contacts: Sequence[FoundContact]) -> dict[str, object]:
    """Counts and shares of all contacts, and again of those of a score and more; a share of nothing is None."""
    surer = {
        f"{least}": _measured(outbreak, cases, [one for one in contacts if one.score >= least]) for least in SCORES
    }
    return _measured(outbreak, cases, contacts) | {"delay": _delays(outbreak, cases, contacts), "of_score": surer}


def _measured(outbreak: Outbreak, cases: Sequence[FoundCase], contacts: Sequence[FoundContact]) -> dict[str, object]:
    found = {(one.case, one.person) for one in contacts}
    known = {one.person for one in cases}
    pairs = {(one.infector, one.infected) for one in outbreak.transmissions if one.infector}
    told: dict[str, object] = {
        "people_infected": len({one.infected for one in outbreak.transmissions}),
        "cases": len(known), "contacts": len(found),
        "pairs": _pairs(pairs, known, found),
    }  # fmt: skip
    return told | ({"true_contacts": _by_layer(outbreak.meetings, cases, found)} if outbreak.meetings else {})


def _pairs(pairs: set[_Pair], known: set[str], found: set[_Pair]) -> dict[str, object]:
    """Of infectors who are cases, how many of those they infected are their contacts; and the other way round.

    `joined`: of all pairs of which one at least is a case, those that some contact joins, whichever way.
    """
    ahead = {pair for pair in pairs if pair[0] in known}
    back = {pair for pair in pairs if pair[1] in known}
    joined = {pair for pair in pairs if pair in found or (pair[1], pair[0]) in found}
    either = ahead | back
    true_ways = {way for way in found if way in pairs or (way[1], way[0]) in pairs}
    return {
        "all": len(pairs), "infector_is_a_case": len(ahead), "infected_is_a_case": len(back),
        "recall_of_infected": _share(len(ahead & found), len(ahead)),
        "recall_of_infector": _share(len({pair for pair in back if (pair[1], pair[0]) in found}), len(back)),
        "joined_either_way": _share(len(joined & either), len(either)),
        "joined_of_all": _share(len(joined), len(pairs)),
        "precision": _share(len(true_ways), len(found)),
    }  # fmt: skip


def second_generation(
    outbreak: Outbreak, cases: Sequence[FoundCase], second: Iterable[_Pair], first: Iterable[_Pair]
) -> dict[str, object]:
    """Of whom those infected that a case infected: how many are the case's F1 or F2. `second`, `first`: (case, person).

    `recall_through_nobody_found`: of those whose infector was never a case, whom only contacts of contacts can reach.
    """
    known, reached = {one.person for one in cases}, set(second) | set(first)
    infected_by: dict[str, set[str]] = {}
    for one in outbreak.transmissions:
        if one.infector:
            infected_by.setdefault(one.infector, set()).add(one.infected)
    chains = {(case, through, last) for case in known for through in infected_by.get(case, ())
              for last in infected_by.get(through, ()) if last != case}  # fmt: skip
    ends = {(case, last) for case, _, last in chains}
    unseen = {(case, last) for case, through, last in chains if through not in known}
    return {
        "contacts_of_contacts": len(set(second)), "infected_at_second_remove": len(ends),
        "recall": _share(len(ends & reached), len(ends)),
        "through_nobody_found": len(unseen), "recall_through_nobody_found": _share(len(unseen & reached), len(unseen)),
    }  # fmt: skip


def _by_layer(
    meetings: Iterable[Meeting], cases: Sequence[FoundCase], found: set[_Pair]
) -> dict[str, dict[str, object]]:
    """By layer: whom cases truly met while infectious, how many of them were found. `precision` is over all layers."""
    truth = _truly_met(meetings, cases)
    whole = set().union(*truth.values()) if truth else set()
    told: dict[str, dict[str, object]] = {
        layer: {"met": len(met), "recall": _share(len(met & found), len(met))} for layer, met in sorted(truth.items())
    }
    told["all"] = {
        "met": len(whole), "recall": _share(len(whole & found), len(whole)),
        "precision": _share(len(whole & found), len(found)),
    }  # fmt: skip
    return told


def _truly_met(meetings: Iterable[Meeting], cases: Sequence[FoundCase]) -> dict[str, set[_Pair]]:
    """Layer → (case, whom it met while infectious)."""
    periods: dict[str, list[FoundCase]] = {}
    for case in cases:
        periods.setdefault(case.person, []).append(case)
    truth: dict[str, set[_Pair]] = {}
    for meeting in meetings:
        for one, other in ((meeting.person, meeting.other), (meeting.other, meeting.person)):
            if any(_lies_in(meeting, case) for case in periods.get(one, ())):
                truth.setdefault(meeting.layer, set()).add((one, other))
    return truth


def _lies_in(meeting: Meeting, case: FoundCase) -> bool:
    if meeting.on is None:
        return True
    first, last = (moment.astimezone(VIET_NAM).date() for moment in (case.starts_at, case.ends_at))
    return first <= meeting.on <= last


def _delays(outbreak: Outbreak, cases: Sequence[FoundCase], contacts: Iterable[FoundContact]) -> dict[str, object]:
    """Hours from a case's first specimen, and from its result, until contacts met before the result were found.

    `by_layer`: the same of those contacts who truly met the case in a layer.
    """
    first: dict[str, tuple[datetime, datetime]] = {}
    for one in outbreak.specimens:
        if one.result == "positive":
            first[one.person] = min(first.get(one.person, (one.collected_at, one.resulted_at)),
                                    (one.collected_at, one.resulted_at))  # fmt: skip
    met = [one for one in contacts if one.case in first and one.first_at < first[one.case][1]]
    truth = sorted(_truly_met(outbreak.meetings, cases).items())
    return _delays_of(met, first) | {
        "by_layer": {layer: _delays_of([one for one in met if (one.case, one.person) in whom], first)
                     for layer, whom in truth}
    }  # fmt: skip


def _delays_of(met: Iterable[FoundContact], first: Mapping[str, tuple[datetime, datetime]]) -> dict[str, object]:
    found = list(met)
    return {
        "contacts": len(found),
        "from_specimen_hours": _spread(one.found_at - first[one.case][0] for one in found),
        "from_result_hours": _spread(one.found_at - first[one.case][1] for one in found),
    }


def _spread(delays: Iterable[timedelta]) -> Mapping[str, float] | None:
    hours = [delay.total_seconds() / 3600 for delay in delays]
    if len(hours) < 2:
        return None
    return {"median": round(median(hours), 2), "p90": round(quantiles(hours, n=10)[-1], 2)}


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
