"""Lines of JSONL files: strict JSON within limits, whatever arrives."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pccovid.connectors.context import ReadingContext
from pccovid.connectors.delimited import decoded
from pccovid.connectors.json_values import DEPTH_LIMIT, ObjectParser
from pccovid.connectors.reading import read_payload
from pccovid.connectors.rows import HELD, REJECTED
from unit.connectors.delivered_rows import Read

ReadBytes = Callable[[str, bytes], Read]


def _suite(shared_data: Path, prefix: str) -> list[Path]:
    return sorted((shared_data / "json" / "JSONTestSuite").rglob(f"{prefix}_*.json"))


def test_every_text_that_is_not_json_is_refused(shared_data: Path) -> None:
    files = _suite(shared_data, "n")
    assert len(files) > 150
    for path in files:
        parsed = ObjectParser().parse(decoded(path.read_bytes()))
        assert parsed.value is None, path.name
        assert parsed.reason in {"not_json", "too_deep"}, path.name


def test_every_text_that_is_json_is_taken_for_what_it_is(shared_data: Path) -> None:
    files = _suite(shared_data, "y")
    assert len(files) > 80
    for path in files:
        text = decoded(path.read_bytes())
        expected = "" if text.lstrip().startswith("{") else "not_an_object"
        assert ObjectParser().parse(text).reason == expected, path.name


def test_texts_that_parsers_disagree_on_never_raise(shared_data: Path) -> None:
    reasons = {ObjectParser().parse(decoded(path.read_bytes())).reason for path in _suite(shared_data, "i")}
    assert reasons <= {"", "not_json", "not_an_object", "too_deep"}


def test_the_whole_suite_as_one_file_loses_no_line(shared_data: Path, read_bytes: ReadBytes) -> None:
    texts = [path.read_bytes().replace(b"\n", b" ").replace(b"\r", b" ") for path in _suite(shared_data, "[yni]")]
    texts = [text for text in texts if text.strip() and not text.startswith((b"\xff\xfe", b"\xfe\xff"))]
    read = read_bytes("vneid.jsonl", b'{"id": "first", "phone": "0912000111"}\n' + b"\n".join(texts))
    assert len(read.rows) == len(texts) + 1
    assert {row.verdict for row in read.rows[1:]} <= {REJECTED, HELD}


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_nesting_without_end_is_refused_quickly(opening: str) -> None:
    assert ObjectParser().parse(opening * 100_000).reason in {"too_deep", "not_json"}
    closing = {"[": "]", '{"a":': "}"}[opening]
    deep = '{"a":' + opening * (DEPTH_LIMIT + 40) + "1" + closing * (DEPTH_LIMIT + 40) + "}"
    assert ObjectParser().parse(deep).reason == "too_deep"


def test_a_number_of_ten_thousand_digits_is_kept_as_digits(read_bytes: ReadBytes) -> None:
    line = '{"id": "v1", "phone": "0912000111", "citizenId": ' + "9" * 10_000 + "}"
    row = read_bytes("vneid.jsonl", line.encode()).only
    assert row.payload == line
    assert row.claim is not None
    assert row.claim.personal_id is None
    assert ("citizenId", "id_malformed") in row.problems


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_words_for_numbers_that_json_lacks_are_refused(read_bytes: ReadBytes, constant: str) -> None:
    row = read_bytes("vneid.jsonl", f'{{"id": "v1", "phone": {constant}}}'.encode()).only
    assert (row.verdict, row.reason) == (REJECTED, "not_json")
    assert json.loads(row.payload)["_raw"].endswith(f"{constant}}}")


def test_a_good_row_is_stored_exactly_as_it_was_sent(read_bytes: ReadBytes) -> None:
    line = '{ "phone" : "0912000111", "id":"v1" , "extra": [1, 2.50, {"x": null}] }'
    read = read_bytes("vneid.jsonl", b"  " + line.encode() + b"  \r\n")
    assert read.only.payload == line
    assert dict(read.notes.unknown_columns) == {"extra": 1}


def test_the_hash_does_not_depend_on_the_order_of_members(read_bytes: ReadBytes) -> None:
    first = read_bytes("vneid.jsonl", b'{"id": "v1", "phone": "0912000111", "movements": []}').only
    second = read_bytes("vneid.jsonl", b'{"movements": [], "dob": null, "phone": "0912000111", "id": "v1"}').only
    third = read_bytes("vneid.jsonl", b'{"movements": [], "phone": "0912000112", "id": "v1"}').only
    assert first.content_hash == second.content_hash
    assert first.content_hash != third.content_hash


def test_one_member_with_two_values_holds_the_row(read_bytes: ReadBytes) -> None:
    row = read_bytes("vneid.jsonl", b'{"id": "v1", "phone": "0912000111", "phone": "0912000112"}').only
    assert (row.verdict, row.reason, row.key) == (HELD, "duplicate_member", "v1")
    same = read_bytes("vneid.jsonl", b'{"id": "v1", "phone": "0912000111", "phone": "0912000111"}').only
    assert same.reason == ""


def test_a_record_of_another_app_is_not_taken_for_a_verified_identity(read_bytes: ReadBytes) -> None:
    entry = b'{"id": "e1", "createdAt": "2021-07-01", "gate": "Noi Bai", "fullName": "A", "passport": "C1"}'
    assert read_bytes("vneid.jsonl", entry).only.reason == "wrong_kind"


def test_lone_surrogates_survive_in_the_payload_and_leave_the_values(read_bytes: ReadBytes) -> None:
    row = read_bytes("vneid.jsonl", b'{"id": "v1", "phone": "0912000111", "stayAddress": "Hu\\ud800e"}').only
    assert "\\ud800" in row.payload
    assert row.claim is not None
    assert row.claim.address == "Hue"


def test_a_row_that_imitates_a_stored_line_is_read_again_as_the_row_it_is(
    read_bytes: ReadBytes, context: ReadingContext
) -> None:
    line = b'{"id": "v1", "phone": "0912000111", "_raw": "{}", "_reason": "truncated"}'
    row = read_bytes("vneid.jsonl", line).only
    assert read_payload("vneid", "vneid", "v1", row.payload, context=context) == [row]


def test_a_stored_payload_of_no_file_kind_is_an_error_of_the_caller(context: ReadingContext) -> None:
    with pytest.raises(KeyError):
        read_payload("vneid", "sampling", "s1", "{}", context=context)
    with pytest.raises(ValueError, match="not a JSON object"):
        read_payload("vneid", "vneid", "v1", "[]", context=context)
