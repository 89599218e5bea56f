"""Asking the population database: one question a call, in a body, with the program or officer who asks named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from pccovid.connectors.calling import NotReached, Refused
from pccovid.connectors.population_database import schemas
from pccovid.connectors.population_database.payloads import ChangePage, Citizen, Question, Verified
from pccovid.connectors.population_database.schemas import (
    AnotherSchema,
    read_changes,
    read_citizen,
    read_verified,
    versions_read,
)
from pccovid.connectors.xroad.client import Request, Response, XRoadClient
from pccovid.connectors.xroad.identifiers import MemberId, ServiceId

SYSTEM = "population"
"""The population database's name among the index's sources."""
OUR_SYSTEM = MemberId("VN", "GOV", "MOH", "pccovid")
PROVIDER = MemberId("VN", "GOV", "MPS", "population")
VERIFY, LOOK_UP, CHANGES = (ServiceId(PROVIDER, code) for code in ("verify", "lookup", "changes"))


_Body = Callable[[int, str], dict[str, Any]]


@dataclass(frozen=True)
class Exchanged:
    """What passed, for the log of messages: the message's id, what the security servers made of it, what came."""

    id: str
    request_hash: str
    body: bytes
    refused: tuple[str, ...] = ()
    """Ids under which the same was asked before, in a version that the other side does not read."""


class PopulationDatabase:
    """The population database behind our security server.

    Asked in one version of its schema; where it reads others, in the newest of these that we have, from then on.
    """

    def __init__(self, client: XRoadClient, schema: int = 1) -> None:
        self._client, self._schema = client, schema

    def verify(self, question: Question, *, case: str, user_id: str = "") -> tuple[Verified, Exchanged]:
        """How far the question agrees with what is held. Raises NotReached, Refused, Drifted."""

        def body(version: int, reference: str) -> dict[str, Any]:
            return schemas.asked(version, question, reference)

        request, answer, refused = self._asked(Request(VERIFY, "POST", user_id=user_id, issue=case), body)
        return read_verified(answer.content, request.id), _exchanged(request, answer, refused)

    def look_up(self, personal_id: str, *, case: str, user_id: str) -> tuple[Citizen | None, Exchanged]:
        """The person of a number; None where it is unknown. Raises NotReached, Refused, Drifted."""

        def body(version: int, reference: str) -> dict[str, Any]:
            return schemas.looked_up(version, personal_id, reference)

        request, answer, refused = self._asked(Request(LOOK_UP, "POST", user_id=user_id, issue=case), body)
        return read_citizen(answer.content, request.id), _exchanged(request, answer, refused)

    def changes_since(self, since: int, *, most: int = 500) -> tuple[ChangePage, Exchanged]:
        """What changed after a mark, in order and each once. Raises NotReached, Refused, Drifted."""
        wanted = Request(CHANGES, query={"since": str(since), "limit": str(most)})
        request, answer, refused = self._asked(wanted, None)
        return read_changes(answer.content, since), _exchanged(request, answer, refused)

    def _asked(self, wanted: Request, body: _Body | None) -> tuple[Request, Response, tuple[str, ...]]:
        """What was asked in the end, the answer, and the ids of what was refused for its version before."""
        request = self._in_version(wanted, body)
        try:
            return request, self._answer(request), ()
        except AnotherSchema as other:
            if not other.common:
                raise
            self._schema = other.common[0]
        again = self._in_version(replace(wanted, id=str(uuid4())), body)
        return again, self._answer(again), (request.id,)

    def _in_version(self, request: Request, body: _Body | None) -> Request:
        if body is None:
            return replace(request, query={**request.query, "schemaVersion": str(self._schema)})
        return replace(request, body=body(self._schema, request.id))

    def _answer(self, request: Request) -> Response:
        answer = self._client.ask(request)
        if answer.status == 408:
            raise NotReached("status 408")
        supported = versions_read(answer.content) if answer.status == 400 else None
        if supported is not None:
            raise AnotherSchema(self._schema, supported)
        if answer.status != 200:
            raise Refused(f"status {answer.status}")
        return answer


def _exchanged(request: Request, answer: Response, refused: tuple[str, ...]) -> Exchanged:
    return Exchanged(request.id, answer.request_hash, answer.body, refused)
