"""Which agreements are evidence enough to join two records: weight alone never is.

Each pattern belongs to a tier; tiers are worked off in order, so that what identifiers tell is settled before names
are asked. Within the family the same phone, commune and family name are the rule, twins share the birth date too, and a
father and a son may share the whole name: every pattern below is what they would *not* agree on.
"""

from __future__ import annotations

from pccovid.linkage.comparing import AREA, BIRTH, INSURANCE_NO, NAME, OLD_ID, PASSPORT, PERSONAL_ID, PHONE, SEX
from pccovid.linkage.name_words import COMMON_FAMILY_KEYS

IDENTIFIER, BIRTHDAY, YEAR, TWO_NAMES, WRONG_DATE, WRONG_SEX, TOGETHER, PHONE_ONLY, BARE = 1, 2, 3, 4, 5, 6, 7, 8, 9
"""Tiers in the order of working: the same identifier; name and complete birth date; name, birth year and phone;
one identifier under two names; whole name, phone and home under a wrong date; whole name, birth date and phone under
a wrong sex; what two records say too little of and all records beside them say in full; name and phone with no birth
date; an identifier and nothing else."""

TIER_NAMES = {
    IDENTIFIER: "same_identifier",
    BIRTHDAY: "name_and_birthday",
    YEAR: "name_year_and_phone",
    TWO_NAMES: "identifier_under_two_names",
    WRONG_DATE: "name_phone_and_home",
    WRONG_SEX: "name_birthday_and_phone",
    TOGETHER: "said_together",
    PHONE_ONLY: "name_and_phone",
    BARE: "identifier_alone",
}

RARE_ENOUGH = 2e-3
"""Name and birth date stand without a phone where, among the people of the area both records name, at most this many
others are expected to have both. (A wrong join needs, besides, that the record's own person has no other record.)"""

YEARS_OF_BIRTH = 60

NAMESAKES_OF_ANY_AGE = f"namesakes * {YEARS_OF_BIRTH} * CASE WHEN both_days THEN 365 ELSE 1 END"
"""`namesakes` counts those of the birthday where both records have one, else those of the year."""

NEARBY_BIRTHDAYS = 75
"""Dates that a slip of the pen makes of one (comparing.BIRTH, 'near')."""

NOBODYS_WORD = 1e-4
"""Share of names below which a word is taken for nobody's name, even where no birth date tells the age."""

NAMED_SO = f"list_min(list_transform(words, lambda w: w.share)) >= {NOBODYS_WORD}"
"""Whether every word of a node's name is somebody's, as SQL over `nodes`."""

_RAREST = {node: f"list_min(list_transform({node}.words, lambda w: w.share))" for node in "no"}
_MAY_NOT_BE_A_SLIP = f"""({_RAREST["n"]} >= {10 * NOBODYS_WORD} OR NOT is_slip
    OR {_RAREST["o"]} < {NOBODYS_WORD} AND {_RAREST["o"]} < {_RAREST["n"]})"""
"""Some slips ('Bo' for 'Bảo') are made often: only a common name is none, or one beside which the other is misspelt."""
_LEFT_OF_THE_NAME = """(o.year = f.year AND o.given = f.given AND coalesce(o.given_accented = f.given_accented, TRUE)
    AND len(o.name_key) < len(f.name_key)
    AND list_has_all(string_split(f.name_key, ' '), string_split(o.name_key, ' ')))"""
CASTS_NO_DOUBT = f"""n.year IS NULL AND o.year IS NOT NULL AND f.year IS NOT NULL AND ({_LEFT_OF_THE_NAME}
    OR is_spelt_so AND len(string_split(n.name_key, ' ')) > 2 AND {_MAY_NOT_BE_A_SLIP})"""
"""Whether node n, without a birth year, is not node o's, of a like name, since it has f's: to the last diacritic
(`is_spelt_so`), and n is no slip for o's name; or o's name is what is left of f's, of that year. Two words are not
enough: they may be what is left of a longer name. `is_slip`: n and o differ in one slip."""

