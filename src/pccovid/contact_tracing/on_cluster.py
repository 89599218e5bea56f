"""Tracing with the meetings found on a Spark cluster: the same exposures and contacts as without it, row for row.

The visits of the days that matter leave the database through functions that check the program's opened access, leave
out who restricted them and go no further back than the purpose may look. They lie in a folder that the cluster's
workers see, for as long as the run lasts. Which meeting counts, and how surely, the database says as ever.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from pyarrow import dataset

from pccovid.contact_tracing.meetings_text import MEETINGS
from pccovid.linkage.on_spark.session import Cluster, cluster_at, emptied

CASES_WORTH_A_CLUSTER = 200
"""Starting a session takes longer than the database needs for fewer."""

_ROWS_AT_A_TIME = 20_000
_EPOCH, _FIRST_DAY = datetime(1970, 1, 1, tzinfo=UTC), date(1970, 1, 1)
# A place's key may hold quotes and line ends, or nothing: it travels as an x and the hexadecimal of its text.
_VISITS = """
    COPY (SELECT v.person_id, 'x' || encode(convert_to(v.place_key, 'UTF8'), 'hex'),
                 (extract(epoch FROM v.entered_at) * 1000000)::bigint,
                 (extract(epoch FROM v.left_at) * 1000000)::bigint, {day}
          FROM access.visits_for_cluster('{of}') v) TO STDOUT (FORMAT csv)
"""
_VISIT_COLUMNS = "person string, place string, entered bigint, left_ bigint, day bigint"
_SPAN_COLUMNS = "n bigint, person string, a bigint, b bigint, from_day bigint, to_day bigint"


@dataclass(frozen=True)
class Lane:
    """Where a cluster is, and the folder that its workers see under the same path."""

    master: str
    folder: Path
    least_cases: int = CASES_WORTH_A_CLUSTER


@dataclass(frozen=True)
class _Span:
    """Whose stays are looked for, of which case, and how much that weighs."""

    case: int
    person: UUID
    weight: float


def trace_on_cluster(
    connection: psycopg.Connection, cases: Sequence[int], lane: Lane, *, second: bool = True
) -> tuple[int, int]:
    """As operations.trace_these. Raises SparkIsMissing, or what Spark raises where no master answers."""
    (chosen,) = _row(connection, "SELECT access.begin_trace(%s)", list(cases))
    lane.folder.mkdir(parents=True, exist_ok=True)
    with cluster_at(lane.master, lane.folder) as cluster:
        for level in (1, 2) if second else (1,):
            _find_level(connection, cluster, chosen, level)
            connection.execute("SELECT access.settle_level(%s, %s)", [chosen, level])
    first_level, second_level = _row(connection, "SELECT * FROM access.end_trace(%s)", chosen)
    return int(first_level), int(second_level)


def _find_level(connection: psycopg.Connection, cluster: Cluster, chosen: list[int], level: int) -> None:
    """Spans and visits out, meetings in."""
    spans, days = _write_spans(connection, emptied(cluster.folder / "spans"), chosen, level)
    if not spans:
        return
    _write_visits(connection, emptied(cluster.folder / "visits"), days)
    for name, columns in (("spans", _SPAN_COLUMNS), ("visits", _VISIT_COLUMNS)):
        cluster.session.read.csv(cluster.uri(name), schema=columns).createOrReplaceTempView(name)
    cluster.divide_by(len(spans))
    cluster.session.sql(MEETINGS).write.mode("overwrite").parquet(cluster.uri("meetings"))
    for batch in dataset.dataset(cluster.folder / "meetings", format="parquet").to_batches(batch_size=_ROWS_AT_A_TIME):
        _take(connection, level, spans, batch.to_pydict())


def _write_spans(
    connection: psycopg.Connection, folder: Path, chosen: list[int], level: int
) -> tuple[dict[int, _Span], list[date]]:
    """The spans by number, and the days in which somebody may have been met."""
    rows = connection.execute("SELECT * FROM access.spans_for_cluster(%s, %s)", [chosen, level]).fetchall()
    with (folder / "spans.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            (n, person, _micros(a), _micros(b), _number(first), _number(last))
            for n, _, person, a, b, _, first, last in rows
        )
    days = sorted({row[6] for row in rows} | {row[7] for row in rows})
    return {row[0]: _Span(row[1], row[2], row[5]) for row in rows}, list(_between(days)) if days else []


def _between(days: list[date]) -> Iterator[date]:
    for number in range((days[-1] - days[0]).days + 1):
        yield days[0] + timedelta(days=number)


def _write_visits(connection: psycopg.Connection, folder: Path, days: list[date]) -> None:
    """One file for each day."""
    for day in days:
        statement = _VISITS.format(day=_number(day), of=day)
        with (folder / f"{day}.csv").open("wb") as file, connection.cursor().copy(statement) as copy:
            for piece in copy:
                file.write(piece)


def _take(connection: psycopg.Connection, level: int, spans: dict[int, _Span], found: dict[str, list[Any]]) -> None:
    """What was found goes to the database, which says what counts."""
    of = [spans[n] for n in found["n"]]
    connection.execute(
        "SELECT access.take_meetings(%s, %s, %s, %s::uuid[], %s, %s, %s, %s, %s, %s, %s)",
        [level, [one.case for one in of], [one.person for one in of], found["person"],
         [bytes.fromhex(place[1:]).decode() for place in found["place"]],
         [_FIRST_DAY + timedelta(days=day) for day in found["day"]], [_moment(a) for a in found["a"]],
         [_moment(b) for b in found["b"]], [time / 1e6 for time in found["time"]], found["guessed"],
         [one.weight for one in of]],
    )  # fmt: skip


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _moment(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def _number(day: date) -> int:
    return (day - _FIRST_DAY).days


def _row(connection: psycopg.Connection, statement: str, value: Any) -> tuple[Any, ...]:
    row = connection.execute(statement, [value]).fetchone()
    assert row is not None
    return row
