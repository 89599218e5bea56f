"""The record of processing follows the rules it is given, whatever they are."""

from __future__ import annotations

from pccovid.foundation.purposes import CATEGORIES, PURPOSES, rules
from pccovid.web.governance.record import by_table, entries, strangers, unverified


def test_every_purpose_with_a_rule_is_in_the_record_in_the_order_of_the_table() -> None:
    assert [entry.purpose.code for entry in entries(rules())] == list(PURPOSES)


def test_what_is_read_and_what_is_left_out_are_all_the_categories() -> None:
    for entry in entries(rules()):
        assert sorted([*entry.categories, *entry.left_out]) == sorted(CATEGORIES), entry.purpose.code


def test_a_rule_taken_away_takes_its_reader_and_category_out_of_the_record() -> None:
    fewer = [rule for rule in rules() if (rule.purpose, rule.category) != ("care", "test")]
    (before,) = [entry for entry in entries(rules()) if entry.purpose.code == "care"]
    (after,) = [entry for entry in entries(fewer) if entry.purpose.code == "care"]
    assert "test" in before.categories
    assert "test" in after.left_out
    assert entries([rule for rule in fewer if rule.purpose != "care"]) == tuple(
        entry for entry in entries(fewer) if entry.purpose.code != "care"
    )


def test_protections_are_told_only_where_the_rules_hold_them() -> None:
    of = {entry.purpose.code: entry.protections for entry in entries(rules())}
    assert "own_only" in of["own_record"]
    assert "own_only" not in of["care"]
    assert "span" in of["contact_tracing"]
    assert "span" not in of["data_repair"]
    assert "no_writing" not in of["carry_over"]
    assert [code for code, told in of.items() if "two_approvals" in told] == ["export"]
    wider = [rule._replace(max_days=None) for rule in rules()]
    assert not any("span" in entry.protections for entry in entries(wider))


def test_rules_that_differ_from_the_release_are_found_on_either_side() -> None:
    released = rules()
    assert strangers(released, released) == ()
    changed = released[0]._replace(widest_scope="all")
    assert set(strangers([changed, *released[1:]], released)) == {changed, released[0]}
    assert strangers(released[1:], released) == (released[0],)


def test_columns_are_gathered_by_their_tables() -> None:
    assert by_table(["a.b", "access.c.d", "a.e"]) == {"a": ["b", "e"], "access.c": ["d"]}


def test_what_waits_for_a_lawyer_names_each_kind_and_the_duty_to_notify() -> None:
    waiting = unverified()
    assert set(waiting) == {"purpose", "basis", "retention", "export", "breach_period"}
    assert any("91/2025" in document for document in waiting["breach_period"])
