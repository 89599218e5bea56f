"""Bundles of agencies, over HTTP into the hub's own process with everything on, against bare inserts of the same rows.

Each bundle has a Patient, a dose and a test of somebody: kept back from a made nation, so that most are found in the
index and some are new. Then laboratories' HL7 v2 messages about the same people. The reference writes the very rows
that the messages left behind into tables without an index, a transaction for each message.
"""

from __future__ import annotations

import http.client
import json
import resource
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from pccovid.config.benches import laboratory_lane
from pccovid.config.benches.bare_rows import bare_seconds
from pccovid.config.benches.exchanging import MemoryWatch, agreed, enough, hub
from pccovid.config.benches.filled_index import BASE_PEOPLE, fill, made_records
from pccovid.config.benches.scratch import Progress, scratch_database
from pccovid.foundation.environment import Environment
from pccovid.linkage.claim import Claim
from pccovid.linkage.one_record.nodes import Row

_WARMED_UP_BY = 30
_OWN = "https://pccovid.invalid/fhir/"


def run(
    owner_url: str, environment: Environment, *, people: int, seed: int, messages: int, laboratory: int,
    at_once: int, progress: Progress,
) -> dict[str, object]:  # fmt: skip
    """Send `messages` bundles, then `laboratory` HL7 messages, one after another, and `at_once` without waiting for the
    answers; none of a kind where it is nought.

    `ratios.bundles_vs_bare_insert` is our rate ÷ the reference's.
    """
    base = min(BASE_PEOPLE, people)
    with scratch_database(owner_url, environment) as url, tempfile.TemporaryDirectory() as scratch:
        rows = made_records(Path(scratch), people=base, seed=seed, progress=progress)
        named = [row for row in rows if row.claim.name and row.claim.birth_date]
        about = named[: min(len(named) // 2, max(messages, laboratory + at_once) + _WARMED_UP_BY)]
        fill(url, named[len(about) :], range(max(1, people // base)), progress)
        agreement = agreed(url, "bench")
        report: dict[str, Any] = {"bench": "exchange", "ratios": {}}
        for lane in (
            _bundles(url, environment, agreement.token, about, messages, progress) if messages else {},
            laboratory_lane.measured(url, environment, about, laboratory, at_once, progress) if laboratory else {},
        ):
            report = report | lane | {"ratios": report["ratios"] | lane.get("ratios", {})}
    return report | {
        "people": people,
        "seed": seed,
        "messages": messages,
        "laboratory_messages": laboratory,
        "at_once": at_once,
    }


def _bundles(
    url: str, environment: Environment, token: str, about: Sequence[Row], messages: int, progress: Progress
) -> dict[str, Any]:
    claims = enough(about, messages + _WARMED_UP_BY)
    memory = MemoryWatch(messages)
    with hub(url, environment) as (port, process):
        took, outcomes = _sent(port, process, token, map(bundle_about, count(), claims), memory, progress)
    bare = bare_seconds(url, "facility.bench", messages, progress)
    return {**_report(took, bare, outcomes), **memory.report("worker")}


def bundle_about(number: int, claim: Claim) -> bytes:
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


def _sent(
    port: int, process: subprocess.Popen[bytes], token: str, bundles: Iterable[bytes], memory: MemoryWatch,
    progress: Progress,
) -> tuple[list[float], Counter[str]]:  # fmt: skip
    """Seconds of each bundle after the first few, and what became of their entries."""
    took: list[float] = []
    outcomes: Counter[str] = Counter()
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
            memory.note(len(took), _worker_of(process.pid))
        progress("sending bundles", len(took) / memory.messages)
    return took, outcomes


def _worker_of(parent: int) -> int:
    """The server's only worker."""
    return int(Path(f"/proc/{parent}/task/{parent}/children").read_text().split()[0])


def _report(took: list[float], bare: list[float], outcomes: Counter[str]) -> dict[str, Any]:
    return {
        "ratios": {
            "bundles_vs_bare_insert": round(statistics.mean(bare) / statistics.mean(took), 4),
            "bundles_vs_bare_insert_p50": round(_at(bare, 50) / _at(took, 50), 4),
        },
        "bundles_per_second": round(len(took) / sum(took), 1), "bare_per_second": round(len(bare) / sum(bare), 1),
        "bundle_ms_p50": _at(took, 50), "bundle_ms_p95": _at(took, 95), "bare_ms_p50": _at(bare, 50),
        "entries": dict(outcomes), "bench_peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip


def _at(seconds: Sequence[float], percent: int) -> float:
    """A percentile, in milliseconds."""
    return round(statistics.quantiles(seconds, n=100, method="inclusive")[percent - 1] * 1_000, 3)
