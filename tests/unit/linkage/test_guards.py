"""Cannot-link rules: each forbids what it should, overrules nothing it should not, and none depends on the order."""

from hypothesis import given
from hypothesis import strategies as st

from pccovid.linkage import guards
from pccovid.linkage.guards import Birth, Facts, combine, conflict, is_of_one_mind, one_edit
from pccovid.linkage.patterns import BIRTHDAY, IDENTIFIER

ID, SLIP, NEIGHBOUR, OTHER = "001090012345", "001090012354", "001090012346", "001090077777"


def _set(*values: str) -> frozenset[str]:
    return frozenset(values)


def _born(year: int, digits: str | None = None) -> Facts:
    return Facts(births=frozenset({Birth(year, digits)}))


def test_two_verified_ids_conflict_even_when_one_digit_differs() -> None:
    one = Facts(verified_ids=_set(ID), personal_ids=_set(ID))
    other = Facts(verified_ids=_set(SLIP), personal_ids=_set(SLIP))
    assert conflict(one, other, IDENTIFIER) == guards.TWO_VERIFIED_IDS


def test_personal_id_with_two_digits_swapped_is_no_conflict() -> None:
    assert conflict(Facts(personal_ids=_set(ID)), Facts(personal_ids=_set(SLIP)), BIRTHDAY) is None


def test_neighbouring_personal_ids_conflict_as_those_of_twins() -> None:
    assert conflict(Facts(personal_ids=_set(ID)), Facts(personal_ids=_set(NEIGHBOUR)), BIRTHDAY)


def test_neighbouring_ids_under_one_accented_name_pass_as_a_slip() -> None:
    name = frozenset({("nam nguyen van", "nam nguyễn văn", "nam")})
    one, other = Facts(personal_ids=_set(ID), accented=name), Facts(personal_ids=_set(NEIGHBOUR), accented=name)
    assert conflict(one, other, BIRTHDAY) is None


def test_another_personal_id_conflicts_even_when_the_old_card_agrees() -> None:
    one, other = Facts(personal_ids=_set(ID), old_ids=_set("1")), Facts(personal_ids=_set(OTHER), old_ids=_set("1"))
    assert conflict(one, other, IDENTIFIER) == guards.IDENTIFIERS_DIFFER


def test_another_old_card_is_no_conflict_when_the_personal_id_agrees() -> None:
    one = Facts(personal_ids=_set(ID), old_ids=_set("012345678"))
    other = Facts(personal_ids=_set(ID), old_ids=_set("987654321"))
    assert conflict(one, other, IDENTIFIER) is None


def test_births_a_generation_apart_conflict_under_any_evidence() -> None:
    one, other = _born(1970, "19701110"), _born(2001, "20010326")
    assert conflict(one, other, IDENTIFIER) == conflict(one, other, BIRTHDAY) == guards.BIRTH_DIFFERS


def test_wrong_birth_date_passes_only_where_the_identifier_agrees() -> None:
    one, other = _born(1990, "19900305"), _born(1993, "19931128")
    assert conflict(one, other, IDENTIFIER) is None
    assert conflict(one, other, BIRTHDAY) == guards.BIRTH_DIFFERS


def test_day_and_month_swapped_or_one_digit_off_is_no_conflict() -> None:
    day = Facts(births=frozenset({Birth(1990, "19900305", "19900503")}))
    assert conflict(day, _born(1990, "19900503"), BIRTHDAY) is None
    assert conflict(day, _born(1990, "19900306"), BIRTHDAY) is None


def test_year_alone_agrees_with_any_day_of_that_year() -> None:
    assert conflict(_born(1990, "19900305"), _born(1990), BIRTHDAY) is None
    assert conflict(_born(1990, "19900305"), _born(1991), BIRTHDAY) == guards.BIRTH_DIFFERS


def test_sexes_that_differ_conflict_unless_the_identifier_agrees() -> None:
    one, other = Facts(sexes=_set("male")), Facts(sexes=_set("female"))
    assert conflict(one, other, BIRTHDAY) == guards.SEX_DIFFERS
    assert conflict(one, other, IDENTIFIER) is None


def test_two_members_of_one_household_conflict() -> None:
    one, other = Facts(households=frozenset({("ncovi:1", 1)})), Facts(households=frozenset({("ncovi:1", 2)}))
    assert conflict(one, other, BIRTHDAY) == guards.ONE_HOUSEHOLD


def test_given_names_that_differ_in_a_tone_conflict() -> None:
    one = Facts(accented=frozenset({("an nguyen", "an nguyễn", "an")}))
    other = Facts(accented=frozenset({("an nguyen", "nguyễn ân", "ân")}))
    assert conflict(one, other, BIRTHDAY) == guards.ACCENTS_DIFFER


numbers = st.sampled_from([ID, SLIP, NEIGHBOUR, OTHER])
births = st.builds(Birth, st.sampled_from([1990, 1991, 2010]), st.sampled_from([None, "19900305", "20101112"]))
facts = st.builds(
    Facts,
    verified_ids=st.frozensets(numbers, max_size=1),
    personal_ids=st.frozensets(numbers, max_size=2),
    old_ids=st.frozensets(st.sampled_from(["012345678", "987654321"]), max_size=2),
    sexes=st.frozensets(st.sampled_from(["male", "female"]), max_size=2),
    births=st.frozensets(births, max_size=2),
)
tiers = st.sampled_from([IDENTIFIER, BIRTHDAY])


@given(facts, facts, tiers)
def test_conflict_is_the_same_from_either_side(one: Facts, other: Facts, tier: int) -> None:
    assert conflict(one, other, tier) == conflict(other, one, tier)


@given(facts, facts, tiers)
def test_facts_of_one_mind_hold_no_conflict_between_their_parts(one: Facts, other: Facts, tier: int) -> None:
    if is_of_one_mind(combine([one, other]), tier):
        assert conflict(one, other, tier) is None


@given(st.text("0123456789", min_size=2, max_size=12), st.data())
def test_swapping_two_neighbours_or_changing_one_digit_is_one_edit(number: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(number) - 2))
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    changed = number[:at] + data.draw(st.sampled_from("0123456789")) + number[at + 1 :]
    assert one_edit(number, swapped)
    assert one_edit(number, changed)
    assert not one_edit(number, number + "0")
