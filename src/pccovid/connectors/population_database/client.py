"""Asking the population database: one question a call, in a body, with the program or officer who asks named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from pccovid.connectors.calling import NotReached, Refused
from pccovid.connectors.population_database.payloads import (
    ChangePage,
    Citizen,
    Question,
    Verified,
    read_changes,
    read_citizen,
    read_verified,
)
from pccovid.connectors.xroad.client import Request, Response, XRoadClient
from pccovid.connectors.xroad.identifiers import MemberId, ServiceId

SYSTEM = "population"
"""The population database's name among the index's sources."""
OUR_SYSTEM = MemberId("VN", "GOV", "MOH", "pccovid")
PROVIDER = MemberId("VN", "GOV", "MPS", "population")
VERIFY, LOOK_UP, CHANGES = (ServiceId(PROVIDER, code) for code in ("verify", "lookup", "changes"))


@dataclass(frozen=True)
class Exchanged:
    """What passed, for the log of messages: the message's id, what the security servers made of it, what came."""

    id: str
    request_hash: str
    body: bytes


class PopulationDatabase:
    """The population database behind our security server."""

    def __init__(self, client: XRoadClient) -> None:
        self._client = client

    def verify(self, question: Question, *, case: str, user_id: str = "") -> tuple[Verified, Exchanged]:
        """How far the question agrees with what is held. Raises NotReached, Refused, Drifted."""
        request = Request(VERIFY, "POST", user_id=user_id, issue=case)
        answer = self._asked(request, question.written(request.id))
        return read_verified(answer.content, request.id), _exchanged(request, answer)

    def look_up(self, personal_id: str, *, case: str, user_id: str) -> tuple[Citizen | None, Exchanged]:
        """The person of a number; None where it is unknown. Raises NotReached, Refused, Drifted."""
        request = Request(LOOK_UP, "POST", user_id=user_id, issue=case)
        body = {"schemaVersion": 1, "reference": request.id, "idNumber": personal_id}
        answer = self._asked(request, body)
        return read_citizen(answer.content, request.id), _exchanged(request, answer)

    def changes_since(self, since: int, *, most: int = 500) -> tuple[ChangePage, Exchanged]:
        """What changed after a mark, in order and each once. Raises NotReached, Refused, Drifted."""
        request = Request(CHANGES, query={"since": str(since), "limit": str(most)})
        answer = self._asked(request, None)
        return read_changes(answer.content, since), _exchanged(request, answer)

    def _asked(self, request: Request, body: dict[str, Any] | None) -> Response:
        answer = self._client.ask(replace(request, body=body))
        if answer.status == 408:
            raise NotReached("status 408")
        if answer.status != 200:
            raise Refused(f"status {answer.status}")
        return answer


def _exchanged(request: Request, answer: Response) -> Exchanged:
    return Exchanged(request.id, answer.request_hash, answer.body)
