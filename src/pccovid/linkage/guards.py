"""What forbids two clusters to be one person, whatever the weight: the cannot-link rules, with a reason for each.

They look at everything both clusters hold, not only at the two records that brought them together, so a chain of
plausible joins cannot carry one person over to another.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from pccovid.linkage.comparing import NEIGHBOURING_NUMBERS
from pccovid.linkage.patterns import (
    BIRTHDAY,
    IDENTIFIER,
    LAST_YEAR_OF_ADULTS,
    PHONE_ONLY,
    TOGETHER,
    WRONG_DATE,
    WRONG_SEX,
    YEAR,
)

TOLD_APART = "told_apart"
TWO_VERIFIED_IDS = "two_verified_ids"
IDENTIFIERS_DIFFER = "identifiers_differ"
BIRTH_DIFFERS = "birth_differs"
SEX_DIFFERS = "sex_differs"
ONE_HOUSEHOLD = "two_members_of_one_household"
PHONE_AND_HOME_DIFFER = "phone_and_home_differ"
ACCENTS_DIFFER = "names_differ_in_accents"
ACCOUNTS_DIFFER = "accounts_differ"
PROVINCES_DIFFER = "provinces_differ"

_NONE: frozenset[str] = frozenset()
_NOTHING: frozenset[Any] = frozenset()


class Birth(NamedTuple):
    """A birth date as one record has it: year, and yyyymmdd of the day and of the day read the other way round."""

    year: int
    digits: str | None = None
    swapped: str | None = None
    two_digit_year: bool = False


class Facts(NamedTuple):
    """All that the records of one cluster state, as far as guards ask for it."""

    verified_ids: frozenset[str] = _NONE
    personal_ids: frozenset[str] = _NONE
    old_ids: frozenset[str] = _NONE
    passports: frozenset[str] = _NONE
    insurance_nos: frozenset[str] = _NONE
    accounts: frozenset[str] = _NONE
    own_accounts: frozenset[str] = _NONE
    """Those of them whose own record is here."""
    sexes: frozenset[str] = _NONE
    births: frozenset[Birth] = frozenset()
    accented: frozenset[tuple[str, str, str]] = frozenset()
    """(words without diacritics, all words with them, the given name with them), once under all words in alphabetical
    order and once under family and given name."""
    households: frozenset[tuple[str, int]] = frozenset()
    """(household, node that stands in it)."""
    phones: frozenset[str] = _NONE
    """Phones of their own."""
    phones_seen: frozenset[str] = _NONE
    """Those, and phones of who declared for them."""
    homes: frozenset[str] = _NONE
    """House and street, or hamlet."""
    hamlets: frozenset[str] = _NONE
    """Hamlets that stand behind a house, as they would stand without it among `homes`."""
    provinces: frozenset[str] = _NONE
    one_word: frozenset[bool] = frozenset()
    """Of each name, whether it is one word."""
    told_apart: frozenset[tuple[int, int]] = frozenset()
    """(decision, side) of each decision of people that this is not the person on the other side."""

    @property
    def has_identifier(self) -> bool:
        """Whether any identifier of a person (not of an account) is held."""
        return bool(self.personal_ids or self.old_ids or self.passports or self.insurance_nos)

    @property
    def has_day(self) -> bool:
        """Whether a complete birth date is held."""
        return any(birth.digits for birth in self.births)


def combine(parts: Sequence[Facts]) -> Facts:
    """The facts of a cluster made of these parts."""
    # Mostly all say the same, in the very same set.
    return Facts._make(
        [sets[0] if sets.count(sets[0]) == len(sets) else _NOTHING.union(*sets) for sets in zip(*parts, strict=True)]
    )


def conflict(one: Facts, other: Facts, tier: int) -> str | None:
    """Why these two may not be one person when joined by evidence of this tier, or None where nothing forbids it."""
    if never := never_one(one, other):
        return never
    if _identifiers_differ(one, other):
        return IDENTIFIERS_DIFFER
    if births_apart(one.births, other.births, tolerant=tier in (IDENTIFIER, WRONG_DATE)) and not (
        tier == IDENTIFIER and is_a_generation_mistyped(one, other)
    ):
        return BIRTH_DIFFERS
    if tier != IDENTIFIER:
        return _conflict_without_identifier(one, other, tier)
    if _is_a_namesakes_number(one, other):
        return BIRTH_DIFFERS
    return ACCENTS_DIFFER if _are_two_children_of_one_account(one, other) else None


def is_a_generation_mistyped(one: Facts, other: Facts) -> bool:
    """Whether a grown person's number, name, and phone or home are one, and a birth year alone is another generation's.

    A child's row with a parent's number and name is the child's.
    """
    if any(birth.year > LAST_YEAR_OF_ADULTS for birth in one.births | other.births):
        return False
    has_number = any(not mine.isdisjoint(yours) for mine, yours in _numbers_side_by_side(one, other)[:4])
    mine, yours = ({letters for letters, _, _ in facts.accented} for facts in (one, other))
    # A side that is written without diacritics contradicts no name: the pair's own pattern has compared them.
    has_name = not mine or not yours or not mine.isdisjoint(yours)
    return has_number and has_name and _are_seen_together(one, other)


def _is_a_namesakes_number(one: Facts, other: Facts) -> bool:
    """Whether a number and a name under two dates may be a namesake's number, typed by mistake.

    So where the two have neither phone nor province in common; and where two women of one household have one name, and
    a card of the old kind stands with both under dates that have nothing in common.
    """
    if not one.accounts.isdisjoint(other.accounts) or not births_apart(one.births, other.births, tolerant=False):
        return False
    if have_no_phone_in_common(one, other):
        return are_of_two_provinces(one, other)
    if one.old_ids.isdisjoint(other.old_ids) or _have_an_own_number_in_common(one, other):
        return False
    return _are_seen_together(one, other) and all(
        _have_nothing_in_common(mine, yours) for mine in one.births for yours in other.births
    )


def _are_seen_together(one: Facts, other: Facts) -> bool:
    return not one.phones_seen.isdisjoint(other.phones_seen) or not one.homes.isdisjoint(other.homes)


def _have_nothing_in_common(one: Birth, other: Birth) -> bool:
    """Two whole dates that differ in year (by more than one), month and day; 01/01 is what a form shows, no date."""
    if one.digits is None or other.digits is None or abs(one.year - other.year) <= 1:
        return False
    mine, yours = one.digits[4:], other.digits[4:]
    return "0101" not in (mine, yours) and mine[:2] != yours[:2] and mine[2:] != yours[2:]


def _are_two_children_of_one_account(one: Facts, other: Facts) -> bool:
    """Twins' doses are entered under a parent's account: there the account does not overrule the diacritics.

    Under a child's own account another spelling is a slip.
    """
    if not _are_children(one, other) or _have_an_own_number_in_common(one, other):
        return False
    if not (one.own_accounts | other.own_accounts).isdisjoint(one.accounts & other.accounts):
        return False
    return _accents_differ(one.accented, other.accented)


def _have_an_own_number_in_common(one: Facts, other: Facts) -> bool:
    """A number that is a child's as well: not an account, nor a card of the old kind."""
    return not (
        one.personal_ids.isdisjoint(other.personal_ids)
        and one.passports.isdisjoint(other.passports)
        and one.insurance_nos.isdisjoint(other.insurance_nos)
    )


