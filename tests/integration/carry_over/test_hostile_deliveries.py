"""Deliveries that are broken, mislabelled or meant to harm, through the real command: every row is accounted for,
nothing is lost, the operator sees no traceback, and the good files of the same delivery are carried over all the same.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carry_over_importing import import_delivery
from conftest import MadeDatabase, database_from, make_haste
from integration.carry_over.naughty_delivery import (
    Sent,
    opened,
    write_files_that_are_none,
    write_json_test_suite,
    write_naughty,
)
from pccovid.foundation.cluster import Cluster
from pccovid.foundation.key_ring import KEYS_FILE_VARIABLE
from pccovid.sandbox.nation import create
from sealed_rows import shown_payload

MEBIBYTE = 1 << 20
# DuckDB may use 300 MB; the rest is the program itself, its libraries and one batch of rows.
MOST_MEMORY = 500 * MEBIBYTE
COUNTS = ("linked", "new", "held", "rejected")


@dataclass
class Carried:
    """What the command said and did."""

    home: Path
    url: str
    code: int
    said: str
    told: str
    peak: int
    """Bytes of the largest process."""
    sent: list[Sent] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)
    suite: list[str] = field(default_factory=list)

    @property
    def ledger(self) -> dict[str, object]:
        return json.loads(self.said.splitlines()[-1])

    def file(self, name: str) -> dict[str, object]:
        return next(file for file in self.ledger["files"] if file["name"] == name)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url) as owner:
            return owner.execute(query).fetchall()


def pccovid(home: Path, *arguments: str | bytes, interrupt: Callable[[], bool] | None = None) -> Carried:
    """Run the installed command as an operator would; once `interrupt` says so, press Ctrl-C."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PCCOVID", "DJANGO"))}
    environment |= {"PCCOVID_HOME": str(home), "PCCOVID_IMPORT_MEMORY": "300MB"}
    environment |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(home.with_name("compiled"))}
    said, told, used = (home.with_name(name) for name in ("said", "told", "used"))
    with said.open("wb") as out, told.open("wb") as err:
        installed = str(Path(sys.executable).with_name("pccovid"))
        command = [sys.executable, "-c", _MEASURED, str(used), installed, *arguments]
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=err, start_new_session=True)
        if interrupt:
            _interrupt_once(interrupt, process)
        process.wait()
    return Carried(
        home, "", process.returncode, said.read_text(), told.read_text(errors="replace"), int(used.read_text()) * 1024
    )


# As far as the kernel's count of its peak goes, a process begins with the memory of the one that started it: a small
# one starts the command, not the tests. A test run in the background of a shell ignores Ctrl-C, and so would it.
_MEASURED = """
import os, signal, sys
signal.signal(signal.SIGINT, lambda *_: None)
child = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ, setsigdef=[signal.SIGINT])
_, status, used = os.wait4(child, 0)
with open(sys.argv[1], "w") as file:
    file.write(str(used.ru_maxrss))
code = os.waitstatus_to_exitcode(status)
if code < 0:
    signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
sys.exit(code)
"""


