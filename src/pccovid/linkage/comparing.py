"""How two claims are compared: for each attribute, ordered levels of agreement as SQL over a pair of rows.

A pair has every column of the `nodes` table twice, with the endings `_l` and `_r`. The same expressions train the
parameters (Splink takes them as custom levels) and score the pairs, so a weight always means what was trained.
Level 0 of every comparison is 'missing': nothing can be said, weight 0. Prior m and u stand in where a level is too
rare to be trained: m = share of pairs of one person at this level, u = share of pairs of two different people.
"""

from __future__ import annotations

from dataclasses import dataclass

from pccovid.linkage.identifiers import INSURANCE_UNSURE, PASSPORT_UNSURE


@dataclass(frozen=True)
class Level:
    """One degree of agreement: its name, when it holds (SQL), and the prior m and u.

    `learn` is False where training data cannot show the truth: random pairs of a small nation share a number mostly
    because they *are* one person, and blocks on an identifier hold hardly any children.
    """

    name: str
    sql: str
    m: float
    u: float
    learn: bool = True


@dataclass(frozen=True)
class Comparison:
    """One attribute: the columns it reads, when it is missing (SQL), and its levels, best agreement first."""

    name: str
    columns: tuple[str, ...]
    missing: str
    levels: tuple[Level, ...]

    @property
    def level_names(self) -> tuple[str, ...]:
        """Names by code: code 0 is 'missing', code n the n-th level."""
        return ("missing", *(level.name for level in self.levels))

    @property
    def sql(self) -> str:
        """A CASE expression that gives the code of the level that holds for a pair."""
        whens = [f"WHEN {self.missing} THEN 0"]
        whens += [f"WHEN {level.sql} THEN {code}" for code, level in enumerate(self.levels[:-1], start=1)]
        return f"CASE {' '.join(whens)} ELSE {len(self.levels)} END"

    def codes(self, *names: str) -> str:
        """The codes of the named levels, ready for SQL's IN. Raises ValueError for a name that is no level."""
        return "(" + ", ".join(str(self.level_names.index(name)) for name in names) + ")"


def _either_null(column: str) -> str:
    return f"{column}_l IS NULL OR {column}_r IS NULL"


# The words in their order, or the family name last: 'Ngọc Quỳnh' and 'Quỳnh Ngọc' are sisters.
_ROTATED = "contains(name_key_l || ' ' || name_key_l, name_key_r)"
_SAME_ORDER = f"name_sorted_l = name_sorted_r AND (name_key_l = name_key_r OR {_ROTATED})"

# Vietnamese names of different people often differ by one letter or by diacritics alone (An, Ân, Anh), and the
# family name says little: so the levels keep apart what a string distance would melt into one.
NAME = Comparison(
    "name",
    ("name_key", "name_sorted", "accented", "tokens", "family", "given", "given_accented", "words", "reads_otherwise"),
    _either_null("name_key"),
    (
        Level("same_accented", f"accented_l = accented_r AND {_SAME_ORDER}", 0.52, 0.00010),
        Level("accents_differ", f"accented_l <> accented_r AND {_SAME_ORDER}", 0.01, 0.00005),
        Level("same_plain", "name_key_l = name_key_r", 0.35, 0.00015),
        Level("rotated", f"name_sorted_l = name_sorted_r AND {_ROTATED}", 0.02, 0.00002),
        Level(
            "middle_dropped",
            "family_l = family_r AND given_l = given_r AND len(tokens_l) <> len(tokens_r) "
            "AND (list_has_all(tokens_l, tokens_r) OR list_has_all(tokens_r, tokens_l))",
            0.02,
            0.0004,
        ),
        # Lengths first: an edit changes them by one at most, and the distance costs more than all else of a pair.
        Level(
            "one_typo",
            "abs(len(name_key_l) - len(name_key_r)) <= 1 AND damerau_levenshtein(name_key_l, name_key_r) <= 1",
            0.03,
            0.0004,
        ),
        Level(
            "part_shared",
            "(family_l = family_r AND given_l = given_r) OR name_sorted_l = name_sorted_r "
            "OR list_has_all(tokens_l, tokens_r) OR list_has_all(tokens_r, tokens_l)",
            0.015,
            0.006,
        ),
        Level(
            "two_typos",
            "least(len(name_key_l), len(name_key_r)) >= 10 AND abs(len(name_key_l) - len(name_key_r)) <= 2"
            " AND damerau_levenshtein(name_key_l, name_key_r) <= 2",
            0.01,
            0.003,
        ),
        Level("different", "TRUE", 0.025, 0.99),
    ),
)

# 'near' is a slip of the pen: one digit or two neighbouring digits, one of day, month and year, the century of a
# two-digit year; or the day before, as midnight of Viet Nam becomes where an app wrote universal time. Beyond that,
# twelve years part a careless clerk ('other') from parent and child ('far').
_BOTH_DAYS = "day_l IS NOT NULL AND day_r IS NOT NULL"
BIRTH = Comparison(
    "birth",
    ("day", "digits", "swapped", "year", "two_digit_year"),
    _either_null("year"),
    (
        Level("same_day", "day_l = day_r", 0.60, 0.00004),
        Level("same_year", f"NOT ({_BOTH_DAYS}) AND year_l = year_r", 0.32, 0.016),
        Level("swapped", f"{_BOTH_DAYS} AND (day_l = swapped_r OR swapped_l = day_r)", 0.015, 0.00002),
        Level(
            "near",
            f"{_BOTH_DAYS} AND (damerau_levenshtein(digits_l, digits_r) <= 1"
            " OR abs(datediff('day', day_l, day_r)) = 1"
            " OR (year_l = year_r AND (month(day_l) = month(day_r) OR dayofmonth(day_l) = dayofmonth(day_r)))"
            " OR ((two_digit_year_l OR two_digit_year_r) AND right(digits_l, 4) = right(digits_r, 4)"
            " AND year_l % 100 = year_r % 100))",
            0.03,
            0.002,
        ),
        Level("other", "abs(year_l - year_r) < 12", 0.03, 0.26),
        Level("far", "TRUE", 0.005, 0.72),
    ),
)