def _conflict_without_identifier(one: Facts, other: Facts, tier: int) -> str | None:
    """The guards that a shared identifier overrules: a sex or a diacritic mistyped, one person listed twice."""
    if tier != WRONG_SEX and one.sexes and other.sexes and one.sexes.isdisjoint(other.sexes):
        return SEX_DIFFERS
    if _share_household(one, other):
        return ONE_HOUSEHOLD
    if _accents_differ(one.accented, other.accented):
        return ACCENTS_DIFFER
    if tier in (BIRTHDAY, YEAR, TOGETHER):
        if _live_elsewhere(one, other):
            return PHONE_AND_HOME_DIFFER
        if _have_accounts_of_two_children(one, other):
            return ACCOUNTS_DIFFER
    # A name and a phone: somebody known elsewhere is a namesake who has had the phone. A birthday and a hamlet: there
    # is a hamlet of that name in most provinces.
    return PROVINCES_DIFFER if tier in (TOGETHER, PHONE_ONLY) and are_of_two_provinces(one, other) else None


def are_of_two_provinces(one: Facts, other: Facts) -> bool:
    """Whether provinces stand beside both, and none beside both."""
    return bool(one.provinces) and bool(other.provinces) and one.provinces.isdisjoint(other.provinces)


def _have_accounts_of_two_children(one: Facts, other: Facts) -> bool:
    """A child's name without diacritics under another account of the same app: the twin's, rather than a second one."""
    if not one.accounts or not other.accounts or (one.accented and other.accented):
        return False
    if not _are_children(one, other):
        return False
    apps = {_app(account) for account in one.accounts} & {_app(account) for account in other.accounts}
    return bool(apps) and one.accounts.isdisjoint(other.accounts)


