"""The hub as an agency reaches it: a token for its own key, bundles sent, the change feed followed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from pccovid.connectors.calling import Answer, Line, NotReached, Refused
from pccovid.sandbox.agencies.machine_key import MachineKey

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_TOKEN_PATH, _BASE = "/api/auth/token", "/api/fhir/R4"  # noqa: S105 - an address
_RENEWED_BEFORE = timedelta(seconds=30)
_AGAIN_LATER = (401, 408, 429)


class Hub:
    """One agency's calls, under its agreement. For one thread."""

    def __init__(self, address: str, client: str, key: MachineKey, now: Callable[[], datetime]) -> None:
        """Raises AddressIsWrong."""
        self._line, self._client, self._key, self._now = Line(address, plain_http=True), client, key, now
        self._token, self._until = "", now()
        self._next = f"{_BASE}/$changes?_since=now"

    def send(self, bundle: dict[str, Any]) -> dict[str, Any]:
        """Send a transaction; the hub's answer. Raises NotReached: to be sent again; Refused: never will be taken."""
        answer = self._asked("POST", _BASE, json.dumps(bundle, ensure_ascii=False).encode())
        told: dict[str, Any] = json.loads(answer.body)
        if answer.status != 200:
            raise Refused(f"status {answer.status}: {_why(told)}")
        return told

    def changes(self) -> list[dict[str, Any]]:
        """What came into the feed since the last time. Raises NotReached, Refused."""
        found: list[dict[str, Any]] = []
        while True:
            answer = self._asked("GET", self._next, None)
            if answer.status != 200:
                raise Refused(f"status {answer.status}")
            page = json.loads(answer.body)
            found += page.get("entry", [])
            following = urlsplit(next(one["url"] for one in page["link"] if one["relation"] == "next"))
            self._next = f"{following.path}?{following.query}"
            if answer.headers.get("x-feed-more") != "true":
                return found

    def _asked(self, method: str, path: str, body: bytes | None) -> Answer:
        headers = {"Authorization": f"Bearer {self._token_now()}", "Content-Type": "application/fhir+json"}
        answer = self._line.call(method, path, headers, body)
        if answer.status in _AGAIN_LATER or answer.status >= 500:
            self._token = "" if answer.status == 401 else self._token
            raise NotReached(f"status {answer.status}")
        return answer

    def _token_now(self) -> str:
        if not self._token or self._now() >= self._until:
            audience = self._line.base + _TOKEN_PATH
            asked = urlencode({
                "grant_type": "client_credentials", "client_assertion_type": _ASSERTION, "scope": "system/*.crus",
                "client_assertion": self._key.assertion(self._client, audience, now=self._now()),
            })  # fmt: skip
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            answer = self._line.call("POST", _TOKEN_PATH, form, asked.encode())
            if answer.status >= 500:
                raise NotReached(f"status {answer.status}")
            if answer.status != 200:
                raise Refused(f"no token: {answer.body[:200].decode(errors='replace')}")
            told = json.loads(answer.body)
            self._token = str(told["access_token"])
            self._until = self._now() + timedelta(seconds=int(told["expires_in"])) - _RENEWED_BEFORE
        return self._token


def _why(outcome: Any) -> str:
    issues = outcome.get("issue", []) if isinstance(outcome, dict) else []
    return "; ".join(str(one.get("diagnostics", one.get("code"))) for one in issues)[:500]
