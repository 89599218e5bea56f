"""How common a name, a birthday and an area are: what an agreement on them is worth.

Counted over distinct (name, birth year) pairs, which stand for people before people are known. A small delivery says
nothing about how common a name is, so the model's shares of name parts hold as a floor.

Tables made: `name_shares` (name_key, share), `birthday_shares` (day, share), `area_people` (area, people),
`word_shares` (word, share): share of names that hold a word, with its diacritics where the name has any.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from pccovid.linkage.comparing import is_hamlet
from pccovid.linkage.model import RAREST_NAME_PART, Model
from pccovid.linkage.patterns import LAST_YEAR_OF_ADULTS, NOBODYS_WORD, WRONG_DATE
from pccovid.linkage.readings import reads_otherwise
from pccovid.linkage.slips import no_syllables_are_rare, slips_are_rare
from pccovid.linkage.workspace import count

ENOUGH_PEOPLE_TO_COUNT = 2_000
"""Fewer people than this and a name's share among them is chance; only the model's share is used."""

LEAST_BIRTHDAY_SHARE = 1 / 25_000
"""About seventy years of days."""

RAREST_WORD = 1e-6
"""Share given to a word that neither the model nor enough data know; what is no word of Vietnamese has less."""

LEAST_PEOPLE_OF_AREA = {"commune": 200, "district": 2_000, "province": 5_000}
LEAST_AT_ADDRESS = f"CASE WHEN {is_hamlet('address')} THEN 100 ELSE 10 END"
"""People assumed at least at an address, as SQL."""


AREA_KEYS = {
    "address": "'address:' || commune_code || address",
    "line": "'line:' || address",
    **{kind: f"'{kind}:' || {kind}_code" for kind in LEAST_PEOPLE_OF_AREA},
}
"""Under which keys of `area_people` the areas of a node stand, as SQL over `nodes`; the whole country is ''."""


def count_frequencies(db: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Makes the tables from `nodes`."""
    db.execute("""CREATE TABLE peoplelike AS
        SELECT DISTINCT name_key, year, family, given, array_to_string(tokens[2:-2], ' ') AS middle
        FROM nodes WHERE name_key IS NOT NULL""")
    people = count(db, "SELECT count(*) FROM peoplelike")
    _count_name_shares(db, model, int(people))
    db.execute(f"""CREATE TABLE birthday_shares AS
        SELECT day, greatest({LEAST_BIRTHDAY_SHARE}, CASE WHEN sum(count(*)) OVER () >= 20000
            THEN count(*) / sum(count(*)) OVER () ELSE 0 END) AS share
        FROM (SELECT DISTINCT day, name_key FROM nodes WHERE day IS NOT NULL) GROUP BY day""")
    _count_area_people(db, max(int(people), model.least_people))
    _count_words(db, model)
    _mark_other_readings(db, model)


def _count_name_shares(db: duckdb.DuckDBPyConnection, model: Model, people: int) -> None:
    for part in ("family", "middle", "given"):
        db.register(f"{part}_shares", _share_table(getattr(model.name_shares, part)))
    enough = people >= ENOUGH_PEOPLE_TO_COUNT
    counted = f"count(*) / {people}" if enough else "0"
    db.execute(f"""CREATE TABLE name_shares AS
        SELECT name_key, greatest({counted}, 2 * any_value(
            coalesce(f.share, {RAREST_NAME_PART}) * coalesce(m.share, {RAREST_NAME_PART})
            * coalesce(g.share, {RAREST_NAME_PART}))) AS share
        FROM peoplelike LEFT JOIN family_shares f ON family = f.part LEFT JOIN middle_shares m ON middle = m.part
            LEFT JOIN given_shares g ON given = g.part
        GROUP BY name_key""")


def _share_table(shares: dict[str, float]) -> pa.Table:
    parts, values = pa.array(list(shares), pa.string()), pa.array(list(shares.values()), pa.float64())
    return pa.table({"part": parts, "share": values})


