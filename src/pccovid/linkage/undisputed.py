"""People about whom nothing is disputed, settled as sets: most of a delivery needs no decision, record by record.

Nodes about which anything is decided together are *bonded* (see parts.py). A bonded group is undisputed where all that
its records state could be one person's (guards.is_of_one_mind), the evidence of the tiers makes one cluster of it, no
weak record could have bridged two strong ones, no number was on two clusters when numbers were settled, and nothing in
it waits: no rival, namesake, unsure spelling, masked code, or word of people. There the tiers, asked one by one, would
make exactly this one cluster. The others are left for them.

Tables made: `clustered`, `held`, `attached` and `cuts` (parts.LEFT) with what was settled; `disputed` (node, label)
with the rest, labelled by group.
"""

from __future__ import annotations

from itertools import groupby

import duckdb
import pyarrow as pa

from pccovid.linkage.attaching import BARE_NODE, NOT_ENOUGH, TOO_POOR
from pccovid.linkage.clusters import STATED
from pccovid.linkage.connected import connect, start_labels
from pccovid.linkage.doses import are_of_several, read_dose
from pccovid.linkage.id_structure import birth_year_sql, sex_sql
from pccovid.linkage.masked import MASKED
from pccovid.linkage.ownership import KINDS
from pccovid.linkage.patterns import BIRTHDAY, IDENTIFIER, LAST_YEAR_OF_ADULTS, PHONE_ONLY, TOGETHER, WRONG_SEX, YEAR
from pccovid.linkage.preparing import ACCOUNT_COLUMNS, IDENTIFIERS

_SAME_PERSON = "SELECT node, min(node) OVER (PARTITION BY person) FROM nodes WHERE person IS NOT NULL"
_TIERS = "SELECT l, r FROM pairs WHERE tier BETWEEN {} AND {}"
# Each node to the first that carries the same value: chains would take longer to follow.
BONDS = " UNION ALL ".join([
    "SELECT l, r FROM pairs WHERE tier IS NOT NULL OR rival OR namesake",
    "SELECT node, holder FROM fitting",
    "SELECT n.node, o.node FROM nodes n JOIN records o ON o.record = n.account",
    """SELECT a.node, b.node FROM decisions d JOIN records a ON a.record = d.record
        JOIN records b ON b.record = d.other_record""",
    *(
        f"SELECT node, min(node) OVER (PARTITION BY {column}) FROM nodes WHERE {column} IS NOT NULL"
        for column in (*IDENTIFIERS, "person")
    ),
])  # fmt: skip

_STEPS = {
    "by_number": f"{_SAME_PERSON} UNION ALL {_TIERS.format(IDENTIFIER, IDENTIFIER)}",
    "before_years": _TIERS.format(BIRTHDAY, BIRTHDAY),
    "before_phones": _TIERS.format(YEAR, WRONG_SEX),
    "at_last": _TIERS.format(PHONE_ONLY, PHONE_ONLY),
    "bonded": BONDS,
}
"""What hangs together after which tiers, were nothing forbidden; at last by anything at all."""


def settle_undisputed(db: duckdb.DuckDBPyConnection) -> None:
    """Makes the tables named above; `nodes` must say whose spelling is unsure, `fitting` must be there."""
    _label(db)
    _state(db)
    db.execute(f"CREATE TABLE groups AS {_GROUPS}")
    db.execute("CREATE TABLE settled AS SELECT bonded, root, is_poor FROM groups WHERE is_undisputed")
    _give_up_contradicting_doses(db)
    db.execute("""CREATE TABLE clustered AS
        SELECT node, CAST(root AS INTEGER) AS root FROM stated JOIN settled USING (bonded)""")
    db.execute(f"""CREATE TABLE held AS SELECT node, '{NOT_ENOUGH}' AS reason FROM stated JOIN settled USING (bonded)
        WHERE settled.is_poor AND person IS NULL""")
    db.execute(f"CREATE TABLE attached AS {_ATTACHED}")
    db.execute("CREATE TABLE cuts (l INTEGER, r INTEGER, weight DOUBLE, reason VARCHAR)")
    db.execute("CREATE TABLE disputed AS SELECT node, bonded AS label FROM stated ANTI JOIN settled USING (bonded)")
    db.execute("DROP TABLE stated; DROP TABLE groups; DROP TABLE settled")


def _label(db: duckdb.DuckDBPyConnection) -> None:
    """Makes a table (node, label) of each of _STEPS."""
    start_labels(db)
    for step, edges in _STEPS.items():
        connect(db, edges)
        db.execute(f"CREATE TABLE {step} AS FROM labels")
    db.execute("DROP TABLE labels")


