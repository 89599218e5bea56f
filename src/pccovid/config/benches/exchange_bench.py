"""Bundles of agencies, over HTTP into the hub's own process with everything on, against bare inserts of the same rows.

Each bundle has a Patient, a dose and a test of somebody: kept back from a made nation, so that most are found in the
index and some are new. The reference writes the very rows that the bundles left behind into tables without an index,
a transaction for each bundle.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import os
import resource
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from pccovid.config.benches.filled_index import BASE_PEOPLE, fill, made_records
from pccovid.config.benches.scratch import Progress, scratch_database
from pccovid.foundation.database import ROLE_URL_VARIABLE
from pccovid.foundation.environment import Environment
from pccovid.foundation.roles import JOBS, WEB, role_url
from pccovid.linkage.claim import Claim

_WARMED_UP_BY = 30
_TABLES = ("people_sourcerecord", "people_recordclaim", "people_link", "vaccination_dose", "lab_tests_test")
_OWN = "https://pccovid.invalid/fhir/"


class HubDidNotStart(RuntimeError):
    """The measured process did not answer."""


def run(
    owner_url: str, environment: Environment, *, people: int, seed: int, messages: int, progress: Progress
) -> dict[str, object]:
    """Send `messages` bundles one after another; `ratios.bundles_vs_bare_insert` is our rate ÷ the reference's."""
    base = min(BASE_PEOPLE, people)
    with scratch_database(owner_url, environment) as url, tempfile.TemporaryDirectory() as scratch:
        rows = made_records(Path(scratch), people=base, seed=seed, progress=progress)
        named = [row for row in rows if row.claim.name and row.claim.birth_date]
        sent, kept = named[: messages + _WARMED_UP_BY], named[messages + _WARMED_UP_BY :]
        if len(sent) < messages + _WARMED_UP_BY:
            raise ValueError(f"{people} people make {len(named)} records that name somebody; ask for fewer messages")
        fill(url, kept, range(max(1, people // base)), progress)
        token = _agreed(url)
        bundles = [_bundle(number, row.claim) for number, row in enumerate(sent)]
        with _hub(url, environment) as (port, process):
            took, outcomes, memory = _sent(port, process, token, bundles, progress)
        bare = _bare(url, [f"B{number}" for number in range(_WARMED_UP_BY, len(bundles))], progress)
    return _report(took, bare, outcomes, memory) | {"people": people, "seed": seed, "messages": messages}


def _agreed(url: str) -> str:
    """The index's persons, an agreement in force, and a token of it."""
    token = secrets.token_urlsafe(32)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(
            "INSERT INTO people_person (id, is_identity_verified, attribute_sources, created_at)"
            " SELECT DISTINCT person_id, false, '{}'::jsonb, now() FROM people_recordclaim"
        )
        owner.execute("INSERT INTO access.agency (code, name, standing) VALUES ('bench', 'Cơ quan đo', 'facility')")
        row = owner.execute(
            "INSERT INTO access.agreement (agency_code, purpose, categories, written, valid_until, document, reason,"
            " asked_by, asked_through, asked_office) VALUES ('bench', 'care', '{identity,vaccination,test}',"
            " '{identity,vaccination,test}', now() + interval '1 day', 'bench', 'chỉ để đo, không có thật', 1, 1, 'x')"
            " RETURNING id"
        ).fetchone()
        assert row is not None
        owner.execute(
            "INSERT INTO access.agreement_opinion (agreement_id, asked_by, officer_id, appointment_id, office,"
            " approves, note) VALUES (%s, 1, 2, 1, 'x', true, '')",
            row,
        )
        owner.execute("INSERT INTO access.agreement_key VALUES (%s, 'k', '{}', 'bench')", row)
        owner.execute(
            "INSERT INTO access.agency_token (digest, agreement_id, kid, scopes, expires_at)"
            " VALUES (%s, %s, 'k', '{system/*.crus}', now() + interval '1 day')",
            [hashlib.sha256(token.encode()).digest(), row[0]],
        )
        owner.execute("VACUUM ANALYZE")
    return token


def _bundle(number: int, claim: Claim) -> bytes:
    """A transaction about the person of a claim."""
    who = [{"system": "https://bench.invalid/file", "value": f"B{number}"}]
    who += [{"system": f"{_OWN}NamingSystem/personal-id", "value": claim.personal_id}] if claim.personal_id else []
    assert claim.birth_date is not None
    patient: dict[str, Any] = {
        "resourceType": "Patient", "identifier": who, "name": [{"text": claim.name}],
        "birthDate": claim.birth_date.isoformat()[: 4 if claim.birth_precision == "year" else 10],
        "gender": claim.sex or "unknown",
    }  # fmt: skip
    if claim.commune_code:
        area = [{"url": "commune", "valueCode": claim.commune_code}]
        patient["address"] = [{"extension": [{"url": f"{_OWN}StructureDefinition/area", "extension": area}]}]
    if claim.phone:
        patient["telecom"] = [{"system": "phone", "value": claim.phone}]
    dose = {
        "resourceType": "Immunization", "identifier": [{"system": "https://bench.invalid/dose", "value": f"B{number}"}],
        "status": "completed", "vaccineCode": {"text": "Pfizer"}, "patient": {"reference": "urn:uuid:p"},
        "occurrenceDateTime": "2021-10-20", "lotNumber": f"L{number % 50}",
    }  # fmt: skip
    test = {
        "resourceType": "Observation", "identifier": [{"system": "https://bench.invalid/test", "value": f"B{number}"}],
        "status": "final", "code": {"coding": [{"system": "http://loinc.org", "code": "94309-2"}]},
        "subject": {"reference": "urn:uuid:p"}, "effectiveDateTime": "2021-10-21T08:00:00+07:00",
        "valueCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": "260415000"}]},
    }  # fmt: skip
    entries = [
        {"fullUrl": f"urn:uuid:{name}", "resource": one, "request": {"method": "POST", "url": one["resourceType"]}}
        for name, one in (("p", patient), ("d", dose), ("t", test))
    ]
    return json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}).encode()


