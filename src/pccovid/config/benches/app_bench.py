"""The citizen app under load: home and QR pages against a bare Django view that runs the same SQL, in one run.

Two servers, each as the house starts the web's, are asked by turns by a process of its own over loopback: by wrk where
it is installed, else by a loader in Python, which takes some of the machine from both. The bare view runs, for the same
persons, exactly the statements that the page was seen to run, in as many trips, and answers as many bytes. The same is
asked of one process each, where the database has a core to itself. Round trips are counted on the wire, session and
transaction included. Then a day of signing in: so many different people, one after another, eight at a time.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.utils.module_loading import import_string

from pccovid.config.benches import asked_by_wrk
from pccovid.config.benches.scratch import Progress, carry_over_into, scratch_database
from pccovid.config.web_server import WORKERS, web_server
from pccovid.foundation.database import ROLE_URL_VARIABLE
from pccovid.foundation.environment import Environment
from pccovid.foundation.roles import WEB, role_url
from pccovid.sandbox.nation import create
from pccovid.web.catalogues import compile_catalogues

PAGES = {"home": "/ho-so", "qr": "/ma-qr"}
_LEAST_SHARE, _MOST_ROUND_TRIPS = 0.5, 3
_SECONDS, _CONNECTIONS = 4.0, 32
_STATEMENTS = "PCCOVID_BENCH_STATEMENTS"
Rates = dict[str, list[tuple[float, float]]]
# Django must be set up before what these import is.
_RECORD, _PEOPLE = (f"pccovid.config.benches.recorded_pages.{name}" for name in ("record", "people_to_sign_in"))


def run(
    owner_url: str, environment: Environment, *, people: int, seed: int, requests: int, repeat: int, sign_ins: int,
    progress: Progress,
) -> dict[str, object]:  # fmt: skip
    """Ratios of requests/s (ours ÷ bare, the median of `repeat` rounds), round trips a page, the day of sign-ins."""
    with scratch_database(owner_url, environment) as url, tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        create(people=people, seed=seed, out=folder / "nation", progress=progress)
        carry_over_into(url, environment, folder / "nation" / "exports", folder / "work", progress)
        compile_catalogues()
        call_command("collectstatic", verbosity=0, interactive=False)
        persons = _persons(url, requests)
        web_url = role_url(url, WEB, environment.home)
        recorded = import_string(_RECORD)(web_url, persons, PAGES)
        (folder / "statements").write_bytes(pickle.dumps(recorded.statements))
        around = {**os.environ, ROLE_URL_VARIABLE: web_url, _STATEMENTS: str(folder / "statements")}
        rates = _rates(folder, recorded, around, repeat, WORKERS, progress)
        alone = _rates(folder, recorded, around, repeat, 1, progress)
        wanted = import_string(_PEOPLE)(url, sign_ins)
        day = _sign_in_day(folder, wanted, around, url, progress)
    asked = {"people": people, "seed": seed, "persons_asked": len(persons), "asked_by": _asked_by()}
    return _report(rates, alone, recorded.round_trips, day, asked)


def _persons(url: str, most: int) -> list[str]:
    """People in an order of chance that is the same each time."""
    with psycopg.connect(url) as owner:
        rows = owner.execute(
            "SELECT p.id FROM people_person p WHERE merged_into_id IS NULL AND EXISTS"
            " (SELECT 1 FROM people_identifier i WHERE i.person_id = p.id) ORDER BY md5(id::text) LIMIT %s", [most],
        ).fetchall()  # fmt: skip
    return [str(person) for (person,) in rows]


def _rates(
    folder: Path, recorded: Any, around: Mapping[str, str], repeat: int, workers: int, progress: Progress
) -> Rates:
    """Page → (ours, bare) requests/s of each round; which server goes first alternates."""
    found: dict[str, list[tuple[float, float]]] = {page: [] for page in PAGES}
    modules = ("pccovid.config.wsgi", "pccovid.config.benches.bare_wsgi")
    with _server(modules[0], around, workers) as ours, _server(modules[1], around, workers) as bare:
        for number in range(repeat):
            for page, path in PAGES.items():
                lanes = {
                    "ours": (ours, [(path, cookie) for cookie in recorded.cookies]),
                    "bare": (bare, [(f"/{page}/{at}", "") for at in range(len(recorded.cookies))]),
                }
                order = ("ours", "bare")[:: 1 if number % 2 else -1]
                rates = {lane: _rate(folder, *lanes[lane]) for lane in order}
                found[page].append((rates["ours"], rates["bare"]))
            progress(f"asking pages of {workers}", (number + 1) / repeat)
    return found


def _asked_by() -> str:
    return "wrk" if asked_by_wrk.is_there() else "python"


def _rate(folder: Path, server: str, asked: list[tuple[str, str]]) -> float:
    """Answers a second, as a process of its own counts them. Any answer but 200 ends the bench."""
    if asked_by_wrk.is_there():
        return asked_by_wrk.ask(folder, server, asked, seconds=_SECONDS, connections=_CONNECTIONS)
    addresses = [(f"http://{server}{path}", cookie) for path, cookie in asked]
    told = _loader(folder, {"requests": addresses, "seconds": _SECONDS, "connections": _CONNECTIONS})
    if told["failed"]:
        raise AssertionError(f"{told['failed']} answers were not pages")
    return float(told["answers"]) / float(told["seconds"])


def _sign_in_day(
    folder: Path, people: list[dict[str, str]], around: Mapping[str, str], url: str, progress: Progress
) -> dict[str, Any]:
    """Everybody signs in over HTTP, eight at a time; what did not end at home is counted."""
    if not people:
        return {"people": 0, "errors": 0, "seconds": 0.0}
    with _server("pccovid.config.wsgi", around, WORKERS) as server:
        begun = time.perf_counter()
        told = _loader(folder, {"sign_ins": people, "address": f"http://{server}", "at_once": 8, "owner_url": url})
        progress("signing in", 1.0)
    return {
        "people": len(people),
        "errors": told["failed"],
        "failed_at": told["at"],
        "seconds": round(time.perf_counter() - begun, 1),
    }


def _loader(folder: Path, work: Mapping[str, object]) -> dict[str, Any]:
    file = folder / "asked.json"
    file.write_text(json.dumps(work))
    done = subprocess.run(
        [sys.executable, "-m", "pccovid.config.benches.loading", str(file)], capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@contextlib.contextmanager
def _server(module: str, around: Mapping[str, str], workers: int) -> Iterator[str]:
    """A server with so many processes on a free port: its address, host and port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    command = web_server(address, application=f"{module}:application", workers=workers, log_level="error")
    server = subprocess.Popen(command, env=dict(around))
    try:
        _wait(f"http://{address}/", server)
        yield address
    finally:
        server.terminate()
        server.wait()


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=10).close()  # noqa: S310 - our own server on loopback
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not answer")


