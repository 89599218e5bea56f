"""From claims to nodes: the columns that are compared, each distinct set of them once.

Many records say the same of the same person (ten declarations on one app). They become one node, compared once. Records
whose columns would not be enough to say "same person" (a name and a year; two members of one household list) stay
nodes of their own even when equal.

Tables made: `claims` (one row per record), `nodes` (one row per distinct claim; `node` numbers follow the smallest
record name, so they do not depend on row order), `records` (record → node, and the dose it tells of), `phone_people`
(phone, people: names).
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from pccovid.linkage.comparing import is_hamlet
from pccovid.linkage.identifiers import INSURANCE_UNSURE, PASSPORT_UNSURE
from pccovid.linkage.name_words import FAMILIES_OF_ONE_SPELLING
from pccovid.linkage.workspace import count

MOST_NAMES_OF_AN_IDENTIFIER = 20
"""An identifier under more different names than this is a placeholder that clerks typed, and is not read at all."""

MOST_NAMES_OF_A_FAMILY_PHONE = 8
"""A phone under more names is a clerk's or a facility's: namesakes among its users must then be reckoned with."""

ACCOUNT_COLUMNS = ("personal_id", "old_id", "passport", "insurance_no")
IDENTIFIERS = (*ACCOUNT_COLUMNS, "account")

NOT_OF_A_NODE = ("record", "dose")
"""Columns of a record that do not make another node of it."""

_EXPECTED: dict[str, str] = {
    "record": "VARCHAR",
    "person": "VARCHAR",
    "name_full": "VARCHAR",
    "name_key": "VARCHAR",
    "name_sorted": "VARCHAR",
    "birth_date": "DATE",
    "birth_precision": "VARCHAR",
    "birth_swapped": "DATE",
    "sex": "VARCHAR",
    "personal_id": "VARCHAR",
    "old_id": "VARCHAR",
    "passport": "VARCHAR",
    "insurance_no": "VARCHAR",
    "qid": "VARCHAR",
    "id_tail": "VARCHAR",
    "id_verified": "BOOLEAN",
    "phone": "VARCHAR",
    "phone_is_own": "BOOLEAN",
    "province_code": "VARCHAR",
    "district_code": "VARCHAR",
    "commune_code": "VARCHAR",
    "address": "VARCHAR",
    "account": "VARCHAR",
    "household": "VARCHAR",
    "dose": "VARCHAR",
    "flags": "VARCHAR[]",
}


class NotClaims(ValueError):
    """The table given holds no claims: a column is missing that nothing can be linked without."""


def load_claims(db: duckdb.DuckDBPyConnection, claims: pa.Table | Path) -> int:
    """Makes the table `claims` from an Arrow table or a Parquet file; returns how many records it holds.

    Columns that are absent are empty. Raises NotClaims where `record` is missing, empty or repeated.
    """
    source = "claims_given"
    if isinstance(claims, Path):
        db.from_parquet(str(claims)).create_view(source)
    else:
        db.register(source, claims)
    present = {row[0] for row in db.execute(f"DESCRIBE {source}").fetchall()}
    if "record" not in present:
        raise NotClaims("a claim needs the column 'record'")
    chosen = ", ".join(
        f"CAST({name if name in present else 'NULL'} AS {kind}) AS {name}" for name, kind in _EXPECTED.items()
    )
    db.execute(f"CREATE TABLE claims AS {comparable(f'SELECT {chosen} FROM {source}')}")
    records = count(db, "SELECT count(*) FROM claims")
    if records != count(db, "SELECT count(DISTINCT record) FROM claims"):
        raise NotClaims("a record name is empty or stands twice among the claims")
    return records


def comparable(given: str) -> str:
    """Claims reduced to comparable columns: unusable names and padded birthdays become empty."""
    return f"""
    WITH given AS (SELECT *, coalesce(flags, []) AS doubts, {_HAS_MARKS} AS has_marks,
            {_FAMILY_SPELT} AS family_spelt, {_PARTS} AS parts FROM ({given})),
    named AS (
        SELECT *, {_IS_A_NAME} AS has_name,
            birth_precision = 'day' AND NOT list_contains(doubts, 'birth_default') AS has_day,
            {_SPELT} AS spelt, {_line_key("parts[1]")} AS line, {_line_key("parts[2]")} AS line_behind,
            parts[2] AS behind
        FROM given)
    SELECT record, person,
        CASE WHEN has_name AND has_marks THEN list_filter(
            string_split(spelt, ' '), lambda word: {_key_token("word")} = string_split(name_key, ' ')[-1])[-1]
            END AS given_accented,
        CASE WHEN has_name THEN name_key END AS name_key,
        CASE WHEN has_name THEN coalesce(name_sorted, name_key) END AS name_sorted,
        CASE WHEN has_name AND has_marks
             THEN array_to_string(list_sort(string_split(spelt, ' ')), ' ') END AS accented,
        CASE WHEN has_day THEN birth_date END AS day,
        CASE WHEN has_day THEN strftime(birth_date, '%Y%m%d') END AS digits,
        CASE WHEN has_day THEN birth_swapped END AS swapped,
        CASE WHEN has_name OR NOT ({_NO_YEAR}) THEN CAST(year(birth_date) AS INTEGER) END AS year,
        list_contains(doubts, 'birth_two_digit_year') AS two_digit_year,
        -- Of no province, and of another year than the person: typed for want of a number, it is nobody's.
        sex, CASE WHEN NOT (list_contains(doubts, 'id_province_unknown') AND list_contains(doubts, 'id_birth_conflict'))
            THEN personal_id END AS personal_id,
        old_id, passport, insurance_no, qid, id_tail, coalesce(id_verified, FALSE) AS id_verified,
        list_contains(doubts, '{INSURANCE_UNSURE}') AS insurance_unsure,
        list_contains(doubts, '{PASSPORT_UNSURE}') AS passport_unsure,
        personal_id IS NOT NULL AND list_contains(doubts, 'id_birth_conflict') AS id_of_another_year,
        phone, coalesce(phone_is_own, TRUE) AS phone_is_own,
        province_code, district_code, commune_code, {_ADDRESS} AS address, {_HAMLET} AS hamlet,
        account, household, dose
    FROM named"""


def _plain(lower: str) -> str:
    return f"replace(strip_accents({lower}), 'đ', 'd')"


def _key_token(word: str) -> str:
    """A word of the name as it stands in `name_key`: without diacritics, a final y as i."""
    return f"regexp_replace({_plain(word)}, 'y$', 'i')"


_IS_A_UNIT = (
    "regexp_matches(lower(address), '^ *(xã|xa|phường|phuong|thị trấn|thi tran|thị xã|thi xa|thành phố|thanh pho"
    "|quận|quan|huyện|huyen|tỉnh|tinh) ')"
)
# Without marks 'quan' and 'phuong' begin streets as well (Quan Nhân, Phương Mai): there a number follows.
_UNITS = "xã|phường|thị trấn|thịxã|thành phố|quận|huyện|tỉnh|xa|thi tran|thixa|thanh pho|huyen|tinh"
_UNIT_BEHIND = f"regexp_matches(behind, '^ *(({_UNITS}) |(phuong|quan) +[0-9]|(x|p|tt|tx|tp|q|h|t)( |[.]))')"
_STREET_BEHIND = "regexp_matches(behind, '^ *(đường|phố|duong|pho) ')"
_BARE_NUMBER = "regexp_matches(line, '^(so|nha|sonha)?[0-9]+[a-z]?$')"
# House and street, or the hamlet. A bare house number says nothing without what stands behind it ('Số 71, Thôn 3'), or
# else within its commune alone, where more streets have it; and a commune is nobody's home. A street that is called by
# a date is a street ('125/12 30/4').
_ADDRESS = f"""CASE WHEN {_IS_A_UNIT} THEN NULL
            WHEN {_BARE_NUMBER} AND len(line_behind) >= 3 AND NOT {_UNIT_BEHIND}
            THEN line || CASE WHEN {_STREET_BEHIND} THEN regexp_replace(line_behind, '^(duong|pho)', '')
                ELSE line_behind END
            WHEN {_BARE_NUMBER} THEN CASE WHEN len(line) >= 3 THEN 'so' || line || 'xa' || commune_code END
            WHEN len(line) >= 3 THEN line END"""
_HAMLET = f"CASE WHEN NOT {is_hamlet('line')} AND {is_hamlet('line_behind')} THEN line_behind END"
# As syllables.has_marks.
_HAS_MARKS = r"regexp_matches(replace(name_full, 'đ', 'd'), '[^\x00-\x7F]')"
# Most families' names are spelt in one way: 'Nguyển' and 'Pham' with other marks are a slip, and tell nobody apart.
_FIRST_WORD = "string_split(name_full, ' ')[1]"
_OF_ONE_SPELLING = " ".join(f"WHEN '{key}' THEN '{name}'" for key, name in FAMILIES_OF_ONE_SPELLING.items())
_FAMILY_SPELT = f"CASE string_split(name_key, ' ')[1] {_OF_ONE_SPELLING} END"
_SPELT = f"""CASE WHEN family_spelt <> {_FIRST_WORD} AND has_marks AND len(string_split(name_key, ' ')) >= 3
                AND {_key_token(_FIRST_WORD)} = string_split(name_key, ' ')[1]
            THEN regexp_replace(name_full, '^[^ ]+', family_spelt) ELSE name_full END"""
# Of a row that names nobody: what stands where a form would not be left empty (1900; the 31st of February 1980).
_NO_YEAR = "list_contains(doubts, 'birth_day_impossible') OR year(birth_date) <= 1900"
# A lone word that is a family name or a form of address names nobody.
_NOT_ALONE_A_NAME = [
    "nguyen",
    "tran",
    "le",
    "pham",
    "hoang",
    "huynh",
    "phan",
    "vu",
    "vo",
    "dang",
    "bui",
    "do",
    "ho",
    "ngo",
    "duong",
    "ly",
    "dinh",
    "truong",
    "doan",
    "trinh",
    "dao",
    "ha",
    "lam",
    "mai",
    "cao",
    "luong",
    "luu",
    "ta",
    "to",
    "tu",
    "ton",
    "kieu",
    "chau",
    "quach",
    "thai",
    "phung",
    "tang",
    "la",
    "vuong",
    "trieu",
    "mac",
    "khong",
    "an",
    "chu",
    "hua",
    "nghiem",
    "anh",
    "chi",
    "em",
    "ong",
    "ba",
    "co",
    "chu",
    "bac",
    "di",
    "chau",
    "con",
    "me",
    "bo",
    "cha",
    "be",
    "cu",
    "thay",
    "a",
    "b",
    "bn",
    "x",
    "khach",
    "nguoi",
    "nha",
]
_IS_A_NAME = f"""coalesce(name_key, '') <> '' AND NOT list_contains(doubts, 'not_a_name')
            AND len(name_key) > 2 AND name_key NOT IN ({", ".join(f"'{word}'" for word in _NOT_ALONE_A_NAME)})"""


# Parts of an address stand between commas, semicolons or dashes with blanks around, or a commune, district or town
# follows its word ('thôn 2 xã Hàng Vịnh'). Without marks 'quan' may end a street (Lạc Long Quân), and 'phuong' begin
# one (Phương Mai). A house's number is written with "số", "số nhà" or without, its street with "đường" or without.
_SEPARATORS = r"\s+[-–]\s+|;"
_UNIT_WORDS = r"([^\s,])\s+((phường|xã|thị trấn|thịxã|thành phố|quận|huyện)\s)"
_PLAIN_UNIT_WORDS = r"([^\s,])\s+((xa|thi tran|thixa|thanh pho)\s|phuong\s+[0-9])"
_NUMBER_WORDS = r"\b(so nha|nha so|so)\s+([0-9])"
_STREET_WORDS = r"\b([0-9][0-9a-z/]*)\s+(duong|pho)\s+"
_STREET_OF_A_DATE = r"([0-9])\s+([0-9]{1,2}/[0-9]{1,2})\s*$"
_NO_COMMUNES = ("xã đàn", "tác xã", "thị xã", "xa lộ", "tỉnh lộ", "tac xa", "thi xa", "xa lo", "tinh lo")
"""Words of streets, towns and cooperatives that sound like a commune's or province's: held together."""


def _held_together(lower: str) -> str:
    for words in _NO_COMMUNES:
        lower = f"replace({lower}, '{words}', '{words.replace(' ', '')}')"
    return lower


_LOWER = f"regexp_replace({_held_together('lower(address)')}, '{_SEPARATORS}', ',', 'g')"
# Two constant patterns: one that is worked out would be compiled for each row.
_PARTED = f"""CASE WHEN strip_accents(address) = address
    THEN regexp_replace({_LOWER}, '{_PLAIN_UNIT_WORDS}', '\\1,\\2', 'g')
    ELSE regexp_replace({_LOWER}, '{_UNIT_WORDS}', '\\1,\\2', 'g') END"""
_PARTS = f"string_split({_PARTED}, ',')"
"""The parts of an address, in small letters."""


def _line_key(part: str) -> str:
    """Letters and digits of that part of an address, as everybody's who lives there."""
    numbered = f"regexp_replace({_plain(part)}, '{_NUMBER_WORDS}', '\\2', 'g')"
    house = f"regexp_replace({numbered}, '{_STREET_WORDS}', '\\1 ', 'g')"
    dated = f"regexp_replace({house}, '{_STREET_OF_A_DATE}', '\\1 pho \\2')"
    return f"regexp_replace({dated}, '[^a-z0-9]', '', 'g')"