def _are_grown(one: Facts, other: Facts) -> bool:
    births = one.births | other.births
    return bool(births) and all(birth.year <= LAST_YEAR_OF_ADULTS for birth in births)


def _are_children(one: Facts, other: Facts) -> bool:
    return all(birth.year > LAST_YEAR_OF_ADULTS for birth in one.births | other.births)


def _app(account: str) -> str:
    return account.rpartition(":")[0]


def _live_elsewhere(one: Facts, other: Facts) -> bool:
    """Namesakes born on one day: each has a phone and a house, and nothing in common but name, birthday and commune.

    Children mostly have no phone of their own: of them the houses suffice.
    """
    if not one.homes or not other.homes:
        return False
    if (not one.phones or not other.phones) and not _are_children(one, other):
        return False
    if any(mine == yours or one_edit(mine, yours) for mine in one.phones for yours in other.phones):
        return False
    if _may_be_of_one_home(one, other) or not one.accounts.isdisjoint(other.accounts):
        return False
    # Numbers of one kind on both sides are the same but for a slip: others have not passed the guard before.
    return not any(mine and yours for mine, yours in _numbers_side_by_side(one, other)[:4])


def _may_be_of_one_home(one: Facts, other: Facts) -> bool:
    """Whether a house or hamlet is the same, or one side's hamlet is that of the other's house."""
    return not (
        one.homes.isdisjoint(other.homes)
        and one.homes.isdisjoint(other.hamlets)
        and one.hamlets.isdisjoint(other.homes)
    )


def never_one(one: Facts, other: Facts) -> str | None:
    """What nobody may overrule: the word of people, and two verified ids."""
    if any((decision, 1 - side) in other.told_apart for decision, side in one.told_apart):
        return TOLD_APART
    return TWO_VERIFIED_IDS if _apart(one.verified_ids, other.verified_ids) else None


def _apart(one: frozenset[str], other: frozenset[str]) -> bool:
    """Two verified sets may only meet where they are the same single value."""
    return bool(one) and bool(other) and len(one | other) > 1


def _identifiers_differ(one: Facts, other: Facts) -> bool:
    """A personal id that differs always counts, but of a grown person of one spelling, birthday and phone: it was typed
    wrongly (never_one keeps two verified ids apart). Another number that differs is overruled by one that agrees.

    A card of the old kind that differs is overruled by the name, birthday and phone too: who moved to another province
    was given a second one. The year will do where one side tells no day, under one spelling.
    """
    same_name = not one.accented.isdisjoint(other.accented)
    is_one = same_name and _have_birthday_and_phone_in_common(one, other)
    # One row with a sister's number brings her spelling here: then there are two, and the two spellings are two people.
    is_spelt_one_way = bool(one.accented) and one.accented == other.accented
    is_a_slip = is_one and is_spelt_one_way and _are_grown(one, other)
    if not is_a_slip and _numbers_differ(one.personal_ids, other.personal_ids, same_name):
        return True
    pairs = _numbers_side_by_side(one, other)
    if any(not mine.isdisjoint(yours) for mine, yours in pairs):
        return False
    has_moved = is_one or (is_spelt_one_way and _have_phone_and_one_birthday_in_common(one, other))
    others = pairs[2:4] if has_moved else pairs[1:4]
    return any(_numbers_differ(mine, yours, same_name) for mine, yours in others)


