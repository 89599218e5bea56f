"""An hour of faults, hurried: every agency falls sick in its turn, our own processes are killed, and all is counted.

Agencies send dose by dose and result by result; receivers are told of news; the population database and the insurer are
asked. Afterwards each message must be accounted for exactly once, and who was well must not have waited for the sick.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import psycopg

from pccovid.config.benches import hurried_worker
from pccovid.config.benches.exchanging import Agreed, agreed, free_port
from pccovid.config.benches.faulty_senders import Bundles, Messages, Sent, bundle_of, send_all
from pccovid.config.benches.laboratory_lane import client_side, message_about
from pccovid.config.benches.scratch import Progress, scratch_database
from pccovid.config.web_server import web_server
from pccovid.connectors.calling import Line, Unanswered
from pccovid.connectors.population_database.register import Entry, write_register
from pccovid.connectors.sandbox_server.faults import Order
from pccovid.connectors.sandbox_server.http_server import Agency, Answered, Asked
from pccovid.foundation.database import ROLE_URL_VARIABLE
from pccovid.foundation.environment import Environment
from pccovid.foundation.roles import JOBS, WEB, role_url
from pccovid.sandbox.registers import police_register

HOUR_SECONDS = 3600
_ASKED = ("pccovid.connectors.population_database.sandbox_server", "pccovid.connectors.social_insurance.sandbox_server")
_SICK: Sequence[tuple[float, list[dict[str, Any]]]] = (
    (0.05, [{"kind": "error", "share": 0.5}]), (0.20, [{"kind": "slow", "share": 0.3, "seconds": 3}]),
    (0.35, [{"kind": "drift"}]), (0.50, [{"kind": "wrong", "share": 0.5}, {"kind": "lost", "share": 0.3}]),
    (0.65, [{"kind": "busy", "share": 0.5}, {"kind": "duplicate"}, {"kind": "reorder"}]), (0.80, [{"kind": "down"}]),
    (0.95, []),
)  # fmt: skip
"""From which share of the hour on, what befalls those who are asked."""
_KILLED = {"population": (0.12, 0.58), "insurer": (0.28,), "hub": (0.25, 0.60), "listener": (0.33, 0.70),
           "worker": (0.15, 0.40, 0.75)}  # fmt: skip
_RECEIVERS: Mapping[str, list[Order]] = {
    "well": [], "slow": [Order("slow", seconds=7)], "failing": [Order("error")], "gone": [Order("down")],
}  # fmt: skip
"""How each agency's receiver fares until nine tenths of the hour have passed."""
_ENDS_AFTER_SECONDS = 240.0
_SENDS_FOR = 0.95


class NotAllAccountedFor(RuntimeError):
    """Long after the hour, something still waits."""