@contextlib.contextmanager
def _hub(url: str, environment: Environment) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The hub's server with one process on a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    variables = {
        **os.environ, ROLE_URL_VARIABLE: role_url(url, WEB, environment.home), "PCCOVID_SERVES": "exchange",
        "PCCOVID_EXCHANGE_URL": role_url(url, JOBS, environment.home),
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "pccovid.config.wsgi:application", "--no-control-socket", "--bind",
               f"127.0.0.1:{port}", "--workers", "1", "--threads", "2", "--log-level", "error"]  # fmt: skip
    with subprocess.Popen(command, env=variables) as process:
        try:
            _wait_for(port)
            yield port, process
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), contextlib.closing(http.client.HTTPConnection("127.0.0.1", port)) as asked:
            asked.request("GET", "/api/fhir/R4/metadata")
            if asked.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise HubDidNotStart("the hub did not answer")


def _sent(
    port: int, process: subprocess.Popen[bytes], token: str, bundles: Sequence[bytes], progress: Progress
) -> tuple[list[float], Counter[str], list[int]]:
    """Seconds of each bundle after the first few, what became of their entries, and the worker's memory in MB."""
    took: list[float] = []
    outcomes: Counter[str] = Counter()
    memory: list[int] = []
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/fhir+json"}
    for number, body in enumerate(bundles):
        begun = time.perf_counter()
        connection.request("POST", "/api/fhir/R4", body, headers)
        answer = connection.getresponse()
        told = json.loads(answer.read())
        seconds = time.perf_counter() - begun
        if answer.status != 200:
            raise AssertionError(f"a bundle was answered {answer.status}: {told['issue'][0]['diagnostics']}")
        if number >= _WARMED_UP_BY:
            took.append(seconds)
            outcomes.update(one["response"]["status"][:3] for one in told["entry"])
        if number % max(1, len(bundles) // 4) == len(bundles) // 8:
            memory.append(_memory_of_worker(process.pid))
        progress("sending bundles", (number + 1) / len(bundles))
    return took, outcomes, [*memory, _memory_of_worker(process.pid)]


def _memory_of_worker(parent: int) -> int:
    """The peak of the resident memory of the server's only worker, in MB."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    sizes = [line.split()[1] for child in children for line in Path(f"/proc/{child}/status").read_text().splitlines()
             if line.startswith("VmHWM")]  # fmt: skip
    return max(map(int, sizes), default=0) // 1024


def _bare(url: str, names: Sequence[str], progress: Progress) -> list[float]:
    """Seconds of each transaction that writes the rows a bundle left, into tables without an index."""
    with psycopg.connect(url) as connection:
        rows = {table: _rows_of(connection, table) for table in _TABLES}
        for table in _TABLES:
            connection.execute(
                sql.SQL("CREATE TABLE {} AS SELECT * FROM {} WITH NO DATA").format(
                    sql.Identifier(f"bare_{table}"), sql.Identifier(table)
                )
            )
    inserts = {table: _insert(table, rows[table][0]) for table in _TABLES if rows[table]}
    took = []
    with psycopg.connect(url, autocommit=True) as connection:
        for number in range(len(names)):
            begun = time.perf_counter()
            with connection.transaction():
                for table, statement in inserts.items():
                    for row in _share(rows[table], number, len(names)):
                        connection.execute(statement, row, prepare=True)
            took.append(time.perf_counter() - begun)
            progress("inserting the same rows", (number + 1) / len(names))
    return took


def _rows_of(connection: psycopg.Connection, table: str) -> list[tuple[Any, ...]]:
    """What the bundles left in a table, as text that goes in as it came out."""
    by_record = table in ("people_link",)
    where = "record_id IN (SELECT record_id FROM people_sourcerecord)" if by_record else (
        "source_system = 'facility.bench'" if table.endswith(("dose", "test")) else "system = 'facility.bench'"
    )  # fmt: skip
    columns = connection.execute(
        "SELECT string_agg(format('%%I::text', attname), ', ' ORDER BY attnum) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
        [table],
    ).fetchone()
    assert columns is not None
    return connection.execute(f"SELECT {columns[0]} FROM {table} WHERE {where}").fetchall()  # noqa: S608


def _insert(table: str, row: tuple[Any, ...]) -> sql.Composed:
    places = sql.SQL(", ").join([sql.Placeholder()] * len(row))
    return sql.SQL("INSERT INTO {} VALUES ({})").format(sql.Identifier(f"bare_{table}"), places)


def _share(rows: Sequence[tuple[Any, ...]], number: int, of: int) -> Sequence[tuple[Any, ...]]:
    """The part of the rows that one of so many transactions writes."""
    return rows[len(rows) * number // of : len(rows) * (number + 1) // of]


def _report(took: list[float], bare: list[float], outcomes: Counter[str], memory: list[int]) -> dict[str, object]:
    return {
        "bench": "exchange",
        "ratios": {
            "bundles_vs_bare_insert": round(sum(bare) / sum(took), 4),
            "bundles_vs_bare_insert_p50": round(_at(bare, 50) / _at(took, 50), 4),
        },
        "bundles_per_second": round(len(took) / sum(took), 1), "bare_per_second": round(len(bare) / sum(bare), 1),
        "bundle_ms_p50": _at(took, 50), "bundle_ms_p95": _at(took, 95), "bare_ms_p50": _at(bare, 50),
        "entries": dict(outcomes), "worker_peak_mb": memory, "memory_growth": round(memory[-1] / memory[0], 3),
        "bench_peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip


def _at(seconds: Sequence[float], percent: int) -> float:
    """A percentile, in milliseconds."""
    return round(statistics.quantiles(seconds, n=100, method="inclusive")[percent - 1] * 1_000, 3)
