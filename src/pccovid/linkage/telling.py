"""Which records carry enough to be told apart, by what they say alone, whatever the linkage made of them.

A record of a made person carries enough where it shares with another record of that person, and with no record of
anybody else, one of: an identifier, or the account it points to · the whole name and the complete birth date · the
whole name, the birth year, and the phone or the home · the whole name and the phone or the home. Names are the same
whatever their diacritics, case and order of words; a record whose diacritics contradict those of most others is not
counted under the name. Of a person's records, those count that hang together so (the most of them).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby

import duckdb
import pyarrow as pa

_HOME = "commune_code || '|' || lower(split_part(address, ',', 1))"
_YEAR = "CAST(extract(year FROM birth_date) AS VARCHAR)"
_DAY = "CASE WHEN birth_precision = 'day' THEN CAST(birth_date AS VARCHAR) END"
IDENTITY_KEYS = {
    "personal_id": "personal_id", "old_id": "old_id", "passport": "passport", "insurance_no": "insurance_no",
    "qid": "qid", "account": "coalesce(account, record)",
}  # fmt: skip
NAME_KEYS = {
    "birthday": _DAY, "year and phone": f"{_YEAR} || '|' || phone", "year and home": f"{_YEAR} || '|' || {_HOME}",
    "phone": "phone", "home": _HOME,
}  # fmt: skip
"""What a claim may share with another: SQL over a table of claims, NULL where it says nothing. Name keys stand beside
`name_sorted`. PostgreSQL and DuckDB read them alike."""


def tellable_people(db: duckdb.DuckDBPyConnection) -> int:
    """Makes `tellable` (record) from `judged` (record, true_person), `truth` and `carried`; returns how many people.

    `carried`: record, key, spelling (of the name, with its diacritics; NULL for other keys and names without). Without
    that table nobody is tellable.
    """
    db.execute("CREATE OR REPLACE TEMP TABLE tellable (record VARCHAR)")
    if not db.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'carried'").fetchall():
        return 0
    db.execute("""CREATE OR REPLACE TEMP TABLE usual AS
        SELECT t.person, key, mode(spelling ORDER BY spelling) AS spelling
        FROM carried JOIN truth t USING (record) WHERE spelling IS NOT NULL GROUP BY ALL""")
    rows = db.execute("""
        WITH spelt AS (
            SELECT t.person, c.record, c.key FROM carried c JOIN truth t USING (record)
            LEFT JOIN usual u ON u.key = c.key AND u.person = t.person
            WHERE c.spelling IS NULL OR c.spelling = u.spelling),
        own AS (SELECT key FROM carried JOIN truth t USING (record) GROUP BY key
            HAVING count(DISTINCT t.person) = 1 AND count(t.person) = count(*) AND count(DISTINCT record) > 1)
        SELECT DISTINCT person, record, key FROM spelt SEMI JOIN own USING (key) ORDER BY ALL""")
    people = 0
    batch: list[str] = []
    for _person, of_person in groupby(_stream(rows), key=lambda row: row[0]):
        together = _most_that_hang_together((record, key) for _, record, key in of_person)
        if len(together) > 1:
            people += 1
            batch += together
    db.register("tellable_now", pa.table({"record": pa.array(batch, pa.string())}))
    db.execute("INSERT INTO tellable FROM tellable_now")
    db.unregister("tellable_now")
    return people


def _stream(rows: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, str]]:
    while found := rows.fetchmany(50_000):
        yield from found


def _most_that_hang_together(shared: Iterable[tuple[str, str]]) -> list[str]:
    """Of the records of one person, the largest set joined by shared keys; of equals the first by name."""
    holders: dict[str, list[str]] = defaultdict(list)
    keys: dict[str, list[str]] = defaultdict(list)
    for record, key in shared:
        holders[key].append(record)
        keys[record].append(key)
    left, sets = set(keys), []
    while left:
        reached = {min(left)}
        ahead = list(reached)
        while ahead:
            for key in keys[ahead.pop()]:
                new = [record for record in holders.pop(key, ()) if record not in reached]
                reached.update(new)
                ahead += new
        left -= reached
        sets.append(sorted(reached))
    return max(sets, key=lambda one: (len(one), [-ord(letter) for letter in one[0]]), default=[])
