"""The same records linked by the package recordlinkage (PyPI): our blocking keys, its comparisons and its own learning.

It is a toolkit of pandas: string similarity of names, equality of the rest, and an expectation–maximisation classifier
that learns from the pairs it is given. What hangs together is one person.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import recordlinkage

from pccovid.config.benches.bare_splink import keys_of_people, prepare_people
from pccovid.linkage.preparing import load_claims
from pccovid.linkage.workspace import Limits, open_workspace

_SAME = ("sex", "personal_id", "old_id", "passport", "insurance_no", "phone", "commune_code", "address", "year")
_LIKE = 0.9


def link_bare(claims: Path, folder: Path, limits: Limits) -> tuple[int, dict[str, float]]:
    """Write `assignments.parquet` (record, cluster) in `folder`; returns how many pairs it took for one person's."""
    with open_workspace(limits) as db:
        load_claims(db, claims)
        prepare_people(db)
        keys = keys_of_people()
        columns = ", ".join(("unique_id", "name_key", "digits", *_SAME, *keys))
        people = db.sql(f"SELECT {columns} FROM people").df().set_index("unique_id")  # noqa: S608
        index = recordlinkage.Index()
        for key in keys:
            index.block(key)
        pairs = index.index(people[[*keys]])
        vectors = _compared(people, pairs, limits.threads)
        found = recordlinkage.ECMClassifier(binarize=_LIKE).fit_predict(vectors)
        _write(db, people.index, found, folder / "assignments.parquet")
        return len(found), {}


def _compared(people: Any, pairs: Any, threads: int) -> Any:
    compare = recordlinkage.Compare(n_jobs=threads)
    compare.string("name_key", "name_key", method="jarowinkler", missing_value=0.0)
    compare.string("digits", "digits", method="damerau_levenshtein", missing_value=0.0)
    for column in _SAME:
        compare.exact(column, column, missing_value=0)
    return compare.compute(pairs, people)


def _write(db: duckdb.DuckDBPyConnection, records: Any, pairs: Any, answer: Path) -> None:
    parents: dict[str, str] = {}

    def root(record: str) -> str:
        while parents.setdefault(record, record) != record:
            parents[record] = parents[parents[record]]
            record = parents[record]
        return record

    for one, other in pairs:
        parents[root(one)] = root(other)
    names = list(records)
    db.register("answered", pa.table({"record": names, "cluster": [root(name) for name in names]}))
    db.table("answered").write_parquet(str(answer))
