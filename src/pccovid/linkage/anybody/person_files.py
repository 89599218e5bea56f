"""A steward's file of people, CSV or Parquet, reduced to columns that can be compared.

| column | meaning |
|---|---|
| record_id | the row's own id, unique in the file; required |
| full_name, or given_name and family_name | in any script, order and letter case |
| birth_date | YYYY-MM-DD, DD/MM/YYYY or DD/MM/YY (MM/DD where the file shows it), YYYYMMDD, 24 Jun 1971, or a year |
| sex | male or female, as word, letter or Nam / Nữ |
| national_id, old_id, insurance_no, phone, email | with or without blanks and signs |
| address, commune_code | as text |

Every column but record_id may be absent, and every value empty. Other columns are not read.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

PERSON_COLUMNS = (
    "record_id", "full_name", "given_name", "family_name", "birth_date", "sex", "national_id", "old_id",
    "insurance_no", "phone", "email", "address", "commune_code",
)  # fmt: skip
NUMBERS = ("national_id", "old_id", "insurance_no", "phone", "email")
_LEAST_SIGNS = 4
"""Of a number; shorter ones are remnants."""


class NotPeople(ValueError):
    """The file holds no people that can be compared; the message says what is missing."""


def open_file(db: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Makes the view `given`: the file's PERSON_COLUMNS as written, NULL where absent or blank. Raises NotPeople."""
    read = _relation(db, path)
    present = {name.strip().lower(): name for name in read.columns}
    if "record_id" not in present:
        raise NotPeople(f"{path.name} has no column record_id; columns known: {', '.join(PERSON_COLUMNS)}")
    if len(present.keys() & set(PERSON_COLUMNS)) < 2:
        raise NotPeople(f"{path.name} tells nothing of anybody; columns known: {', '.join(PERSON_COLUMNS)}")
    read.project(", ".join(
        f"""nullif(trim(CAST({_quoted(present[name]) if name in present else "NULL"} AS VARCHAR)), '') AS {name}"""
        for name in PERSON_COLUMNS
    )).create_view("given", replace=True)  # fmt: skip


def check_ids(db: duckdb.DuckDBPyConnection, path: Path) -> int:
    """The file's number of rows. Raises NotPeople where a record_id is empty or stands twice."""
    open_file(db, path)
    ((rows, ids),) = db.execute("SELECT count(*), count(DISTINCT record_id) FROM given").fetchall()
    if rows != ids:
        raise NotPeople(f"{path.name}: a record_id is empty or stands twice ({rows - ids:,} rows)")
    return int(rows)


def load_people(db: duckdb.DuckDBPyConnection, path: Path, table: str) -> None:
    """Makes `table` from a file. Raises NotPeople.

    Columns: unique_id, given, family, words (of the name, in order of the alphabet), born (8 digits), year, month_day,
    sex, the NUMBERS, commune, address, pieces (of three letters each, of the address).
    """
    open_file(db, path)
    db.execute(f"CREATE OR REPLACE TABLE {table} AS {_comparable(_is_month_first(db))}")


def _is_month_first(db: duckdb.DuckDBPyConnection) -> bool:
    """Whether dates that end in the year can only mean that the month comes first, more often than the day."""
    row = db.execute(f"""
        SELECT count(*) FILTER (CAST(two AS INTEGER) > 12) > count(*) FILTER (CAST(one AS INTEGER) > 12)
        FROM (SELECT regexp_extract(birth_date, '{_YEAR_LAST}', 1) AS one,
                regexp_extract(birth_date, '{_YEAR_LAST}', 2) AS two FROM given) WHERE one <> ''""").fetchone()
    return row is not None and bool(row[0])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _relation(db: duckdb.DuckDBPyConnection, path: Path) -> duckdb.DuckDBPyRelation:
    if not path.is_file():
        raise NotPeople(f"there is no file {path}")
    try:
        if path.suffix.lower() == ".parquet":
            return db.read_parquet(str(path))
        return db.read_csv(str(path), all_varchar=True, header=True, null_padding=True)
    except duckdb.Error as failure:
        raise NotPeople(f"{path.name} cannot be read: {str(failure).splitlines()[0]}") from failure


