"""What officers have decided about two records binds every later run."""

from hypothesis import given, settings
from hypothesis import strategies as st

from unit.linkage.made_claims import groups, held, linked, record, together

PHONE = "0901234567"
AN = {"name": "Nguyễn Văn An", "born": "01/02/1990", "sex": "male"}


def test_records_told_apart_stay_two_people_though_all_agrees() -> None:
    rows = (
        record("a:1", **AN, personal_id="001090012345", phone=PHONE),
        record("b:1", **AN, old_id="012345678", phone=PHONE),
    )
    assert together(linked(*rows), "a:1", "b:1")
    assert not together(linked(*rows, decided=[("a:1", "b:1", False)]), "a:1", "b:1")


def test_records_of_equal_content_can_be_told_apart() -> None:
    rows = (record("a:1", **AN, phone=PHONE), record("b:1", **AN, phone=PHONE))
    assert not together(linked(*rows, decided=[("b:1", "a:1", False)]), "a:1", "b:1")


def test_a_third_record_does_not_bridge_what_was_told_apart() -> None:
    rows = (
        record("a:1", **AN, personal_id="001090012345", phone=PHONE),
        record("b:1", **AN, phone=PHONE),
        record("c:1", **AN, personal_id="001090012345", phone=PHONE),
    )
    outcome = linked(*rows, decided=[("a:1", "b:1", False)])
    assert together(outcome, "a:1", "c:1")
    assert not together(outcome, "a:1", "b:1")
    assert not together(outcome, "c:1", "b:1")


def test_a_held_record_told_the_same_finds_its_person() -> None:
    rows = (
        record("vneid:an", "Nguyễn Văn An", "01/02/2010", personal_id="001210012345", phone=PHONE, sex="male"),
        record("vneid:ân", "Nguyễn Văn Ân", "01/02/2010", personal_id="001210012346", phone=PHONE, sex="male"),
        record("dose:1", "NGUYEN VAN AN", "01/02/2010", phone=PHONE, sex="male"),
    )
    assert held(linked(*rows)) == {"dose:1": "ambiguous"}
    outcome = linked(*rows, decided=[("dose:1", "vneid:ân", True)])
    assert held(outcome) == {}
    assert together(outcome, "dose:1", "vneid:ân")
    assert not together(outcome, "dose:1", "vneid:an")


def test_a_scanned_number_told_the_same_is_not_drawn_elsewhere() -> None:
    rows = (
        record("vneid:an", **AN, personal_id="001090012345"),
        record("vneid:tu", "Trần Thị Tú", "05/06/1980", personal_id="001180054321"),
        record("qr:1", personal_id="001090012345"),
    )
    assert together(linked(*rows), "vneid:an", "qr:1")
    outcome = linked(*rows, decided=[("qr:1", "vneid:tu", True)])
    assert not together(outcome, "vneid:an", "vneid:tu")
    outcome = linked(*rows, decided=[("qr:1", "vneid:an", False)])
    assert not together(outcome, "vneid:an", "qr:1")


def test_two_verified_ids_are_never_one_whatever_an_officer_says() -> None:
    rows = (
        record("vneid:1", **AN, personal_id="001090012345", id_verified=True),
        record("vneid:2", **AN, personal_id="001090099999", id_verified=True),
    )
    assert not together(linked(*rows, decided=[("vneid:1", "vneid:2", True)]), "vneid:1", "vneid:2")


def test_a_pair_that_was_told_apart_is_not_asked_again() -> None:
    rows = (
        record("vneid:an", "Nguyễn Văn An", "01/02/2010", personal_id="001210012345", phone=PHONE, sex="male"),
        record("vneid:ân", "Nguyễn Văn Ân", "01/02/2010", personal_id="001210012346", phone=PHONE, sex="male"),
        record("dose:1", "NGUYEN VAN AN", "01/02/2010", phone=PHONE, sex="male"),
    )
    asked = linked(*rows, decided=[("dose:1", "vneid:an", False), ("dose:1", "vneid:ân", False)]).review.to_pylist()
    assert not [row for row in asked if "dose:1" in (row["record"], row["other_record"])]


RECORDS = tuple(f"r:{number}" for number in range(5))
PAIRS = st.tuples(st.sampled_from(RECORDS), st.sampled_from(RECORDS), st.booleans()).filter(lambda p: p[0] != p[1])


@settings(max_examples=15, deadline=None)
@given(st.lists(PAIRS, max_size=6, unique_by=lambda pair: frozenset(pair[:2])))
def test_what_was_told_apart_is_apart_in_every_outcome(decided: list[tuple[str, str, bool]]) -> None:
    rows = [
        record(key, **AN, phone=PHONE, **({"personal_id": "001090012345"} if at else {}))
        for at, key in enumerate(RECORDS)
    ]
    outcome = linked(*rows, decided=decided)
    for one, other, is_same in decided:
        if not is_same:
            assert not any({one, other} <= group for group in groups(outcome))
