"""How right a linkage is, against the truth of a made nation: wrong merges first, then what was missed.

Counted in DuckDB SQL over records, so a nation of any size can be measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import duckdb
import pyarrow as pa

from pccovid.linkage.telling import tellable_people


@dataclass(frozen=True)
class Quality:
    """What was right and wrong. Records that stand for nobody are left out; held records belong to no person."""

    records: int
    people: int
    wrong_merges: int
    """People of the index who hold records of two or more true persons."""
    split_people: int
    """True persons whose records stand on two or more people of the index."""
    pair_precision: float
    pair_recall: float
    """Shares of the pairs of records put together that belong together, and of those that belong that were put."""
    pair_recall_tellable: float
    """The same recall over pairs of records that both carry enough (telling.py); 1.0 where `carried` was not given."""
    people_complete: float
    """Share of true persons all of whose records stand on one person of the index, which holds nobody else's."""
    people_complete_tellable: float
    """The same share over records that carry enough (telling.py), and over people with at least two of them; 1.0 where
    `carried` was not given."""
    people_tellable: int
    """How many people that is."""
    people_complete_wholly_tellable: float
    people_wholly_tellable: int
    """The share of complete people among those every one of whose records carries enough, and how many they are."""
    held: int
    by_fault: Mapping[str, Mapping[str, float]]
    """Fault class → records, held, in_wrong_merge, apart (records not with the most of their person's records)."""

    def figures(self) -> dict[str, float]:
        """All but `by_fault`, as plain numbers."""
        numbers = asdict(self)
        del numbers["by_fault"]
        return numbers


def measure(db: duckdb.DuckDBPyConnection) -> Quality:
    """Measures the tables `assigned` (record, person or null) and `truth` (record, person or null, fault or '').

    A table `carried` (record, key, spelling: see telling.py) tells which records carry enough to be told apart.
    A record of the truth that is not among the assigned counts as held. Raises duckdb.Error where a table is missing.
    """
    db.execute("""CREATE OR REPLACE TEMP TABLE judged AS
        SELECT t.record, t.person AS true_person, a.person, coalesce(t.fault, '') AS fault
        FROM truth t LEFT JOIN assigned a USING (record) WHERE t.person IS NOT NULL""")
    db.execute("""CREATE OR REPLACE TEMP TABLE cells AS
        SELECT person, true_person, count(*) AS records FROM judged WHERE person IS NOT NULL GROUP BY ALL""")
    db.execute("""CREATE OR REPLACE TEMP TABLE wrong AS
        SELECT person FROM cells GROUP BY person HAVING count(*) > 1""")
    precision, recall = _pairs(db)
    tellable = tellable_people(db)
    db.execute("""CREATE OR REPLACE TEMP TABLE wholly_tellable AS
        SELECT true_person FROM judged LEFT JOIN tellable USING (record) GROUP BY true_person
        HAVING count(tellable.record) = count(*)""")
    return Quality(
        records=_number(db, "SELECT count(*) FROM judged"),
        people=_number(db, "SELECT count(DISTINCT true_person) FROM judged"),
        wrong_merges=_number(db, "SELECT count(*) FROM wrong"),
        split_people=_number(db, "SELECT count(*) FROM (SELECT true_person FROM cells GROUP BY 1 HAVING count(*) > 1)"),
        pair_precision=precision,
        pair_recall=recall,
        pair_recall_tellable=_recall(db, "judged SEMI JOIN tellable USING (record)"),
        people_complete=_complete(db, "judged"),
        people_complete_tellable=_complete(db, "judged SEMI JOIN tellable USING (record)"),
        people_tellable=tellable,
        people_complete_wholly_tellable=_complete(db, "judged SEMI JOIN wholly_tellable USING (true_person)"),
        people_wholly_tellable=_number(db, "SELECT count(*) FROM wholly_tellable"),
        held=_number(db, "SELECT count(*) FROM judged WHERE person IS NULL"),
        by_fault=_by_fault(db),
    )


def measure_tables(assignments: pa.Table, truth: pa.Table) -> Quality:
    """Measures an outcome's `assignments` (record, cluster, person) against a truth table (record, person, fault)."""
    with duckdb.connect() as db:
        db.register("assignments", assignments)
        db.register("truth", truth)
        db.execute("CREATE TABLE assigned AS SELECT * REPLACE (coalesce(person, cluster) AS person) FROM assignments")
        return measure(db)


def _number(db: duckdb.DuckDBPyConnection, query: str) -> int:
    ((number,),) = db.execute(query).fetchall()
    return int(number)


def _pairs(db: duckdb.DuckDBPyConnection) -> tuple[float, float]:
    """Precision and recall over pairs of records; 1.0 where there are no pairs to judge."""

    def pairs_of(source: str) -> int:
        return _number(db, f"SELECT coalesce(sum(n * (n - 1) // 2), 0) FROM ({source})")

    right = pairs_of("SELECT records AS n FROM cells")
    put = pairs_of("SELECT sum(records) AS n FROM cells GROUP BY person")
    belonging = pairs_of("SELECT count(*) AS n FROM judged GROUP BY true_person")
    return (right / put if put else 1.0), (right / belonging if belonging else 1.0)


def _recall(db: duckdb.DuckDBPyConnection, records: str) -> float:
    ((share,),) = db.execute(f"""
        WITH counted AS (SELECT true_person, person, count(*) AS n FROM {records} GROUP BY ALL),
        whole AS (SELECT sum(n) AS n FROM counted GROUP BY true_person)
        SELECT (SELECT sum(n * (n - 1) // 2) FROM counted WHERE person IS NOT NULL) / sum(n * (n - 1) // 2) FROM whole
        """).fetchall()
    return 1.0 if share is None else float(share)


def _complete(db: duckdb.DuckDBPyConnection, records: str) -> float:
    ((share,),) = db.execute(f"""
        SELECT avg(CASE WHEN whole THEN 1.0 ELSE 0.0 END) FROM (
            SELECT count(DISTINCT j.person) = 1 AND count(j.person) = count(*) AND count(w.person) = 0 AS whole
            FROM (FROM {records}) j LEFT JOIN wrong w USING (person) GROUP BY true_person)""").fetchall()
    return 1.0 if share is None else float(share)


def _by_fault(db: duckdb.DuckDBPyConnection) -> dict[str, dict[str, float]]:
    rows = db.execute("""
        WITH main AS (SELECT true_person, arg_max(person, (records, person)) AS person FROM cells GROUP BY true_person)
        SELECT j.fault, count(*), count(*) FILTER (j.person IS NULL), count(w.person),
            count(*) FILTER (j.person IS NOT NULL AND j.person <> m.person)
        FROM judged j LEFT JOIN wrong w USING (person) LEFT JOIN main m USING (true_person)
        GROUP BY j.fault ORDER BY j.fault""").fetchall()
    names = ("records", "held", "in_wrong_merge", "apart")
    return {fault: dict(zip(names, numbers, strict=True)) for fault, *numbers in rows}