def _interrupt_once(is_time: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    while not is_time():
        if process.poll() is not None:
            return
    # Ctrl-C reaches the command and its workers alike.
    os.killpg(process.pid, signal.SIGINT)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The good files of the delivery: those of a hundred and twenty people, each kind of file among them."""
    folder = tmp_path_factory.mktemp("clean")
    create(people=120, seed=3, out=folder)
    areas = next((folder / "exports").glob("tokhaiyte_areas*"))
    lines = opened(areas).splitlines(keepends=True)
    areas.unlink()
    # Ten thousand areas only take time.
    (folder / "exports" / "tokhaiyte_areas.csv").write_text("".join(lines[:300]))
    return folder / "exports"


@pytest.fixture(scope="module")
def delivery(clean: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("delivery")
    for path in clean.iterdir():
        shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="module")
def carried(
    clean: Path, delivery: Path, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Carried]:
    """The hostile delivery, carried over by the command into a home of its own."""
    home = tmp_path_factory.mktemp("operator") / "home"
    sent = write_naughty(clean, delivery)
    counted = write_files_that_are_none(clean, delivery, 200 * MEBIBYTE)
    suite = _json_test_suite(delivery, request)
    (delivery / "read [red]me.txt").write_text("thư kèm")
    (delivery / "ncovi.json").write_text("[]")
    (delivery / "vneid.part-0777.jsonl").mkdir()
    Path(os.fsdecode(os.fsencode(delivery) + b"/t\xean l\xc1.csv")).write_text("x")
    with Cluster(home).in_use() as url:
        make_haste(url)
        done = pccovid(home, "import", str(delivery), "--json")
        done.url, done.sent, done.counted, done.suite = url, sent, counted, suite
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(KEYS_FILE_VARIABLE, str(home / "secrets" / "keys.json"))
            yield done
    shutil.rmtree(home.parent)


def _json_test_suite(delivery: Path, request: pytest.FixtureRequest) -> list[str]:
    default = Path(__file__).resolve().parents[4] / "shared" / "data"
    suite = Path(os.environ.get("PCCOVID_SHARED_DATA", default)) / "json" / "JSONTestSuite" / "test_parsing"
    return write_json_test_suite(suite, delivery / "vneid.part-9001.jsonl") if suite.is_dir() else []


# What the operator sees


def test_a_hostile_delivery_ends_well_and_without_a_traceback(carried: Carried) -> None:
    assert carried.code == 0, carried.told
    assert "Traceback" not in carried.told + carried.said
    assert carried.ledger["stage"] == "published"


def test_every_line_of_the_hostile_ledger_balances(carried: Carried) -> None:
    for file in carried.ledger["files"]:
        assert file["received"] == sum(file[count] for count in COUNTS), file["name"]
    assert carried.ledger["balances"] is True


def test_what_is_not_read_is_named_to_the_operator(carried: Carried) -> None:
    names = {"read [red]me.txt", "ncovi.json", "vneid.part-0777.jsonl", "t\\xean l\\xc1.csv"}
    assert set(carried.ledger["unknown_files"]) == names
    assert all(name in " ".join(carried.told.split()) for name in ("[red]me.txt", "ncovi.json"))


def test_a_hostile_delivery_needs_no_more_memory_than_any(carried: Carried) -> None:
    assert carried.peak < MOST_MEMORY


# Every row accounted for


def test_every_naughty_record_is_received_once(carried: Carried) -> None:
    sent: dict[str, int] = {}
    for record in carried.sent:
        sent[record.file] = sent.get(record.file, 0) + 1
    assert len(sent) == 13
    for name, count in sent.items():
        received = carried.file(name)["received"]
        # A household's members are rows of their own.
        assert received >= count if name.startswith("ncovi") else received == count, name


@pytest.mark.parametrize(
    "name", ["ncovi.part-9001.jsonl", "sskdt_doses.part-9001.csv", "sampling.part-9001.csv",
             "tokhaiyte_movement.part-9001.csv", "qr_places.part-9001.csv", "qr_visits.part-9001.csv.gz"],
)  # fmt: skip
def test_rows_that_can_be_counted_by_eye_are_all_received(carried: Carried, name: str) -> None:
    assert carried.file(name)["received"] == carried.counted[name]


@pytest.mark.parametrize(
    ("name", "reason"),
    [("ncovi.part-9001.jsonl", "not_json"), ("sskdt_doses.part-9001.csv", "wrong_header"),
     ("bluezone_users.part-9001.csv", "wrong_header")],
)  # fmt: skip
def test_a_file_that_is_not_what_it_says_is_rejected_row_by_row(carried: Carried, name: str, reason: str) -> None:
    file = carried.file(name)
    assert file["rejected"] == file["received"] > 0
    assert ["rejected", reason] in [given_reason[:2] for given_reason in file["reasons"]]


def test_a_truncated_file_gives_its_readable_rows_and_says_that_it_breaks_off(carried: Carried) -> None:
    file = carried.file("sskdt_people.part-9001.csv.gz")
    assert "gzip_broken" in file["notes"]["remarks"]
    assert file["linked"] + file["new"] > 0
    assert ["rejected", "truncated"] in [reason[:2] for reason in file["reasons"]]


def test_no_line_that_is_not_json_is_taken_for_json(carried: Carried) -> None:
    if not carried.suite:
        pytest.skip("the folder of outside test data is not here (PCCOVID_SHARED_DATA)")
    file = carried.file("vneid.part-9001.jsonl")
    assert file["received"] == file["rejected"] + file["held"] == len(carried.suite)
    rows = carried.rows("SELECT row_no, reason FROM people_unplacedrow WHERE file_name = 'vneid.part-9001.jsonl'")
    reasons = {carried.suite[int(number) - 1]: reason for number, reason in rows}
    wrong = {name: reason for name, reason in reasons.items() if name.startswith("n_") and reason not in _NO_JSON}
    assert wrong == {}
    refused = {name: reason for name, reason in reasons.items() if name.startswith("y_") and reason in _NO_JSON}
    assert refused == {}


_NO_JSON = {"not_json", "too_deep"}


# Nothing lost


@pytest.fixture(scope="module")
def payloads(carried: Carried) -> list[tuple[str, str]]:
    """(where, payload) of every stored row, placed or not."""
    stored = carried.rows(
        "SELECT 'record', payload, record_id FROM people_sourcerecord"
        " UNION ALL SELECT 'unplaced', payload, record_id FROM people_unplacedrow"
    )
    return [(str(where), shown_payload(payload, record)) for where, payload, record in stored]  # type: ignore[arg-type]


def test_every_naughty_text_stands_in_the_database_as_it_was_sent(
    carried: Carried, payloads: list[tuple[str, str]]
) -> None:
    stored: dict[str, list[str]] = {}
    for _, payload in payloads:
        if "naughty0" in payload:
            start = payload.index("naughty0")
            stored.setdefault(payload[start : start + len("naughty00000")], []).append(payload)
    spilled = _spilled_lines(carried)
    lost = [
        (record.file, record.marker, record.text[:60], name)
        for record in carried.sent
        for name in record.fields
        if name not in ("lat", "long")
        and not any(_holds(payload, name, record.text) for payload in stored.get(record.marker, []))
        and not any(record.marker in line and record.text[1:-1] in line for line in spilled)
    ]
    assert lost == []


def _spilled_lines(carried: Carried) -> list[str]:
    """Rows longer than a row may be, but no longer than a few of the naughty texts."""
    folder = carried.home / "import" / "spilled"
    return [path.read_text() for path in folder.iterdir() if path.stat().st_size < 8 * MEBIBYTE]


def _holds(payload: str, name: str, text: str) -> bool:
    """Whether the payload holds that text: under its column, as JSON value, or in the line that was no row."""
    values = json.loads(payload, parse_int=_digits)
    # Line ends are the file's, not the text's: within a cell of a CSV file they are stored as LF.
    text = text.replace("\r\n", "\n")
    if "_raw" in values:
        return text in values["_raw"] or text.replace('"', '""') in values["_raw"]
    value = values.get(name)
    return text in (value, json.dumps(value))


def _digits(text: str) -> int | str:
    return int(text) if len(text) < 4_000 else text


def test_an_over_long_line_can_be_fetched_whole(carried: Carried, payloads: list[tuple[str, str]]) -> None:
    spilled = [json.loads(payload) for _, payload in payloads if '"_spilled"' in payload]
    long = next(values for values in spilled if values["bytes"] > 200 * MEBIBYTE)
    path = carried.home / "import" / "spilled" / long["_spilled"]
    assert path.stat().st_size == long["bytes"] == 200 * MEBIBYTE + len("long,")
    assert [name.name for name in path.parent.glob(".unfinished*")] == []


def test_rows_around_an_over_long_line_are_carried_over(carried: Carried) -> None:
    assert carried.rows(
        "SELECT count(*) FROM people_recordclaim WHERE record IN ('qr:qr_visits:before1', 'qr:qr_visits:after1')"
    ) == [(2,)]


def test_text_in_an_older_encoding_is_repaired_in_the_claim_and_kept_in_the_payload(carried: Carried) -> None:
    (stored,) = carried.rows("SELECT payload, record_id FROM people_sourcerecord WHERE key = 'mixed3'")
    assert (
        json.loads(shown_payload(*stored))["registrantName"].encode("utf-8", "surrogateescape")
        == b"Nguy\xd4n V\xa8n An"
    )


def test_good_files_are_read_as_if_nothing_hostile_lay_beside_them(
    carried: Carried, clean: Path, prepared_url: str, home: Path, tmp_path: Path
) -> None:
    alone = database_from(prepared_url, home)
    import_delivery(alone, clean, tmp_path, now=datetime.now(UTC))
    query = (
        "SELECT record, content_hash, name, birth_date, sex, personal_id, old_id, insurance_no, phone, account"
        " FROM people_recordclaim WHERE record !~ 'naughty' ORDER BY record"
    )
    with alone.connect("owner") as owner:
        expected = owner.execute(query).fetchall()
    found = {row[0]: row for row in carried.rows(query)}
    assert len(expected) > 200
    assert [found.get(row[0]) for row in expected] == expected


def test_facts_of_good_files_hang_on_people(carried: Carried, clean: Path) -> None:
    doses = sum(len(opened(path).splitlines()) - 1 for path in clean.glob("sskdt_doses*"))
    ((placed,),) = carried.rows(
        "SELECT count(DISTINCT record_id) FROM vaccination_dose JOIN people_recordclaim c USING (record_id)"
        " WHERE c.record !~ 'naughty'"
    )
    assert placed >= 0.9 * doses > 0  # type: ignore[operator]


def test_the_same_hostile_delivery_again_changes_no_row(carried: Carried, delivery: Path) -> None:
    counts = (
        "SELECT (SELECT count(*) FROM people_sourcerecord), (SELECT count(*) FROM people_unplacedrow),"
        " (SELECT count(*) FROM people_link), (SELECT count(*) FROM people_person)"
    )
    before = carried.rows(counts)
    again = pccovid(carried.home, "import", str(delivery), "--json")
    assert again.code == 0, again.told
    assert carried.rows(counts) == before
    assert again.ledger["received"] == carried.ledger["received"]
    assert again.ledger["new"] == 0


def test_replaying_every_unplaced_row_of_a_hostile_delivery_balances(carried: Carried) -> None:
    done = pccovid(carried.home, "import", "replay", "--json")
    assert done.code == 0, done.told
    assert done.ledger["balances"] is True
    assert done.ledger["received"] > 100
    assert "Traceback" not in done.told


# Other ways to go wrong


def test_a_folder_without_any_known_file_is_told_in_one_sentence(carried: Carried, tmp_path: Path) -> None:
    done = pccovid(carried.home, "import", str(tmp_path), "--json")
    assert done.code == 2
    assert done.told.strip().splitlines()[-1].startswith("pccovid: ")
    assert "Traceback" not in done.told


def test_an_interrupted_command_says_how_to_go_on(carried: Carried, clean: Path, tmp_path: Path) -> None:
    for path in clean.glob("sskdt*"):
        shutil.copy(path, tmp_path)
    (tmp_path / "bluezone_users.csv").write_text("userId,registeredAt,phone,fullName,address\nx1,,,An,\n")
    under_way = "SELECT 1 FROM people_importrun WHERE stage <> 'published' AND folder = '" + str(tmp_path) + "'"
    done = pccovid(carried.home, "import", str(tmp_path), "--json", interrupt=lambda: bool(carried.rows(under_way)))
    assert done.code == 130, done.told
    assert "run the same command again" in done.told
    assert "Traceback" not in done.told


@pytest.mark.slow
def test_a_line_of_one_gigabyte_is_carried_over_in_bounded_memory(
    carried: Carried, clean: Path, tmp_path: Path
) -> None:
    write_files_that_are_none(clean, tmp_path, 1024 * MEBIBYTE)
    done = pccovid(carried.home, "import", str(tmp_path), "--json")
    assert done.code == 0, done.told
    assert done.ledger["balances"] is True
    assert done.peak < MOST_MEMORY
    assert any(path.stat().st_size > 1024 * MEBIBYTE for path in (carried.home / "import" / "spilled").iterdir())


# Any bytes at all

HEADERS = {
    "bluezone_users": b"userId,registeredAt,phone,fullName,address",
    "sskdt_people": b"personId,registeredAt,fullName,dob,sex,phone,idNumber,bhytNumber",
    "sampling": b"sampleId,tubeBarcode,fullName,dob,phone,idNumber,result",
}
pieces = st.one_of(
    st.sampled_from([b",", b'"', b'""', b"\r\n", b"\n", b"\\", b"\x00", b"\xff", "Nguyễn".encode(), b"01/01/1990",
                     b"{", b"["]),
    st.binary(max_size=12),
    st.text(max_size=8).map(lambda text: text.encode("utf-8", "surrogatepass")),
)  # fmt: skip
bodies = st.lists(st.lists(pieces, max_size=12).map(b"".join), min_size=1, max_size=12)
any_files = st.lists(
    st.tuples(st.sampled_from([*HEADERS, "vneid", "ncovi"]), bodies, st.booleans()), min_size=10, max_size=25
)


@given(made=any_files)
@settings(
    max_examples=2, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.large_base_example],
)  # fmt: skip
def test_any_bytes_at_all_are_accounted_for_and_kept(
    made: list[tuple[str, list[bytes], bool]], prepared_url: str, home: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any")
    tokens: list[str] = []
    for number, (kind, body, is_packed) in enumerate(made):
        content = b"".join(line + b"\n" for line in _with_tokens(kind, body, number, tokens))
        name = f"{kind}.part-{number:04d}.{'csv' if kind in HEADERS else 'jsonl'}"
        (folder / f"{name}{'.gz' * is_packed}").write_bytes(gzip.compress(content) if is_packed else content)
    database = database_from(prepared_url, home)
    ledger = import_delivery(database, folder, folder / "work")
    assert all(file.balances for file in ledger.files)
    assert _kept(database, tokens) == []


def _with_tokens(kind: str, body: list[bytes], number: int, tokens: list[str]) -> Iterator[bytes]:
    if kind in HEADERS:
        yield HEADERS[kind]
    for place, line in enumerate(body):
        tokens.append(f"token{number:04d}x{place:04d}")
        # The token comes first, so that no line looks like a picture, an archive or another header.
        yield tokens[-1].encode() + line


def _kept(database: MadeDatabase, tokens: list[str]) -> list[str]:
    """The tokens that stand nowhere in the database."""
    with database.connect("owner") as owner:
        rows = owner.execute(
            "SELECT payload, record_id FROM people_sourcerecord"
            " UNION ALL SELECT payload, record_id FROM people_unplacedrow"
        )
        stored = "\n".join(shown_payload(*row) for row in rows)
    return [token for token in tokens if token not in stored]
