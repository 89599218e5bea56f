"""pccovid scan …: a device is registered, keys are rotated, what waits is folded in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import MadeDatabase
from pccovid.cli import main
from pccovid.personal_codes.keys import code_keys
from pccovid.web.scan_lane.postgres import hash_of


def scan_command(made: MadeDatabase, *arguments: str) -> str:
    """What the command prints, run as the operator does."""
    environment = {**os.environ, "PCCOVID_HOME": str(made.home), "PCCOVID_DATABASE_URL": made.owner_url}
    done = subprocess.run(
        [sys.executable, "-c", "from pccovid.cli import main; raise SystemExit(main())", "scan", *arguments],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_a_checkpoints_device_is_registered_and_its_secret_shown_once(made: MadeDatabase) -> None:
    secret = scan_command(made, "device", "--checkpoint", "Chốt cầu")
    with made.connect("owner") as owner:
        row = owner.execute("SELECT kind, name, key_hash FROM access.scan_device WHERE name = 'Chốt cầu'").fetchone()
    assert row == ("checkpoint", "Chốt cầu", hash_of(secret))


def test_folding_when_nothing_waits_says_so(made: MadeDatabase) -> None:
    with made.connect("owner", autocommit=True) as owner:
        owner.execute("DELETE FROM access.scan_inbox")
    assert json.loads(scan_command(made, "fold", "--held", "--json")) == {"visits": 0, "passed": 0, "held": 0}


def test_rotating_keys_adds_a_set_and_keeps_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PCCOVID_HOME", str(tmp_path))
    first = code_keys().newest.root
    assert main(["scan", "keys", "--rotate", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"sets": [1, 2], "active": 2}
    assert code_keys().sets[1].root == first