def _state(db: duckdb.DuckDBPyConnection) -> None:
    """Makes `stated`: of each node its labels, and what guards and tiers ask of it."""
    names = (
        "id_verified", "year", "digits", "swapped", "two_digit_year", "name_sorted", "accented", "household",
        "family_and_given", "given_accented", "own_phone", "address", "province", "any_phone", "one_word",
        "passport_unsure", "insurance_unsure", "is_own_account", "hamlet",
    )  # fmt: skip
    said = ", ".join(f"{sql} AS {name}" for name, sql in zip(names, STATED, strict=True))
    db.execute(f"""CREATE TABLE stated AS
        WITH said AS (
            SELECT node, record, person, sex, {", ".join(IDENTIFIERS)}, day, year AS written_year, {said},
                coalesce({BARE_NODE}, FALSE) AS is_bare, coalesce({TOO_POOR}, FALSE) AS is_poor,
                coalesce(is_unsure OR ({MASKED}), FALSE) AS waits
            FROM nodes),
        doubtful AS (
            SELECT unnest([l, r]) AS node FROM pairs WHERE namesake OR (rival AND tier IS NULL)
            UNION SELECT unnest([l, r]) FROM pairs JOIN before_phones a ON a.node = l JOIN before_phones b ON b.node = r
            WHERE tier = {TOGETHER} AND a.label <> b.label
            UNION SELECT node FROM records JOIN (
                SELECT unnest([record, other_record]) AS record FROM decisions) USING (record))
        SELECT said.*, {", ".join(f"{step}.label AS {step}" for step in _STEPS)},
            waits OR node IN (FROM doubtful) AS is_doubtful,
            year IS NOT NULL AND (digits IS NOT NULL OR name_sorted IS NOT NULL) AS is_dated
        FROM said {" ".join(f"JOIN {step} USING (node)" for step in _STEPS)}""")
    for step in _STEPS:
        db.execute(f"DROP TABLE {step}")


def _one(value: str, where: str | None = None) -> str:
    """Whether a group states one value at most."""
    only = "" if where is None else f" FILTER ({where})"
    return f"coalesce(min({value}){only} = max({value}){only}, TRUE)"


def _all(*conditions: str) -> str:
    return " AND ".join(f"({condition})" for condition in conditions)


_HAS_NUMBER = " OR ".join(f"{column} IS NOT NULL" for column in ACCOUNT_COLUMNS)
_IS_STRONG = f"(is_dated AND digits IS NOT NULL) OR {_HAS_NUMBER}"
_OF_ONE_MIND = _all(
    *(_one(column) for column in ACCOUNT_COLUMNS),
    _one("sex"),
    # Of records that name nobody too: a newborn's row says another year.
    _one("written_year"),
    _one("digits"),
    f"""NOT bool_or(bonded IN (FROM differently_spelt)) OR {_one("given_accented", "accented IS NOT NULL")}
        AND count(accented) = count(given_accented) FILTER (accented IS NOT NULL)""",
    "count(household) <= 1",
    # Two namesakes have neither phone nor house in common.
    f"{_one('address')} OR {_one('own_phone')} AND coalesce(max(written_year) <= {LAST_YEAR_OF_ADULTS}, FALSE)",
    # What a name and a phone join, or a name and a birthday, is of one province.
    f"{_one('province')} OR bool_and(at_last = by_number OR is_bare)",
    # Nor with what is left of a longer name.
    f"{_one('one_word')} OR bool_and(at_last = before_phones OR is_bare)",
    # Name and birthday alone do not bridge two phones.
    f"{_one('any_phone')} OR NOT bool_or(is_phoneless AND digits IS NOT NULL AND NOT is_bare)",
    # A second account of a child's may be the twin's.
    f"{_one('account')} OR coalesce(max(written_year) <= {LAST_YEAR_OF_ADULTS}, FALSE)",
)
_OF_ONE_CLUSTER = _all(
    _one("at_last", "NOT is_bare"),
    *(_one("by_number", f"NOT is_bare AND {column} IS NOT NULL") for column in ACCOUNT_COLUMNS),
    "NOT bool_or(is_contested)",
    # A weak cluster bridges no two strong ones that nothing else joins.
    "NOT bool_or(is_bridge)",
    # Of what name and phone join, one cluster at most knows a birth date, or all do.
    f"{_one('before_phones', 'is_dated_by_phones')} OR bool_and(is_dated_by_phones OR is_bare)",
)
# What the digits of the one personal id of a group say is not what its records do.
_DIGITS_CONTRADICT = f"""({birth_year_sql("max(personal_id)")} <> max(written_year)
    OR {sex_sql("max(personal_id)")} <> max(sex))"""
# A row with a number alone goes to the cluster that carries the number, if that needs no second thought.
_BARE_ROWS_GO_THERE = _all(
    "NOT bool_or(is_poor AND record = account) OR count(*) = 1",
    "NOT bool_or(is_bare AND NOT has_holder)",
    "NOT bool_or(is_bare) OR count(person) = 0",
    f"NOT bool_or(is_bare AND personal_id IS NOT NULL) OR NOT coalesce({_DIGITS_CONTRADICT}, FALSE)",
)
_TWO_SPELLINGS = """min(accented) <> max(accented) OR min(given_accented) <> max(given_accented)
    OR count(given_accented) BETWEEN 1 AND count(*) - 1"""
