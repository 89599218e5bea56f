"""Tracing with the meetings found on a Spark cluster: the same exposures and contacts as without it, row for row.

The visits of places and days in which a traced person stayed leave the database through functions that check the
program's opened access, leave out who restricted them and go no further back than the purpose may look. They lie in a
folder that the cluster's workers see, for as long as the run lasts. Which meeting counts, and how surely, the database
says as ever.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from psycopg.sql import SQL, Literal
from pyarrow import dataset

from pccovid.contact_tracing.meetings_text import MEETINGS
from pccovid.linkage.on_spark.session import Cluster, cluster_at, emptied

CASES_WORTH_A_CLUSTER = 200
"""Starting a session takes longer than the database needs for fewer."""

_ROWS_AT_A_TIME = 20_000
_EPOCH, _FIRST_DAY = datetime(1970, 1, 1, tzinfo=UTC), date(1970, 1, 1)
# A place's key may hold quotes and line ends, or nothing: it travels as an x and the hexadecimal of its text.
_VISITS = SQL("""
    COPY (SELECT v.person_id, 'x' || encode(convert_to(v.place_key, 'UTF8'), 'hex'),
                 (extract(epoch FROM v.entered_at) * 1000000)::bigint,
                 (extract(epoch FROM v.left_at) * 1000000)::bigint, v.day - date '1970-01-01'
          FROM access.visits_for_cluster({}, {}, {}, {}) v) TO STDOUT (FORMAT csv)
""")
_VISIT_COLUMNS = "person string, place string, entered bigint, left_ bigint, day bigint"
_SPAN_COLUMNS = "n bigint, person string, a bigint, b bigint, from_day bigint, to_day bigint"
Opened = Callable[[], AbstractContextManager[None]]
"""A transaction with the program's access opened in it."""


@dataclass(frozen=True)
class Lane:
    """Where a cluster is, and the folder that its workers see under the same path."""

    master: str
    folder: Path
    least_cases: int = CASES_WORTH_A_CLUSTER


class _Span(NamedTuple):
    """Whose stays are looked for, of which case, when, and how much that weighs."""

    case: int
    person: UUID
    starts_at: datetime
    ends_at: datetime
    weight: float


@dataclass
class _Run:
    """The cases that are still traced, and between which moments they are looked at."""

    chosen: list[int]
    as_of: datetime
    since: datetime


def trace_on_cluster(
    connection: psycopg.Connection, cases: Sequence[int], lane: Lane, opened: Opened, *, second: bool = True
) -> tuple[int, int]:
    """As in_lanes.trace_these, in transactions of its own; none is open while the cluster looks.

    A case of which anything changed meanwhile is left to the next pass. Raises SparkIsMissing, or what Spark raises
    where no master answers.
    """
    lane.folder.mkdir(parents=True, exist_ok=True)
    with opened():
        run = _Run(*_row(connection, "SELECT * FROM access.cases_for_cluster(%s)", list(cases)))
    with cluster_at(lane.master, lane.folder) as cluster:
        for level in (1, 2) if second else (1,):
            with opened():
                spans = _write_spans(connection, emptied(cluster.folder / "spans"), run, level)
                _write_visits(connection, emptied(cluster.folder / "visits"), run, level)
            found = _found(cluster, spans)
            with opened():
                _write_level(connection, run, level, spans, found)
    with opened():
        first_level, second_level = _row(connection, "SELECT * FROM access.end_trace(%s, %s)", run.chosen, run.as_of)
    return int(first_level), int(second_level)


def _found(cluster: Cluster, spans: dict[int, _Span]) -> Iterator[dict[str, list[Any]]]:
    """The meetings of these spans; the cluster has looked when this returns."""
    if not spans:
        return iter(())
    for name, columns in (("spans", _SPAN_COLUMNS), ("visits", _VISIT_COLUMNS)):
        cluster.session.read.csv(cluster.uri(name), schema=columns).createOrReplaceTempView(name)
    cluster.divide_by(len(spans))
    cluster.session.sql(MEETINGS).write.mode("overwrite").parquet(cluster.uri("meetings"))
    batches = dataset.dataset(cluster.folder / "meetings", format="parquet").to_batches(batch_size=_ROWS_AT_A_TIME)
    return (batch.to_pydict() for batch in batches)


def _write_level(
    connection: psycopg.Connection, run: _Run, level: int, spans: dict[int, _Span],
    found: Iterator[dict[str, list[Any]]],
) -> None:  # fmt: skip
    """What was found goes to the database, for the cases of which nothing has changed."""
    (run.chosen,) = _row(
        connection, "SELECT access.begin_level(%s, %s, %s, %s, %s, %s::uuid[], %s::timestamptz[], %s::timestamptz[],"
        " %s::float8[])", run.chosen, level, run.as_of, run.since, *_columns(spans.values()),
    )  # fmt: skip
    stand = set(run.chosen)
    for batch in found:
        _take(connection, level, spans, batch, stand)
    connection.execute("SELECT access.settle_level(%s, %s)", [run.chosen, level])


def _columns(spans: Iterable[_Span]) -> tuple[list[Any], ...]:
    return tuple(map(list, zip(*spans, strict=True))) or ([], [], [], [], [])


def _write_spans(connection: psycopg.Connection, folder: Path, run: _Run, level: int) -> dict[int, _Span]:
    """The spans by number, as a file."""
    rows = connection.execute(
        "SELECT * FROM access.spans_for_cluster(%s, %s, %s, %s)", [run.chosen, level, run.as_of, run.since]
    ).fetchall()
    with (folder / "spans.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            (n, person, _micros(a), _micros(b), _number(first), _number(last))
            for n, _, person, a, b, _, first, last in rows
        )
    return {n: _Span(case, person, a, b, weight) for n, case, person, a, b, weight, _, _ in rows}


def _write_visits(connection: psycopg.Connection, folder: Path, run: _Run, level: int) -> None:
    """The visits of the places and days that matter, as a file."""
    statement = _VISITS.format(*map(Literal, (run.chosen, level, run.as_of, run.since)))
    with (folder / "visits.csv").open("wb") as file, connection.cursor().copy(statement) as copy:
        for piece in copy:
            file.write(piece)


def _take(
    connection: psycopg.Connection, level: int, spans: dict[int, _Span], found: dict[str, list[Any]], stand: set[int]
) -> None:
    """Hands meetings of cases that stand to the database, which says what counts."""
    kept = [place for place, n in enumerate(found["n"]) if spans[n].case in stand]
    of = [spans[found["n"][place]] for place in kept]
    one = {name: [values[place] for place in kept] for name, values in found.items()}
    connection.execute(
        "SELECT access.take_meetings(%s, %s, %s, %s::uuid[], %s, %s, %s, %s, %s, %s, %s)",
        [level, [span.case for span in of], [span.person for span in of], one["person"],
         [bytes.fromhex(place[1:]).decode() for place in one["place"]],
         [_FIRST_DAY + timedelta(days=day) for day in one["day"]], [_moment(a) for a in one["a"]],
         [_moment(b) for b in one["b"]], [time / 1e6 for time in one["time"]], one["guessed"],
         [span.weight for span in of]],
    )  # fmt: skip


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _moment(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def _number(day: date) -> int:
    return (day - _FIRST_DAY).days


def _row(connection: psycopg.Connection, statement: str, *values: Any) -> tuple[Any, ...]:
    row = connection.execute(statement, values).fetchone()
    assert row is not None
    return row