class Killable:
    """A process that is killed outright and started again, on the same port."""

    def __init__(self, command: Sequence[str], variables: Mapping[str, str], *, tells: bool = False) -> None:
        self._command, self._variables, self._tells = list(command), dict(variables), tells
        self.killed = 0
        self._start()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            self._command, env=self._variables, start_new_session=True, text=True, stderr=subprocess.DEVNULL,
            stdout=subprocess.PIPE if self._tells else subprocess.DEVNULL,
        )  # fmt: skip
        if self._process.stdout is not None:
            self._process.stdout.readline()

    def kill(self) -> None:
        """Kill it with all it has started, and start it again."""
        self.stop()
        self.killed += 1
        self._start()

    def stop(self) -> None:
        """Kill it for good."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


class Receiver(Agency):
    """Where the hub tells an agency of news; counts each message by its id."""

    name = "receiver"

    def __init__(self, faults: Sequence[Order]) -> None:
        super().__init__()
        self.faults.order(faults)
        self.came: list[str] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def answer(self, asked: Asked, met: Mapping[str, Order]) -> Answered:
        """Taken, unless it fails at this time."""
        if "error" in met:
            return Answered(503)
        self.came.append(asked.headers["webhook-id"][0])
        return Answered(204)


def run(
    owner_url: str, environment: Environment, *, people: int, seed: int, seconds: int, progress: Progress
) -> dict[str, object]:
    """Let the hour pass in `seconds`, while three agencies each send about every one of `people`."""
    with scratch_database(owner_url, environment, name="pccovid_faults") as url, tempfile.TemporaryDirectory() as kept:
        entries = [one for one in police_register(seed=seed, people=people) if _is_told_whole(one)]
        register = Path(kept) / "people.jsonl"
        write_register(register, entries)
        with _house(url, environment, register, entries, seconds, Path(kept)) as house:
            sent = house.pass_the_hour(progress)
            settled = house.wait_until_settled(progress)
            report = _counted(url, house, sent)
    return {"bench": "faults", **report, "people": len(entries), "seed": seed, "seconds": seconds,
            "settled_after_seconds": round(settled, 1)}  # fmt: skip


def _is_told_whole(one: Entry) -> bool:
    """Who has a name of their own and a whole birth date: about the others nobody can be asked."""
    return len(one.birth) == 10 and not one.name.lower().startswith("con bà")


class House:
    """Everything that runs, and the order in which it falls sick."""

    def __init__(self, url: str, environment: Environment, seconds: int, processes: Mapping[str, Killable],
                 asked: Mapping[str, str], receivers: Mapping[str, Receiver], senders: Sequence[Callable[[], Sent]],
                 ) -> None:  # fmt: skip
        self.url, self.seconds, self.processes = url, seconds, processes
        self._jobs_url = role_url(url, JOBS, environment.home)
        self._asked, self.receivers, self._senders = asked, receivers, senders
        self.begun = time.monotonic()

    def pass_the_hour(self, progress: Progress) -> list[Sent]:
        """Let everybody send while faults and kills come as planned; what each sent."""
        plan: list[tuple[float, Callable[[], None]]] = [
            (share, partial(self._order, orders)) for share, orders in _SICK
        ]
        plan += [(share, self.processes[name].kill) for name, shares in _KILLED.items() for share in shares]
        plan += [(0.9, self._receivers_get_well)]
        with ThreadPoolExecutor(len(self._senders)) as threads:
            sending = [threads.submit(send) for send in self._senders]
            for share, act in sorted(plan, key=lambda one: one[0]):
                time.sleep(max(0.0, self.begun + share * self.seconds - time.monotonic()))
                act()
                progress("an hour of faults", share)
            time.sleep(max(0.0, self.begun + self.seconds - time.monotonic()))
            return [one.result() for one in sending]

    def _order(self, orders: list[dict[str, Any]]) -> None:
        for address in self._asked.values():
            with contextlib.suppress(Unanswered):
                Line(address, plain_http=True).call("POST", "/sandbox/faults", {}, json.dumps(orders).encode())

    def _receivers_get_well(self) -> None:
        for receiver in self.receivers.values():
            receiver.faults.order([])

    def wait_until_settled(self, progress: Progress) -> float:
        """Until nothing waits any more; the seconds it took. Raises NotAllAccountedFor."""
        self._order([])
        begun = time.monotonic()
        with psycopg.connect(self.url, autocommit=True) as owner:
            while time.monotonic() - begun < _ENDS_AFTER_SECONDS:
                left = owner.execute(_WAITING).fetchone()
                if left == (0, 0, 0):
                    return time.monotonic() - begun
                progress("until nothing waits", (time.monotonic() - begun) / _ENDS_AFTER_SECONDS)
                time.sleep(0.5)
        raise NotAllAccountedFor(f"still waiting (messages, persons to verify, cards): {left}")


_WAITING = """
SELECT (SELECT count(*) FROM foundation_outbox WHERE state = 'waiting')
       + (SELECT count(*) FROM access.agreement a WHERE a.notify_url IS NOT NULL AND EXISTS (
            SELECT 1 FROM access.change c WHERE (c.transaction_id, c.id) > (
                SELECT coalesce(max(n.transaction_id::text::bigint), 0)::text::xid8, coalesce(max(n.change_id), 0)
                FROM access.feed_notice n WHERE n.agreement_id = a.id))),
       (SELECT count(*) FROM people_person p WHERE NOT p.is_identity_verified AND p.merged_into_id IS NULL),
       (SELECT count(DISTINCT i.person_id) FROM people_identifier i WHERE i.system = 'insurance_no'
        AND NOT EXISTS (SELECT 1 FROM access.insurance_check k WHERE k.person_id = i.person_id
                        AND k.checked_at IS NOT NULL))
