"""Files that are broken, mislabelled or meant to harm: every row is accounted for, nothing raises, nothing is lost."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pccovid.connectors.context import ReadingContext
from pccovid.connectors.delivery import recognise
from pccovid.connectors.notes import FileNotes
from pccovid.connectors.reading import read_file, read_payload
from pccovid.connectors.reasons import FILE, REASONS, ROW, VALUE
from pccovid.connectors.registry import FILE_KINDS
from pccovid.connectors.rows import ACCEPTED, HELD, REJECTED
from pccovid.connectors.streams import CHUNK, LINE_LIMIT, Line, Spilled, lines
from unit.connectors.delivered_rows import Read, csv_text

ReadBytes = Callable[[str, bytes], Read]
USERS = "bluezone_users.csv"
HEADER = b"userId,registeredAt,phone,fullName,address\n"


def user(number: int) -> bytes:
    return f"u{number},2021-05-05 10:00:00,09120{number:05d},Nguyễn Văn An,Hà Nội\n".encode()


def many_users(count: int) -> bytes:
    return HEADER + b"".join(user(number) for number in range(count))


# Compression


def test_a_truncated_gzip_gives_every_row_before_the_break(read_bytes: ReadBytes) -> None:
    whole = gzip.compress(many_users(2000))
    read = read_bytes(USERS + ".gz", whole[: len(whole) * 2 // 3])
    assert read.notes.truncated
    assert read.keys()[:-1] == [f"u{number}" for number in range(len(read.rows) - 1)]
    assert len(read.rows) > 500
    assert (read.rows[-1].verdict, read.rows[-1].reason) == (REJECTED, "truncated")


def test_a_gzip_that_breaks_between_two_rows_loses_neither(read_bytes: ReadBytes) -> None:
    machine = zlib.compressobj(wbits=31)
    content = machine.compress(HEADER + user(1) + user(2)) + machine.flush(zlib.Z_SYNC_FLUSH)
    read = read_bytes(USERS + ".gz", content)
    assert read.keys() == ["u1", "u2"]
    assert read.notes.truncated


def test_a_damaged_gzip_is_noted_and_its_good_rows_are_kept(read_bytes: ReadBytes) -> None:
    whole = bytearray(gzip.compress(many_users(20)))
    whole[-6] ^= 0xFF  # the checksum at the end
    read = read_bytes(USERS + ".gz", bytes(whole))
    assert len(read.rows) == 20
    assert read.notes.truncated
    assert "gzip_broken" in read.notes.remarks


def test_damage_in_the_middle_of_a_gzip_costs_what_comes_after_it(read_bytes: ReadBytes) -> None:
    whole = bytearray(gzip.compress(many_users(2000)))
    whole[len(whole) // 2 : len(whole) // 2 + 40] = b"\xff" * 40
    read = read_bytes(USERS + ".gz", bytes(whole))
    good = [row.key for row in read.rows if row.verdict == ACCEPTED]
    assert good[:400] == [f"u{number}" for number in range(400)]
    assert read.notes.truncated


def test_several_gzip_members_and_padding_are_one_file(read_bytes: ReadBytes) -> None:
    content = gzip.compress(HEADER + user(1)) + gzip.compress(user(2)) + b"\0" * 512
    read = read_bytes(USERS + ".gz", content)
    assert read.keys() == ["u1", "u2"]
    assert read.notes.remarks == []


def test_foreign_bytes_behind_a_gzip_are_noted(read_bytes: ReadBytes) -> None:
    read = read_bytes(USERS + ".gz", gzip.compress(HEADER + user(1)) + b"<html>")
    assert read.keys() == ["u1"]
    assert read.notes.remarks == ["bytes_after_gzip"]


@pytest.mark.parametrize(
    ("name", "content", "remark"),
    [
        (USERS + ".gz", HEADER + user(1), "not_gzip"),
        (USERS, gzip.compress(HEADER + user(1)), "gzip_without_name"),
    ],
)
def test_content_decides_about_compression_not_the_name(
    read_bytes: ReadBytes, name: str, content: bytes, remark: str
) -> None:
    read = read_bytes(name, content)
    assert read.keys() == ["u1"]
    assert read.notes.remarks == [remark]


# Long lines


def test_a_line_of_200_megabytes_is_spilled_in_bounded_memory(tmp_path: Path, context: ReadingContext) -> None:
    size, block = 200 * 1024 * 1024, b"x" * (1 << 20)
    path = tmp_path / (USERS + ".gz")
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(HEADER + user(1) + b"long,")
        for _ in range(size // len(block)):
            file.write(block)
        file.write(b"\n" + user(2))
    delivered = recognise(path)
    assert delivered is not None
    tracemalloc.start()
    rows = list(read_file(delivered, context=context))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(row.key, row.reason) for row in rows] == [("u1", ""), ("", "row_too_long"), ("u2", "")]
    assert peak < 16 * LINE_LIMIT
    payload = json.loads(rows[1].payload)
    assert payload["bytes"] == size + len(b"long,")
    assert (context.spill / payload["_spilled"]).stat().st_size == size + len(b"long,")


def test_the_same_long_line_is_spilled_once_under_its_content(read_bytes: ReadBytes, context: ReadingContext) -> None:
    long_line = b"long," + b"y" * (LINE_LIMIT + 5) + b"\n"
    read = read_bytes(USERS, HEADER + long_line + long_line)
    assert read.reasons() == ["row_too_long", "row_too_long"]
    assert read.rows[0].content_hash == read.rows[1].content_hash
    (spilled,) = context.spill.iterdir()
    assert spilled.read_bytes() == long_line.rstrip(b"\n")


def test_coordinates_are_blotted_out_of_spilled_lines_too(read_bytes: ReadBytes, context: ReadingContext) -> None:
    filler = b"z" * (LINE_LIMIT + 1)
    read_bytes("tokhaiyte_domestic.csv", b"id,fullName,lat,long\na1," + filler + b",21.043127,105.846102\n")
    (spilled,) = context.spill.iterdir()
    assert b"21.0431" not in spilled.read_bytes()
    assert spilled.read_bytes().endswith(b",~,~")


@given(
    texts=st.lists(st.binary(max_size=40).map(lambda text: text.replace(b"\n", b"").replace(b"\r", b"")), max_size=20),
    cuts=st.lists(st.integers(1, 30), max_size=30),
    ending=st.sampled_from([b"\n", b"\r\n"]),
)
def test_lines_do_not_depend_on_where_chunks_are_cut(texts: list[bytes], cuts: list[int], ending: bytes) -> None:
    content = b"".join(text + ending for text in texts)

    def chunks() -> Iterator[bytes]:
        at = 0
        for cut in cuts:
            yield content[at : at + cut]
            at += cut
        yield content[at:]

    assert list(_lines(chunks())) == texts


def _lines(chunks: Iterator[bytes]) -> Iterator[Line]:
    return lines(iter([chunk for chunk in chunks if chunk]), Path("/nonexistent"), FileNotes())


@pytest.mark.parametrize("length", [LINE_LIMIT, LINE_LIMIT + 1, CHUNK, LINE_LIMIT + CHUNK])
def test_the_limit_of_a_line_does_not_depend_on_chunks(tmp_path: Path, length: int) -> None:
    content = b"a" * length + b"\nend"
    chunks = (content[at : at + CHUNK] for at in range(0, len(content), CHUNK))
    first, last = lines(chunks, tmp_path, FileNotes())
    assert isinstance(first, Spilled) == (length > LINE_LIMIT)
    assert last == b"end"


# Encodings


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "utf-16-le"])
def test_text_arrives_whole_in_any_unicode_encoding(read_bytes: ReadBytes, encoding: str) -> None:
    content = (HEADER + user(1)).decode().encode(encoding)
    row = read_bytes(USERS, content).only
    assert row.claim is not None
    assert row.claim.name == "Nguyễn Văn An"


def test_composed_and_decomposed_names_compare_as_equal(read_bytes: ReadBytes) -> None:
    import unicodedata

    composed = HEADER + user(1)
    decomposed = unicodedata.normalize("NFD", composed.decode()).encode()
    first, second = read_bytes(USERS, composed).only, read_bytes(USERS, decomposed).only
    assert first.claim == second.claim
    assert first.content_hash != second.content_hash  # the record is what was sent


def test_a_line_of_an_older_encoding_is_repaired_and_noted(read_bytes: ReadBytes) -> None:
    line = "u2,,0912000222,Nguyễn Văn Bình,Đà Nẵng\n"
    import unicodedata

    vietnamese = unicodedata.normalize("NFC", line).translate({ord("ễ"): "\u00ea\u0303", ord("ẵ"): "\u0103\u0303"})
    vietnamese = vietnamese.replace("ì", "i\u0300").replace("à", "\u00e0")
    read = read_bytes(USERS, HEADER + user(1) + vietnamese.encode("cp1258") + user(3))
    assert read.keys() == ["u1", "u2", "u3"]
    row = read.rows[1]
    assert row.claim is not None
    assert row.claim.address == "Đà Nẵng"
    assert ("address", "undecodable_bytes") in row.problems
    assert row.payload.isascii()
    assert "\\udc" in row.payload


def test_nul_bytes_stay_in_the_payload_as_escapes_and_leave_the_values(read_bytes: ReadBytes) -> None:
    row = read_bytes(USERS, HEADER + b"u1,,0912000111,Nguyen\0 Van An,Ha\0 Noi\n").only
    assert "\\u0000" in row.payload
    assert row.claim is not None
    assert row.claim.address == "Ha Noi"
    assert ("address", "control_characters") in row.problems


@pytest.mark.parametrize("ending", [b"\r\n", b"\r", b"\n"])
def test_line_ends_of_every_system_are_understood(read_bytes: ReadBytes, ending: bytes) -> None:
    read = read_bytes(USERS, (HEADER + user(1) + user(2)).replace(b"\n", ending))
    assert read.keys() == ["u1", "u2"]
    assert json.loads(read.rows[1].payload)["address"] == "Hà Nội"


# Headers


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_are_recognised_by_the_header(read_bytes: ReadBytes, delimiter: str) -> None:
    content = (HEADER + user(1)).decode().replace(",", delimiter).encode()
    read = read_bytes(USERS, content)
    assert read.only.key == "u1"
    assert read.notes.remarks == ["other_delimiter"]


def test_columns_may_come_in_any_order_and_letter_case(read_bytes: ReadBytes) -> None:
    row = read_bytes(USERS, b"ADDRESS,PHONE,USERID\nHue,0912000111,u1\n").only
    assert row.key == "u1"
    assert (
        row.content_hash == read_bytes(USERS, b"userId,address,phone,fullName\nu1,Hue,0912000111,\n").only.content_hash
    )


def test_unknown_columns_are_kept_in_the_payload_and_reported(read_bytes: ReadBytes) -> None:
    read = read_bytes(USERS, b"userId,phone,deviceModel,note\nu1,0912000111,Nokia,\n")
    assert json.loads(read.only.payload)["deviceModel"] == "Nokia"
    assert dict(read.notes.unknown_columns) == {"deviceModel": 1}
    assert read.notes.missing_columns == ("registeredAt", "fullName", "address")


def test_a_column_named_twice_keeps_both_of_its_values(read_bytes: ReadBytes) -> None:
    row = read_bytes(USERS, b"userId,phone,phone\nu1,0912000111,0912000222\n").only
    assert json.loads(row.payload) == {"userId": "u1", "phone": "0912000111", "phone#3": "0912000222"}


@pytest.mark.parametrize(
    ("content", "lines_in_it"),
    [
        (user(1) + user(2), 2),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\0\nIDAT\n", 4),
        (b"<html>\n<body>404</body>\n</html>\n", 3),
        (csv_text("sskdt_people", {"personId": "p1"}).encode(), 2),
    ],
)
def test_every_line_under_a_missing_or_foreign_header_is_rejected(
    read_bytes: ReadBytes, content: bytes, lines_in_it: int
) -> None:
    read = read_bytes(USERS, content)
    assert {row.verdict for row in read.rows} == {REJECTED}
    assert set(read.reasons()) == {"wrong_header"}
    assert len(read.rows) == lines_in_it


def test_a_header_of_another_kind_with_the_same_key_column_is_seen_through(read_bytes: ReadBytes) -> None:
    read = read_bytes("sskdt_people.csv", csv_text("sskdt_doses", {"doseId": "d1", "personId": "p1"}).encode())
    assert read.reasons() == ["wrong_header", "wrong_header"]
    assert read.notes.looks_like == "sskdt_doses"


@pytest.mark.parametrize("content", [b"", HEADER, b"\n\n\n", b"\xef\xbb\xbf"])
def test_files_without_rows_are_no_error_and_are_reported(read_bytes: ReadBytes, content: bytes) -> None:
    read = read_bytes(USERS, content)
    assert read.rows == []
    assert read.notes.remarks == ["no_rows"]


def test_a_later_part_without_header_is_read_under_the_first_parts(tmp_path: Path, context: ReadingContext) -> None:
    from pccovid.connectors.delivery import find

    (tmp_path / "bluezone_users.part-0001.csv").write_bytes(HEADER + user(1))
    (tmp_path / "bluezone_users.part-0002.csv").write_bytes(user(2) + user(3))
    (tmp_path / "bluezone_users.part-0003.csv").write_bytes(HEADER + user(4))
    keys = [row.key for file in find(tmp_path).files for row in read_file(file, context=context)]
    assert keys == ["u1", "u2", "u3", "u4"]


# Rows


def test_an_unclosed_quote_costs_one_row_and_not_the_file(read_bytes: ReadBytes) -> None:
    broken = b'u1,,0912000111,"Nguyen Van An,Hue\n'
    read = read_bytes(USERS, HEADER + broken + b"".join(user(number) for number in range(2, 60)))
    assert read.reasons() == ["unbalanced_quote", *[""] * 58]
    assert "Nguyen Van An" in read.rows[0].payload


def test_two_rows_with_one_stray_quote_each_are_not_taken_for_one(read_bytes: ReadBytes) -> None:
    broken = b'u1,,0912000111,"An,Hue\nu2,,0912000112,Binh",Hue\n'
    read = read_bytes(USERS, HEADER + broken + user(3))
    assert read.reasons()[0] == "unbalanced_quote"
    assert read.keys()[-2:] == ["u2", "u3"]


def test_quoted_line_breaks_delimiters_and_quotes_are_one_value(read_bytes: ReadBytes) -> None:
    content = 'u1,,0912000111,An,"Số 1, ""ngõ"" 2\nHà Nội"\n'.encode()
    read = read_bytes(USERS, HEADER + content + user(2))
    assert read.keys() == ["u1", "u2"]
    assert json.loads(read.rows[0].payload)["address"] == 'Số 1, "ngõ" 2\nHà Nội'


def test_a_quote_amid_a_value_is_an_ordinary_character(read_bytes: ReadBytes) -> None:
    row = read_bytes(USERS, HEADER + b'u1,,0912000111,An "Ba" Le,Hue 5" nha\n').only
    assert json.loads(row.payload)["address"] == 'Hue 5" nha'


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (b"u1,,0912000111,An,Hue,extra\n", HELD),
        (b"u1,,0912000111\n", HELD),
        (b",,0912000111\n", REJECTED),
        (b"u1,,0912000111,An,Hue,,,\n", ACCEPTED),
        (b"u1,,0912000111,An\n", ACCEPTED),
    ],
)
def test_cells_too_many_or_too_few_are_never_shifted_silently(read_bytes: ReadBytes, line: bytes, verdict: str) -> None:
    read = read_bytes(USERS, HEADER + line + user(2))
    assert read.rows[0].verdict == verdict
    assert read.rows[0].reason == ("" if verdict == ACCEPTED else "column_count")
    assert read.rows[1].key == "u2"


@pytest.mark.parametrize(
    ("key", "reason"), [("", "no_key"), ("  ", "no_key"), ("k" * 201, "bad_key"), ("k\0", "bad_key")]
)
def test_rows_without_a_usable_key_are_rejected_with_their_content(
    read_bytes: ReadBytes, key: str, reason: str
) -> None:
    row = read_bytes(USERS, HEADER + f"{key},,0912000111,An,Hue\n".encode()).only
    assert (row.verdict, row.reason, row.key) == (REJECTED, reason, "")
    assert json.loads(row.payload)["userId"] == key


NAUGHTY = (
    "'; DROP TABLE people_person; --", "<script>alert(1)</script>", "{{7*7}}", "=cmd|' /C calc'!A0", "../../etc/passwd",
    "\u202eevil\u202c", "\u200b\u200b", "Z̗̞a̢l͈g̮o", "🏳️‍🌈" * 20, "null", "None", "NaN", "-1e400", "0x10", "％ｓ%s%n",
    "\ufeff", "\ufffe", "\u0000", "A" * 20_000, "ﷺ", "Ⅷ", "١٢٣٤٥٦٧٨٩٠١٢", "1" * 5000, "true", "[]", "{}", "\\", '"',
    "\\u0000", "\x1b[31m", "\x7f\x80\x9f", "İstanbul", "ﬁ", "̀", "\U000e0001", "٢٠٢١-٠٨-١٠",
    "9" * 12, "-0", "∞", "Đ" * 300,
)  # fmt: skip


@pytest.mark.parametrize("kind", sorted(FILE_KINDS))
def test_naughty_strings_in_every_field_neither_raise_nor_reach_the_database(read_bytes: ReadBytes, kind: str) -> None:
    file_kind = FILE_KINDS[kind]
    rows = [dict.fromkeys(file_kind.columns, text) | {file_kind.key: f"k{n}"} for n, text in enumerate(NAUGHTY)]
    if file_kind.format == "csv":
        content = csv_text(kind, *rows).encode()
    else:
        content = "\n".join(json.dumps(row, ensure_ascii=n % 2 == 0) for n, row in enumerate(rows)).encode()
    read = read_bytes(file_kind.file_name, content)
    assert read.keys() == [f"k{n}" for n in range(len(NAUGHTY))]
    for row in read.rows:
        assert all(_fits_postgresql(value) for value in _texts((row.claim, row.facts)))
        assert {problem.reason for problem in row.problems} <= REASONS.keys()


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(tuple(value.items()))
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(part)


def _fits_postgresql(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


_PIECES = (
    b",", b";", b'"', b"\n", b"\r\n", b"u1", b"\xff", b"\0", "Nguyễn".encode(), b"{", b"}", b'{"id":', b'"memberId":',
    b"[", b"]", b"null", b"1e999", b"\\ud800", b"2021-08-10", b"0912000111",
    b'{"accountId":"a1","household":[{"memberId":"m1"}]}',
)  # fmt: skip
HOSTILE = st.one_of(st.binary(max_size=200), st.lists(st.sampled_from(_PIECES), max_size=60).map(b"".join))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=HOSTILE, kind=st.sampled_from(sorted(FILE_KINDS)), has_header=st.booleans())
def test_any_bytes_at_all_are_accounted_for_and_can_be_read_again(
    read_bytes: ReadBytes, context: ReadingContext, content: bytes, kind: str, has_header: bool
) -> None:
    file_kind = FILE_KINDS[kind]
    header = (",".join(file_kind.columns) + "\n").encode() if has_header and file_kind.format == "csv" else b""
    read = read_bytes(file_kind.file_name, header + content)
    assert [row.row_no for row in read.rows] == list(range(1, len(read.rows) + 1))
    for row in read.rows:
        assert row.verdict == ACCEPTED or REASONS[row.reason].about == ROW
        assert all(REASONS[problem.reason].about in (VALUE, ROW) for problem in row.problems)
        assert "\0" not in row.payload
        row.payload.encode()
        again = read_payload(row.system, row.kind, row.key, row.payload, context=context)
        assert [a._replace(row_no=row.row_no) for a in again] == [row]
    assert all(REASONS[remark].about in (FILE, ROW) for remark in read.notes.remarks)
    json.dumps(read.notes.as_json()).encode()
