"""A masked personal code still says enough, or is held: given/when/then on single records."""

from __future__ import annotations

from unit.linkage.made_claims import groups, linked, record

FULL = {"name": "Nguyễn Văn An", "born": "18/01/1987"}
MASKED = {"name": "NGUYEN VAN AN", "born": "1987"}


def test_end_of_a_citizen_number_with_name_and_year_finds_its_person() -> None:
    outcome = linked(record("a:1", **FULL, personal_id="001087029317"), record("b:1", **MASKED, id_tail="029317"))
    assert groups(outcome) == {frozenset({"a:1", "b:1"})}


def test_end_of_an_old_number_finds_its_person_where_namesakes_are_few() -> None:
    outcome = linked(record("a:1", **FULL, old_id="012345678"), record("b:1", **MASKED, id_tail="678"))
    assert groups(outcome) == {frozenset({"a:1", "b:1"})}


def test_end_of_an_old_number_needs_the_phone_among_many_namesakes() -> None:
    crowd = [record(f"a:{n}", "Nguyễn Văn An", f"{10 + n}/05/1987", old_id=f"01234567{n}", phone=f"090123456{n}")
             for n in range(6)]  # fmt: skip
    alone = linked(*crowd, record("b:1", **MASKED, id_tail="673"))
    with_phone = linked(*crowd, record("b:1", **MASKED, id_tail="673", phone="0901234563"))
    assert frozenset({"a:3"}) in groups(alone)
    assert frozenset({"a:3", "b:1"}) in groups(with_phone)


def test_the_codes_own_number_joins_masked_and_open_code() -> None:
    shown = record("a:1", **FULL, old_id="012345678", qid="162979388586171100")
    outcome = linked(shown, record("b:1", **MASKED, id_tail="678", qid="162979388586171100"))
    assert groups(outcome) == {frozenset({"a:1", "b:1"})}


def test_masked_code_that_fits_two_people_is_held() -> None:
    outcome = linked(
        record("a:1", **FULL, personal_id="001087029317"),
        record("a:2", "Nguyễn Văn Ân", "02/05/1987", personal_id="079087029317"),
        record("b:1", **MASKED, id_tail="029317"),
    )
    assert groups(outcome) == {frozenset({"a:1"}), frozenset({"a:2"})}


def test_masked_code_of_somebody_unknown_opens_no_person() -> None:
    assert groups(linked(record("b:1", **MASKED, id_tail="029317"))) == set()
