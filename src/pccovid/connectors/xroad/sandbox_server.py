"""A security server and the provider behind it, for the sandbox: one process that speaks PR-REST and checks callers.

The provider's own part is `provide`: it gets what a provider gets, without the headers that security servers set, and
its answer is passed through as it is.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from pccovid.connectors.sandbox_server import faults
from pccovid.connectors.sandbox_server.faults import Order
from pccovid.connectors.sandbox_server.http_server import Agency, Answered, Asked, as_json
from pccovid.connectors.xroad.hashes import request_hash
from pccovid.connectors.xroad.identifiers import IdentifierIsWrong, MemberId, ServiceId, read_member, read_path

ERROR_HEADER = "X-Road-Error"
# Never passed on: between two hops (RFC 9110, section 7.6.1), or rewritten by the security server.
_NOT_PASSED_ON = frozenset({
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding",
    "upgrade", "host", "user-agent", "server", "content-length",
})  # fmt: skip


@dataclass(frozen=True)
class Provided:
    """A request as it reaches the provider."""

    service: ServiceId
    client: MemberId
    id: str
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def parameters(self) -> dict[str, str]:
        return {name: values[-1] for name, values in parse_qs(self.query, keep_blank_values=True).items()}


class SecurityServer(Agency):
    """The consumer's security server as seen by the consumer; `services` are those that the provider has."""

    services: Mapping[str, ServiceId]
    allowed: frozenset[MemberId]

    @abstractmethod
    def provide(self, asked: Provided, met: Mapping[str, Order]) -> Answered:
        """What the provider answers."""

    def answer(self, asked: Asked, met: Mapping[str, Order]) -> Answered:
        """The provider's answer with the headers that security servers set, or an error of X-Road."""
        try:
            provided = self._passed_on(asked)
        except IdentifierIsWrong as wrong:
            return _error(400, "Client.BadRequest", str(wrong))
        if provided.service not in self.services.values():
            return _error(500, "Server.ServerProxy.UnknownService", "no such service")
        if provided.client not in self.allowed:
            return _error(500, "Server.ServerProxy.AccessDenied", "this client may not ask that service")
        if faults.ERROR in met:
            return _error(500, "Server.ServerProxy.ServiceFailed.HttpError", "ordered")
        answer = self.provide(provided, met)
        return Answered(answer.status, answer.body, {**answer.headers, **_set_headers(asked, provided, met)})

    def _passed_on(self, asked: Asked) -> Provided:
        parts = urlsplit(asked.path)
        service, rest = read_path(parts.path)
        clients = asked.headers.get("x-road-client", [])
        if len(clients) != 1:
            raise IdentifierIsWrong("exactly one X-Road-Client")
        headers = {name: ", ".join(values) for name, values in asked.headers.items() if name not in _NOT_PASSED_ON}
        headers.setdefault("accept", "application/json")
        number = headers.setdefault("x-road-id", str(uuid4()))
        return Provided(service, read_member(clients[0]), number, asked.method, rest, parts.query, headers, asked.body)


def _set_headers(asked: Asked, provided: Provided, met: Mapping[str, Order]) -> dict[str, str]:
    """What security servers add; with WRONG it is another question's id, as where answers were mixed up."""
    return {
        "x-road-id": str(uuid4()) if faults.WRONG in met and len(met) == 1 and not provided.body else provided.id,
        "x-road-client": provided.client.written(), "x-road-service": provided.service.written(),
        "x-road-request-id": str(uuid4()), "x-road-request-hash": request_hash(asked.head, asked.body),
    }  # fmt: skip


def _error(status: int, kind: str, told: str) -> Answered:
    content: dict[str, Any] = {"type": kind, "message": told, "detail": str(uuid4())}
    return as_json(status, content, **{ERROR_HEADER: kind})
