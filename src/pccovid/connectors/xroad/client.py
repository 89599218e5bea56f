"""Asking a service through one's own security server.

What the security server sets (x-road-request-id, x-road-request-hash) is not known beforehand, since it rewrites some
of the headers: it is handed on for the log of messages. What we chose ourselves must come back: id, client, service.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from pccovid.connectors.calling import Answer, Drifted, Line, NotReached, Refused
from pccovid.connectors.xroad.identifiers import MemberId, ServiceId

JSON = "application/json"
_RESERVED = "x-road-"


@dataclass(frozen=True)
class Request:
    """One request to a service. `headers`: the service's own, passed on as they are."""

    service: ServiceId
    method: str = "GET"
    path: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    id: str = field(default_factory=lambda: str(uuid4()))
    user_id: str = ""
    """Who asks, with the country's letters in front: VN001088000001."""
    issue: str = ""
    """The case that it is about."""


@dataclass(frozen=True)
class Response:
    """A service's answer, and how the security servers name it."""

    status: int
    content: Any
    request_id: str
    request_hash: str
    body: bytes


class XRoadClient:
    """Asks services in the name of one member's subsystem."""

    def __init__(self, line: Line, client: MemberId) -> None:
        self.line, self.client = line, client

    def ask(self, request: Request) -> Response:
        """The answer of the service, whatever its status below 500.

        Raises NotReached (also for X-Road's own Server.* errors and the service's 429 and 5xx), Refused for Client.*
        errors and redirects, which are never followed, and Drifted for the answer to another question.
        """
        body = None if request.body is None else json.dumps(request.body, ensure_ascii=False).encode()
        query = f"?{urlencode(request.query)}" if request.query else ""
        path = request.service.path(request.path) + query
        answer = self.line.call(request.method, path, self._headers(request, has_body=body is not None), body)
        _raise_xroad_error(answer)
        if answer.status == 429 or answer.status >= 500:
            raise NotReached(f"status {answer.status}")
        if 300 <= answer.status < 400:
            raise Refused(f"status {answer.status}: a redirect is not followed")
        self._check_is_ours(request, answer)
        came = answer.headers
        return Response(answer.status, _json(answer), came.get("x-road-request-id", ""),
                        came.get("x-road-request-hash", ""), answer.body)  # fmt: skip

    def _headers(self, request: Request, *, has_body: bool) -> dict[str, str]:
        own = {name: value for name, value in request.headers.items() if not name.lower().startswith(_RESERVED)}
        headers = {"Accept": JSON, **own, "X-Road-Client": self.client.written(), "X-Road-Id": request.id}
        if has_body and not any(name.lower() == "content-type" for name in own):
            headers["Content-Type"] = JSON
        if request.user_id:
            headers["X-Road-UserId"] = request.user_id
        if request.issue:
            headers["X-Road-Issue"] = request.issue
        return headers

    def _check_is_ours(self, request: Request, answer: Answer) -> None:
        sent = {
            "x-road-id": request.id, "x-road-client": self.client.written(),
            "x-road-service": request.service.written(),
        }  # fmt: skip
        for name, value in sent.items():
            if answer.headers.get(name) != value:
                raise Drifted(f"the answer's {name} is not that of the question")


def _raise_xroad_error(answer: Answer) -> None:
    """An error of X-Road itself bears the header X-Road-Error; the service's own errors do not."""
    kind = answer.headers.get("x-road-error")
    if kind is None:
        return
    told = f"X-Road {kind[:60]}"
    if kind.startswith("Client."):
        raise Refused(told)
    raise NotReached(told)


def _json(answer: Answer) -> Any:
    if not answer.body:
        return None
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise Drifted("no JSON") from error
