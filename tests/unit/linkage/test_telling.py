"""Which records carry enough to be told apart: by their content and the truth, whatever the linkage did."""

from __future__ import annotations

import duckdb

from pccovid.linkage.telling import tellable_people

Carried = tuple[str, str, str | None]


def tellable(truth: dict[str, str | None], *carried: Carried) -> tuple[int, set[str]]:
    """(people, records) that are tellable, for record → person and what records carry."""
    with duckdb.connect() as db:
        db.execute("CREATE TABLE truth (record VARCHAR, person VARCHAR)")
        db.executemany("INSERT INTO truth VALUES (?, ?)", [list(row) for row in truth.items()])
        db.execute("CREATE TABLE carried (record VARCHAR, key VARCHAR, spelling VARCHAR)")
        db.executemany("INSERT INTO carried VALUES (?, ?, ?)", [list(row) for row in carried])
        return tellable_people(db), {record for (record,) in db.execute("FROM tellable").fetchall()}


def test_records_of_one_identifier_are_told_and_a_lone_one_is_not() -> None:
    found = tellable({"a": "1", "b": "1", "c": "1"}, ("a", "id|7", None), ("b", "id|7", None), ("c", "id|8", None))
    assert found == (1, {"a", "b"})


def test_what_two_people_share_tells_neither() -> None:
    truth = {"a": "1", "b": "1", "c": "2"}
    assert tellable(truth, *((record, "phone|an|09", None) for record in truth)) == (0, set())


def test_what_nobodys_record_shares_too_tells_nothing() -> None:
    truth = {"a": "1", "b": "1", "c": None}
    assert tellable(truth, *((record, "id|123456789012", None) for record in truth)) == (0, set())


def test_records_hang_together_over_others() -> None:
    carried = [("a", "id|7", None), ("b", "id|7", None), ("b", "name|x", None), ("c", "name|x", None)]
    assert tellable(dict.fromkeys("abc", "1"), *carried) == (1, {"a", "b", "c"})


def test_a_name_whose_diacritics_contradict_the_others_is_not_counted() -> None:
    carried = [("a", "n|tu", "tú"), ("b", "n|tu", "tú"), ("c", "n|tu", "tư"), ("d", "n|tu", None)]
    assert tellable(dict.fromkeys("abcd", "1"), *carried) == (1, {"a", "b", "d"})


def test_without_knowledge_of_what_records_carry_nobody_is_tellable() -> None:
    with duckdb.connect() as db:
        db.execute("CREATE TABLE truth (record VARCHAR, person VARCHAR)")
        assert tellable_people(db) == 0
