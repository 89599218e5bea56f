"""From blocked pairs to scored pairs: levels, weight in bits, tier of the pattern fulfilled, evidence to show.

The weight is the sum of the levels' weights; an agreeing name counts by how rare it is. Table made: `pairs` (l, r,
one `<comparison>_level` per comparison, `name_bonus`, `weight`, `tier`, `rival`, `exact`), only of pairs that fulfil
a pattern, cast doubt, or are heavy enough for a person to look at.
"""

from __future__ import annotations

import duckdb

from pccovid.linkage.comparing import AREA, COMPARISONS, NAME, Comparison, columns_compared, is_hamlet, levels_select
from pccovid.linkage.model import Model
from pccovid.linkage.patterns import (
    BARE,
    LAST_YEAR_OF_ADULTS,
    WHOLE_NAME,
    YEARS_OF_BIRTH,
    exact_sql,
    namesake_sql,
    rival_sql,
    tier_sql,
)
from pccovid.linkage.preparing import MOST_NAMES_OF_A_FAMILY_PHONE
from pccovid.linkage.workspace import count

RAREST_SHARE = 1e-7
"""No name counts as rarer: beyond that the share is a guess."""

SLIP_RATIO = 20
"""A word this many times rarer than the one in its place is taken for a typing error."""

REVIEW_WEIGHT = 34.0
"""Bits from which a pair that fulfils no pattern is shown to a reviewer."""


COLUMNS_OF_NODES = (*columns_compared(), "account", "record", "qid", "id_of_another_year")
"""What the statement reads of both nodes of a pair."""

_HAS_PARENTS_NUMBER = f"""coalesce(id_of_another_year_l AND id_of_another_year_r
    AND least(year_l, year_r) > {LAST_YEAR_OF_ADULTS}, FALSE)"""
_GIVEN_IS_NEAR = """coalesce(given_accented_l = given_accented_r
    OR damerau_levenshtein(given_accented_l, given_accented_r) <= 1, TRUE)"""


def score(db: duckdb.DuckDBPyConnection, model: Model) -> int:
    """Makes `pairs` from `blocked` and `nodes`; returns how many were kept."""
    db.execute(f"CREATE TABLE pairs AS {kept_sql('blocked', model)}")
    return count(db, "SELECT count(*) FROM pairs")


def kept_sql(pairs: str, model: Model) -> str:
    """SQL of the scored pairs in `pairs` (l, r) that anything comes of."""
    return f"{scored(pairs, model)} WHERE tier IS NOT NULL OR rival OR namesake OR weight >= {REVIEW_WEIGHT}"


