"""The run as a whole: stable answers, known persons, evidence, and what may be asked of the input."""

import json
import random

import duckdb
import pyarrow as pa
import pytest

from pccovid.linkage.engine import Limits, NotClaims, link
from pccovid.linkage.model import default_model, read_model
from unit.linkage.made_claims import Row, groups, linked, record, table, together

NAM = {"name": "Nguyễn Văn Nam", "born": "05/03/1990", "sex": "male"}


def _crowd() -> list[Row]:
    """Forty people with three records each, some of them alike."""
    rows = []
    for number in range(40):
        name = f"{['Lê', 'Trần', 'Đỗ', 'Bùi'][number % 4]} Thị {['Lan', 'Hoa', 'Mai'][number % 3]}"
        born, phone = f"{1 + number % 28:02}/03/19{60 + number % 30}", f"09012345{number:02}"
        rows += [
            record(f"vneid:{number}", name, born, personal_id=f"0011{60 + number % 30}{number:06}", phone=phone),
            record(f"bluezone:{number}", name, phone=phone),
            record(f"tokhaiyte:{number}", name.upper(), born[-4:], phone=phone),
        ]
    return rows


def test_answer_does_not_depend_on_row_order_or_threads() -> None:
    rows = _crowd()
    straight = link(table(rows), limits=Limits(threads=1))
    random.Random(7).shuffle(rows)
    shuffled = link(table(rows), limits=Limits(threads=2))
    assert shuffled.assignments == straight.assignments
    assert shuffled.review == straight.review


def test_every_record_gets_exactly_one_decision() -> None:
    rows = _crowd()
    assigned = linked(*rows).assignments
    assert sorted(assigned.column("record").to_pylist()) == sorted(row["record"] for row in rows)
    assert set(assigned.column("decision").to_pylist()) <= {"exact", "probabilistic", "new", "held"}


def test_each_cluster_without_a_known_person_has_one_new_record() -> None:
    outcome = linked(*_crowd())
    new = [row for row in outcome.assignments.to_pylist() if row["decision"] == "new"]
    assert len(new) == len(groups(outcome)) == 40
    assert all(row["record"] == row["cluster"] for row in new)


def test_record_joins_the_known_person_it_belongs_to() -> None:
    outcome = linked(
        record("vneid:1", **NAM, person="p1", personal_id="001090012345"),
        record("dose:1", **NAM, personal_id="001090012345"),
    )
    (dose,) = [row for row in outcome.assignments.to_pylist() if row["record"] == "dose:1"]
    assert (dose["person"], dose["decision"]) == ("p1", "exact")


def test_records_of_one_known_person_stay_together_unlike_as_they_are() -> None:
    outcome = linked(record("a:1", **NAM, person="p1"), record("b:1", "Trần Thị Lan", "1955", person="p1"))
    assert together(outcome, "a:1", "b:1")


def test_new_evidence_that_joins_two_known_persons_is_reported_as_a_merge() -> None:
    outcome = linked(
        record("a:1", **NAM, person="p1", old_id="012345678"),
        record("b:1", **NAM, person="p2", personal_id="001090012345"),
        record("b:2", **NAM, person="p2", personal_id="001090012345", phone="0901234567"),
        record("vneid:1", **NAM, old_id="012345678", personal_id="001090012345", id_verified=True),
    )
    (merge,) = outcome.merges.to_pylist()
    assert (merge["person_kept"], merge["person_absorbed"]) == ("p2", "p1")


def test_a_scan_that_came_to_a_person_takes_nobody_along_to_whose_the_number_is_now() -> None:
    number = "045176069206"
    person = [
        record("vneid:1", "Nguyễn Thị Đan", "05/11/1992", person="p1", sex="female", personal_id=number),
        record("ncovi:1", "Nguyễn Thị Đan", "05/11/1992", person="p1", sex="female", old_id="116975972"),
        record("qr:1", person="p1", personal_id=number),
    ]
    for whose in (None, "p2"):
        owner = record(
            "vneid:2", "Phan Thị Di", "02/03/1976", whose, sex="female", personal_id=number, id_verified=True
        )
        outcome = linked(*person, owner)
        assert outcome.merges.num_rows == 0
        assert groups(outcome) == {frozenset({"vneid:1", "ncovi:1", "qr:1"}), frozenset({"vneid:2"})}
        asked = [{row["record"], row["other_record"]} for row in outcome.review.to_pylist()]
        assert {"qr:1", "vneid:2"} in asked