RARE_WORD = 2e-4
"""Share of names below which a word may be a typing error: every word that the model knows has more."""

MOST_NAMESAKES = 2e-3
"""Where no birth date helps: namesakes of a record, at most, to be expected among the users of a clerk's phone or at an
address."""

SHARE_OF_A_COMMON_NAME = 1e-3
"""Share of people above which a whole name may be given to two children of one house."""

SAME_IDENTIFIER = (
    f"(personal_id_level IN {PERSONAL_ID.codes('same')} OR old_id_level IN {OLD_ID.codes('same')}"
    f" OR passport_level IN {PASSPORT.codes('same')} OR insurance_no_level IN {INSURANCE_NO.codes('same')}"
    " OR same_account)"
)
# Twins are entered with one parent's number, whose digits tell the parent's year.
OWN_NUMBER = (
    f"(personal_id_level IN {PERSONAL_ID.codes('same')} AND NOT has_parents_number"
    f" OR passport_level IN {PASSPORT.codes('same')} OR insurance_no_level IN {INSURANCE_NO.codes('same')}"
    " OR own_account)"
)
MISTYPED_IDENTIFIER = (
    f"(personal_id_level IN {PERSONAL_ID.codes('typo')} OR old_id_level IN {OLD_ID.codes('typo')}"
    f" OR passport_level IN {PASSPORT.codes('typo')} OR insurance_no_level IN {INSURANCE_NO.codes('typo')})"
)
SAME_PHONE = f"phone_level IN {PHONE.codes('same', 'same_shared')}"
SAME_HOME = f"area_level IN {AREA.codes('same_address', 'same_commune', 'same_line')}"
SAME_ADDRESS = f"area_level IN {AREA.codes('same_address')}"
SAME_ADDRESS_OR_LINE = f"area_level IN {AREA.codes('same_address', 'same_line')}"
NO_SEX_CONFLICT = f"sex_level IN {SEX.codes('missing', 'same')}"
SAME_SPELLING = f"name_level IN {NAME.codes('same_accented')}"
ONE_SLIP = f"name_level IN {NAME.codes('one_typo')}"
WHOLE_NAME = f"name_level IN {NAME.codes('same_accented', 'same_plain', 'rotated')}"
CLOSE_NAME = f"name_level IN {NAME.codes('accents_differ', 'middle_dropped', 'one_typo')}"
LOOSE_NAME = f"name_level IN {NAME.codes('part_shared', 'two_typos')}"
# A typing error mostly makes a word that hardly anybody is called; An and Anh, An and Ân are two names each. Twins and
# brothers whose given names differ in a tone are told apart by that tone alone; in the other words they do not differ.
LAST_YEAR_OF_ADULTS = 2003
SAME_GIVEN_OTHER_MARKS = f"(name_level IN {NAME.codes('accents_differ')} AND coalesce(same_given, FALSE))"
# Two of one family may be Văn Anh and Vân Anh: the rarer of the two words is a rare one.
ANOTHER_MARK_BEFORE = f"({SAME_GIVEN_OTHER_MARKS} AND rarer_share <= {20 * NOBODYS_WORD})"
MISSPELT_NAME = (
    f"((is_slip AND given_is_near AND NOT given_conflict AND (name_level IN {NAME.codes('one_typo')}"
    f" OR (name_level IN {NAME.codes('two_typos')} AND same_given_key)))"
    f" OR {SAME_GIVEN_OTHER_MARKS})"
)
# Grown twins hardly share a phone: with the birthday the same, a rare word is a slip of the same person's.
MISSPELT_TONE = (
    f"(is_slip AND name_level IN {NAME.codes('accents_differ')} AND born <= {LAST_YEAR_OF_ADULTS}"
    f" AND birth_level IN {BIRTH.codes('same_day', 'same_year')})"
)
SAME_GIVEN_NAME = (
    f"(same_given_key AND name_level IN"
    f" {NAME.codes('accents_differ', 'middle_dropped', 'one_typo', 'part_shared', 'two_typos')})"
)
# Children share the family's phone, and twins' given names may differ in one letter or tone: a child's misspelt name
# joins without an identifier only where the given name is the same.
GROWN = f"coalesce(born, {LAST_YEAR_OF_ADULTS + 1}) <= {LAST_YEAR_OF_ADULTS}"
DROPPED_MIDDLE = f"(name_level IN {NAME.codes('middle_dropped')} AND NOT given_conflict)"
# The younger of the two, where both state a year.
BOTH_GROWN = f"coalesce(born + years_apart, {LAST_YEAR_OF_ADULTS + 1}) <= {LAST_YEAR_OF_ADULTS}"
# Not a dropped middle name: in the word that is missing a sister or a cousin differs.
CHILDS_SLIP = (
    f"(both_marked AND coalesce(same_given, FALSE) AND (name_level IN {NAME.codes('accents_differ')}"
    f" OR is_slip AND name_level IN {NAME.codes('one_typo', 'two_typos')}))"
)