"""


@contextlib.contextmanager
def _house(
    url: str, environment: Environment, register: Path, entries: Sequence[Entry], seconds: int, folder: Path
) -> Iterator[House]:
    speed = HOUR_SECONDS / seconds
    ports = {name: free_port() for name in ("population", "insurer", "hub", "listener")}
    asked = {name: _address(ports, name) for name in ("population", "insurer")}
    receivers = {name: Receiver(faults) for name, faults in _RECEIVERS.items()}
    told = [agreed(url, f"bench-{name}", notify_url=f"{one.url}/news") for name, one in receivers.items()]
    laboratory = agreed(url, "bench-lab")
    with contextlib.ExitStack() as running:
        processes: dict[str, Killable] = {}
        for name, (command, variables) in _commands(url, environment, register, entries[0], ports, speed).items():
            processes[name] = Killable([sys.executable, *command], variables, tells=name in _TELL)
            running.callback(processes[name].stop)
        senders = _senders(url, environment, entries, ports, told, laboratory, folder, seconds)
        for one in receivers.values():
            running.callback(one.shutdown)
        yield House(url, environment, seconds, processes, asked, receivers, senders)


_TELL = ("population", "insurer", "worker")
"""Processes that say a line once they have begun."""


def _commands(
    url: str, environment: Environment, register: Path, officer: Entry, ports: Mapping[str, int], speed: float
) -> dict[str, tuple[list[str], dict[str, str]]]:
    """Name → what is run after the interpreter's own name, and its environment."""
    own = {**os.environ, "PCCOVID_HOME": str(environment.home), "PCCOVID_DATABASE_URL": url}
    jobs = role_url(url, JOBS, environment.home)
    hub = {**own, ROLE_URL_VARIABLE: role_url(url, WEB, environment.home), "PCCOVID_SERVES": "exchange",
           "PCCOVID_EXCHANGE_URL": jobs}  # fmt: skip
    port = {name: str(number) for name, number in ports.items()}
    return {
        "population": (["-m", _ASKED[0], "--people", str(register), "--port", port["population"]], own),
        "insurer": (["-m", _ASKED[1], "--people", str(register), "--port", port["insurer"]], own),
        "hub": (web_server(f"127.0.0.1:{port['hub']}", workers=1, threads=3, log_level="error")[1:], hub),
        "listener": (["-c", "from pccovid.cli import main; raise SystemExit(main())", "laboratories", "listen",
                      "--port", port["listener"]], own),
        "worker": (["-m", hurried_worker.__name__, jobs, *(_address(ports, name) for name in ("population", "insurer")),
                    f"{officer.name}|{officer.personal_id}", str(time.time()), str(speed)],
                   own | {ROLE_URL_VARIABLE: jobs}),
    }  # fmt: skip


def _address(ports: Mapping[str, int], name: str) -> str:
    return f"http://127.0.0.1:{ports[name]}"


def _senders(
    url: str, environment: Environment, entries: Sequence[Entry], ports: Mapping[str, int], told: Sequence[Agreed],
    laboratory: Agreed, folder: Path, seconds: float,
) -> list[Callable[[], Sent]]:  # fmt: skip
    """Two agencies that send bundles, and a laboratory: each about everybody, paced so that it fills the hour."""
    senders: list[Callable[[], Sent]] = []
    for name, agreement in zip(("one", "two"), told, strict=False):
        line = Bundles(ports["hub"], agreement.token)
        bodies = [bundle_of(name, number, one.name, one.birth, one.personal_id, one.insurance_no)
                  for number, one in enumerate(entries)]  # fmt: skip
        senders.append(_sending(bodies, line, name, seconds))
    tls = client_side(url, environment, laboratory, folder)
    messages = Messages(ports["listener"], tls)
    results = [
        message_about(number, one.name, one.birth, one.personal_id, one.sex) for number, one in enumerate(entries)
    ]
    senders.append(_sending(results, messages, "lab", seconds))
    return senders


