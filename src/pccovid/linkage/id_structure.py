"""What the digits of Vietnamese identifiers say: province of registration, century and sex, year of birth.

Personal id (CCCD) `PPPGYYNNNNNN`: PPP the province of birth registration by the 63 codes of before 2025, G century and
sex (0 male, 1 female of 19xx; 2, 3 of 20xx; and so on), YY year of birth. No check digit. CMND: nine digits, the first
two the issuing police province (01 to 38 †). Official samples exist whose digits contradict the birth date: digits
raise doubts, they never refuse.
"""

from __future__ import annotations

from typing import NamedTuple

_PROVINCE_LIST = """
    01 02 04 06 08 10 11 12 14 15 17 19 20 22 24 25 26 27 30 31 33 34 35 36 37 38 40 42 44 45 46 48
    49 51 52 54 56 58 60 62 64 66 67 68 70 72 74 75 77 79 80 82 83 84 86 87 89 91 92 93 94 95 96
"""
PROVINCE_CODES: frozenset[str] = frozenset(_PROVINCE_LIST.split())
"""The 63 provinces of the General Statistics Office's list of 2021; identifiers keep them for ever."""

_LAST_CMND_SERIES = 38


class IdDigits(NamedTuple):
    """The meaning of a twelve-digit personal id."""

    province: str
    """Two digits as in the 2021 list; not checked against it."""
    birth_year: int
    sex: str
    """'male' or 'female'."""


def read_digits(personal_id: str) -> IdDigits:
    """Twelve digits → their meaning."""
    century_sex = int(personal_id[3])
    birth_year = 1900 + 100 * (century_sex // 2) + int(personal_id[4:6])
    return IdDigits(personal_id[1:3], birth_year, "female" if century_sex % 2 else "male")


def birth_year_sql(personal_id: str) -> str:
    """read_digits(…).birth_year of an expression of SQL (DuckDB); NULL for none."""
    return f"1900 + 100 * ({_century_sex_sql(personal_id)} // 2) + TRY_CAST(({personal_id})[5:6] AS INTEGER)"


def sex_sql(personal_id: str) -> str:
    """read_digits(…).sex of an expression of SQL (DuckDB); NULL for none."""
    return f"CASE {_century_sex_sql(personal_id)} % 2 WHEN 1 THEN 'female' WHEN 0 THEN 'male' END"


def _century_sex_sql(personal_id: str) -> str:
    return f"TRY_CAST(({personal_id})[4] AS INTEGER)"


def has_known_province(personal_id: str) -> bool:
    """True where the first three digits are one of the 63 codes."""
    return personal_id[0] == "0" and personal_id[1:3] in PROVINCE_CODES


def structure_doubts(personal_id: str, birth_year: int | None, sex: str | None) -> tuple[str, ...]:
    """Flags of a twelve-digit id against what else is known: province, birth year, sex."""
    digits = read_digits(personal_id)
    doubts = []
    if not has_known_province(personal_id):
        doubts.append("id_province_unknown")
    if birth_year is not None and digits.birth_year != birth_year:
        doubts.append("id_birth_conflict")
    if sex is not None and digits.sex != sex:
        doubts.append("id_sex_conflict")
    return tuple(doubts)


def is_credible(personal_id: str, birth_year: int | None) -> bool:
    """True where the digits could be a personal id of somebody alive, and of that year where it is known."""
    born = read_digits(personal_id).birth_year
    return has_known_province(personal_id) and (born == birth_year if birth_year else born < 2100)


def is_known_series(old_id: str) -> bool:
    """True where a nine-digit CMND begins with a province series that was issued †."""
    return 1 <= int(old_id[:2]) <= _LAST_CMND_SERIES