def _birth(*levels: str) -> str:
    return f"birth_level IN {BIRTH.codes(*levels)}"


def _all(*conditions: str) -> str:
    return "(" + " AND ".join(f"({condition})" for condition in conditions) + ")"


def _any(*conditions: str) -> str:
    return "(" + " OR ".join(f"({condition})" for condition in conditions) + ")"


# A name and birthday that somebody else at another phone in another area has are two people's.
_NOT_ELSEWHERE = _any(f"phone_level NOT IN {PHONE.codes('different')}", f"area_level NOT IN {AREA.codes('different')}")
_SEEN_NEAR = _any(
    f"phone_level NOT IN {PHONE.codes('different')}", f"area_level NOT IN {AREA.codes('missing', 'different')}"
)
# Two slips that make another name of it, behind another phone, may be a twin's: that waits until what is better has
# been found (_TWO_NAMES).
_NOT_THE_TWINS_NAME = _any(f"name_level NOT IN {NAME.codes('two_typos')}", "same_given_key", "is_slip", SAME_PHONE)
# A parent's account and card of the old kind stand beside twins, whose birthday is one and whose names are alike: of
# children the given name must be the same, unless it is misspelt.
_NOT_THE_SIBLING = _any(
    GROWN, OWN_NUMBER, WHOLE_NAME, f"name_level IN {NAME.codes('missing')}", MISSPELT_NAME,
    _all("same_given_key", "NOT given_conflict"),
)  # fmt: skip
_SAME_ID = _any(
    _all(NO_SEX_CONFLICT, _any(WHOLE_NAME, CLOSE_NAME, LOOSE_NAME), _birth("same_day", "swapped", "near")),
    # A mistyped number may be somebody's of a like name and the same year: so the name must be whole but for a slip,
    # or phone or home agree too.
    _all(NO_SEX_CONFLICT, _any(WHOLE_NAME, MISSPELT_NAME), _birth("same_year", "missing")),
    _all(NO_SEX_CONFLICT, SAME_GIVEN_NAME, _birth("same_year", "missing"), _NOT_ELSEWHERE),
    _all(NO_SEX_CONFLICT, _any(CLOSE_NAME, LOOSE_NAME), _birth("same_year"), _any(SAME_PHONE, SAME_HOME)),
    _all(NO_SEX_CONFLICT, CLOSE_NAME, _birth("missing"), _any(SAME_PHONE, SAME_HOME)),
    _all(NO_SEX_CONFLICT, f"name_level IN {NAME.codes('missing')}", _birth("same_day")),
    # A date that is simply wrong: nobody in a family has the whole name and is less than twelve years apart. At another
    # phone in another area, or none, it may be a namesake's number, typed by mistake.
    _all(NO_SEX_CONFLICT, WHOLE_NAME, _birth("other"), _SEEN_NEAR),
    # The given name alone, or behind initials ('N. T. Xuân'): who shares a number in a family has another.
    _all(NO_SEX_CONFLICT, "same_given_key", "NOT given_conflict", _birth("same_day", "swapped", "near")),
    _all(NO_SEX_CONFLICT, "same_given_key", "NOT given_conflict", _birth("same_year"), _any(SAME_PHONE, SAME_HOME)),
    # A slip in the name and a wrong date at once.
    _all(NO_SEX_CONFLICT, MISSPELT_NAME, _birth("other"), _any(SAME_PHONE, SAME_HOME)),
    # The next year or the last, and the very name: a form asks for the year alone, and it is guessed.
    _all(NO_SEX_CONFLICT, WHOLE_NAME, _birth("other"), "years_apart <= 1"),
    # Grown people who share a number by mistake have neither the phone nor the given name in common.
    _all(NO_SEX_CONFLICT, "same_given_key", "NOT given_conflict", _birth("other"), SAME_PHONE, BOTH_GROWN),
    _all(NO_SEX_CONFLICT, CLOSE_NAME, _birth("other"), "years_apart <= 1", SAME_PHONE, BOTH_GROWN),
    # A generation mistyped (guards.is_a_generation_mistyped): no two grown people at home have the name and the number.
    _all(
        NO_SEX_CONFLICT,
        WHOLE_NAME,
        "contains(name_key, ' ')",
        _birth("far"),
        BOTH_GROWN,
        _any(SAME_PHONE, SAME_ADDRESS),
    ),
    # A sex that is simply wrong, while all else agrees.
    _all(WHOLE_NAME, _birth("same_day")),
    _all(WHOLE_NAME, _birth("same_year", "missing"), SAME_PHONE),
    _all(SAME_SPELLING, _birth("same_year"), SAME_HOME),
    _all(_any(CLOSE_NAME, MISSPELT_NAME), _birth("same_day"), SAME_PHONE),
)
# Twins again: written without diacritics, one may be the other, and their phones may be two. Not where the letters are
# one name alone.
_NO_OTHER_PHONE = _any(
    f"phone_level NOT IN {PHONE.codes('different', 'different_shared')}",
    SAME_SPELLING,
    _all("one_is_marked", "NOT reads_otherwise", GROWN),
)
# Of a name of one word the share tells little: it is mostly what was left out. In another commune, or with another
# phone, it is likelier a namesake.
_HERE = _all(
    f"phone_level NOT IN {PHONE.codes('different')}",
    f"area_level NOT IN {AREA.codes('same_district', 'same_province', 'different')}",
)
# In another province, or in another house where one side names no province, nothing is left but name and birthday, and
# two children of the country may have both.
_FAR_APART = _any(
    f"area_level IN {AREA.codes('different')}", _all(f"area_level IN {AREA.codes('missing')}", "lines_differ")
)
_RARE_NAME = _all(
    "contains(name_key, ' ')",
    f"namesakes <= CASE WHEN {_HERE} THEN {RARE_ENOUGH} ELSE {RARE_ENOUGH / 5} END",
    f"NOT {_FAR_APART}",
    _NO_OTHER_PHONE, _NOT_ELSEWHERE,
)  # fmt: skip
_NO_NEIGHBOUR = _any("NOT is_hamlet", f"phone_level NOT IN {PHONE.codes('different')}")
_BIRTHDAY = _any(
    _all(
        WHOLE_NAME,
        _birth("same_day"),
        # 'same_code': the number of one code of the national QR platform.
        _any(SAME_PHONE, MISTYPED_IDENTIFIER, _RARE_NAME, "same_code"),
    ),
    _all(WHOLE_NAME, _birth("swapped"), _any(SAME_PHONE, MISTYPED_IDENTIFIER)),
    # Written without diacritics and born another day of that month, a child may be the twin or a cousin.
    _all(WHOLE_NAME, _birth("near"), SAME_PHONE, _any(SAME_SPELLING, GROWN)),
    _all(_any(MISSPELT_NAME, MISSPELT_TONE, DROPPED_MIDDLE), GROWN, _birth("same_day"), SAME_PHONE),
    _all(CHILDS_SLIP, _birth("same_day"), SAME_PHONE),
    # In one house nobody else has the birthday and the very name, or one that differs by a mark before the given name.
    _all(
        _any(_all(SAME_SPELLING, "contains(name_key, ' ')"), ANOTHER_MARK_BEFORE),
        _birth("same_day"),
        SAME_ADDRESS,
        _any("NOT is_hamlet", f"namesakes <= {RARE_ENOUGH}"),
    ),
    # A slip of the pen, and no phone on one side: nobody else at home has the name and nearly the birthday.
    _all(
        SAME_SPELLING,
        "contains(name_key, ' ')",
        _birth("swapped", "near"),
        GROWN,
        SAME_ADDRESS,
        _NO_NEIGHBOUR,
        f"namesakes * {NEARBY_BIRTHDAYS} <= {RARE_ENOUGH / 4}",
    ),
)
# Written without diacritics, a child may be the twin: the year and the phone are both twins'. Not where the letters
# are one name alone.
_NOT_THE_TWIN = _any("NOT one_is_marked", GROWN, SAME_ADDRESS, "NOT reads_otherwise")
_YEAR = _any(
    _all(WHOLE_NAME, _birth("same_year"), MISTYPED_IDENTIFIER),
    # In one house: phones change. In one hamlet, of hundreds, a namesake has the other.
    _all(SAME_SPELLING, _birth("same_year"), SAME_ADDRESS, f"namesakes <= {RARE_ENOUGH / 4}", _NO_NEIGHBOUR),
    _all(
        _any(
            _all(WHOLE_NAME, _NOT_THE_TWIN),
            _all(_any(MISSPELT_NAME, MISSPELT_TONE, DROPPED_MIDDLE), GROWN),
            CHILDS_SLIP,
        ),
        _birth("same_year"),
        SAME_PHONE,
        f"phone_namesakes / {YEARS_OF_BIRTH} <= {RARE_ENOUGH / 4}",
    ),
    _all(
        WHOLE_NAME,
        _birth("same_year"),
        _any(
            # Written without diacritics, a child may be the twin.
            _all(SAME_HOME, f"namesakes <= {RARE_ENOUGH / 4}", _any(SAME_SPELLING, GROWN, SAME_ADDRESS)),
            _all(SAME_ADDRESS, f"namesakes <= {RARE_ENOUGH}", SAME_SPELLING),
            # Of children a hamlet holds fewer, and they have no phone of their own: a common name will do.
            _all(SAME_ADDRESS, f"namesakes <= {10 * RARE_ENOUGH}", SAME_SPELLING, f"born > {LAST_YEAR_OF_ADULTS}"),
        ),
        f"phone_level NOT IN {PHONE.codes('different')}",
    ),
)
# A date that is simply wrong: behind a family's phone, in one home, no other grown person has this very name but a
# parent. Children of one name, cousins, do stand behind one phone and in one house.
_WRONG_DATE = _any(
    _all(
        SAME_SPELLING,
        "contains(name_key, ' ')",
        _birth("other"),
        _any(
            # Declared for a child from memory: cousins share a common name, hardly one that one in a thousand has.
            _all(
                f"phone_level IN {PHONE.codes('same_shared')}", SAME_ADDRESS, f"name_share <= {SHARE_OF_A_COMMON_NAME}"
            ),
            _all(
                SAME_PHONE,
                "phone_namesakes = 0",
                _any(
                    _all(SAME_HOME, GROWN),
                    _all(SAME_ADDRESS_OR_LINE, "years_apart <= 1"),
                    "same_day_and_month",
                ),
            ),
            # A rare name in one house.
            _all(
                SAME_ADDRESS,
                BOTH_GROWN,
                f"{NAMESAKES_OF_ANY_AGE} <= CASE WHEN is_hamlet THEN {RARE_ENOUGH / 4} ELSE {5 * RARE_ENOUGH} END",
                f"phone_level NOT IN {PHONE.codes('different')}",
            ),
        ),
    ),
    # The same without diacritics, in one house or hamlet: the year before or after, or one digit of it, under the day
    # and month, where both tell them. A child a year apart may be a sibling; so may one ten years apart whose letters
    # are two names.
    _all(
        WHOLE_NAME,
        "contains(name_key, ' ')",
        _birth("other"),
        SAME_PHONE,
        "phone_namesakes = 0",
        SAME_ADDRESS_OR_LINE,
        _any("NOT both_days", "same_day_and_month"),
        _any(_all("years_apart = 10", _any(BOTH_GROWN, "NOT reads_otherwise")), _all(BOTH_GROWN, "years_apart <= 1")),
    ),
)
# A sex that is simply wrong: nobody else behind the phone is called and born so, twins of two sexes least of all.
_WRONG_SEX = _all(
    SAME_SPELLING,
    "contains(name_key, ' ')",
    _birth("same_day", "same_year"),
    SAME_PHONE,
    f"sex_level IN {SEX.codes('different')}",
    f"phone_namesakes / {YEARS_OF_BIRTH} <= {RARE_ENOUGH / 4}",
)
_TWO_NAMES = _all(
    f"name_level IN {NAME.codes('different', 'two_typos')}",
    # A relative's name in one's own row: the phone is the same besides. Cards of the old kind go round.
    _any(_birth("same_day"), _all(_birth("same_year", "swapped", "near"), SAME_PHONE, BOTH_GROWN, OWN_NUMBER)),
    f"sex_level IN {SEX.codes('same')}",
)
# Too little by themselves: a child's name without diacritics behind the phone; a birthday that some namesake in the
# country may have. Joined only where all that is known of both sides says more (guards.say_the_same).
_TOGETHER = _all(
    WHOLE_NAME,
    "contains(name_key, ' ')",
    _any(
        _all(
            _birth("same_day", "same_year"), SAME_PHONE, f"phone_namesakes / {YEARS_OF_BIRTH} <= {RARE_ENOUGH / 4}"
        ),
        _all(
            _birth("same_day"),
            f"phone_level IN {PHONE.codes('missing')}",
            f"area_level IN {AREA.codes('missing')}",
            "NOT lines_differ",
            f"namesakes <= {25 * RARE_ENOUGH}",
        ),
        # Another phone, and a hamlet or house in common besides.
        _all(
            _birth("same_day"),
            f"area_level IN {AREA.codes('missing', 'same_address', 'same_commune', 'same_line')}",
            "NOT lines_differ",
            f"namesakes <= {25 * RARE_ENOUGH}",
        ),
    ),
)  # fmt: skip
# Peoples whose names are often of two words: the shorter name may be another member of the family.
_MIDDLE_NAMES_ARE_USUAL = "family IN (" + ", ".join(f"'{key}'" for key in sorted(COMMON_FAMILY_KEYS)) + ")"
# Brothers' names may differ in a tone alone, but then both are names.
_NOBODYS_TONE = f"is_slip AND rarer_share <= {NOBODYS_WORD} AND name_level IN {NAME.codes('accents_differ')}"
_ONE_BIRTH = "has_year_l <> has_year_r"
_NO_DECLARANTS_PHONE = f"phone_level NOT IN {PHONE.codes('different_shared')}"
# Many of the highlands have one name; of others one word is what is left, but seldom a rare one.
_WHOLE_THOUGH_ONE_WORD = _any("contains(name_key, ' ')", f"name_share <= {SHARE_OF_A_COMMON_NAME}")
_PHONE_ONLY = _any(
    _all(
        WHOLE_NAME,
        _birth("missing"),
        SAME_PHONE,
        _WHOLE_THOUGH_ONE_WORD,
        # At another place it may be another user of the phone.
        f"area_level NOT IN {AREA.codes('different')}",
        f"phone_namesakes <= CASE WHEN {_ONE_BIRTH} THEN {10 * MOST_NAMESAKES} ELSE {MOST_NAMESAKES} END",
    ),
    # Like a known person's name, but for a slip.
    _all(
        # A middle name is dropped, not added: who is known by fewer names may be the parent.
        _any(
            _all(
                MISSPELT_NAME,
                f"name_level NOT IN {NAME.codes('two_typos')}",
                f"rarer_share <= {RARE_WORD}",
                _any("same_given_key", "both_marked"),
            ),
            ANOTHER_MARK_BEFORE,
            _all(_any(_all(DROPPED_MIDDLE, "undated_is_shorter"), _NOBODYS_TONE), _MIDDLE_NAMES_ARE_USUAL),
        ),
        GROWN,
        _birth("missing"),
        _ONE_BIRTH,
        SAME_PHONE,
        f"phone_namesakes <= {MOST_NAMESAKES}",
    ),
    # A known person's name and home.
    _all(
        WHOLE_NAME,
        _birth("missing"),
        _ONE_BIRTH,
        SAME_ADDRESS,
        # Where the phone is somebody's of another name, it is theirs who wrote a relative's name.
        _any(f"phone_level NOT IN {PHONE.codes('different')}", "names_on_undated_phone <= 1"),
        _any(
            f"namesakes <= {MOST_NAMESAKES}",
            _all(SAME_SPELLING, f"namesakes <= {5 * MOST_NAMESAKES}", _NO_DECLARANTS_PHONE),
        ),
    ),
)