def scored(pairs: str, model: Model) -> str:
    """SQL of every pair in `pairs` (l, r) with its levels, weight and verdicts."""
    sides = ", ".join(f"{side}.{column} AS {column}_{side}" for column in COLUMNS_OF_NODES for side in ("l", "r"))
    return f"""
    WITH sides AS (
        SELECT p.l, p.r, {sides}
        FROM {pairs} p JOIN nodes l ON p.l = l.node JOIN nodes r ON p.r = r.node),
    levels AS (
        SELECT l, r, name_key_l AS name_key, family_l AS family, coalesce(day_l, day_r) AS day,
            given_accented_l = given_accented_r AS same_given, given_l = given_r AS same_given_key,
            coalesce(given_l = given_r AND given_accented_l <> given_accented_r, FALSE) AS given_conflict,
            coalesce(account_l = account_r, FALSE) AS same_account,
            coalesce(qid_l = qid_r, FALSE) AS same_code,
            coalesce(account_l = account_r AND (account_l = record_l OR account_l = record_r), FALSE) AS own_account,
            coalesce(province_code_l, province_code_r) AS province_code, district_code_l AS district_code,
            commune_code_l AS commune_code,
            coalesce(starts_with(personal_id_l, '0' || province_code_r), FALSE)
                OR coalesce(starts_with(personal_id_r, '0' || province_code_l), FALSE) AS same_origin,
            address_l AS address, phone_l AS phone,
            CASE WHEN year_l IS NULL THEN phone_l ELSE phone_r END AS undated_phone,
            year_l IS NOT NULL AS has_year_l, year_r IS NOT NULL AS has_year_r,
            {_HAS_PARENTS_NUMBER} AS has_parents_number,
            least(year_l, year_r) AS born, abs(year_l - year_r) AS years_apart,
            day_l IS NOT NULL AND day_r IS NOT NULL AS both_days,
            coalesce(right(digits_l, 4) = right(digits_r, 4), FALSE) AS same_day_and_month,
            accented_l IS NOT NULL AND accented_r IS NOT NULL AS both_marked,
            reads_otherwise_l OR reads_otherwise_r AS reads_otherwise,
            coalesce(address_l <> address_r, FALSE) AS lines_differ,
            coalesce({is_hamlet("address_l")}, FALSE) AS is_hamlet,
            (accented_l IS NULL) <> (accented_r IS NULL) AS one_is_marked,
            {_GIVEN_IS_NEAR} AS given_is_near,
            CASE WHEN year_l IS NULL THEN len(tokens_l) < len(tokens_r) ELSE len(tokens_r) < len(tokens_l) END
                AS undated_is_shorter,
            words_l, words_r, {levels_select()} FROM sides),
    common AS (
        SELECT levels.*, {_slip()}, n.share AS name_share, {_namesakes()} AS namesakes,
            CASE WHEN p.people > {MOST_NAMES_OF_A_FAMILY_PHONE} THEN p.people * n.share ELSE 0 END AS phone_namesakes,
            coalesce(u.people, 0) AS names_on_undated_phone
        FROM levels LEFT JOIN name_shares n USING (name_key)
            LEFT JOIN birthday_shares b ON levels.day = b.day
            LEFT JOIN phone_people p ON levels.phone = p.phone
            LEFT JOIN phone_people u ON levels.undated_phone = u.phone
            LEFT JOIN area_people a ON a.area = {_common_area()}),
    weighed AS (
        SELECT *, {_name_bonus(model)} AS name_bonus, {_base_weight(model)} AS base FROM common)
    SELECT l, r, {", ".join(f"{comparison.name}_level" for comparison in COMPARISONS)}, name_bonus,
        round(base + name_bonus, 3) AS weight, {tier_sql()} AS tier,
        coalesce({rival_sql()}, FALSE) AS rival, coalesce({namesake_sql()}, FALSE) AS namesake,
        coalesce({exact_sql()}, FALSE) AS exact, same_account
    FROM weighed"""


def _slip() -> str:
    """Whether the words that two like names do not share differ so much in frequency that one is likely mistyped; and
    the share of the rarer one.

    Words carry their diacritics where the name has any.
    """
    like = f"name_level IN {NAME.codes('accents_differ', 'one_typo', 'two_typos')}"
    mine, yours = _rarest("l", "r"), _rarest("r", "l")
    is_slip = f"coalesce(greatest({mine}, {yours}) >= {SLIP_RATIO} * least({mine}, {yours}), FALSE)"
    return (
        f"CASE WHEN {like} THEN {is_slip} ELSE FALSE END AS is_slip,"
        f" CASE WHEN {like} THEN least({mine}, {yours}) END AS rarer_share"
    )


def _rarest(side: str, other: str) -> str:
    """The share of the rarest word of one name that the other name does not hold."""
    others = f"list_transform(words_{other}, lambda v: v.word)"
    unshared = f"list_filter(words_{side}, lambda w: NOT list_contains({others}, w.word))"
    return f"list_min(list_transform({unshared}, lambda w: w.share))"


