"""Whoever changes the log of messages, whatever they own of the database, is found, and so is the place."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from conftest import MadeDatabase, database_from
from integration.exchange.agencies import Agency, bundle, patient
from integration.exchange.conftest import Exchange
from pccovid.exchange.message_seals import change_key, seal_messages
from pccovid.exchange.seal_evidence import EvidenceIsWrong, NoEvidence, check_evidence, evidence_for
from pccovid.exchange.seal_keys import SealKeysAreWrong, follows, seal_keys
from pccovid.exchange.seal_verifying import SealVerdict, verify_messages

TABLES = ("access.exchange_message", "foundation_messagelog", "access.message_seal", "access.sealed_message")
ENTRY = (
    "INSERT INTO access.exchange_message (agency_code, agreement_id, kind, digest, received, linked, new, held,"
    " rejected, unchanged) VALUES ('benh-vien-thu', 1, 'bundle', sha256(%s), 1, 0, 1, 0, 0, 0) RETURNING id"
)
QUESTION = (
    "INSERT INTO foundation_messagelog (endpoint, topic, reference, case_reference, asked_at, answered_at, outcome,"
    " question_mark) VALUES ('population', 'verify', %s, 'KT-1', now(), now(), 'not_reached', 'x') RETURNING id"
)


@dataclass
class Log:
    """A log of eight messages under two seals of two keys, two questions among them, and one message after that."""

    made: MadeDatabase
    folder: Path
    numbers: list[int]

    @property
    def seals(self) -> Path:
        return self.folder / "seals.jsonl"

    @property
    def keys(self) -> Path:
        return self.folder / "keys.json"

    def put(self, query: str, *values: object) -> int:
        with self.made.connect("owner", autocommit=True) as owner:
            (number,) = owner.execute(query.encode(), list(values)).fetchone() or (0,)
        return int(number)

    def seal(self) -> int:
        with self.made.connect("jobs", autocommit=True) as jobs:
            return seal_messages(jobs, self.seals, self.keys, now=datetime.now(UTC))

    def verify(self, *damage: str, now: datetime | None = None, keep: bool = False) -> SealVerdict:
        """Verify after the database's owner did this, whom no trigger binds; it is undone unless it is to be kept."""
        with self.made.connect("owner") as owner:
            for table in TABLES:
                owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
            for statement in damage:
                owner.execute(statement.encode())
            verdict = verify_messages(owner, self.seals, seal_keys(self.keys, may_make=False).public,
                                      now=now or datetime.now(UTC), progress=lambda _stage, _share: None)  # fmt: skip
            if not keep:
                owner.rollback()
        return verdict

    def found(self, *damage: str, keep: bool = False) -> set[tuple[str, int | None, int | None]]:
        return {(one.kind, one.position, one.log_id) for one in self.verify(*damage, keep=keep).findings}


