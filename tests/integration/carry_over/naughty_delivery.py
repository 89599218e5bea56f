"""A delivery in which every field of every file kind holds every naughty string once, beside files that are none."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import json
import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_DICE = random.Random(4)
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _noise(length: int, letters: str = _LETTERS) -> str:
    """Text that no index can compress."""
    return "".join(_DICE.choice(letters) for _ in range(length))


_TEXTS = (
    # Characters that stores and terminals stumble over
    "\x00", "a\x00b", "\x01\x02\x7f", "\x1b[31mred", "a\tb", "a\nb", "a\r\nb", "a\rb", "\x85", "\u2028", "\u2029",
    "\ufeff", "Nguyễn\ufeffAn", "\u200b\u200d", "\ufffd", "\ufffe", "\u0378", "\ue000", "\U0010ffff", "\u00ad",
    # Scripts and marks
    "\u202eoạH ịhT", "مرحبا", "שלום", "ⅧⅩ", "𝓝𝓰𝓾𝔂ễ𝓷", "👩‍👩‍👧‍👦🇻🇳", "Z̷̡͉a̶̮͌l̴̰̈́g̵̢̏ơ̸͙", "ﷺ", "İıſßﬀ", "Nguyê\u0303n Va\u0306n",
    # Injections
    "'); DROP TABLE people_person; --", "' OR '1'='1", "%s%s%n%x", "{stage}{0.__class__}",
    "${jndi:ldap://a/b}", "$(id)`id`",
    "<script>alert(1)</script>", "<!--", "[/red] [bold]",
    "=HYPERLINK(\"x\")", "@SUM(1)", "../../../etc/passwd",
    # What COPY, CSV and JSON mean by something
    "\\N", "\\.", "\\", "\\x00",
    '"', '""', '"a', "'", ",", ";;;", "|", "a|b|c|0|1|", "{", "}", "[]", "{}", "NULL", "null",
    "None", "true", "{1,2}", '{"a":"b"}',
    # Numbers and dates that are none
    "nan", "Infinity", "-infinity", "1e999", "-0", "0", "-1", "٠١٢٣٤", "0x1F", "9" * 400, "1_000", "1,5", "0000-00-00",
    "31/02/2021", "29/02/1900", "9999-12-31", "10000-01-01", "2021-13-45T99:99:99Z", "00/00/0000", "99", "-2021",
    "2021-06-01T10:00:00+99:99", "+84", "00000000000", "000000000000", "999999999999", "12345678901234567890",
    # Size
    _noise(3_000), " ".join(_noise(7) for _ in range(400)), _noise(30_000, _LETTERS + "ăâđêôơư"),
    _noise(4_000, "0123456789"), " " * 500, "a" * 200_000,
)  # fmt: skip
_BYTES = (b"\xff\xfe\x00", b"\xed\xa0\x80", b"\xc0\xaf", b"\xe1\xbb", b"Nguy\xd4n V\xa8n", b"\xa9\x00", b"\x80" * 50)
NAUGHTY: tuple[bytes, ...] = (*(text.encode() for text in _TEXTS), *_BYTES)
# JSON has values beside strings, and its own way to write what is no character.
JSON_ONLY = (
    b"null", b"true", b"0", b"-1.5e308", b"1e999", b"9" * 400, b"9" * 5_000, b"[]", b"{}", b'{"a":[1,{"b":null}]}',
    b"[" * 20 + b"]" * 20, b'"\\ud800"', b'"\\udc00\\ud800 x"', b'"\\u0000"', b'"\\u0000\\n\\t"',
)  # fmt: skip
_GROUPS = 4
_KEYS = {
    "tokhaiyte_areas": "id", "tokhaiyte_nations": "id", "tokhaiyte_domestic": "id", "tokhaiyte_entry": "id",
    "tokhaiyte_movement": "id", "ncovi": "accountId", "bluezone_users": "userId", "sskdt_people": "personId",
    "sskdt_doses": "doseId", "vneid": "id", "qr_places": "placeId", "qr_visits": "visitId", "sampling": "sampleId",
}  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """One record that was written: its file, the word it is found by, the naughty fields and their text."""

    file: str
    marker: str
    fields: tuple[str, ...]
    text: str


def write_naughty(exports: Path, folder: Path) -> list[Sent]:
    """For each file kind in `exports` one further part: its real rows, naughty in a quarter of their fields each."""
    sent: list[Sent] = []
    for kind, name in sorted({_kind_of(path) for path in exports.iterdir()}):
        rows = list(_rows_of(exports, kind))
        writer = _write_json if name == "jsonl" else _write_csv
        sent += writer(folder / f"{kind}.part-8001.{name}", _KEYS[kind], rows)
    return sent


def _kind_of(path: Path) -> tuple[str, str]:
    kind, *_ = path.name.split(".")
    return kind, "jsonl" if ".jsonl" in path.name else "csv"


def opened(path: Path) -> str:
    """The text of a plain or compressed file."""
    raw = path.read_bytes()
    return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")


def _rows_of(exports: Path, kind: str) -> Iterator[dict[str, object]]:
    for path in sorted(exports.glob(f"{kind}.*")):
        text = opened(path)
        if ".jsonl" in path.name:
            yield from (json.loads(line) for line in text.splitlines())
        else:
            yield from itertools.islice(csv.DictReader(io.StringIO(text)), 100)


def _write_csv(path: Path, key: str, rows: list[dict[str, object]]) -> Iterator[Sent]:
    columns = list(rows[0])
    lines = [b",".join(column.encode() for column in columns)]
    for number, (naughty, group) in enumerate(itertools.product(NAUGHTY, range(_GROUPS + 1))):
        others = [column for column in columns if column != key]
        marker = f"naughty{number:05d}"
        cells = {name: str(value).encode() for name, value in rows[number % len(rows)].items()}
        if group == _GROUPS:  # the key itself; the record is found by another column
            touched = (key,)
            cells[others[-1]] = marker.encode()
        else:
            touched = tuple(others[group::_GROUPS])
            cells[key] = marker.encode()
        cells |= dict.fromkeys(touched, naughty)
        lines.append(b",".join(b'"' + cell.replace(b'"', b'""') + b'"' for cell in cells.values()))
        yield Sent(path.name, marker, touched, naughty.decode("utf-8", "surrogateescape"))
    path.write_bytes(b"\n".join(lines) + b"\n")


def _write_json(path: Path, key: str, rows: list[dict[str, object]]) -> Iterator[Sent]:
    lines = []
    values = [*map(_json_string, NAUGHTY), *JSON_ONLY]
    for number, (naughty, group) in enumerate(itertools.product(values, range(_GROUPS))):
        marker = f"naughty{number:05d}"
        row = json.loads(json.dumps(rows[number % len(rows)]))
        others = [leaf for leaf in _leaves(row) if leaf != (key,)]
        row[key] = marker
        for count, leaf in enumerate(leaf for leaf in others if leaf[-1] == "memberId"):
            _put(row, leaf, f"{marker}m{count}")
        touched = [leaf for leaf in others[group::_GROUPS] if leaf[-1] != "memberId"]
        for leaf in touched:
            _put(row, leaf, "@naughty@")
        lines.append(json.dumps(row, ensure_ascii=False).encode().replace(b'"@naughty@"', naughty))
        yield Sent(path.name, marker, tuple(str(leaf[0]) for leaf in touched if len(leaf) == 1), _meant(naughty))
    path.write_bytes(b"\n".join(lines) + b"\n")


def _json_string(value: bytes) -> bytes:
    try:
        return json.dumps(value.decode(), ensure_ascii=len(value) % 2 == 0).encode()
    except UnicodeDecodeError:
        return b'"' + value.replace(b"\x00", b"\\u0000") + b'"'


def _meant(value: bytes) -> str:
    text = value.decode("utf-8", "surrogateescape")
    return text if len(text) > 4_000 and text.isdigit() else json.dumps(json.loads(text))


_Leaf = tuple[str | int, ...]


def _leaves(value: object, path: _Leaf = ()) -> Iterator[_Leaf]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if inside is None:
        yield path
        return
    for name, nested in inside:
        yield from _leaves(nested, (*path, name))


def _put(row: object, leaf: _Leaf, value: str) -> None:
    for step in leaf[:-1]:
        row = row[step]  # type: ignore[index]
    row[leaf[-1]] = value  # type: ignore[index]


def write_files_that_are_none(exports: Path, folder: Path, long_line: int) -> dict[str, int]:
    """Broken and mislabelled files; returns the number of rows of each that can be counted by eye."""
    people = "".join(opened(path) for path in sorted(exports.glob("sskdt_people*"))[:1])
    sampling = opened(next(exports.glob("sampling*")))
    broken = gzip.compress(people.encode())
    (folder / "sskdt_people.part-9001.csv.gz").write_bytes(broken[: len(broken) // 2])
    picture = b"\x89PNG\r\n\x1a\n" + zlib.compress(_DICE.randbytes(5_000))
    (folder / "bluezone_users.part-9001.csv").write_bytes(picture)
    (folder / "ncovi.part-9001.jsonl").write_text(people)
    (folder / "sskdt_doses.part-9001.csv").write_text(sampling)
    (folder / "sampling.part-9001.csv").write_bytes(b"")
    (folder / "tokhaiyte_movement.part-9001.csv").write_text(
        next(iter(opened(next(exports.glob("tokhaiyte_movement*"))).splitlines()))
    )
    _write_mixed_encodings(folder / "qr_places.part-9001.csv")
    _write_long_line(folder / "qr_visits.part-9001.csv.gz", long_line)
    return {
        "ncovi.part-9001.jsonl": len(people.splitlines()),
        "sskdt_doses.part-9001.csv": len(sampling.splitlines()),
        "sampling.part-9001.csv": 0,
        "tokhaiyte_movement.part-9001.csv": 0,
        "qr_places.part-9001.csv": 5,
        "qr_visits.part-9001.csv.gz": 3,
    }


def _write_mixed_encodings(path: Path) -> None:
    row = "{},2021-07-01 08:00:00,{},cafe,00001,1 phố Huế,Nguyễn Văn An,0912345678"
    lines = [
        b"placeId,registeredAt,name,kind,communeCode,address,registrantName,registrantPhone",
        row.format("mixed1", "Chợ Bến Thành").encode(),
        row.format("mixed2", "Quán Cà").replace("ố", "o").replace("ế", "e").replace("ễ", "e").encode("cp1258"),
        b"mixed3,2021-07-01 08:00:00,Ch\xee B\xd5n Th\xb5nh,cafe,00001,,Nguy\xd4n V\xa8n An,0912345678",
        row.format("mixed4", "Chợ").encode("utf-16-le").replace(b"\n", b""),
        row.format("mixed5", "Siêu thị").encode(),
    ]
    path.write_bytes(b"\r\n".join(lines))


def _write_long_line(path: Path, size: int) -> None:
    block = b"x" * (1 << 20)
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(b"visitId,placeId,scannedAt,leftAt,via,qrText,cccd,bhyt,phone,fullName\n")
        file.write(b"before1,p1,2021-07-01 08:00:00,,phone,,,,0912345678,An\nlong,")
        for _ in range(size >> 20):
            file.write(block)
        file.write(b"\nafter1,p1,2021-07-01 08:00:00,,phone,,,,0912345678,An\n")


def write_json_test_suite(suite: Path, path: Path) -> list[str]:
    """Every file of JSONTestSuite as one line; returns their names in order. Line ends within become blanks."""
    names, lines = [], []
    for file in sorted(suite.glob("*.json")):
        line = file.read_bytes().replace(b"\n", b" ").replace(b"\r", b" ")
        # Within a string an end of line is what makes the file no JSON; a blank is not.
        if line.strip() and file.stem != "n_string_unescaped_newline":
            names.append(file.stem)
            lines.append(line)
    path.write_bytes(b"\n".join(lines) + b"\n")
    return names
