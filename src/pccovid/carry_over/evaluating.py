"""How right the index is, against a truth file: only made nations have one.

Records come out of the index with their person, facts with theirs; both are compared with who really stands behind
each source key. Everything is counted in DuckDB, so memory stays bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import psycopg
from psycopg import sql

from pccovid.carry_over.jobs import open_carry_over
from pccovid.foundation.facts import StagedFact
from pccovid.linkage.measuring import Quality, measure
from pccovid.linkage.telling import IDENTITY_KEYS, NAME_KEYS


class TruthIsUnreadable(ValueError):
    """The truth file lacks a needed column or is neither Parquet nor CSV."""


_COLUMNS = ("system", "file", "key", "person", "fault")


def evaluate(
    connection: psycopg.Connection, truth: Path, facts: tuple[StagedFact, ...], *, work: Path
) -> dict[str, object]:
    """Compare the index with `truth` (Parquet or CSV: system, file, key, person, fault).

    Returns the report that `pccovid evaluate --json` prints. Raises TruthIsUnreadable.
    """
    work.mkdir(parents=True, exist_ok=True)
    records, placed, carried = (work / f"evaluate-{name}.csv" for name in ("records", "facts", "carried"))
    with connection.transaction():
        open_carry_over(connection)
        _copy_out(connection, _RECORDS, records)
        _copy_out(connection, _facts_query(facts), placed)
        _copy_out(connection, _carried_query(), carried)
    try:
        with duckdb.connect(config={"memory_limit": "1GB", "temp_directory": str(work)}) as duck:
            _load(duck, truth, records, placed, carried)
            return _report(measure(duck), _facts_report(duck))
    finally:
        records.unlink()
        placed.unlink()
        carried.unlink()


_RECORDS = sql.SQL(
    "SELECT c.record, coalesce(c.person_id::text, '') FROM people_recordclaim c WHERE NOT c.is_about_nobody"
)


def _facts_query(facts: tuple[StagedFact, ...]) -> sql.Composed:
    """Every standing fact with the record it came in and the person it hangs on."""
    personal = [fact for fact in facts if fact.name != "place"]
    return sql.SQL(" UNION ALL ").join(
        sql.SQL(
            "SELECT {}, c.record, f.person_id::text FROM {} f JOIN people_recordclaim c USING (record_id)"
            " WHERE f.superseded_at IS NULL"
        ).format(sql.Literal(fact.name), sql.Identifier(fact.table))
        for fact in personal
    )


def _carried_query() -> sql.Composed:
    """What each claim may share with another of its person: record, key, and the name's spelling for name keys."""
    identities = [
        f"SELECT record, '{name}|' || ({key}) AS key, NULL AS spelling FROM people_recordclaim c"  # noqa: S608
        for name, key in IDENTITY_KEYS.items()
    ]
    names = [
        f"SELECT record, '{name}|' || name_sorted || '|' || ({key}),"  # noqa: S608
        " CASE WHEN octet_length(replace(name_full, 'đ', 'd')) > length(name_full)"
        " THEN (SELECT string_agg(word, ' ' ORDER BY word) FROM unnest(string_to_array(name_full, ' ')) AS word) END"
        " FROM people_recordclaim c"
        for name, key in NAME_KEYS.items()
    ]
    parts = sql.SQL(" UNION ALL ").join(sql.SQL(part) for part in (*identities, *names))
    return sql.SQL("SELECT record, key, spelling FROM ({}) carried WHERE key IS NOT NULL").format(parts)


def _copy_out(connection: psycopg.Connection, query: sql.Composable, path: Path) -> None:
    statement = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(query)
    with path.open("wb") as file, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for block in copy:
            file.write(block)


def evaluate_linked(truth: Path, claims: Path, assignments: Path, *, work: Path, memory: str) -> dict[str, object]:
    """Compare `assignments` of the linkage about `claims` (Parquet files both) with `truth`, as `evaluate` does.

    Raises TruthIsUnreadable.
    """
    with duckdb.connect(config={"memory_limit": memory, "temp_directory": str(work)}) as duck:
        _load_truth(duck, truth)
        duck.from_parquet(str(claims)).create_view("claims")
        duck.execute(f"CREATE TABLE carried AS {_carried_by_claims()}")
        duck.execute(
            "CREATE TABLE assigned AS SELECT record, CASE WHEN decision <> 'held' THEN cluster END AS person"  # noqa: S608
            f" FROM read_parquet({_quoted(assignments)})"
        )
        quality = measure(duck)
        return {**quality.figures(), "by_fault": {fault: dict(of) for fault, of in quality.by_fault.items()}}


def _carried_by_claims() -> str:
    """As _carried_query, over the view `claims` of DuckDB."""
    identities = [
        f"SELECT record, '{name}|' || ({key}) AS key, NULL AS spelling FROM claims"  # noqa: S608
        for name, key in IDENTITY_KEYS.items()
    ]
    names = [
        f"SELECT record, '{name}|' || name_sorted || '|' || ({key}),"  # noqa: S608
        " CASE WHEN strlen(replace(name_full, 'đ', 'd')) > length(name_full)"
        " THEN array_to_string(list_sort(string_split(name_full, ' ')), ' ') END FROM claims"
        for name, key in NAME_KEYS.items()
    ]
    return f"SELECT record, key, spelling FROM ({' UNION ALL '.join((*identities, *names))}) c WHERE key IS NOT NULL"  # noqa: S608