def _comparable(month_first: bool) -> str:
    numbers = ", ".join(_number(name) for name in ("national_id", "old_id", "insurance_no"))
    return f"""
    WITH plain AS (
        SELECT *, {_letters("given_name")} AS g, {_letters("family_name")} AS f, {_letters("full_name")} AS n,
            {_letters("address")} AS a, regexp_replace(coalesce(phone, ''), '[^0-9]', '', 'g') AS p,
            {_birth_digits(month_first)} AS b
        FROM given),
    named AS (
        SELECT *, coalesce(nullif(g, ''), string_split(n, ' ')[1]) AS given_part,
            coalesce(nullif(f, ''), CASE WHEN contains(n, ' ') THEN string_split(n, ' ')[-1] END) AS family_part,
            nullif(trim(coalesce(nullif(n, ''), concat_ws(' ', g, f))), '') AS whole
        FROM plain)
    SELECT record_id AS unique_id, nullif(given_part, '') AS given, family_part AS family,
        CASE WHEN whole IS NOT NULL THEN array_to_string(list_sort(string_split(whole, ' ')), ' ') END AS words,
        CASE WHEN length(b) = 8 THEN b END AS born, nullif(left(b, 4), '') AS year,
        CASE WHEN length(b) = 8 THEN right(b, 4) END AS month_day,
        CASE WHEN lower(strip_accents(sex)) IN ('m', 'male', 'nam', 'man', '1') THEN 'm'
            WHEN lower(strip_accents(sex)) IN ('f', 'female', 'nu', 'woman', '0', '2') THEN 'f' END AS sex,
        {numbers},
        CASE WHEN length(p) >= 7 THEN right(p, 9) END AS phone, nullif(lower(email), '') AS email,
        nullif(lower(commune_code), '') AS commune, nullif(a, '') AS address,
        CASE WHEN length(a) >= 3 THEN list_distinct(list_transform(range(1, length(a) - 1), lambda i: a[i:i + 2])) END
            AS pieces
    FROM named"""


def _letters(column: str) -> str:
    """Small letters and digits with single blanks between words, without diacritics; '' for nothing."""
    plain = f"lower(strip_accents(translate(coalesce({column}, ''), 'đĐ', 'dD')))"
    return f"trim(regexp_replace({plain}, '[^\\p{{L}}\\p{{N}}]+', ' ', 'g'))"


def _number(column: str) -> str:
    signs = f"upper(regexp_replace(coalesce({column}, ''), '[^A-Za-z0-9]', '', 'g'))"
    made_up = f"regexp_matches({signs}, '^(0+|1+|9+|X+)$')"
    return f"CASE WHEN length({signs}) >= {_LEAST_SIGNS} AND NOT {made_up} THEN {signs} END AS {column}"


_SIGN, _SHORT = "[-/. ]", "(\\d{1,2})"
_YEAR_FIRST, _YEAR_LAST = (
    f"^(\\d{{4}}){_SIGN}{_SHORT}{_SIGN}{_SHORT}",
    f"^{_SHORT}{_SIGN}{_SHORT}{_SIGN}(\\d{{4}}|\\d{{2}}$)",
)
_FIRST_YEAR_OF_THE_1900S = 30
"""Of years written in two digits; those below are of this century."""
_WITH_A_NAMED_MONTH = "['%d %b %Y', '%d-%b-%Y', '%d %B %Y', '%b %d, %Y', '%B %d, %Y']"


def _whole_year(year: str) -> str:
    century = f"CASE WHEN CAST({year} AS INTEGER) >= {_FIRST_YEAR_OF_THE_1900S} THEN '19' ELSE '20' END"
    return f"CASE WHEN length({year}) = 4 THEN {year} ELSE {century} || {year} END"


def _birth_digits(month_first: bool) -> str:
    """Eight digits, year first, or the four of a year, or ''. What is no possible date is compared all the same."""
    text, month, day = "coalesce(birth_date, '')", *((1, 2) if month_first else (2, 1))

    def day_or_month(pattern: str, place: int) -> str:
        return f"lpad(regexp_extract({text}, '{pattern}', {place}), 2, '0')"

    return f"""CASE
        WHEN regexp_matches({text}, '{_YEAR_FIRST}') THEN regexp_extract({text}, '{_YEAR_FIRST}', 1)
            || {day_or_month(_YEAR_FIRST, 2)} || {day_or_month(_YEAR_FIRST, 3)}
        WHEN regexp_matches({text}, '{_YEAR_LAST}') THEN {_whole_year(f"regexp_extract({text}, '{_YEAR_LAST}', 3)")}
            || {day_or_month(_YEAR_LAST, month)} || {day_or_month(_YEAR_LAST, day)}
        WHEN regexp_matches({text}, '^(\\d{{8}}|\\d{{4}})$') THEN {text}
        ELSE coalesce(strftime(try_strptime({text}, {_WITH_A_NAMED_MONTH}), '%Y%m%d'), '') END"""
