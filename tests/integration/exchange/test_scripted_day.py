"""The scripted day, against a hub, a listener and agencies that are processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from conftest import database_from, use_in_django
from integration.connectors.agency_process import register_file
from pccovid.connectors.population_database.register import Entry
from pccovid.connectors.social_insurance.payloads import Officer

LAN = Entry("001190000117", None, "Nguyễn Thị Lan", "1990-03-05", "female", "00001", "0101234567")
OFFICER = Entry("001080000118", None, "Lê Văn Bình", "1980-01-02", "male", "00001", None)

NURSE = Entry("001190000119", None, "Trần Thị Cúc", "1985-07-08", "female", "00001", None)


@pytest.fixture(scope="module")
def played(prepared_url: str, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """The day as it was played about one person whom nobody here knew before."""
    from django.db import connections

    from pccovid.config.benches.exchanging import hub
    from pccovid.config.benches.laboratory_lane import listener
    from pccovid.config.commands import agencies
    from pccovid.config.commands.agreeing import agree_with
    from pccovid.config.commands.insuring import check_wished
    from pccovid.config.commands.session import Session
    from pccovid.config.commands.telling import TELLER
    from pccovid.config.commands.verifying import follow_population
    from pccovid.foundation.environment import read_environment
    from pccovid.sandbox.agencies.cast import CAST

    made = database_from(prepared_url, home)
    use_in_django(made, "web")
    from pccovid.config.commands.day_played import play  # its models need Django to be set up
    from pccovid.config.commands.day_stage import Stage

    environment = read_environment()
    opened = Session(environment, made.owner_url)
    people = register_file(tmp_path_factory.mktemp("nation"), [LAN, OFFICER, NURSE])
    running: list[subprocess.Popen[str]] = []
    with ExitStack() as everything, pytest.MonkeyPatch.context() as patch:
        everything.callback(agencies.stop, running)
        port, _ = everything.enter_context(hub(made.owner_url, environment))
        lane, _ = everything.enter_context(listener(made.owner_url, environment))
        teller = subprocess.Popen(
            TELLER, env={**os.environ, "PCCOVID_DATABASE_URL": made.owner_url}, stderr=subprocess.DEVNULL
        )
        everything.callback(teller.wait)
        everything.callback(teller.terminate)
        addresses = agencies.started_asked(running, people, 1)
        addresses |= {one.code: agencies.started(running, agencies.SENDER, ["--name", one.code]) for one in CAST}
        agree_with(CAST, opened, addresses, hub=f"http://127.0.0.1:{port}", listener=f"127.0.0.1:{lane}")
        patch.setenv("PCCOVID_POPULATION_URL", addresses["population"])
        patch.setenv("PCCOVID_INSURER_URL", addresses["insurer"])
        patch.setenv("PCCOVID_INSURER_OFFICER", OFFICER.name)
        patch.setenv("PCCOVID_INSURER_OFFICER_ID", OFFICER.personal_id)
        stage = Stage(
            addresses,
            lambda: follow_population(opened),
            lambda: check_wished(opened),
            Officer(NURSE.name, NURSE.personal_id),
        )
        yield play(stage, [LAN])
    connections["default"].close()


def test_each_fact_is_in_the_citizens_record_and_in_the_feeds_of_the_entitled_alone(played: object) -> None:
    from pccovid.config.commands.day_stage import Played

    assert isinstance(played, Played)
    assert [one.what for one in played.facts] == [
        "dose at a vaccination site", "positive result at a laboratory", "admission to a hospital",
        "entry at an airport", "card renewed at the insurer", "name corrected at the police",
    ]  # fmt: skip
    assert not [one.told() for one in played.facts if not one.is_well]
    seen = {one.category: set(one.seen) for one in played.facts}
    assert seen["treatment"] == {"benh-vien-ban-thu"}
    assert seen["border"] == {"cua-khau-thu", "kiem-soat-benh-tat-thu"}
    assert seen["vaccination"] == {"diem-tiem-thu", "benh-vien-ban-thu", "kiem-soat-benh-tat-thu"}


def test_servers_end_with_whoever_started_them_even_when_that_is_killed(tmp_path: Path) -> None:
    people = register_file(tmp_path)
    starting = (
        "import sys, time; from pathlib import Path; from pccovid.config.commands.agencies import started_asked\n"
        "running = []; started_asked(running, Path(sys.argv[1]), 1)\n"
        "print(*[one.pid for one in running], flush=True); time.sleep(60)"
    )
    starter = subprocess.Popen([sys.executable, "-c", starting, str(people)], stdout=subprocess.PIPE, text=True)
    assert starter.stdout is not None
    servers = [int(number) for number in starter.stdout.readline().split()]
    assert len(servers) == 2
    assert all(map(_runs, servers))
    starter.kill()
    starter.wait()
    starter.stdout.close()
    assert _end_soon(servers)


def _end_soon(servers: list[int]) -> bool:
    import time

    ends = time.monotonic() + 20
    while time.monotonic() < ends and any(map(_runs, servers)):
        time.sleep(0.05)
    return not any(map(_runs, servers))


def _runs(number: int) -> bool:
    """Whether a process runs: one that has ended and that nobody has waited for does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{number}/status").read_text()
    except OSError:
        return False