def test_scans_of_a_number_that_nobody_carries_any_more_do_not_make_two_persons_one() -> None:
    outcome = linked(
        record("a:1", **NAM, person="p1"),
        record("qr:1", person="p1", personal_id="001090012345"),
        record("b:1", "Trần Thị Lan", "01/02/1950", person="p2"),
        record("qr:2", person="p2", personal_id="001090012345"),
    )
    assert outcome.merges.num_rows == 0


def test_a_person_of_a_scan_alone_still_comes_to_whose_the_number_is() -> None:
    outcome = linked(
        record("qr:1", person="p1", personal_id="001090012345"),
        record("vneid:1", **NAM, person="p2", personal_id="001090012345"),
    )
    assert outcome.merges.num_rows == 1


def test_evidence_shows_level_and_weight_of_every_attribute() -> None:
    outcome = linked(record("a:1", **NAM, personal_id="001090012345"), record("b:1", **NAM, personal_id="001090012345"))
    (joined,) = [row for row in outcome.assignments.to_pylist() if row["decision"] == "exact"]
    evidence = json.loads(joined["evidence"])
    assert evidence["name"]["level"] == "same_accented"
    assert evidence["personal_id"]["level"] == "same"
    assert sum(attribute["weight"] for attribute in evidence.values()) == pytest.approx(joined["weight"], abs=0.1)


def test_rare_name_weighs_more_than_a_common_one() -> None:
    common = linked(record("a:1", **NAM, phone="0901234567"), record("b:1", **NAM, phone="0901234567", old_id="1"))
    rare = NAM | {"name": "Âu Dương Thiên Phượng"}
    unusual = linked(record("a:1", **rare, phone="0901234567"), record("b:1", **rare, phone="0901234567", old_id="1"))
    assert max(_weights(unusual)) > max(_weights(common)) + 4


def _weights(outcome: object) -> list[float]:
    rows = outcome.assignments.to_pylist()  # type: ignore[attr-defined]
    return [row["weight"] for row in rows if row["weight"] is not None]


def test_placeholder_number_under_many_names_identifies_nobody() -> None:
    typed = {"old_id": "123456789", "commune_code": "00001"}
    names = [f"Lê Văn {letter}{letter}ng" for letter in "abcdeghiklmnopqrstuvxy"]
    rows = [record(f"a:{number}", name, "1980", **typed) for number, name in enumerate(names)]
    assert len(groups(linked(*rows))) == 22


def test_parquet_file_gives_the_same_answer_as_the_table(tmp_path: object) -> None:
    path = tmp_path / "claims.parquet"  # type: ignore[operator]
    claims = table(_crowd())
    duckdb.from_arrow(claims).write_parquet(str(path))
    assert link(path, limits=Limits()).assignments == link(claims, limits=Limits()).assignments


def test_absent_columns_count_as_empty_and_no_records_give_no_answer() -> None:
    outcome = link(pa.table({"record": pa.array([], pa.string())}), limits=Limits())
    assert outcome.assignments.num_rows == outcome.review.num_rows == outcome.merges.num_rows == 0


@pytest.mark.parametrize("names", [["a:1", "a:1"], ["a:1", None]])
def test_record_names_must_be_there_and_unique(names: list[str | None]) -> None:
    with pytest.raises(NotClaims):
        link(pa.table({"record": pa.array(names, pa.string())}), limits=Limits())


def test_input_without_record_names_is_refused() -> None:
    with pytest.raises(NotClaims):
        link(pa.table({"name_key": pa.array(["lan"])}), limits=Limits())


def test_progress_runs_from_nothing_to_all() -> None:
    seen: list[float] = []
    link(table(_crowd()), limits=Limits(), progress=lambda stage, share: seen.append(share))
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0.0, 1.0)


def test_model_survives_the_way_through_its_file() -> None:
    model = default_model()
    assert read_model(model.to_json()) == model
