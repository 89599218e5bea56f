"""The sandbox's population database: a process of its own that speaks X-Road REST and holds made people.

    python -m pccovid.connectors.population_database.sandbox_server --people FILE [--port N]

`POST /sandbox/changes` (on this machine) makes a person another name or birth date, as the police would: the change
is in the feed of changes from then on.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pccovid.connectors.population_database.client import CHANGES, LOOK_UP, OUR_SYSTEM, SYSTEM, VERIFY
from pccovid.connectors.population_database.payloads import SCHEMA
from pccovid.connectors.population_database.register import Entry, claim_of, read_register
from pccovid.connectors.sandbox_server import faults
from pccovid.connectors.sandbox_server.faults import Order
from pccovid.connectors.sandbox_server.http_server import Agency, Answered, Asked, as_json, options_of, serve
from pccovid.connectors.xroad.sandbox_server import Provided, SecurityServer
from pccovid.linkage.verification import grade

_MOST = 1000


class PopulationServer(SecurityServer):
    """Answers verify, look-up and changes from a made register."""

    name = SYSTEM
    services = {one.code: one for one in (VERIFY, LOOK_UP, CHANGES)}
    allowed = frozenset({OUR_SYSTEM})

    def __init__(self, register: dict[str, Entry], port: int = 0, *, seed: int = 1, changes_after: int = 0) -> None:
        """`changes_after`: the number before the first change, so that marks of an earlier server stay behind."""
        super().__init__(port, seed=seed)
        self._before = changes_after
        self._register, self._changes = register, list[dict[str, Any]]()
        self._of_old = {one.old_id: one.personal_id for one in register.values() if one.old_id}
        self._lock = threading.Lock()

    def answer(self, asked: Asked, met: Mapping[str, Order]) -> Answered:
        """Beside X-Road's own, the sandbox's address for changing a person."""
        if asked.path == "/sandbox/changes" and asked.method == "POST":
            return self._change(json.loads(asked.body))
        return super().answer(asked, met)

    def provide(self, asked: Provided, met: Mapping[str, Order]) -> Answered:
        """What the provider answers: its own errors bear no X-Road-Error."""
        if asked.service == CHANGES:
            return self._spoiled(self._changes_since(asked, met), asked, met)
        try:
            body = json.loads(asked.body)
        except ValueError:
            return as_json(400, {"error": "no JSON"})
        if asked.method != "POST" or not isinstance(body, dict) or not isinstance(body.get("idNumber"), str):
            return as_json(400, {"error": "no question"})
        held = self._held(body["idNumber"])
        told = _verified(body, held) if asked.service == VERIFY else _looked_up(held)
        return self._spoiled({"schemaVersion": SCHEMA, "reference": body.get("reference"), **told}, asked, met)

    def _held(self, number: str) -> Entry | None:
        """Whose number it is: of today, or the old one that theirs took the place of."""
        return self._register.get(self._of_old.get(number, number))

    def _spoiled(self, told: dict[str, Any], asked: Provided, met: Mapping[str, Order]) -> Answered:
        if faults.WRONG in met:
            told = {**told, "reference": "another question"}
        if faults.DRIFT in met:
            told = {"v": 2, "ketQua": told.get("result"), "duLieu": told}
        return as_json(200, told)

    def _changes_since(self, asked: Provided, met: Mapping[str, Order]) -> dict[str, Any]:
        since, most = (asked.parameters.get(name, "") for name in ("since", "limit"))
        first = max(int(since) - self._before, 0) if since.isdigit() else 0
        limit = min(int(most), _MOST) if most.isdigit() else _MOST
        with self._lock:
            page, all_of_them = self._changes[first : first + limit], len(self._changes)
        told = page + page[:1] if faults.DUPLICATE in met else list(page)
        told = told[::-1] if faults.REORDER in met else told
        reached = first + len(page)
        return {
            "schemaVersion": SCHEMA, "changes": told, "nextSince": self._before + reached,
            "hasMore": reached < all_of_them,
        }  # fmt: skip

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


def _verified(body: dict[str, Any], held: Entry | None) -> dict[str, Any]:
    asked = claim_of(str(body.get("name", "")), str(body.get("birthDate", "")), body.get("sex"), body["idNumber"])
    answer = grade(asked, _claim(held))
    grades = {wire: answer.grades[name] for name, wire in _GRADES.items()} if answer.grades else {}
    return {"result": answer.code, "grades": grades, "checkedAt": datetime.now(UTC).isoformat()}


_GRADES = {"name": "name", "birth_date": "birthDate", "sex": "sex"}


def _looked_up(held: Entry | None) -> dict[str, Any]:
    if held is None:
        return {"result": "050"}
    person = {"personalId": held.personal_id, "oldId": held.old_id, "name": held.name, "birthDate": held.birth,
              "sex": held.sex, "residenceCommune": held.commune}  # fmt: skip
    return {"result": "000", "person": person}


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