SEX = Comparison(
    "sex",
    ("sex",),
    _either_null("sex"),
    (Level("same", "sex_l = sex_r", 0.99, 0.5), Level("different", "TRUE", 0.01, 0.5)),
)

# Twins carry consecutive numbers: a difference of five or less is never taken for a slip of the pen.
NEIGHBOURING_NUMBERS = 5


def _differs_unsurely(column: str, unsure: str) -> str:
    """Either is missing; or they differ, and one may be another number mistyped (identifiers.UNSURE)."""
    return f"{_either_null(column)} OR (({unsure}_l OR {unsure}_r) AND {column}_l <> {column}_r)"


def _number(name: str, column: str, m_same: float, unsure: str = "") -> Comparison:
    apart = f"abs(CAST({column}_l AS BIGINT) - CAST({column}_r AS BIGINT))"
    typo = f"damerau_levenshtein({column}_l, {column}_r) <= 1 AND {apart} > {NEIGHBOURING_NUMBERS}"
    return Comparison(
        name,
        (column, unsure) if unsure else (column,),
        _differs_unsurely(column, unsure) if unsure else _either_null(column),
        (
            Level("same", f"{column}_l = {column}_r", m_same, 0.000002, learn=False),
            Level("typo", typo, 0.02, 0.00001),
            Level("neighbouring", f"{apart} <= {NEIGHBOURING_NUMBERS}", 0.002, 0.00001),
            Level("different", "TRUE", 0.978 - m_same, 0.99998),
        ),
    )


PERSONAL_ID = _number("personal_id", "personal_id", 0.95)
OLD_ID = _number("old_id", "old_id", 0.95)
INSURANCE_NO = _number("insurance_no", "insurance_no", 0.95, INSURANCE_UNSURE)
PASSPORT = Comparison(
    "passport",
    ("passport", PASSPORT_UNSURE),
    _differs_unsurely("passport", PASSPORT_UNSURE),
    (
        Level("same", "passport_l = passport_r", 0.95, 0.000002, learn=False),
        Level("typo", "damerau_levenshtein(passport_l, passport_r) <= 1", 0.02, 0.00001),
        Level("different", "TRUE", 0.03, 0.99998),
    ),
)
PHONE = Comparison(
    "phone",
    ("phone", "phone_is_own"),
    _either_null("phone"),
    (
        Level("same", "phone_l = phone_r AND phone_is_own_l AND phone_is_own_r", 0.75, 0.00002),
        Level("same_shared", "phone_l = phone_r", 0.05, 0.00001),
        # A declarant's phone says nothing against the person declared for.
        Level("different_shared", "NOT (phone_is_own_l AND phone_is_own_r)", 0.08, 0.2, learn=False),
        Level("different", "TRUE", 0.12, 0.79997),
    ),
)
# The address is a line (house and street, hamlet); 'same_line' is that alone, where one side names no commune.
AREA = Comparison(
    "area",
    ("commune_code", "district_code", "province_code", "address"),
    "(province_code_l IS NULL OR province_code_r IS NULL) AND coalesce(address_l <> address_r, TRUE)",
    (
        Level("same_address", "address_l = address_r AND commune_code_l = commune_code_r", 0.35, 0.0001),
        Level("same_commune", "commune_code_l = commune_code_r", 0.30, 0.003),
        Level(
            "same_line",
            "address_l = address_r AND (commune_code_l IS NULL OR commune_code_r IS NULL)",
            0.10,
            0.004,
        ),
        Level("same_district", "district_code_l = district_code_r", 0.05, 0.01),
        Level("same_province", "province_code_l = province_code_r", 0.08, 0.04),
        Level("different", "TRUE", 0.12, 0.943),
    ),
)


def is_hamlet(address: str) -> str:
    """SQL of whether an address line names a hamlet, a ward's group of houses or an alley, not one house.

    'Thôn 3', 'Tổ dân phố 12' and 'Ngõ 78' are all that many addresses say; and a number in a commune is one of several.
    """
    words = "thon|xom|ap|ban|buon|lang|khom|khu|kp|todanpho|tdp|soc|plei|phum|(to|doi|ngo|ngach|hem|kiet)[0-9]"
    return f"regexp_matches({address}, '^({words}|so(nha)?[0-9]+[a-z]?xa)')"


COMPARISONS = (NAME, BIRTH, SEX, PERSONAL_ID, OLD_ID, PASSPORT, INSURANCE_NO, PHONE, AREA)


def columns_compared() -> tuple[str, ...]:
    """Every column of `nodes` that some comparison reads, each once, in order of first use."""
    return tuple(dict.fromkeys(column for comparison in COMPARISONS for column in comparison.columns))


def levels_select() -> str:
    """The select list that gives each comparison's code as `<comparison>_level`, over a pair of rows."""
    return ",\n".join(f"CAST({comparison.sql} AS TINYINT) AS {comparison.name}_level" for comparison in COMPARISONS)
