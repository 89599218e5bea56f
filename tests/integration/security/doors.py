"""Machine clients in the sweeps: which addresses are theirs, what a rightful client is, and who must be refused.

Whatever lies under /api/, and each package of `web` that is neither for citizens nor for officers, is for machines. The
sweeps ask all of it as everybody who is no rightful client, without anybody naming an address. What a rightful client
of one agency may do is for the interface's own module in `machine_doors` to say; an interface without one fails.
"""

from __future__ import annotations

import contextlib
import json
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, NamedTuple

from integration.console.made_index import AN, Console
from integration.security import machine_doors
from integration.security.addresses import Address, every_address
from integration.security.people_in_sight import citizen_browser, officer_browser

STARTED = contextlib.ExitStack()
"""What doors have started, such as processes; closed when the session of tests ends."""
MACHINES = "/api/"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
FORGED = {
    "forged token": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZ2VuY3kiLCJzY29wZSI6InN5c3RlbS8qLnJzIn0.",
    "no token": "Bearer ",
    "a password": "Basic YWRtaW46YWRtaW4=",
    "another scheme": "Device 00000000-0000-0000-0000-000000000001",
}
"""Authorization headers that nobody was given."""
BODIES = {"application/json": b"{}", "application/fhir+json": b'{"resourceType": "Patient"}'}


class Answer(NamedTuple):
    """What was answered: `text` with its headers, so that nothing is overlooked."""

    status: int
    text: str


Ask = Callable[[str, str, bytes, str], Answer]
"""(method, path, body, kind of body) → the answer, as one certain visitor gets it."""


@dataclass(frozen=True)
class Door:
    """One machine interface.

    `package` under `pccovid.web`; `prefix` (or several) of its addresses; `public`: address → why anybody may have its
    answer; `rightful`: asks as a client of one agency or device that has nothing to do with the person BINH;
    `addresses`: those that are not Django's, or that say more than its patterns. `wrong`: further visitors who must be
    refused, such as a client whose right was taken away.
    """

    package: str
    prefix: str | tuple[str, ...]
    rightful: Callable[[Console], Ask]
    public: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, Callable[[Console], Ask]] = field(default_factory=dict)
    addresses: Callable[[], Iterable[Address]] = lambda: ()
    stranger: Callable[[Console, str], Ask] | None = None
    """(console, Authorization header or '') → asks without a right, where Django's client does not reach."""

    def all_addresses(self) -> list[Address]:
        return [*(one for one in every_address() if one.route.startswith(self.prefix)), *self.addresses()]


def doors() -> tuple[Door, ...]:
    """Every interface that says how it is asked."""
    found = (
        import_module(f"{machine_doors.__name__}.{module.name}").DOOR
        for module in pkgutil.iter_modules(machine_doors.__path__)
    )
    return tuple(found)


def machine_addresses(known: Iterable[Door]) -> list[tuple[Address, Door | None]]:
    """Every machine address with its door, if it has one."""
    known = tuple(known)
    found: list[tuple[Address, Door | None]] = []
    for address in every_address():
        door = next((one for one in known if address.route.startswith(one.prefix)), None)
        if door or address.route.startswith(MACHINES):
            found.append((address, door))
    return found + [(address, door) for door in known for address in door.addresses()]


def through_django(client: Any, **headers: str) -> Ask:
    """Asks in this process with a client of Django's tests, whatever cookies it has."""

    def ask(method: str, path: str, body: bytes, kind: str) -> Answer:
        answer = client.generic(method, path, body, content_type=kind, **headers)
        whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return Answer(answer.status_code, as_text(whole) + str(dict(answer.headers)))

    return ask


def as_text(whole: bytes) -> str:
    """What an answer says; JSON without its escapes as well, which would hide a Vietnamese name."""
    text = whole.decode(errors="replace")
    with contextlib.suppress(ValueError):
        text += json.dumps(json.loads(text), ensure_ascii=False)
    return text


def wrong_visitors(console: Console, door: Door | None) -> Iterator[tuple[str, Ask]]:
    """Everybody who is no rightful client: strangers, forgers, people at their own doors, and the door's own list."""
    stranger = door.stranger if door and door.stranger else _stranger
    yield "nobody", stranger(console, "")
    for name, header in FORGED.items():
        yield name, stranger(console, header)
    if door is None or door.stranger is None:
        yield "a citizen", through_django(citizen_browser(console, AN))
        yield "an officer", through_django(officer_browser(console, "steward"))
    for name, ask in (door.wrong if door else {}).items():
        yield name, ask(console)


def _stranger(console: Console, authorization: str) -> Ask:
    client = console.browser()
    client.raise_request_exception = False
    return through_django(client, **({"HTTP_AUTHORIZATION": authorization} if authorization else {}))