def build_nodes(db: duckdb.DuckDBPyConnection) -> int:
    """Makes `nodes` and `records` from `claims`; returns how many nodes there are."""
    _point_accounts_at_each_other(db)
    _forget_placeholders(db)
    db.execute("""CREATE TABLE phone_people AS
        SELECT phone, count(DISTINCT name_sorted) AS people FROM claims WHERE phone IS NOT NULL GROUP BY phone""")
    columns = _node_columns(db)
    fingerprint = " || chr(31) || ".join(f"coalesce(CAST({column} AS VARCHAR), chr(30))" for column in columns)
    db.execute(f"""
        CREATE TABLE keyed AS SELECT record, dose, md5_number({fingerprint} || chr(31) || CASE WHEN {_STANDS_ALONE}
            THEN '' ELSE record END) AS key FROM claims""")
    db.execute("""
        CREATE TABLE firsts AS SELECT key, min(record) AS record, CAST(count(*) AS INTEGER) AS records,
            CAST(row_number() OVER (ORDER BY min(record)) - 1 AS INTEGER) AS node FROM keyed GROUP BY key""")
    db.execute(
        "CREATE TABLE records AS SELECT keyed.record, firsts.node, keyed.dose FROM keyed JOIN firsts USING (key)"
    )
    db.execute("""
        CREATE TABLE nodes AS SELECT firsts.node, firsts.records, claims.* EXCLUDE (dose),
            string_split(name_key, ' ') AS tokens, string_split(name_key, ' ')[1] AS family,
            string_split(name_key, ' ')[-1] AS given
        FROM claims JOIN firsts USING (record) ORDER BY firsts.node""")
    db.execute("DROP TABLE keyed; DROP TABLE firsts; DROP TABLE claims")
    return count(db, "SELECT count(*) FROM nodes")