def _load(duck: duckdb.DuckDBPyConnection, truth: Path, records: Path, facts: Path, carried: Path) -> None:
    """Tables `truth` (record, person, fault), `assigned` (record, person), `fact` (kind, record, person) and `carried`
    (record, key, spelling)."""
    _load_truth(duck, truth)
    _load_carried(duck, carried)
    columns = "{'record': 'VARCHAR', 'person': 'VARCHAR'}"
    duck.execute(
        "CREATE TABLE assigned AS SELECT record, nullif(person, '') AS person"  # noqa: S608
        f" FROM read_csv({_quoted(records)}, header=false, columns={columns}, nullstr='', quote='\"', escape='\"')"
    )
    columns = "{'kind': 'VARCHAR', 'record': 'VARCHAR', 'person': 'VARCHAR'}"
    duck.execute(
        f"CREATE TABLE fact AS SELECT * FROM read_csv({_quoted(facts)},"  # noqa: S608
        f" header=false, columns={columns}, quote='\"', escape='\"')"
    )


def _load_truth(duck: duckdb.DuckDBPyConnection, truth: Path) -> None:
    reader = "read_parquet(?)" if truth.suffix == ".parquet" else "read_csv(?, header=true, all_varchar=true)"
    try:
        duck.execute(f"CREATE VIEW truth_file AS SELECT * FROM {reader.replace('?', _quoted(truth))}")  # noqa: S608
        have = {row[0] for row in duck.execute("DESCRIBE truth_file").fetchall()}
    except duckdb.Error as error:
        raise TruthIsUnreadable(f"{truth} cannot be read: {str(error).splitlines()[0]}") from error
    missing = set(_COLUMNS) - have - {"fault"}
    if missing:
        raise TruthIsUnreadable(f"{truth} lacks the columns {', '.join(sorted(missing))}")
    fault = "coalesce(fault::VARCHAR, '')" if "fault" in have else "''"
    duck.execute(
        "CREATE TABLE truth AS SELECT DISTINCT ON (record) system || ':' || file || ':' || key AS record,"  # noqa: S608
        f" nullif(person::VARCHAR, '') AS person, {fault} AS fault FROM truth_file ORDER BY record"
    )


def _load_carried(duck: duckdb.DuckDBPyConnection, carried: Path) -> None:
    columns = "{'record': 'VARCHAR', 'key': 'VARCHAR', 'spelling': 'VARCHAR'}"
    duck.execute(
        "CREATE TABLE carried AS SELECT record, key, nullif(spelling, '') AS spelling"  # noqa: S608
        f" FROM read_csv({_quoted(carried)}, header=false, columns={columns}, quote='\"', escape='\"')"
    )


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


_FactCount = tuple[str, str, int, int, int]
"""Kind, fault class, facts on the right person, on a wrong one, of nobody."""
_FACTS = """
WITH standing AS (
    SELECT a.person, t.person AS true_person, count(*) AS records
    FROM assigned a JOIN truth t USING (record) WHERE a.person IS NOT NULL AND t.person IS NOT NULL GROUP BY ALL
), owner AS (
    SELECT person, arg_max(true_person, records) AS true_person FROM standing GROUP BY person
)
SELECT f.kind, coalesce(t.fault, '') AS fault,
       count(*) FILTER (WHERE t.person IS NOT NULL AND t.person = o.true_person) AS facts_right,
       -- A row that stands for nobody does harm on somebody's record; on a record of its own it is only counted.
       count(*) FILTER (WHERE o.true_person IS NOT NULL AND t.person IS DISTINCT FROM o.true_person) AS facts_wrong,
       count(*) FILTER (WHERE t.person IS NULL AND o.true_person IS NULL) AS facts_of_nobody
FROM fact f JOIN truth t USING (record) LEFT JOIN owner o ON o.person = f.person
GROUP BY ALL ORDER BY ALL
"""


def _facts_report(duck: duckdb.DuckDBPyConnection) -> list[_FactCount]:
    return duck.execute(_FACTS).fetchall()


def _report(quality: Quality, facts: list[_FactCount]) -> dict[str, object]:
    by_fault = {fault: dict(values) for fault, values in quality.by_fault.items()}
    for fault, right, wrong in _summed(facts, 1):
        by_fault.setdefault(fault, {}).update(facts_right=right, facts_wrong_person=wrong)
    return {
        **quality.figures(),
        "facts_right": sum(row[2] for row in facts),
        "facts_wrong_person": sum(row[3] for row in facts),
        "facts_of_nobody": sum(row[4] for row in facts),
        "facts_by_kind": {kind: {"right": right, "wrong_person": wrong} for kind, right, wrong in _summed(facts, 0)},
        "by_fault": by_fault,
    }


def _summed(facts: list[_FactCount], column: int) -> Iterator[tuple[str, int, int]]:
    for value in sorted({str(row[column]) for row in facts}):
        rows = [row for row in facts if row[column] == value]
        yield value, sum(row[2] for row in rows), sum(row[3] for row in rows)
