"""Quality figures against cases that can be counted by hand."""

import duckdb
import pyarrow as pa

from pccovid.linkage.measuring import Quality, measure, measure_tables


def _quality(
    assigned: dict[str, str | None], truth: dict[str, str | None], faults: dict[str, str] | None = None
) -> Quality:
    names, known = list(assigned), list(truth)
    assignments = pa.table(
        {
            "record": pa.array(names, pa.string()),
            "cluster": pa.array([assigned[name] for name in names], pa.string()),
            "person": pa.array([None] * len(names), pa.string()),
        }
    )
    true_table = pa.table(
        {
            "record": pa.array(known, pa.string()),
            "person": pa.array([truth[name] for name in known], pa.string()),
            "fault": pa.array([(faults or {}).get(name, "") for name in known], pa.string()),
        }
    )
    return measure_tables(assignments, true_table)


def test_everything_right_scores_one_everywhere() -> None:
    quality = _quality({"a": "1", "b": "1", "c": "2"}, {"a": "x", "b": "x", "c": "y"})
    assert (quality.wrong_merges, quality.split_people, quality.held) == (0, 0, 0)
    assert quality.pair_precision == quality.pair_recall == quality.people_complete == 1.0


def test_two_people_on_one_person_are_one_wrong_merge_and_neither_complete() -> None:
    quality = _quality({"a": "1", "b": "1", "c": "2"}, {"a": "x", "b": "y", "c": "z"})
    assert (quality.wrong_merges, quality.pair_precision) == (1, 0.0)
    assert quality.people_complete == 1 / 3


def test_split_person_lowers_recall_but_not_precision() -> None:
    quality = _quality({"a": "1", "b": "1", "c": "2"}, {"a": "x", "b": "x", "c": "x"})
    assert (quality.split_people, quality.pair_precision, quality.pair_recall) == (1, 1.0, 1 / 3)


def test_held_record_keeps_its_person_incomplete_but_not_split() -> None:
    quality = _quality({"a": "1", "b": None}, {"a": "x", "b": "x"})
    assert (quality.held, quality.split_people, quality.people_complete) == (1, 0, 0.0)


def test_record_about_nobody_is_left_out_and_missing_one_counts_as_held() -> None:
    quality = _quality({"a": "1", "nobody": "1"}, {"a": "x", "nobody": None, "lost": "x"})
    assert (quality.records, quality.wrong_merges, quality.held) == (2, 0, 1)


def test_hopeless_records_do_not_count_against_tellable_people() -> None:
    quality = _quality({"a": "1", "b": None}, {"a": "x", "b": "x"}, {"b": "garbled"})
    assert (quality.people_complete, quality.people_complete_tellable) == (0.0, 1.0)
    assert quality.by_fault["garbled"]["held"] == 1


def test_whoever_has_one_record_that_says_too_little_is_tellable_but_not_wholly() -> None:
    with duckdb.connect() as db:
        db.execute("CREATE TABLE truth AS SELECT 'x' || i AS record, 'x' AS person, '' AS fault FROM range(3) t (i)")
        db.execute("INSERT INTO truth SELECT 'y' || i, 'y', '' FROM range(2) t (i)")
        db.execute("CREATE TABLE carried AS SELECT record, person AS key, NULL AS spelling FROM truth")
        db.execute("DELETE FROM carried WHERE record = 'x2'")
        db.execute("CREATE TABLE assigned AS SELECT record, if(record = 'y1', '3', person) AS person FROM truth")
        quality = measure(db)
    assert (quality.people_tellable, quality.people_complete_tellable) == (2, 0.5)
    assert (quality.people_wholly_tellable, quality.people_complete_wholly_tellable) == (1, 0.0)


def test_recall_over_tellable_pairs_asks_nothing_of_records_that_say_too_little() -> None:
    with duckdb.connect() as db:
        db.execute("CREATE TABLE truth AS SELECT 'x' || i AS record, 'x' AS person, '' AS fault FROM range(4) t (i)")
        db.execute("CREATE TABLE carried AS SELECT record, person AS key, NULL AS spelling FROM truth")
        db.execute("DELETE FROM carried WHERE record = 'x3'")
        db.execute("CREATE TABLE assigned AS SELECT record, if(record < 'x2', 'one', NULL) AS person FROM truth")
        quality = measure(db)
    assert (quality.pair_recall, quality.pair_recall_tellable) == (1 / 6, 1 / 3)