# Equal columns mean one person only where they hold an identifier, or a name of two words with a phone.
_STANDS_ALONE = f"""household IS NULL AND (personal_id IS NOT NULL OR old_id IS NOT NULL OR passport IS NOT NULL
    OR insurance_no IS NOT NULL OR account IS NOT NULL OR (contains(name_key, ' ') AND phone IS NOT NULL
    AND phone NOT IN (SELECT phone FROM phone_people WHERE people > {MOST_NAMES_OF_A_FAMILY_PHONE})))"""


def _node_columns(db: duckdb.DuckDBPyConnection) -> list[str]:
    return [row[0] for row in db.execute("DESCRIBE claims").fetchall() if row[0] not in NOT_OF_A_NODE]


def _point_accounts_at_each_other(db: duckdb.DuckDBPyConnection) -> None:
    """An account that rows refer to carries its own name in `account`, so owner and rows share one value."""
    db.execute("""
        UPDATE claims SET account = record
        WHERE account IS NULL AND record IN (SELECT account FROM claims WHERE account IS NOT NULL)""")


def _forget_placeholders(db: duckdb.DuckDBPyConnection) -> None:
    for column in ACCOUNT_COLUMNS:
        db.execute(f"""
            UPDATE claims SET {column} = NULL WHERE {column} IN (
                SELECT {column} FROM claims WHERE {column} IS NOT NULL GROUP BY {column}
                HAVING count(DISTINCT name_sorted) > {MOST_NAMES_OF_AN_IDENTIFIER})""")
