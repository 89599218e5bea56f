"""The sandbox's population database: a process of its own that speaks X-Road REST and holds made people.

    python -m pccovid.connectors.population_database.sandbox_server --people FILE [--port N]

`POST /sandbox/changes` (on this machine) makes a person another name or birth date, as the police would: the change
is in the feed of changes from then on. `POST /sandbox/schemas` with a list of versions lets it speak these alone: a
question in another is refused with the list of those that it reads.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pccovid.connectors.population_database import spoken
from pccovid.connectors.population_database.client import CHANGES, LOOK_UP, OUR_SYSTEM, SYSTEM, VERIFY
from pccovid.connectors.population_database.register import Entry, claim_of, read_register
from pccovid.connectors.sandbox_server import faults
from pccovid.connectors.sandbox_server.faults import Order
from pccovid.connectors.sandbox_server.http_server import Agency, Answered, Asked, as_json, options_of, serve
from pccovid.connectors.xroad.sandbox_server import Provided, SecurityServer
from pccovid.linkage.verification import grade

_MOST = 1000
EVERY_SCHEMA = frozenset({1, 2})


class PopulationServer(SecurityServer):
    """Answers verify, look-up and changes from a made register."""

    name = SYSTEM
    services = {one.code: one for one in (VERIFY, LOOK_UP, CHANGES)}
    allowed = frozenset({OUR_SYSTEM})

    def __init__(self, register: dict[str, Entry], port: int = 0, *, seed: int = 1, changes_after: int = 0) -> None:
        """`changes_after`: the number before the first change, so that marks of an earlier server stay behind."""
        super().__init__(port, seed=seed)
        self._before, self.schemas = changes_after, EVERY_SCHEMA
        self._register, self._changes = register, list[dict[str, Any]]()
        self._of_old = {one.old_id: one.personal_id for one in register.values() if one.old_id}
        self._lock = threading.Lock()

    def answer(self, asked: Asked, met: Mapping[str, Order]) -> Answered:
        """Beside X-Road's own, the sandbox's addresses: for changing a person, for the versions it speaks."""
        if asked.path == "/sandbox/changes" and asked.method == "POST":
            return self._change(json.loads(asked.body))
        if asked.path == "/sandbox/schemas" and asked.method == "POST":
            self.schemas = frozenset(int(one) for one in json.loads(asked.body))
            return Answered(204)
        return super().answer(asked, met)

    def provide(self, asked: Provided, met: Mapping[str, Order]) -> Answered:
        """What the provider answers: its own errors bear no X-Road-Error."""
        if asked.service == CHANGES:
            named = asked.parameters.get("schemaVersion", "1")
            version = int(named) if named.isdecimal() else 0
            return self._spoiled(self._changes_since(asked, version, met), met) if version in self.schemas else (
                self._other_schema()
            )  # fmt: skip
        try:
            body = json.loads(asked.body)
        except ValueError:
            return as_json(400, {"error": "no JSON"})
        version = spoken.version_of(body) or 0
        if version not in self.schemas:
            return self._other_schema()
        question = spoken.heard(body, version)
        if asked.method != "POST" or question is None:
            return as_json(400, {"error": "no question"})
        held = self._held(question.number)
        told = _verified(question, held) if asked.service == VERIFY else spoken.found(question, held)
        return self._spoiled(told, met)

    def _other_schema(self) -> Answered:
        return as_json(400, {"error": "schemaVersion", "supported": sorted(self.schemas)})

    def _held(self, number: str) -> Entry | None:
        """Whose number it is: of today, or the old one that theirs took the place of."""
        return self._register.get(self._of_old.get(number, number))

    def _spoiled(self, told: dict[str, Any], met: Mapping[str, Order]) -> Answered:
        if faults.WRONG in met:
            told = {**told, "reference": "another question", "inReplyTo": "another question"}
        if faults.DRIFT in met:
            told = {"schemaVersion": 3, "ketQua": told.get("result"), "duLieu": told}
        return as_json(200, told)

    def _changes_since(self, asked: Provided, version: int, met: Mapping[str, Order]) -> dict[str, Any]:
        since, most = (asked.parameters.get(name, "") for name in ("since", "limit"))
        first = max(int(since) - self._before, 0) if since.isdigit() else 0
        limit = min(int(most), _MOST) if most.isdigit() else _MOST
        with self._lock:
            page, all_of_them = self._changes[first : first + limit], len(self._changes)
        told = page + page[:1] if faults.DUPLICATE in met else list(page)
        told = told[::-1] if faults.REORDER in met else told
        reached = first + len(page)
        return spoken.page(version, told, self._before + reached, has_more=reached < all_of_them)

    def _change(self, wanted: dict[str, str]) -> Answered:
        with self._lock:
            held = self._register.get(wanted.get("personalId", ""))
            if held is None:
                return Answered(404)
            told = {"name": wanted.get("name", held.name), "birth": wanted.get("birthDate", held.birth)}
            self._register[held.personal_id] = held._replace(**told)
            self._changes.append(
                {"sequence": self._before + len(self._changes) + 1, "kind": "changed", "personalId": held.personal_id,
                 "at": datetime.now(UTC).isoformat()}
            )  # fmt: skip
        return Answered(204)


def _verified(asked: spoken.Heard, held: Entry | None) -> dict[str, Any]:
    answer = grade(claim_of(asked.name, asked.birth, asked.sex, asked.number), _claim(held))
    return spoken.graded(asked, answer.code, answer.grades, datetime.now(UTC).isoformat())


def _claim(held: Entry | None) -> Any:
    return None if held is None else claim_of(held.name, held.birth, held.sex, held.personal_id)


def made(arguments: list[str] | None = None) -> Agency:
    """The server that the arguments ask for."""
    options = options_of(arguments, __doc__)
    return PopulationServer(
        read_register(Path(options.people)), options.port, seed=options.seed, changes_after=options.changes_after
    )


if __name__ == "__main__":
    raise SystemExit(serve(made()))