@pytest.fixture(scope="module")
def log(prepared_url: str, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Log:
    """For tests that leave it as it is."""
    return made_log(database_from(prepared_url, home), tmp_path_factory.mktemp("seals"))


@pytest.fixture
def own_log(database: MadeDatabase, tmp_path: Path) -> Log:
    return made_log(database, tmp_path)


def made_log(database: MadeDatabase, folder: Path) -> Log:
    made = Log(database, folder, [])
    made.numbers += [made.put(ENTRY, f"message {number}".encode()) for number in range(4)]
    made.put(QUESTION, "first question")
    assert made.seal() == 5
    with database.connect("owner", autocommit=True) as owner:
        assert change_key(owner, made.seals, made.keys) == "messages-2"
    made.numbers += [made.put(ENTRY, f"message {number}".encode()) for number in range(4, 8)]
    made.put(QUESTION, "second question")
    assert made.seal() == 5
    return made


def test_what_nobody_touched_is_whole_and_what_is_newer_waits(own_log: Log) -> None:
    own_log.put(ENTRY, b"not sealed yet")
    verdict = own_log.verify()
    assert (verdict.findings, verdict.entries, verdict.seals, verdict.unsealed) == ((), 10, 2, 1)
    assert own_log.seal() == 1
    assert own_log.seal() == 0
    assert len(own_log.seals.read_text().splitlines()) == 3


def test_nobody_may_change_it_with_the_triggers_on(log: Log) -> None:
    for table in TABLES:
        with log.made.connect("owner", autocommit=True) as owner, pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute(f"DELETE FROM {table}".encode())


CASES: dict[str, tuple[str, str, int | None]] = {
    "a byte of a digest": (
        "UPDATE access.exchange_message SET digest = set_byte(digest, 5, get_byte(digest, 5) # 1) WHERE id = {2}",
        "message_changed", 1,
    ),
    "a count": ("UPDATE access.exchange_message SET new = 0, linked = 1 WHERE id = {2}", "message_changed", 1),
    "its moment": (
        "UPDATE access.exchange_message SET received_at = received_at - interval '1 second' WHERE id = {2}",
        "message_changed", 1,
    ),
    "a row": ("DELETE FROM access.exchange_message WHERE id = {2}", "message_removed", 1),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_was_changed_in_one_entry_is_found_at_that_entry(log: Log, name: str) -> None:
    statement, kind, seal = CASES[name]
    assert log.found(statement.format(*log.numbers)) == {(kind, seal, log.numbers[2])}


def test_a_question_that_was_changed_is_found(log: Log) -> None:
    damage = "UPDATE foundation_messagelog SET outcome = 'refused' WHERE reference = 'second question'"
    assert [(one.kind, one.position) for one in log.verify(damage).findings] == [("message_changed", 2)]


def test_two_entries_that_were_swapped_are_found_as_such(log: Log) -> None:
    first, second = log.numbers[1], log.numbers[3]
    found = log.found(
        "UPDATE access.exchange_message a SET digest = b.digest, received_at = b.received_at,"
        " transaction_id = b.transaction_id FROM access.exchange_message b"
        f" WHERE (a.id, b.id) IN (({first}, {second}), ({second}, {first}))"
    )
    assert found == {("messages_swapped", 1, first), ("messages_swapped", 1, second)}


def test_an_entry_slipped_in_behind_a_seal_is_found(own_log: Log) -> None:
    number = own_log.put(
        "INSERT INTO access.exchange_message (agency_code, agreement_id, kind, digest, received, linked, new, held,"
        " rejected, unchanged, transaction_id) VALUES ('x', 1, 'bundle', 'x', 0, 0, 0, 0, 0, 0, '3') RETURNING id"
    )
    assert own_log.seal() == 0
    assert own_log.found() == {("message_slipped_in", None, number)}


def test_leaves_made_anew_do_not_lead_to_the_root(log: Log) -> None:
    found = log.found(
        f"UPDATE access.exchange_message SET received = 2, new = 2 WHERE id = {log.numbers[0]}",
        "UPDATE access.sealed_message s SET leaf = sha256('\\x00' || convert_to(access.message_content(m), 'UTF8'))"
        " FROM access.exchange_message m WHERE s.log = 'in' AND s.entry_id = m.id",
    )
    assert found == {("seal_broken", 1, None)}


def test_leaves_that_were_swapped_or_taken_out_are_found(log: Log) -> None:
    found = log.found(f"DELETE FROM access.sealed_message WHERE log = 'in' AND entry_id = {log.numbers[0]}")
    assert ("seal_broken", 1, None) in found


def test_a_seal_made_anew_without_the_key_is_forged(log: Log) -> None:
    found = log.found(
        "UPDATE access.message_seal SET statement = replace(statement, '\"entries\": 5', '\"entries\": 4')"
        " WHERE number = 2"
    )
    assert {("seal_forged", 2, None), ("seal_differs", 2, None)} <= found


def test_the_key_of_today_cannot_seal_the_past_anew(log: Log) -> None:
    """The second key is the thief's; the first seal is of the first key's time."""
    keys = seal_keys(log.keys, may_make=False)
    with log.made.connect("owner") as owner:
        (statement,) = owner.execute("SELECT statement FROM access.message_seal WHERE number = 1").fetchone() or ("",)
    forged = statement.replace("messages-1", "messages-2")
    signature = keys.sign(forged.encode())[1].hex()
    found = log.found(
        f"UPDATE access.message_seal SET statement = '{forged}', signature = '\\x{signature}' WHERE number = 1"
    )
    assert ("seal_forged", 1, None) in found


def test_a_tail_that_was_cut_off_with_its_seals_is_found_and_stays_found(own_log: Log) -> None:
    cut = (
        "DELETE FROM access.sealed_message WHERE seal = 2", "DELETE FROM access.message_seal WHERE number = 2",
        f"DELETE FROM access.exchange_message WHERE id >= {own_log.numbers[4]}",
        "DELETE FROM foundation_messagelog WHERE reference = 'second question'",
    )  # fmt: skip
    found = own_log.found(*cut, keep=True)
    assert found == {("tail_cut", 2, None)}
    own_log.put(ENTRY, b"what came afterwards")
    assert own_log.seal() == 1
    assert ("seal_gap", 3, None) in own_log.found()


def test_swapped_seals_and_a_file_that_was_cut_are_found(log: Log) -> None:
    whole = log.seals.read_text()
    first, second = whole.splitlines()
    try:
        log.seals.write_text(first + "\n")
        assert log.found() == {("seals_file_cut", 2, None)}
        log.seals.write_text(second + "\n" + first + "\n" + "{}\n")
        assert {one.kind for one in log.verify().findings} == {"seals_file_cut", "seals_file_forged"}
    finally:
        log.seals.write_text(whole)


def test_what_was_erased_after_its_years_is_no_finding(log: Log) -> None:
    erased = f"DELETE FROM access.exchange_message WHERE id = {log.numbers[0]}"
    later = log.verify(erased, now=datetime.now(UTC) + timedelta(days=5 * 366))
    assert (later.findings, later.erased) == ((), 1)
    assert log.verify(erased).erased == 0


def test_a_file_of_keys_that_is_lost_is_not_made_anew(own_log: Log) -> None:
    own_log.keys.unlink()
    own_log.put(ENTRY, b"one more")
    with pytest.raises(SealKeysAreWrong):
        own_log.seal()


def test_keys_that_do_not_follow_from_each_other_are_refused(log: Log, tmp_path: Path) -> None:
    held = json.loads(log.keys.read_text())
    held["public"][1]["since"] = 1
    (tmp_path / "keys").write_text(json.dumps(held))
    with pytest.raises(SealKeysAreWrong, match="follow"):
        seal_keys(tmp_path / "keys", may_make=False)


def test_evidence_of_one_message_convinces_a_partner_who_has_the_first_key(log: Log) -> None:
    keys = seal_keys(log.keys, may_make=False).public
    assert follows(keys)
    message = b"message 5"
    with log.made.connect("owner") as owner:
        (evidence,) = evidence_for(owner, keys, by="sha256", value=hashlib.sha256(message).hexdigest())
        (asked,) = evidence_for(owner, keys, by="reference", value="first question")
        with pytest.raises(NoEvidence):
            evidence_for(owner, keys, by="sha256", value="00" * 32)
    evidence = json.loads(json.dumps(evidence))
    said = check_evidence(evidence, known=[keys[0].x], message=message)
    assert (said["id"], said["seal"], said["key"]) == (log.numbers[5], 2, "messages-2")
    assert check_evidence(asked, known=[keys[0].x])["outcome"] == "not_reached"
    for damage in (
        {"entry": evidence["entry"].replace('"new": 1', '"new": 2')},
        {"place": evidence["place"] + 1},
        {"path": evidence["path"][:-1]},
        {
            "seal": {
                **evidence["seal"],
                "statement": evidence["seal"]["statement"].replace('"number": 2', '"number": 1'),
            }
        },
        {"keys": evidence["keys"][1:]},
        {"keys": None},
    ):
        with pytest.raises(EvidenceIsWrong):
            check_evidence({**deepcopy(evidence), **damage}, known=[keys[0].x], message=message)
    with pytest.raises(EvidenceIsWrong):
        check_evidence(evidence, known=[keys[0].x], message=b"message 6")
    with pytest.raises(EvidenceIsWrong):
        check_evidence(evidence, known=["AAAA"])


def test_what_an_agency_sends_is_sealed_and_its_key_published(
    hospital: Agency, exchange: Exchange, tmp_path: Path
) -> None:
    sent = json.dumps(bundle(patient("SEAL1", birthDate="1971-01-02"))).encode()
    assert hospital.post("", sent).status_code == 200
    with exchange.made.connect("jobs", autocommit=True) as jobs:
        assert seal_messages(jobs, tmp_path / "seals", tmp_path / "keys", now=datetime.now(UTC)) >= 1
    keys = seal_keys(tmp_path / "keys", may_make=False).public
    (evidence,) = evidence_for(exchange.owner, keys, by="sha256", value=hashlib.sha256(sent).hexdigest())
    published = hospital.client.get("/api/auth/signing-keys").json()["keys"]
    assert check_evidence(evidence, known=[one["x"] for one in published], message=sent)["new"] == 1


@pytest.mark.slow
def test_the_commands_write_evidence_and_check_it_without_a_database(own_log: Log) -> None:
    environment = {
        **os.environ, "PCCOVID_DATABASE_URL": own_log.made.owner_url, "PCCOVID_HOME": str(own_log.made.home),
        "PCCOVID_MESSAGE_SEALS_FILE": str(own_log.seals), "PCCOVID_MESSAGE_KEYS_FILE": str(own_log.keys),
    }  # fmt: skip
    code, told = _run("evidence", "--sha256", hashlib.sha256(b"message 0").hexdigest(), environment=environment)
    assert code == 0
    files = {name: own_log.folder / name for name in ("evidence", "jwks", "message")}
    files["evidence"].write_text(json.dumps(told))
    files["jwks"].write_text(json.dumps({"keys": [told["evidence"][0]["keys"][0]]}))
    files["message"].write_bytes(b"message 0")
    asked = ("check", str(files["evidence"]), "--keys", str(files["jwks"]), "--message", str(files["message"]))
    code, held = _run(*asked, environment={**os.environ, "PCCOVID_DATABASE_URL": "postgresql://nowhere.invalid/x"})
    assert (code, held["holds"], held["entries"][0]["id"]) == (0, True, own_log.numbers[0])


def _run(*arguments: str, environment: dict[str, str]) -> tuple[int, dict[str, Any]]:
    command = (sys.executable, "-c", "from pccovid.cli import main; raise SystemExit(main())", "exchange", *arguments)
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False, env=environment)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout.splitlines()[-1])
