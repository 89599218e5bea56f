"""One record at a time: whole matches against the bare indexed query for their candidates, in turn."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from pccovid.carry_over.matching import MatchableIndex, matching
from pccovid.config.benches.filled_index import BASE_PEOPLE, fill, made_records
from pccovid.config.benches.scratch import Progress, scratch_database
from pccovid.foundation.environment import Environment
from pccovid.foundation.roles import JOBS, role_url
from pccovid.linkage.one_record.answer import Match
from pccovid.linkage.one_record.nodes import Row

_WARMED_UP_BY = 50


@dataclass
class _Asked:
    """Seconds of each question: of the whole match, of the bare query; and what came of it."""

    matches: list[float] = field(default_factory=list)
    queries: list[float] = field(default_factory=list)
    found: list[int] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)


def run(
    owner_url: str, environment: Environment, *, people: int, seed: int, requests: int, growth: bool,
    progress: Progress,
) -> dict[str, object]:  # fmt: skip
    """Match `requests` records kept back from a made nation against an index of the rest.

    `match_vs_query` is our look-ups/s ÷ those of the bare query that fetches the candidates' claims. With `growth` the
    same records are asked first of an index of a tenth, and `growth` gives the times of the whole ÷ those of the tenth.
    """
    base = min(BASE_PEOPLE, people // 10 if growth else people)
    with scratch_database(owner_url, environment) as url, tempfile.TemporaryDirectory() as scratch:
        rows = made_records(Path(scratch), people=base, seed=seed, progress=progress)
        asked, kept = rows[: requests + _WARMED_UP_BY], rows[requests + _WARMED_UP_BY :]
        asked = [row._replace(person=None) for row in asked]
        jobs_url = role_url(url, JOBS, environment.home)
        measured, begun = [], 0
        for goal in ([people // 10] if growth else []) + [people]:
            times = range(begun, max(1, goal // base))
            fill(url, kept, times, progress)
            begun = times.stop
            size = {"people": base * begun, "records": len(kept) * begun}
            measured.append(size | _measured(jobs_url, asked, progress))
    report = {"bench": "match-one", "seed": seed} | measured[-1]
    return report | _grown(*measured) if growth else report


def _grown(tenth: dict[str, Any], whole: dict[str, Any]) -> dict[str, object]:
    names = ("match_ms_p50", "match_ms_p99", "query_ms_p50", "query_ms_p99")
    return {"tenth": tenth, "growth": {name: round(whole[name] / tenth[name], 3) for name in names}}


def _measured(jobs_url: str, rows: Sequence[Row], progress: Progress) -> dict[str, Any]:
    with psycopg.connect(jobs_url) as connection, matching(connection) as index:
        for row in rows[:_WARMED_UP_BY]:
            index.match_one(row)
        return _report(_ask(index, rows[_WARMED_UP_BY:], progress))


def _ask(index: MatchableIndex, rows: Sequence[Row], progress: Progress) -> _Asked:
    asked = _Asked()
    for number, row in enumerate(rows):
        lanes: list[Callable[[], None]] = [lambda: _match(index, row, asked), lambda: _query(index, row, asked)]  # noqa: B023
        # Whoever comes second finds the pages warm: they take turns.
        for lane in lanes[:: 1 if number % 2 == 0 else -1]:
            lane()
        progress("matching", (number + 1) / len(rows))
    return asked


def _match(index: MatchableIndex, row: Row, asked: _Asked) -> None:
    started = time.perf_counter()
    match: Match = index.match_one(row)
    asked.matches.append(time.perf_counter() - started)
    asked.outcomes[match.decision] += 1
    asked.ways[match.by or "none"] += 1


def _query(index: MatchableIndex, row: Row, asked: _Asked) -> None:
    started = time.perf_counter()
    found = index.surroundings.candidates(row)
    asked.queries.append(time.perf_counter() - started)
    asked.found.append(found)


def _report(asked: _Asked) -> dict[str, Any]:
    ours, theirs = sum(asked.matches), sum(asked.queries)
    return {
        "ratios": {
            "match_vs_query": theirs / ours, "match_vs_query_p50": _at(asked.queries, 50) / _at(asked.matches, 50),
        },
        "matches_per_second": round(len(asked.matches) / ours, 1),
        "queries_per_second": round(len(asked.queries) / theirs, 1),
        "match_ms_p50": _at(asked.matches, 50), "match_ms_p99": _at(asked.matches, 99),
        "query_ms_p50": _at(asked.queries, 50), "query_ms_p99": _at(asked.queries, 99),
        "requests": len(asked.matches), "candidates_median": statistics.median(asked.found),
        "candidates_most": max(asked.found), "outcomes": dict(asked.outcomes), "ways": dict(asked.ways),
    }  # fmt: skip


def _at(seconds: Sequence[float], percent: int) -> float:
    """A percentile, in milliseconds."""
    return round(statistics.quantiles(seconds, n=100, method="inclusive")[percent - 1] * 1_000, 3)