def tier_sql() -> str:
    """The tier whose pattern a scored pair fulfils, NULL where none does."""
    return f"""CASE
        WHEN {SAME_IDENTIFIER} AND {_NOT_THE_TWINS_NAME} AND {_NOT_THE_SIBLING} AND {_SAME_ID} THEN {IDENTIFIER}
        WHEN {NO_SEX_CONFLICT} AND {_BIRTHDAY} THEN {BIRTHDAY}
        WHEN {NO_SEX_CONFLICT} AND {_YEAR} THEN {YEAR}
        WHEN {SAME_IDENTIFIER} AND {_NOT_THE_SIBLING} AND {_TWO_NAMES} THEN {TWO_NAMES}
        WHEN {NO_SEX_CONFLICT} AND {_WRONG_DATE} THEN {WRONG_DATE}
        WHEN {_WRONG_SEX} THEN {WRONG_SEX}
        WHEN {NO_SEX_CONFLICT} AND {_TOGETHER} THEN {TOGETHER}
        WHEN {NO_SEX_CONFLICT} AND {_PHONE_ONLY} THEN {PHONE_ONLY} END"""


def rival_sql() -> str:
    """Whether a pair that fulfils no pattern still casts doubt on another join: a like name behind the same phone."""
    like = f"({WHOLE_NAME} OR {CLOSE_NAME} OR name_level IN {NAME.codes('part_shared')})"
    return f"({like} AND {_birth('missing')} AND {SAME_PHONE} AND {NO_SEX_CONFLICT})"


def namesake_sql() -> str:
    """Whether a pair is two of one name behind one phone or in one house, born in different years: father and son."""
    return f"({WHOLE_NAME} AND {_birth('far')} AND ({SAME_PHONE} OR {SAME_ADDRESS}))"


CERTAIN = f"tier = {IDENTIFIER} AND exact AND {SAME_SPELLING}"
"""Of pairs that are scored: one number or account, one name to the last diacritic, one whole birth date."""


def exact_sql() -> str:
    """Whether every attribute that both records state agrees fully, an identifier among them."""
    whole = f"name_level IN {NAME.codes('same_accented', 'same_plain')} AND {_birth('same_day')}"
    return f"({SAME_IDENTIFIER} AND {whole} AND {NO_SEX_CONFLICT})"