def _common_area() -> str:
    """The key in `area_people` of the smallest area that both records name; '' is the whole country.

    A personal id names the province where its holder was first registered: where one record says no more of a place,
    that is the province of the other's, if it lies there.
    """
    return f"""CASE area_level
        WHEN {AREA.level_names.index("same_address")} THEN 'address:' || commune_code || address
        WHEN {AREA.level_names.index("same_commune")} THEN 'commune:' || commune_code
        WHEN {AREA.level_names.index("same_line")} THEN 'line:' || address
        WHEN {AREA.level_names.index("same_district")} THEN 'district:' || district_code
        WHEN {AREA.level_names.index("same_province")} THEN 'province:' || province_code
        ELSE CASE WHEN area_level = {AREA.level_names.index("missing")} AND same_origin
            THEN 'province:' || province_code ELSE '' END END"""


def _namesakes() -> str:
    """How many other people of the common area are expected to have this name and this birth date (or year)."""
    return (
        f"a.people * n.share * CASE WHEN both_days THEN b.share"
        f" WHEN has_year_l AND has_year_r THEN 1.0 / {YEARS_OF_BIRTH} ELSE 1 END"
    )


def _name_bonus(model: Model) -> str:
    """Bits by which a whole-name agreement is worth more (rare) or less (common) than the average one.

    The levels' u together is the chance that two people share a name at all; the name's own share takes its place.
    """
    average = sum(model.levels["name"][level].u for level in ("same_accented", "same_plain", "rotated"))
    share = f"greatest(name_share, {RAREST_SHARE})"
    return f"CASE WHEN {WHOLE_NAME} THEN round(log2({average} / {share}), 3) ELSE 0 END"


def _base_weight(model: Model) -> str:
    return " + ".join(weight_sql(comparison, model) for comparison in COMPARISONS)


def weight_sql(comparison: Comparison, model: Model) -> str:
    """The weight of a pair's level in one comparison, as SQL."""
    whens = " ".join(
        f"WHEN {code} THEN {model.weight(comparison.name, level):.3f}"
        for code, level in enumerate(comparison.level_names)
    )
    return f"CASE {comparison.name}_level {whens} END"


def evidence_sql(model: Model) -> str:
    """JSON text of what each attribute says of a pair in `pairs`: {"name": {"level": …, "weight": bits}, …}."""
    # Put together of texts that stand fixed: the functions for JSON take twice as long.
    return "'{' || " + " || ',' || ".join(_attribute_sql(comparison, model) for comparison in COMPARISONS) + " || '}'"


def _attribute_sql(comparison: Comparison, model: Model) -> str:
    """The JSON member of one comparison: of a level the weight is known, but a name's has its bonus."""
    whens = ""
    for code, level in enumerate(comparison.level_names):
        weight = f"{model.weight(comparison.name, level):.3f}"
        shown = f"{weight} + name_bonus" if comparison is NAME else weight
        start = f'"{comparison.name}":{{"level":"{level}","weight":'
        whens += f" WHEN {code} THEN '{start}' || CAST(CAST(round({shown}, 2) AS DOUBLE) AS VARCHAR) || '}}'"
    return f"CASE {comparison.name}_level{whens} END"


def score_selves(db: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Makes `selves`: each node that several records share, scored against itself: their agreement is total."""
    db.execute("CREATE TABLE selves_wanted AS SELECT node AS l, node AS r FROM nodes WHERE records > 1")
    # The statement is long: planning it takes longer than everything else about a handful of records.
    some = count(db, "SELECT count(*) FROM selves_wanted")
    db.execute(f"CREATE TABLE selves AS {scored('selves_wanted', model) if some else 'FROM pairs LIMIT 0'}")
    db.execute("DROP TABLE selves_wanted")


def score_attached(db: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Adds to `pairs` those of `attached` (l, r), by which records with an identifier alone were attached."""
    if count(db, "SELECT count(*) FROM attached"):
        db.execute(f"""INSERT INTO pairs BY NAME
            SELECT * REPLACE ({BARE} AS tier, FALSE AS rival, FALSE AS namesake, TRUE AS exact)
            FROM ({scored("attached", model)})""")
