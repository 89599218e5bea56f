"""A leaked file tells its request: whole, cut, sorted, or without its references."""

from __future__ import annotations

import csv
import io
import random
from uuid import UUID

import pytest

from pccovid.bulk_export.watermark import is_reference, marked_file, marks_in, reference, request_key

SECRET = b"a secret for tests"
PEOPLE = [(UUID(int=n + 1), (f"Người {n}, xã {n % 7}", str(1950 + n % 60), "female")) for n in range(300)]


def file_of(request: int, people: list[tuple[UUID, tuple[str, ...]]] = PEOPLE) -> str:
    return marked_file(request_key(SECRET, request), request, ("name", "birth_year", "sex"), people)


def found_in(text: str) -> list[int]:
    return [request for request in range(1, 20) if marks_in(text, SECRET, request).is_found]


def test_a_file_holds_exactly_the_rows_it_was_given() -> None:
    rows = list(csv.reader(io.StringIO(file_of(4), newline="")))
    assert rows[0] == ["row_ref_XD-4", "name", "birth_year", "sex"]
    assert sorted(tuple(row[1:]) for row in rows[1:]) == sorted(values for _, values in PEOPLE)


def test_a_whole_file_is_traced_to_its_request_and_no_other() -> None:
    for request in (1, 7, 19):
        assert found_in(file_of(request)) == [request]


def test_one_row_with_its_reference_is_enough() -> None:
    line = file_of(7).splitlines()[42]
    assert found_in("\n".join(["anything", line])) == [7]


def test_without_references_the_order_of_rows_still_tells() -> None:
    rows = list(csv.reader(io.StringIO(file_of(7), newline="")))
    kept = random.Random(1).sample(range(1, len(rows)), 120)
    text = "\n".join(",".join(f'"{cell}"' for cell in rows[at][1:3]) for at in [0, *sorted(kept)])
    marks = marks_in(text, SECRET, 7)
    assert (marks.references, marks.named) == (0, False)
    assert found_in(text) == [7]


def test_sorted_lines_without_references_are_told_by_their_quotes() -> None:
    people = [(person, (f"Người {number}", values[1], values[2])) for number, (person, values) in enumerate(PEOPLE)]
    lines = [line.partition(",")[2] for line in file_of(7, people).splitlines()]
    text = "\n".join([lines[0], *sorted(lines[1:])])
    assert found_in(text) == [7]


def test_a_file_that_never_was_an_export_is_no_requests() -> None:
    text = "name,birth_year\n" + "\n".join(f"Người {n},{1950 + n % 50}" for n in range(300))
    assert found_in(text) == []


def test_references_of_two_requests_cannot_be_joined() -> None:
    first, second = (request_key(SECRET, number) for number in (1, 2))
    refs = [{reference(key, person) for person, _ in PEOPLE} for key in (first, second)]
    assert len(refs[0]) == len(PEOPLE)
    assert not refs[0] & refs[1]
    assert all(is_reference(first, one) for one in refs[0])
    assert not any(is_reference(second, one) for one in refs[0])


@pytest.mark.parametrize("text", ["", "x", "========", "aaaaaaaaaaaaaaaa", "không phải"])
def test_nothing_odd_is_taken_for_a_reference(text: str) -> None:
    assert not is_reference(request_key(SECRET, 1), text)
