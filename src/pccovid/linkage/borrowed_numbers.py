"""Numbers that stand in a sister's row: a number alone does not win against a name and a phone.

A twin's dose is entered with the other twin's number, under her own name and phone; the two given names are one letter
apart, which may as well be a slip, or quite other, which may as well be a relative's name in one's own row. Where
others have the row's very name under its phone or account without that number, and others have the holder's very name
under the holder's number, phone or account, there are two people: the number joins nothing, and the row goes by the
rest of what it says.
"""

from __future__ import annotations

import duckdb

from pccovid.linkage.comparing import PHONE
from pccovid.linkage.patterns import IDENTIFIER, TWO_NAMES
from pccovid.linkage.preparing import ACCOUNT_COLUMNS

BY_NUMBER_ALONE = (
    f"tier IN ({IDENTIFIER}, {TWO_NAMES}) AND NOT same_account"
    f" AND phone_level NOT IN {PHONE.codes('same', 'same_shared')}"
)
"""Whether nothing but a number, and what names and dates there are, joins a pair: as SQL over `pairs`."""

OTHERWISE_NAMED = """a.given <> b.given
    AND NOT (a.name_sorted = b.name_sorted AND contains(a.name_key || ' ' || a.name_key, b.name_key))"""
"""Whether nodes a and b of such a pair have two given names by their letters: a mark alone is often a slip, and the
same words with the family name last ('Ngọc Hậu Vũ') are one name; Ngọc Quỳnh and Quỳnh Ngọc are sisters."""

_SAME_PERSONS = """coalesce(a.accented = u.accented, TRUE) AND coalesce(a.year = u.year, TRUE)
    AND coalesce(a.sex = u.sex, TRUE)"""
_SHARE_A_NUMBER = " OR ".join(f"coalesce(u.{column} = b.{column}, FALSE)" for column in ACCOUNT_COLUMNS)
OWN = f"""u.name_sorted = a.name_sorted AND (u.phone = a.phone OR u.account = a.account)
    AND {_SAME_PERSONS} AND NOT ({_SHARE_A_NUMBER})"""
"""Whether node u, without a number of b's, says a's whole name at a's phone or under a's account."""

HOLDERS = f"u.name_sorted = b.name_sorted AND (u.phone = b.phone OR u.account = b.account OR {_SHARE_A_NUMBER})"
"""Whether node u says b's whole name under b's number, phone or account."""


def leave_borrowed_numbers(db: duckdb.DuckDBPyConnection) -> None:
    """Takes the tier off pairs in `pairs` that a borrowed number made: they are likenesses, for people to look at."""
    db.execute(f"""CREATE TABLE borrowed AS
        WITH alone AS (SELECT l, r FROM pairs WHERE {BY_NUMBER_ALONE}),
        asked AS (
            SELECT x.a AS node, x.b AS other FROM (
                SELECT l AS a, r AS b FROM alone UNION ALL SELECT r, l FROM alone) x
            JOIN nodes a ON a.node = x.a JOIN nodes b ON b.node = x.b WHERE {OTHERWISE_NAMED}),
        at_home AS (
            SELECT DISTINCT q.node, q.other
            FROM asked q JOIN nodes a ON a.node = q.node JOIN nodes b ON b.node = q.other
                JOIN nodes u ON u.name_sorted = a.name_sorted
            WHERE u.node <> a.node AND {OWN})
        SELECT DISTINCT least(h.node, h.other) AS l, greatest(h.node, h.other) AS r
        FROM at_home h JOIN nodes b ON b.node = h.other JOIN nodes u ON u.name_sorted = b.name_sorted
        WHERE u.node <> b.node AND {HOLDERS}""")
    db.execute("UPDATE pairs SET tier = NULL FROM borrowed x WHERE pairs.l = x.l AND pairs.r = x.r")
    db.execute("DROP TABLE borrowed")
