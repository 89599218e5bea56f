"""Conformance vectors: what a hub is asked, what it must answer, and at what moment that was so. Run against any hub.

A vector is a list of steps, in JSON: a request, the answer's status, and what its body must hold (`holds`: members that
must be there, others may be; a text beginning with `~` is a pattern). `capture` names values for later steps; `{run}`
is other in each run, so that a vector can be run again. Made persons only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

Ask = Callable[[str, str, Mapping[str, str], bytes | None], tuple[int, Any]]
"""(method, path, headers, body) → (status, JSON of the answer, None where it is none)."""
FORM = 1
"""Of the vectors' own form."""


@dataclass(frozen=True)
class Vector:
    """One vector; `needs`: categories that the agreement must let be read and sent; `clock`: when it was so."""

    name: str
    about: str
    clock: str
    needs: tuple[str, ...]
    steps: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Verdict:
    """What came of a vector: '' where every answer was as it must be, else the first that was not."""

    name: str
    fault: str


def vectors() -> tuple[Vector, ...]:
    """Every vector of this version, by name. Raises ValueError for one of another form."""
    folder = files("pccovid.exchange") / "vectors"
    kept = sorted((one for one in folder.iterdir() if one.name.endswith(".json")), key=lambda one: one.name)
    return tuple(read_vector(one.read_text(encoding="utf-8")) for one in kept)


def read_vector(text: str) -> Vector:
    """A vector from its file. Raises ValueError."""
    given = json.loads(text)
    if given.get("form") != FORM:
        raise ValueError(f"a vector of form {given.get('form')}; this program knows {FORM}")
    return Vector(given["name"], given["about"], given["clock"], tuple(given["needs"]), tuple(given["steps"]))


def judge(vector: Vector, ask: Ask, run: str) -> Verdict:
    """Ask each step in its order; the first answer that is not as it must be ends it."""
    known = {"run": run}
    for number, step in enumerate(vector.steps, start=1):
        request = _filled(step["request"], known)
        body = json.dumps(request["body"]).encode() if "body" in request else None
        status, answer = ask(request["method"], request["path"], request.get("headers", {}), body)
        fault = next(_faults(_filled(step["answer"], known), status, answer), "")
        if fault:
            return Verdict(vector.name, f"step {number}: {fault}")
        for name, path in step.get("capture", {}).items():
            known[name] = str(_at(answer, path))
    return Verdict(vector.name, "")


def _faults(wanted: Mapping[str, Any], status: int, answer: Any) -> Iterator[str]:
    if status != wanted["status"]:
        yield f"status {status} in place of {wanted['status']}"
    yield from _differences(wanted.get("holds", {}), answer, "")


def _differences(wanted: Any, given: Any, where: str) -> Iterator[str]:
    """Where what was given does not hold what is wanted."""
    if isinstance(wanted, dict):
        yield from _differences_of_objects(wanted, given, where)
    elif isinstance(wanted, list):
        yield from _differences_of_lists(wanted, given, where)
    elif isinstance(wanted, str) and wanted.startswith("~"):
        if not isinstance(given, str) or not re.search(wanted[1:], given):
            yield f"{where}: nothing that fits {wanted[1:]}"
    elif wanted != given:
        yield f"{where}: {wanted!r} is wanted"


def _differences_of_objects(wanted: dict[str, Any], given: Any, where: str) -> Iterator[str]:
    for name, value in wanted.items():
        inside = given.get(name) if isinstance(given, dict) else None
        yield from _differences(value, inside, f"{where}.{name}" if where else name)


def _differences_of_lists(wanted: list[Any], given: Any, where: str) -> Iterator[str]:
    if not isinstance(given, list) or len(given) < len(wanted):
        yield f"{where}: {len(wanted)} are wanted"
        return
    for at, value in enumerate(wanted):
        yield from _differences(value, given[at], f"{where}[{at}]")


def _filled(value: Any, known: Mapping[str, str]) -> Any:
    """A value with `{name}` in its texts replaced by what is known."""
    if isinstance(value, dict):
        return {name: _filled(one, known) for name, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, known) for one in value]
    if isinstance(value, str):
        return re.sub(r"\{([a-z_]+)\}", lambda found: known.get(found[1], found[0]), value)
    return value


def _at(answer: Any, path: str) -> Any:
    """The value at `entry.0.response.location`; `a/b#1` takes the part after so many slashes."""
    path, _, part = path.partition("#")
    for step in path.split("."):
        answer = answer[int(step)] if isinstance(answer, list) else answer[step]
    return str(answer).split("/")[int(part)] if part else answer