def _sending(bodies: Sequence[bytes], line: Bundles | Messages, name: str, seconds: float) -> Callable[[], Sent]:
    return lambda: send_all(bodies, line.deliver, line.cut, Random(name), seconds=seconds * _SENDS_FOR)


def _counted(url: str, house: House, sent: Sequence[Sent]) -> dict[str, object]:
    """What was sent, what stands, what was refused, what was told, and how long the well ones waited."""
    with psycopg.connect(url, autocommit=True) as owner:
        counts = {name: _one(owner, query) for name, query in _COUNTS.items()}
        told = {name: _told(owner, house, receiver) for name, receiver in house.receivers.items()}
    expected = sum(each.messages - each.drifted for each in sent)
    return {
        "ratios": {"accounted_for_exactly_once": round(counts["facts_standing"] / expected, 4)},
        "messages_sent": sum(each.messages for each in sent), "in_another_shape": sum(each.drifted for each in sent),
        "befell": [dict(each.counts) for each in sent], "facts_expected": expected, **counts, "told": told,
        "killed": {name: process.killed for name, process in house.processes.items()},
    }  # fmt: skip


_COUNTS = {
    "facts_standing": "SELECT (SELECT count(*) FROM vaccination_dose WHERE superseded_at IS NULL)"
    " + (SELECT count(*) FROM lab_tests_test WHERE superseded_at IS NULL)",
    "facts_superseded": "SELECT (SELECT count(*) FROM vaccination_dose WHERE superseded_at IS NOT NULL)"
    " + (SELECT count(*) FROM lab_tests_test WHERE superseded_at IS NOT NULL)",
    "facts_told_of_in_the_feed": "SELECT count(DISTINCT subject) FROM access.change WHERE kind IN ('dose', 'test')",
    "changes_noted_of_facts": "SELECT count(*) FROM access.change WHERE kind IN ('dose', 'test') AND act = 'made'",
    "ledger_unbalanced": "SELECT count(*) FROM access.exchange_message"
    " WHERE received <> linked + new + held + rejected",
    "persons": "SELECT count(*) FROM people_person WHERE merged_into_id IS NULL",
    "persons_with_one_answer": "SELECT count(*) FROM (SELECT person_id FROM people_verificationanswer"
    " GROUP BY 1 HAVING count(*) = 1) one",
    "cards_expected": "SELECT count(DISTINCT person_id) FROM people_identifier WHERE system = 'insurance_no'",
    "cards_written_once": "SELECT count(*) FROM insurance_card"
    " WHERE source_system = 'insurer' AND superseded_at IS NULL",
    "questions_answered": "SELECT coalesce(sum(answered), 0)::bigint FROM foundation_endpointhour",
    "questions_not_reached": "SELECT coalesce(sum(not_reached), 0)::bigint FROM foundation_endpointhour",
    "questions_drifted": "SELECT coalesce(sum(drifted), 0)::bigint FROM foundation_endpointhour",
    "messages_dead": "SELECT count(*) FROM foundation_outbox WHERE state = 'dead'",
}
_WAITED = """
SELECT count(*), coalesce(percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at - created_at)), 0),
       coalesce(max(extract(epoch FROM ended_at - created_at)), 0)
FROM foundation_outbox WHERE endpoint = %s AND state = 'delivered'
"""


def _one(owner: psycopg.Connection, query: str) -> int:
    row = owner.execute(query.encode()).fetchone()
    return int(row[0]) if row else 0


def _told(owner: psycopg.Connection, house: House, receiver: Receiver) -> dict[str, object]:
    """Messages about news to one receiver, and the real seconds each waited from being put out to being taken."""
    row = owner.execute(_WAITED, [f"{receiver.url}/news"]).fetchone()
    assert row is not None
    hurry = HOUR_SECONDS / house.seconds
    return {
        "messages": row[0], "came": len(receiver.came), "distinct": len(set(receiver.came)),
        "seconds_p95": round(float(row[1]) / hurry, 2), "seconds_most": round(float(row[2]) / hurry, 2),
    }  # fmt: skip