def _count_area_people(db: duckdb.DuckDBPyConnection, people: int) -> None:
    """People by address, address line alone, commune, district, province and in all (area '')."""
    areas = [
        f"SELECT '{kind}:' || {kind}_code AS area, {least} AS least, name_key, year FROM nodes"
        f" WHERE {kind}_code IS NOT NULL"
        for kind, least in LEAST_PEOPLE_OF_AREA.items()
    ]
    areas.append(
        f"SELECT 'address:' || commune_code || address, {LEAST_AT_ADDRESS}, name_key, year FROM nodes"
        " WHERE commune_code IS NOT NULL AND address IS NOT NULL"
    )
    areas.append(
        f"SELECT 'line:' || address AS area, {LEAST_AT_ADDRESS}, name_key, year FROM nodes WHERE address IS NOT NULL"
    )
    db.execute(f"""CREATE TABLE area_people AS
        SELECT area, greatest(any_value(least), count(*)) AS people FROM (
            SELECT DISTINCT area, least, name_key, year FROM ({" UNION ALL ".join(areas)})) GROUP BY area
        UNION ALL SELECT '', {people}""")


def _count_words(db: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Adds to `nodes` the column `words`: each word of the name with its share, for misspelt names to be found."""
    db.register("model_words", _share_table(model.name_words))
    names = "SELECT DISTINCT coalesce(accented, name_key) AS name FROM nodes WHERE name_key IS NOT NULL"
    enough = count(db, f"SELECT count(*) FROM ({names})") >= ENOUGH_PEOPLE_TO_COUNT
    counted = "count(*) / (SELECT count(*) FROM names)" if enough else str(RAREST_WORD)
    db.execute(f"""CREATE TABLE word_shares AS
        WITH names AS ({names}),
        counted AS (
            SELECT word, {counted} AS share
            FROM (SELECT DISTINCT name, unnest(string_split(name, ' ')) AS word FROM names) GROUP BY word)
        SELECT word, greatest(counted.share, coalesce(m.share, 0)) AS share
        FROM counted LEFT JOIN model_words m ON counted.word = m.part""")
    no_syllables_are_rare(db, RAREST_WORD / 10)
    if enough:
        slips_are_rare(db, RAREST_WORD / 10)
    db.execute("ALTER TABLE nodes ADD COLUMN words STRUCT(word VARCHAR, share DOUBLE)[]")
    # Of each name once: many people have one.
    db.execute(f"""UPDATE nodes SET words = found.words FROM (
        SELECT name, list(struct_pack(word := word, share := share) ORDER BY word) AS words
        FROM (SELECT name, unnest(string_split(name, ' ')) AS word FROM ({names})) JOIN word_shares USING (word)
        GROUP BY name) found
        WHERE coalesce(nodes.accented, nodes.name_key) = found.name AND nodes.name_key IS NOT NULL""")


def _mark_other_readings(db: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Adds to `nodes` the column `reads_otherwise`: without diacritics the given name could be another one."""
    otherwise = reads_otherwise(model)
    given = db.execute(
        "SELECT DISTINCT given_accented FROM nodes WHERE given_accented IS NOT NULL ORDER BY 1"
    ).fetchall()
    db.register(
        "read_otherwise", pa.table({"word": pa.array([word for (word,) in given if otherwise(word)], pa.string())})
    )
    db.execute("ALTER TABLE nodes ADD COLUMN reads_otherwise BOOLEAN DEFAULT FALSE")
    db.execute("UPDATE nodes SET reads_otherwise = TRUE WHERE given_accented IN (FROM read_otherwise)")
    db.unregister("read_otherwise")


FEW_NAMESAKES = 0.5
"""People of a name to be expected in a commune, at most, for two spellings of it there to look like one family's."""

_IN_COMMUNE = "JOIN area_people ON area = 'commune:' || commune_code JOIN name_shares USING (name_key)"
_FAMILY_AND_GIVEN = "family || ' ' || strip_accents(given_accented)"

_GIVEN_IS_A_NAME = f"list_filter(words, lambda w: w.word = given_accented)[1].share > {NOBODYS_WORD}"

# Where twins stand side by side. Of grown-ups only rare names say something in a commune: two Nguyễn Văn Tuân and Tuấn
# of one year there are mostly strangers. Behind one phone they are twins, unless one given name is nobody's: a slip.
_SPELLINGS = f"""
    SELECT node, 'phone:' || phone AS place, name_sorted AS name, accented, given_accented
        FROM nodes WHERE phone IS NOT NULL
    UNION ALL SELECT node, 'letters:' || phone, replace(name_key, ' ', ''), replace(accented, ' ', ''), given_accented
        FROM nodes WHERE phone IS NOT NULL
    UNION ALL SELECT node, 'given:' || phone, {_FAMILY_AND_GIVEN}, given_accented, given_accented
        FROM nodes WHERE phone IS NOT NULL AND given_accented IS NOT NULL
    UNION ALL SELECT node, 'grown:' || phone || CAST(year AS VARCHAR), name_sorted, accented, given_accented
        FROM nodes WHERE phone IS NOT NULL AND year IS NOT NULL AND {_GIVEN_IS_A_NAME}
    UNION ALL SELECT node, 'year:' || commune_code || CAST(year AS VARCHAR), name_sorted, accented, given_accented
        FROM nodes WHERE commune_code IS NOT NULL AND year IS NOT NULL
    UNION ALL SELECT node, 'commune:' || commune_code, name_sorted, accented, given_accented
        FROM nodes {_IN_COMMUNE} WHERE people * share <= {FEW_NAMESAKES}
    UNION ALL SELECT node, 'rare:' || commune_code || CAST(year AS VARCHAR), name_sorted, accented, given_accented
        FROM nodes {_IN_COMMUNE}
        WHERE people * share <= {FEW_NAMESAKES} AND year IS NOT NULL AND {_GIVEN_IS_A_NAME}"""
_YOUNG_PLACES = """[('phone:' || phone, name_sorted), ('given:' || phone, family || ' ' || given),
    ('letters:' || phone, replace(name_key, ' ', '')),
    ('year:' || commune_code || CAST(year AS VARCHAR), name_sorted), ('commune:' || commune_code, name_sorted)]"""
_ANY_PLACES = """[('rare:' || commune_code || CAST(year AS VARCHAR), name_sorted),
    ('grown:' || phone || CAST(year AS VARCHAR), name_sorted)]"""
_NUMBERS = " UNION ALL ".join(
    f"SELECT node, name_sorted, accented, '{number}:' || {number} AS number FROM nodes WHERE {number} IS NOT NULL"
    for number in ("personal_id", "old_id", "passport", "insurance_no")
)


def mark_unsure_spellings(db: duckdb.DuckDBPyConnection) -> None:
    """Adds to `nodes` the column `is_unsure`: no diacritics, nor a number of somebody who has them, and two spellings.

    Two spellings behind one phone, of one year in a commune, or of a name that is rare there are mostly twins (Tuấn and
    Tuân); which of them 'TUAN' is, nothing says. Not where one number stands with both spellings, there or in a record
    elsewhere: then one of them is a slip. A child's record is as unsure as those of its name and birthday are, and as
    those of its name and year in its commune; one without a year as those of its name and phone.
    """
    db.execute(f"""CREATE TABLE unsure AS
        WITH numbers AS MATERIALIZED ({_NUMBERS}),
        spelt AS MATERIALIZED (SELECT * FROM ({_SPELLINGS}) WHERE accented IS NOT NULL),
        several AS (
            SELECT place, name FROM spelt
            GROUP BY ALL HAVING min(accented) <> max(accented) AND min(given_accented) <> max(given_accented)),
        written AS (SELECT * FROM spelt SEMI JOIN several USING (place, name)),
        known_by AS (
            SELECT DISTINCT a.node, c.number FROM numbers a JOIN numbers b USING (number, name_sorted)
                JOIN numbers c ON c.node = b.node
            WHERE a.node IN (SELECT node FROM written)),
        of_number AS (
            SELECT DISTINCT place, name, accented, given_accented, number FROM written LEFT JOIN known_by USING (node)),
        two AS (
            SELECT DISTINCT place, name FROM of_number a JOIN of_number b USING (place, name)
            WHERE a.accented < b.accented AND a.given_accented <> b.given_accented
            GROUP BY place, name, a.accented, b.accented, a.given_accented, b.given_accented
            HAVING NOT coalesce(bool_or(a.number = b.number), FALSE)),
        told AS (SELECT node FROM numbers WHERE number IN (SELECT number FROM numbers WHERE accented IS NOT NULL)),
        bare AS (
            SELECT node, name_sorted, day, year, commune_code FROM nodes
            WHERE accented IS NULL AND year IS NOT NULL AND person IS NULL AND node NOT IN (FROM told)),
        young AS (
            SELECT node, name_sorted, day, year, commune_code, {_YOUNG_PLACES} AS spots FROM nodes
            WHERE year > {LAST_YEAR_OF_ADULTS}),
        spotted AS (
            SELECT node, unnest(spots) AS spot FROM young SEMI JOIN bare USING (node)
            UNION ALL SELECT b.node, unnest(y.spots) FROM bare b JOIN young y ON b.name_sorted = y.name_sorted
                AND b.day = y.day AND b.node <> y.node
            UNION ALL SELECT b.node, unnest(y.spots) FROM bare b JOIN young y ON b.name_sorted = y.name_sorted
                AND b.year = y.year AND b.commune_code = y.commune_code AND b.node <> y.node
            UNION ALL SELECT node, unnest({_ANY_PLACES}) FROM nodes SEMI JOIN bare USING (node)),
        dated AS (SELECT DISTINCT node FROM spotted JOIN two ON spot[1] = place AND spot[2] = name)
        SELECT node FROM dated
        UNION SELECT b.node FROM nodes b JOIN nodes d ON b.phone = d.phone AND b.name_sorted = d.name_sorted
        WHERE b.accented IS NULL AND b.year IS NULL AND b.person IS NULL AND b.node NOT IN (FROM told)
            AND d.node IN (FROM dated)""")
    db.execute("ALTER TABLE nodes ADD COLUMN is_unsure BOOLEAN DEFAULT FALSE")
    db.execute("UPDATE nodes SET is_unsure = TRUE WHERE node IN (FROM unsure)")
    db.execute("DROP TABLE unsure")


def mark_systems_of_dates(db: duckdb.DuckDBPyConnection) -> None:
    """Adds to `nodes` the column `date_systems`: the systems in whose records the node's birth year stands.

    Its own records', and those of its name and year in its commune: they may be the same person's. Only of nodes that
    are `disputed` together with a pair under a wrong date: nobody asks of others.
    """
    db.execute(f"""CREATE TABLE asked AS
        SELECT node FROM disputed WHERE label IN (
            SELECT label FROM disputed JOIN pairs ON l = node WHERE tier = {WRONG_DATE})""")
    db.execute("""CREATE TABLE dated AS
        WITH near AS (
            SELECT DISTINCT name_key, year, commune_code FROM nodes SEMI JOIN asked USING (node)
            WHERE name_key IS NOT NULL AND year IS NOT NULL AND commune_code IS NOT NULL),
        wanted AS (
            SELECT node, name_key, year, commune_code FROM nodes SEMI JOIN asked USING (node) WHERE year IS NOT NULL
            UNION SELECT node, name_key, year, commune_code
            FROM nodes SEMI JOIN near USING (name_key, year, commune_code)),
        told AS (
            SELECT DISTINCT node, string_split(record, ':')[1] AS system FROM records SEMI JOIN wanted USING (node))
        SELECT node, name_key, year, commune_code, list(system) AS systems FROM wanted JOIN told USING (node)
        GROUP BY ALL""")
    db.execute("ALTER TABLE nodes ADD COLUMN date_systems VARCHAR[]")
    db.execute("""UPDATE nodes SET date_systems = found.systems FROM (
        WITH there AS (
            SELECT name_key, year, commune_code, list_distinct(flatten(list(systems))) AS systems FROM dated
            WHERE name_key IS NOT NULL AND commune_code IS NOT NULL GROUP BY ALL)
        SELECT node, list_sort(coalesce(there.systems, dated.systems)) AS systems
        FROM dated LEFT JOIN there USING (name_key, year, commune_code) WHERE node IN (FROM asked)) found
        WHERE nodes.node = found.node""")
    db.execute("DROP TABLE dated")
    _mark_years_beside(db)
    db.execute("DROP TABLE asked")


def _mark_years_beside(db: duckdb.DuckDBPyConnection) -> None:
    """Adds to `nodes` the column `years_beside`: of those `asked`, the years of children of that name and phone."""
    db.execute("ALTER TABLE nodes ADD COLUMN years_beside INTEGER[]")
    db.execute(f"""UPDATE nodes SET years_beside = found.years FROM (
        SELECT a.node, list_sort(list(DISTINCT o.year)) AS years
        FROM nodes a SEMI JOIN asked USING (node) JOIN nodes o ON o.phone = a.phone AND o.name_sorted = a.name_sorted
        WHERE a.year > {LAST_YEAR_OF_ADULTS} AND o.year > {LAST_YEAR_OF_ADULTS} GROUP BY a.node) found
        WHERE nodes.node = found.node""")