def _report(
    rates: Rates, alone: Rates, round_trips: Mapping[str, int], day: Mapping[str, Any], size: Mapping[str, object]
) -> dict[str, object]:
    ratios = _ratios(rates)
    holds = {
        "throughput": min(ratios.values()) >= _LEAST_SHARE,
        "round_trips": max(round_trips.values()) <= _MOST_ROUND_TRIPS,
        "sign_ins": day["errors"] == 0,
    }
    named = {f"{page}_vs_bare": ratio for page, ratio in ratios.items()}
    named |= {f"{page}_vs_bare_one_process": ratio for page, ratio in _ratios(alone).items()}
    return {
        "bench": "app", **size, "ratios": named,
        "answers_a_second": _answers(rates), "answers_a_second_of_one_process": _answers(alone),
        "round_trips": dict(round_trips), "sign_in_day": dict(day), "holds_each": holds, "holds": all(holds.values()),
    }  # fmt: skip


def _ratios(rates: Rates) -> dict[str, float]:
    return {page: statistics.median(ours / bare for ours, bare in found) for page, found in rates.items()}


def _answers(rates: Rates) -> dict[str, dict[str, float]]:
    return {
        page: {"ours": round(statistics.median(one for one, _ in found), 1),
               "bare": round(statistics.median(one for _, one in found), 1)}
        for page, found in rates.items()
    }  # fmt: skip