_GROUPS = f"""
    WITH accounts AS (
        SELECT account, min(by_number) <> max(by_number) AS is_contested,
            bool_or(record = account) AS has_owner
        FROM stated WHERE account IS NOT NULL AND NOT is_bare GROUP BY account),
    numbers AS ({
    " UNION ALL ".join(
        f"SELECT DISTINCT '{column}' AS kind, {column} AS number FROM stated WHERE {column} IS NOT NULL AND NOT is_bare"
        for column in ACCOUNT_COLUMNS
    )
}),
    held_by_number AS ({
    " UNION ".join(
        f"SELECT node FROM stated JOIN numbers ON kind = '{column}' AND number = {column} WHERE is_bare"
        for column in ACCOUNT_COLUMNS
    )
}),
    with_two_spellings AS (
        SELECT bonded FROM stated WHERE accented IS NOT NULL GROUP BY bonded HAVING {_TWO_SPELLINGS}),
    differently_spelt AS (
        SELECT bonded FROM (
            SELECT bonded, unnest([name_sorted, family_and_given]) AS words, accented, given_accented FROM stated
            SEMI JOIN with_two_spellings USING (bonded) WHERE accented IS NOT NULL)
        GROUP BY bonded, words HAVING {_TWO_SPELLINGS}),
    years AS (SELECT before_years, bool_or({_IS_STRONG}) AS is_strong_by_years FROM stated GROUP BY ALL),
    phones AS (SELECT before_phones, bool_or(is_dated) AS is_dated_by_phones FROM stated GROUP BY ALL),
    phoneless AS (SELECT by_number, bool_and(any_phone IS NULL) AS is_phoneless FROM stated GROUP BY ALL),
    ways AS (
        SELECT a.before_years AS one, b.before_years AS other FROM pairs
            JOIN stated a ON a.node = l JOIN stated b ON b.node = r
        WHERE tier = {YEAR} AND a.before_years <> b.before_years),
    both_ways AS (SELECT one, other FROM ways UNION SELECT other, one FROM ways),
    to_strong AS (
        SELECT one, other FROM both_ways JOIN years a ON a.before_years = one JOIN years b ON b.before_years = other
        WHERE b.is_strong_by_years AND NOT a.is_strong_by_years),
    bridges AS (
        SELECT x.one FROM to_strong x JOIN to_strong y ON x.one = y.one AND x.other < y.other
        WHERE (x.other, y.other) NOT IN (SELECT (one, other) FROM both_ways)),
    seen AS (
        SELECT stated.*, coalesce(is_contested, FALSE) AS is_contested,
            CASE WHEN account IS NOT NULL THEN coalesce(has_owner, FALSE)
                ELSE node IN (FROM held_by_number) OR NOT ({_HAS_NUMBER}) END AS has_holder,
            before_years IN (FROM bridges) AS is_bridge, is_dated_by_phones, is_phoneless
        FROM stated LEFT JOIN accounts USING (account)
            JOIN years USING (before_years) JOIN phones USING (before_phones) JOIN phoneless USING (by_number))
    SELECT bonded, min(node) AS root, bool_and(is_poor) AS is_poor,
        NOT bool_or(is_doubtful) AND {_OF_ONE_MIND} AND {_OF_ONE_CLUSTER} AND {_BARE_ROWS_GO_THERE} AS is_undisputed
    FROM seen GROUP BY bonded"""
# The holder is the first node that carries the number of the kind asked last.
_HOLDERS = ", ".join(
    f"(SELECT min(o.node) FROM stated o WHERE NOT o.is_bare AND o.{column} = b.{column})"
    for column in reversed(KINDS.values())
)
_ATTACHED = f"""
    WITH found AS (
        SELECT b.node, CAST(coalesce({_HOLDERS}) AS INTEGER) AS holder
        FROM stated b SEMI JOIN settled USING (bonded) WHERE is_bare)
    SELECT least(node, holder) AS l, greatest(node, holder) AS r FROM found WHERE holder IS NOT NULL"""


def _give_up_contradicting_doses(db: duckdb.DuckDBPyConnection) -> None:
    """Takes those groups out of `settled` to which a bare row would bring a dose that nobody can have had besides."""
    rows = db.execute("""
        WITH asked AS (SELECT DISTINCT bonded FROM stated SEMI JOIN settled USING (bonded)
            JOIN records USING (node) WHERE is_bare AND dose IS NOT NULL)
        SELECT DISTINCT bonded, dose FROM stated SEMI JOIN asked USING (bonded) JOIN records USING (node)
        WHERE dose IS NOT NULL ORDER BY bonded""").fetchall()
    given_up = [
        group
        for group, doses in groupby(rows, key=lambda row: int(row[0]))
        if are_of_several([read_dose(text) for _, text in doses])
    ]
    db.register("given_up", pa.table({"bonded": pa.array(given_up, pa.int32())}))
    db.execute("DELETE FROM settled WHERE bonded IN (FROM given_up)")
    db.unregister("given_up")
