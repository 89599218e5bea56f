"""People as written in a file, reduced to columns that can be compared whatever the country."""

from __future__ import annotations

from datetime import date

import duckdb

from pccovid.linkage.anybody.dates_as_written import birth_digits, is_month_first

_LEAST_SIGNS = 4
"""Of a number; shorter ones are remnants."""
_TITLES = "'mr', 'mrs', 'ms', 'miss', 'mx', 'dr', 'prof', 'smt', 'shri'"
_SUFFIXES = "'jr', 'sr', 'ii', 'iii', 'iv'"
_NOTHING = "'', 'nan', 'null', 'none', 'n a', 'unknown', 'not known', 'nil'"
_MALE = "'m', 'male', 'nam', 'man', 'boy', '1', 'h', 'hombre', 'homme', 'masculino', 'masculin', 'mannlich', 'mann'"
_FEMALE = (
    "'f', 'female', 'nu', 'woman', 'girl', '0', '2', 'mujer', 'femme', 'femenino', 'feminino', 'feminin', 'w',"
    " 'weiblich', 'frau'"
)


def load_people(db: duckdb.DuckDBPyConnection, given: str, table: str, *, today: date) -> None:
    """Makes `table` of a table `given` of PERSON_COLUMNS.

    Columns: unique_id, given (the first given name), middle (whatever stands between), family, names (all words of the
    name), family_words, words (the name's words in order of the alphabet), born (8 digits), year, year_alone (where one
    has no more), month_day, sex, the NUMBERS, commune, address, pieces (of three letters each, of the address).
    """
    row = db.execute(is_month_first(given)).fetchone()
    digits = birth_digits(month_first=row is not None and bool(row[0]), today=today)
    db.execute(f"CREATE OR REPLACE TABLE {table} AS {_comparable(given, digits)}")


def _comparable(given: str, digits: str) -> str:
    numbers = ", ".join(_number(name) for name in ("national_id", "old_id", "insurance_no"))
    # "Family, Given" is turned round, unless what follows the comma says no name.
    turned = f"""CASE WHEN regexp_matches(full_name, '^[^,]+,[^,]+$')
            AND {_letters("split_part(full_name, ',', 2)")} NOT IN ({_SUFFIXES})
        THEN split_part(full_name, ',', 2) || ' ' || split_part(full_name, ',', 1) ELSE full_name END"""
    return f"""
    WITH plain AS (
        SELECT *, {_words("given_name", 1)} AS g, {_words("family_name", 1)} AS f, {_words(turned, 2)} AS n,
            {_letters("address")} AS a, regexp_replace(coalesce(phone, ''), '[^0-9]', '', 'g') AS p, {digits} AS b,
            lower(strip_accents(trim(sex, ' .'))) AS s
        FROM {given}),
    parted AS (
        SELECT *, CASE WHEN len(g) > 0 THEN g ELSE n[:1] END AS front,
            CASE WHEN len(f) > 0 THEN f WHEN len(n) > 1 THEN n[-1:] ELSE [] END AS back,
            CASE WHEN len(g) > 0 THEN g[2:] ELSE n[2:-2] END AS between,
            CASE WHEN len(n) > 0 THEN n ELSE g || f END AS names
        FROM plain)
    SELECT record_id AS unique_id, front[1] AS given, nullif(array_to_string(between, ' '), '') AS middle,
        nullif(array_to_string(back, ' '), '') AS family, names,
        list_filter(back, lambda word: strlen(word) > 2) AS family_words,
        nullif(array_to_string(list_sort(names), ' '), '') AS words,
        CASE WHEN length(b) = 8 THEN b END AS born, nullif(left(b, 4), '') AS year,
        CASE WHEN length(b) = 8 THEN right(b, 4) END AS month_day,
        CASE WHEN s IN ({_MALE}) THEN 'm' WHEN s IN ({_FEMALE}) THEN 'f' WHEN s IN ({_NOTHING}, 'u', '9', '?', '-')
            THEN NULL ELSE s END AS sex,
        {numbers},
        CASE WHEN length(p) >= 7 THEN right(p, 9) END AS phone,
        CASE WHEN lower(email) NOT IN ({_NOTHING}) THEN lower(email) END AS email,
        nullif(lower(commune_code), '') AS commune, CASE WHEN a NOT IN ({_NOTHING}) THEN a END AS address,
        CASE WHEN length(a) >= 3 AND a NOT IN ({_NOTHING})
            THEN list_distinct(list_transform(range(1, length(a) - 1), lambda i: a[i:i + 2])) END AS pieces
    FROM parted"""


def _letters(column: str) -> str:
    """Small letters and digits with single blanks between words, without diacritics and apostrophes; '' for nothing."""
    plain = f"lower(strip_accents(translate(coalesce({column}, ''), 'đĐ''’`', 'dD')))"
    return f"trim(regexp_replace({plain}, '[^\\p{{L}}\\p{{N}}]+', ' ', 'g'))"


def _words(column: str, least: int) -> str:
    """The words of a name, without forms of address in front and without Jr. and the like behind, if more than `least`
    are left with them."""
    words = f"list_filter(string_split({_letters(column)}, ' '), lambda word: word <> '')"
    return f"""list_filter({words}, lambda word, place: NOT (len({words}) > {least}
        AND (place = 1 AND word IN ({_TITLES}) OR place = len({words}) AND word IN ({_SUFFIXES}))))"""


def _number(column: str) -> str:
    """Letters and digits; zeros in front, which spreadsheets lose, are no part of it."""
    signs = f"upper(regexp_replace(coalesce({column}, ''), '\\.0$|[^A-Za-z0-9]', '', 'g'))"
    made_up = f"regexp_matches({signs}, '^(0+|1+|9+|X+)$') OR NOT regexp_matches({signs}, '[0-9]')"
    return f"CASE WHEN length({signs}) >= {_LEAST_SIGNS} AND NOT ({made_up}) THEN ltrim({signs}, '0') END AS {column}"