def _have_birthday_and_phone_in_common(one: Facts, other: Facts) -> bool:
    if one.phones.isdisjoint(other.phones):
        return False
    return any(mine.digits == yours.digits is not None for mine in one.births for yours in other.births)


def _have_phone_and_one_birthday_in_common(one: Facts, other: Facts) -> bool:
    """Whether the birth year and the phone are one, and one side at most tells the day."""
    if one.phones.isdisjoint(other.phones) or (one.has_day and other.has_day):
        return False
    return any(mine.year == yours.year for mine in one.births for yours in other.births)


def _numbers_side_by_side(one: Facts, other: Facts) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    return (
        (one.personal_ids, other.personal_ids),
        (one.old_ids, other.old_ids),
        (one.passports, other.passports),
        (one.insurance_nos, other.insurance_nos),
        (one.accounts, other.accounts),
    )


def are_slips_of(right: Facts, one: Facts, other: Facts, tier: int) -> bool:
    """Whether what differs between the two is only that each has its own slip of a number that `right` holds."""
    numbers = Facts(
        personal_ids=right.personal_ids, old_ids=right.old_ids, passports=right.passports,
        insurance_nos=right.insurance_nos,
    )  # fmt: skip
    together = combine((one, numbers))
    return (
        not _identifiers_differ(together, other)
        and conflict(_without_numbers(one), _without_numbers(other), tier) is None
    )


def _without_numbers(facts: Facts) -> Facts:
    return facts._replace(personal_ids=_NONE, old_ids=_NONE, passports=_NONE, insurance_nos=_NONE)


def _numbers_differ(mine: frozenset[str], yours: frozenset[str], same_name: bool) -> bool:
    if not mine or not yours or not mine.isdisjoint(yours):
        return False
    return not _one_right_number(mine | yours, same_name)


def _one_right_number(numbers: frozenset[str], same_name: bool) -> bool:
    """Whether one of the numbers could be the right one and every other a slip of it; slips differ among themselves."""
    return any(
        all(other == right or is_slip(right, other, same_name) for other in numbers) for right in sorted(numbers)
    )


def is_slip(one: str, other: str, same_name: bool) -> bool:
    """Whether two different numbers are likely one, mistyped: one digit wrong or two neighbours swapped.

    Twins carry consecutive numbers and almost the same name, so close numbers count only under one and the same name
    written with its diacritics (`same_name`).
    """
    if lost_digit(one, other):
        return True
    if not one_edit(one, other):
        return False
    if same_name or not (one.isdigit() and other.isdigit()):
        return True
    return abs(int(one) - int(other)) > NEIGHBOURING_NUMBERS


def lost_digit(one: str, other: str) -> bool:
    """One is the other less a digit, with a zero in front that the reader took for one lost in a spreadsheet."""
    return _is_short_of(one, other) or _is_short_of(other, one)


def _is_short_of(padded: str, whole: str) -> bool:
    if len(padded) != len(whole) or not padded.startswith("0") or not padded.isdigit():
        return False
    return any(padded[1:] == whole[:at] + whole[at + 1 :] for at in range(len(whole)))


def one_edit(one: str, other: str) -> bool:
    """Equal length, and one character differs or two neighbours are exchanged."""
    if len(one) != len(other):
        return False
    unlike = [at for at in range(len(one)) if one[at] != other[at]]
    if len(unlike) == 2 and unlike[1] == unlike[0] + 1:
        first, second = unlike
        return one[first] == other[second] and one[second] == other[first]
    return len(unlike) <= 1


def births_apart(mine: frozenset[Birth], yours: frozenset[Birth], tolerant: bool) -> bool:
    """Whether two sets of birth dates cannot be one person's.

    One pair of dates must agree but for a slip, and none may lie a generation apart. `tolerant` (the same identifier
    and name) lets a wrong date pass that lies less than twelve years off.
    """
    if not mine or not yours:
        return False
    apart = [birth_distance(one, other) for one in mine for other in yours]
    nearest = min(apart)
    furthest = nearest if _holds_two_generations(mine) or _holds_two_generations(yours) else max(apart)
    return furthest == 2 or (not tolerant and nearest == 1)


