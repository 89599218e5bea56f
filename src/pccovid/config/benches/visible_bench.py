"""From the sender's 200 to where a fact is seen: the person's own record, the feed of an agency entitled to it, and the
message that tells that agency's receiver. While others go on sending, for what they write holds a feed back.

There is no reference of the same work without us: what is told are seconds, against the two that the hub promises.
"""

from __future__ import annotations

import contextlib
import http.client
import http.server
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg

from pccovid.config.benches.exchange_bench import bundle_about
from pccovid.config.benches.exchanging import agreed, free_port, hub
from pccovid.config.benches.filled_index import BASE_PEOPLE, fill, made_records
from pccovid.config.benches.scratch import Progress, scratch_database
from pccovid.foundation.environment import Environment
from pccovid.foundation.purposes import PURPOSES
from pccovid.foundation.roles import WEB, role_url

PROMISED_SECONDS = 2.0
_PATIENCE_SECONDS, _START_SECONDS = 30.0, 180.0
_TELLER = (sys.executable, "-c", "from pccovid.cli import main; raise SystemExit(main())", "tell")


class NeverSeen(RuntimeError):
    """Something that was taken did not come where it should."""


def run(
    owner_url: str, environment: Environment, *, people: int, seed: int, messages: int, progress: Progress
) -> dict[str, object]:
    """Send `messages` bundles and wait for each where it must be seen; another sends all the while."""
    with scratch_database(owner_url, environment) as url, tempfile.TemporaryDirectory() as scratch, _receiver() as told:
        rows = made_records(Path(scratch), people=min(BASE_PEOPLE, people), seed=seed, progress=progress)
        claims = [row.claim for row in rows if row.claim.name and row.claim.birth_date]
        bundles = [bundle_about(number, claim) for number, claim in enumerate(claims)]
        fill(url, rows[len(rows) // 2 :], range(1), progress)
        sender, reader = agreed(url, "bench"), agreed(url, "bench-reader", notify_url=told.url)
        with (
            hub(url, environment) as (port, _),
            _teller(url, environment),
            _others(port, sender.token, bundles[messages + 1 :]) as others,
        ):
            tokens = sender.token, reader.token
            seen = _watched(url, environment, port, tokens, bundles[: messages + 1], told, progress)
    names = ("record", "feed", "told")
    report = {f"{name}_seconds_{label}": _at([one[place] for one in seen], percent)
              for place, name in enumerate(names) for label, percent in (("p50", 50), ("p95", 95))}  # fmt: skip
    ratios = {f"{name}_p95_of_promised": round(report[f"{name}_seconds_p95"] / PROMISED_SECONDS, 4) for name in names}
    return {"bench": "visible", "ratios": ratios, **report, "bundles_of_others": others.sent, "people": people,
            "seed": seed, "messages": messages}  # fmt: skip


def _at(seconds: Sequence[float], percent: int) -> float:
    return round(statistics.quantiles(seconds, n=100, method="inclusive")[percent - 1], 4)


def _watched(
    url: str, environment: Environment, port: int, tokens: tuple[str, str], bundles: Sequence[bytes], told: Any,
    progress: Progress,
) -> list[tuple[float, float, float]]:  # fmt: skip
    """Seconds from each 200 until the dose stood in the record, was in the feed, and the receiver had been told."""
    seen = []
    feed = _Feed(port, tokens[1])
    feed.catch_up()
    # Whoever tells receivers is a process that has just been started: what it does first is not measured.
    _post(port, tokens[0], bundles[0])
    _until(told.is_set, time.perf_counter(), patience=_START_SECONDS)
    with psycopg.connect(role_url(url, WEB, environment.home), autocommit=True) as web:
        for number, body in enumerate(bundles[1:]):
            told.clear()
            answer = _post(port, tokens[0], body)
            taken = time.perf_counter()
            person, dose = (answer["entry"][at]["response"].get("location", "//").split("/")[1] for at in (0, 1))
            if dose:
                record = _until(lambda: _stands(web, person, dose), taken)  # noqa: B023 - used at once
                in_feed = _until(lambda: dose in feed.next(), taken)  # noqa: B023
                seen.append((record, in_feed, _until(told.is_set, taken)))
            progress("waiting for what was sent", (number + 1) / (len(bundles) - 1))
    return seen


def _until(is_so: Any, since: float, *, patience: float = _PATIENCE_SECONDS) -> float:
    while not is_so():
        if time.perf_counter() - since > patience:
            raise NeverSeen("something that was taken did not come where it should")
        time.sleep(0.005)
    return time.perf_counter() - since


def _stands(web: psycopg.Connection, person: str, dose: str) -> bool:
    """Whether the dose stands in the person's own record, read as the app reads it."""
    opening = "('citizen', %s, '', 'own_record', %s, 'own', ARRAY[%s]::uuid[])"
    values = [person, PURPOSES["own_record"].basis, person]
    web.execute(f"SELECT access.announce{opening}", values)
    with web.transaction():
        web.execute(f"SELECT access.open{opening}", values)
        found = web.execute("SELECT 1 FROM vaccination_dose WHERE person_id = %s AND id = %s", [person, dose])
        return found.fetchone() is not None


def _post(port: int, token: str, body: bytes) -> dict[str, Any]:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/fhir+json"}
        connection.request("POST", "/api/fhir/R4", body, headers)
        answer = connection.getresponse()
        told: dict[str, Any] = json.loads(answer.read())
        if answer.status != 200:
            raise AssertionError(f"a bundle was answered {answer.status}")
        return told


class _Feed:
    """The change feed as an agency follows it."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._headers = port, {"Authorization": f"Bearer {token}"}
        self._next = "/api/fhir/R4/$changes?_since=now"

    def catch_up(self) -> None:
        """Begin from now."""
        self.next()

    def next(self) -> str:
        """The text of the next page; empty where the readings of a minute are used up, which is waited for."""
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self._port)) as connection:
            connection.request("GET", self._next, headers=self._headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        if answer.status == 429:
            time.sleep(float(answer.headers["Retry-After"]))
            return ""
        links = {one["relation"]: one["url"] for one in json.loads(text)["link"]}
        self._next = "/" + links["next"].split("/", 3)[3]
        return text


class _Others:
    sent = 0


@contextlib.contextmanager
def _others(port: int, token: str, bundles: Sequence[bytes]) -> Iterator[_Others]:
    """One more sender, all the while."""
    ending, counted = threading.Event(), _Others()

    def send() -> None:
        for body in bundles:
            if ending.is_set():
                return
            _post(port, token, body)
            counted.sent += 1

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield counted
    finally:
        ending.set()
        thread.join()


@contextlib.contextmanager
def _receiver() -> Iterator[Any]:
    """An agency's receiver on this machine: an event that is set when it is told."""
    told: Any = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            told.set()
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}/news"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield told
    finally:
        server.shutdown()


@contextlib.contextmanager
def _teller(url: str, environment: Environment) -> Iterator[None]:
    variables = {**os.environ, "PCCOVID_DATABASE_URL": url, "PCCOVID_HOME": str(environment.home)}
    with subprocess.Popen(_TELLER, env=variables, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()
