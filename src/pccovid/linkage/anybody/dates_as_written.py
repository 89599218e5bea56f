"""Birth dates in whatever way files of any country write them, as SQL over a column `birth_date` of text."""

from __future__ import annotations

from datetime import date

_SIGN, _SHORT = "[-/. ]", "(\\d{1,2})"
_YEAR_FIRST, _YEAR_LAST = (
    f"^(\\d{{4}}){_SIGN}{_SHORT}{_SIGN}{_SHORT}(?:\\D|$)",
    f"^{_SHORT}{_SIGN}{_SHORT}{_SIGN}(\\d{{4}}|\\d{{2}}$)",
)
_EIGHT = "^(\\d{2})(\\d{2})(\\d{4})$"
_NAMED_MONTH = "^(\\d{1,2})(?:st|nd|rd|th|\\.)?[-/. ]*(?:de )?(\\pL{3,})\\.?[-/., ]*(?:del? )?(\\d{4}|\\d{2}$)"
_MONTH_IN_FRONT = "^(\\pL{3,})\\.? +(\\d{1,2})(?:st|nd|rd|th)?,? +(\\d{4})"
_MONTHS = {
    "01": "jan ene gen", "02": "feb fev", "03": "mar", "04": "apr abr avr", "05": "may mai mag", "06": "jun juin giu",
    "07": "jul juil lug", "08": "aug ago aou", "09": "sep set", "10": "oct okt ott out", "11": "nov",
    "12": "dec dez dic",
}  # fmt: skip
"""How the months begin in English, German, French, Spanish, Italian and Portuguese."""
_A_YEAR = "(?:^|\\D)(1[5-9]\\d\\d|20\\d\\d)(?:\\D|$)"
_YEARS_OF_PEOPLE = "BETWEEN '1800' AND '2100'"
_DAY_NOUGHT_OF_SPREADSHEETS = "DATE '1899-12-30'"


def is_month_first(given: str) -> str:
    """A query: whether dates of the table `given` that end in the year can only mean that the month comes first, more
    often than that the day does."""
    return f"""
        SELECT count(*) FILTER (two > 12 AND one <= 12) > count(*) FILTER (one > 12 AND two <= 12) FROM (
            SELECT try_cast(regexp_extract(birth_date, pattern, 1) AS INTEGER) AS one,
                try_cast(regexp_extract(birth_date, pattern, 2) AS INTEGER) AS two
            FROM {given}, (SELECT unnest(['{_YEAR_LAST}', '{_EIGHT}']) AS pattern)
            WHERE right(birth_date, 4) {_YEARS_OF_PEOPLE} OR pattern = '{_YEAR_LAST}')"""


def birth_digits(*, month_first: bool, today: date) -> str:
    """Eight digits, year first, or the four of a year, or ''. What is no possible date is compared all the same, but a
    day or month of nought is none. Years of two digits are the last before `today`."""
    text, month, day = "trim(lower(strip_accents(coalesce(birth_date, ''))))", *((1, 2) if month_first else (2, 1))

    def part(pattern: str, place: int) -> str:
        return f"regexp_extract({text}, '{pattern}', {place})"

    def digits(pattern: str, year: int, month: int, day: int) -> str:
        return f"{_whole(part(pattern, year), today)} || {_two(part(pattern, month))} || {_two(part(pattern, day))}"

    def named(pattern: str, year: int, month: int, day: int) -> str:
        whole = _whole(part(pattern, year), today)
        return f"coalesce({whole} || {_month(part(pattern, month))} || {_two(part(pattern, day))}, {whole})"

    return f"""regexp_replace(CASE
        WHEN regexp_matches({text}, '{_YEAR_FIRST}') THEN {digits(_YEAR_FIRST, 1, 2, 3)}
        WHEN regexp_matches({text}, '{_YEAR_LAST}') THEN {digits(_YEAR_LAST, 3, month, day)}
        WHEN regexp_matches({text}, '{_EIGHT}') AND right({text}, 4) {_YEARS_OF_PEOPLE}
            THEN {digits(_EIGHT, 3, month, day)}
        WHEN regexp_matches({text}, '^(\\d{{8}}|\\d{{4}})$') THEN {text}
        WHEN regexp_matches({text}, '^[1-5]\\d{{4}}$')
            THEN strftime({_DAY_NOUGHT_OF_SPREADSHEETS} + CAST({text} AS INTEGER), '%Y%m%d')
        WHEN regexp_matches({text}, '{_NAMED_MONTH}') THEN {named(_NAMED_MONTH, 3, 2, 1)}
        WHEN regexp_matches({text}, '{_MONTH_IN_FRONT}') THEN {named(_MONTH_IN_FRONT, 3, 1, 2)}
        ELSE {part(_A_YEAR, 1)} END, '^(\\d{{4}})(00..|..00)$', '\\1')"""


def _two(digits: str) -> str:
    return f"lpad({digits}, 2, '0')"


def _whole(year: str, today: date) -> str:
    century = f"CASE WHEN {year} > '{today:%y}' THEN '19' ELSE '20' END"
    return f"CASE WHEN length({year}) = 4 THEN {year} ELSE {century} || {year} END"


def _month(word: str) -> str:
    branches = " ".join(
        f"WHEN left({word}, 3) IN {_in(beginnings)} OR left({word}, 4) IN {_in(beginnings)} THEN '{month}'"
        for month, beginnings in _MONTHS.items()
    )
    return f"CASE {branches} END"


def _in(beginnings: str) -> str:
    return f"({', '.join(repr(word) for word in beginnings.split())})"
