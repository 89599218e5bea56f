"""Words that are nobody's name, however often they are written: their share in `word_shares` is made the least.

Beside a word that is somebody's they are then taken for a slip of it (scoring, `is_slip`).
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from pccovid.linkage.syllables import is_bare_syllable, is_syllable

NO_LONGER_RARE = 2e-3
"""Share of names from which a word is somebody's, however often it is made of another."""

_NUMBERED = " UNION ALL ".join(
    f"SELECT '{column}' AS kind, {column} AS number, day, node, accented FROM nodes WHERE {column} IS NOT NULL"
    for column in ("personal_id", "old_id", "insurance_no")
)
# Of each rare word in a name, and each other system that knows its bearer by the same number and birthday: whether it
# is kept there, or a word that differs in its marks, or in one letter without them, stands instead.
_ELSEWHERE = f"""
    WITH named AS (
        SELECT DISTINCT kind, number, day, string_split(record, ':')[1] AS system,
            string_split(accented, ' ') AS words
        FROM ({_NUMBERED}) JOIN records USING (node) WHERE day IS NOT NULL AND accented IS NOT NULL),
    rare AS (
        SELECT kind, number, day, system, words, word FROM (SELECT *, unnest(words) AS word FROM named)
        JOIN word_shares USING (word) WHERE share < {NO_LONGER_RARE})
    SELECT r.word, r.kind, r.number, r.day, r.system, o.system AS other_system,
        bool_or(list_contains(o.words, r.word)) AS is_kept,
        bool_or(len(list_filter(o.words, lambda w: NOT list_contains(r.words, w)
            AND damerau_levenshtein(strip_accents(w), strip_accents(r.word)) <= 1)) > 0) AS is_another
    FROM rare r JOIN named o
        ON r.kind = o.kind AND r.number = o.number AND r.day = o.day AND r.system <> o.system
    GROUP BY ALL"""


def no_syllables_are_rare(db: duckdb.DuckDBPyConnection, least: float) -> None:
    """What cannot be spelt in Vietnamese ('nguiễn', 'hùngg') is a slip beside what can, however often it is made.

    Names of other languages lose nothing: beside each other their words stay alike.
    """
    words = [word for (word,) in db.execute("SELECT word FROM word_shares ORDER BY word").fetchall()]
    impossible = [word for word in words if not (is_syllable(word) or (word.isascii() and is_bare_syllable(word)))]
    db.register("impossible_words", pa.table({"word": pa.array(impossible, pa.string())}))
    db.execute(f"UPDATE word_shares SET share = {least} WHERE word IN (FROM impossible_words)")
    db.unregister("impossible_words")


def slips_are_rare(db: duckdb.DuckDBPyConnection, least: float) -> None:
    """A word whose bearers are called otherwise by other systems, under the same number and birthday, is a slip.

    Some ('Ang' for 'An') are made so often that by its frequency the word would pass for a name. A name nearly all of
    its bearers keep, twins among them. Bearers are told apart by their birthdays, so that nobody counts twice by two
    numbers or in two systems; one alone says nothing.
    """
    db.execute(f"""UPDATE word_shares SET share = {least} WHERE word IN (
        SELECT word FROM ({_ELSEWHERE}) GROUP BY word
        HAVING count(DISTINCT day) FILTER (is_another AND NOT is_kept)
            > greatest(1, 3 * count(DISTINCT day) FILTER (is_kept)))""")