def _holds_two_generations(births: frozenset[Birth]) -> bool:
    """Whether one of them is known to be wrong by a generation already: it contradicts nobody any more."""
    return len(births) > 1 and any(birth_distance(one, other) == 2 for one in births for other in births)


def birth_distance(one: Birth, other: Birth) -> int:
    """0 the same or a slip (see comparing.BIRTH), 1 different, 2 twelve years apart or more."""
    if one.digits is None or other.digits is None:
        if one.year == other.year:
            return 0
    elif _same_but_a_slip(one, other):
        return 0
    return 1 if abs(one.year - other.year) < 12 else 2


def _same_but_a_slip(one: Birth, other: Birth) -> bool:
    mine, yours = one.digits or "", other.digits or ""
    if mine == yours or mine in (other.swapped,) or yours in (one.swapped,) or one_edit(mine, yours):
        return True
    if _is_day_after(mine, yours) or _is_day_after(yours, mine):
        return True
    if one.year == other.year:
        return mine[4:6] == yours[4:6] or mine[6:] == yours[6:]
    return (one.two_digit_year or other.two_digit_year) and mine[2:] == yours[2:]


def _is_day_after(later: str, earlier: str) -> bool:
    """Midnight of Viet Nam, written in universal time, is the day before."""
    ends_month = later[6:] == "01" and int(earlier[6:]) >= 28
    return ends_month and date.fromisoformat(later) - date.fromisoformat(earlier) == timedelta(days=1)


def _share_household(one: Facts, other: Facts) -> bool:
    if not one.households or not other.households:
        return False
    lists = {household for household, _ in one.households}
    return any(household in lists for household, _ in other.households)


def _accents_differ(mine: frozenset[tuple[str, str, str]], yours: frozenset[tuple[str, str, str]]) -> bool:
    """The same letters under other diacritics: other names (An, Ân), unless a spelling of the given name is shared."""
    alike = [(one, other) for one in mine for other in yours if one[0] == other[0]]
    return bool(alike) and not any(one[1] == other[1] or one[2] == other[2] for one, other in alike)


def say_the_same(one: Facts, other: Facts) -> bool:
    """Whether both sides' records, together, have a name in common to the last diacritic, and a phone or a home."""
    has_place = not one.phones_seen.isdisjoint(other.phones_seen) or not one.homes.isdisjoint(other.homes)
    return has_place and not one.accented.isdisjoint(other.accented)


def have_no_phone_in_common(one: Facts, other: Facts) -> bool:
    """Whether phones stand beside both, and none beside both or the same but for a slip."""
    mine, yours = one.phones_seen, other.phones_seen
    return bool(mine) and bool(yours) and not any(one_edit(phone, theirs) for phone in mine for theirs in yours)


def is_of_one_mind(facts: Facts, tier: int) -> bool:
    """Whether nothing in these facts could conflict, so that every join of this tier among their parts is allowed."""
    if tier in (TOGETHER, PHONE_ONLY) and len(facts.provinces) > 1:
        return False
    if tier == PHONE_ONLY and len(facts.one_word) > 1:
        return False
    if tier in (BIRTHDAY, TOGETHER) and len(facts.phones_seen) > 1:
        return False
    if len(facts.accounts) > 1 and any(birth.year > LAST_YEAR_OF_ADULTS for birth in facts.births):
        return False
    single = (facts.verified_ids, facts.personal_ids, facts.old_ids, facts.passports, facts.insurance_nos, facts.sexes)
    if any(len(values) > 1 for values in single):
        return False
    return (
        len({birth.year for birth in facts.births}) <= 1
        and len({birth.digits for birth in facts.births if birth.digits}) <= 1
        and len({words for words, _, _ in facts.accented}) == len(facts.accented)
        and len({household for household, _ in facts.households}) == len(facts.households)
        and (len(facts.homes) <= 1 or (len(facts.phones) <= 1 and not _are_children(facts, facts)))
        and len({decision for decision, _ in facts.told_apart}) == len(facts.told_apart)
    )
