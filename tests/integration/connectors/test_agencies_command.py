"""`pccovid sandbox agencies`: real processes on loopback ports that know the made nation's people, and end with it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pccovid.connectors.calling import Line
from pccovid.connectors.population_database.connecting import population_database
from pccovid.connectors.population_database.payloads import Question
from pccovid.connectors.social_insurance.client import SocialInsurance
from pccovid.connectors.social_insurance.payloads import Officer, written_birth
from pccovid.connectors.social_insurance.payloads import Question as CardQuestion
from pccovid.connectors.social_insurance.sandbox_server import SANDBOX_ACCOUNT
from pccovid.sandbox.blocks import blocks
from pccovid.sandbox.nation import MANIFEST
from pccovid.sandbox.registers import police_register

PEOPLE, SEED = 300, 4
COMMAND = (sys.executable, "-c", "from pccovid.cli import main; raise SystemExit(main())", "sandbox", "agencies")


@pytest.fixture
def nation(tmp_path: Path) -> Path:
    """What is left of a made nation that agencies need: how many, and from which seed."""
    (tmp_path / "nation").mkdir()
    (tmp_path / "nation" / MANIFEST).write_text(json.dumps({"people": PEOPLE, "seed": SEED}), encoding="utf-8")
    return tmp_path


def is_open(address: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", urlsplit(address).port or 0)) == 0


def test_the_register_knows_everybody_but_those_whom_nobody_could_verify() -> None:
    known = {entry.personal_id: entry for entry in police_register(seed=SEED, people=PEOPLE)}
    nation = [person for _, block in blocks(SEED, PEOPLE) for person in block.people if person.personal_id]
    verdicts = Counter(person.verdict for person in nation if person.personal_id not in known)
    assert set(verdicts) == {"unverifiable"}
    assert len(known) == sum(person.verdict != "unverifiable" for person in nation) > PEOPLE * 0.8


def test_agencies_run_as_processes_answer_about_the_nation_and_end_when_they_are_told(nation: Path) -> None:
    environment = {**os.environ, "PCCOVID_HOME": str(nation)}
    process = subprocess.Popen([*COMMAND, "--json"], env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    addresses = json.loads(process.stdout.readline())
    assert set(addresses) == {"population", "insurer"}
    told = json.loads((nation / "agencies.json").read_text())
    assert told.pop("insurer-officer").count("|") == 1
    assert told == addresses
    one = next(entry for entry in police_register(seed=SEED, people=PEOPLE) if entry.insurance_no)
    police = population_database(addresses["population"], is_sandbox=True)
    assert police.verify(Question(one.personal_id, one.name.upper(), one.birth), case="XM-1")[0].code == "000"
    insurer = SocialInsurance(Line(addresses["insurer"], plain_http=True), SANDBOX_ACCOUNT)
    asked = CardQuestion(one.insurance_no or "", one.name, written_birth(one.birth))
    answer, _ = insurer.look_up(asked, officer=Officer(one.name, one.personal_id))
    assert answer.result.code == "000"
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    process.stdout.close()
    assert not any(map(is_open, addresses.values()))
    assert not (nation / "agencies.json").exists()


def test_without_a_nation_one_sentence_is_told(tmp_path: Path) -> None:
    done = subprocess.run(
        COMMAND, env={**os.environ, "PCCOVID_HOME": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "no made nation" in done.stderr
    assert "Traceback" not in done.stderr
