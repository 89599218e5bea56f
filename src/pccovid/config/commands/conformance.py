"""pccovid conformance: the vectors, run against a hub by whoever connects to it, with a token of their own."""

from __future__ import annotations

import argparse
import http.client
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from pccovid.config.commands.session import add_json_option, print_json, talk
from pccovid.exchange.conformance import Ask, Vector, judge, vectors

TOKEN_VARIABLE = "PCCOVID_CONFORMANCE_TOKEN"  # noqa: S105 - a name


def add_commands(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    conformance = commands.add_parser("conformance", help="run the conformance vectors against a hub")
    conformance.add_argument("--hub", required=True, help="its address, such as http://127.0.0.1:8200")
    conformance.add_argument(
        "--covers", default="identity,vaccination,test,treatment", help="the agreement's categories"
    )
    conformance.add_argument("--list", action="store_true", help="only tell which vectors there are")
    add_json_option(conformance)
    conformance.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    covered = set(options.covers.split(","))
    chosen = [one for one in vectors() if set(one.needs) <= covered]
    if options.list:
        for one in chosen:
            talk.print(f"{one.name}  ({one.clock})  {one.about}", markup=False, soft_wrap=True)
        return 0
    faults = _judged(chosen, _asker(options.hub, os.environ.get(TOKEN_VARIABLE, "")))
    if options.json:
        print_json({"held": len(chosen) - len(faults), "of": len(chosen), "faults": faults})
    return 1 if faults else 0


def _judged(chosen: Sequence[Vector], ask: Ask) -> dict[str, str]:
    """The faults found, by the vector's name; each verdict is told as it falls."""
    verdicts = []
    for one in chosen:
        verdict = judge(one, ask, secrets.token_hex(4))
        talk.print(f"{'fails' if verdict.fault else 'holds'}  {verdict.name}  {verdict.fault}", markup=False)
        verdicts.append(verdict)
    return {one.name: one.fault for one in verdicts if one.fault}


def _asker(hub: str, token: str) -> Ask:
    """Asks over HTTP with the token that PCCOVID_CONFORMANCE_TOKEN holds."""
    parts = urlsplit(hub)
    made = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection

    def ask(method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> tuple[int, Any]:
        connection = made(parts.hostname or "", parts.port, timeout=60)
        try:
            own = {"Authorization": f"Bearer {token}", "Content-Type": "application/fhir+json"}
            connection.request(method, path, body, own | dict(headers))
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        try:
            return answer.status, json.loads(text)
        except ValueError:
            return answer.status, None

    return ask
