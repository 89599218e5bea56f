"""Asking the insurer: a token taken once and again when it has run out, the officer named with every question."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import dataclass
from typing import Any

from pccovid.connectors.calling import Answer as HttpAnswer
from pccovid.connectors.calling import Drifted, Line, NotReached, Refused
from pccovid.connectors.social_insurance.codes import FAULT, NOT_AUTHENTICATED, OF_OFFICER
from pccovid.connectors.social_insurance.payloads import Answer, Officer, Question, read_answer

SYSTEM = "insurer"
TOKEN_PATH, LOOK_UP_PATH = "/api/token/take", "/api/egw/KQNhanLichSuKCB2024"
_JSON = {"Content-Type": "application/json", "Accept": "application/json"}


class OfficerRefused(Refused):
    """The insurer does not know the officer (054), or under another name (055)."""


@dataclass(frozen=True)
class Account:
    """What an installation signs in with; the password goes as the hash that the insurer keeps."""

    user: str
    password: str

    def written(self) -> dict[str, str]:
        hashed = hashlib.md5(self.password.encode(), usedforsecurity=False).hexdigest()
        return {"username": self.user, "password": hashed}


class SocialInsurance:
    """The insurer's look-up; for many threads."""

    def __init__(self, line: Line, account: Account) -> None:
        self._line, self._account = line, account
        self._token, self._lock = "", threading.Lock()

    def look_up(self, question: Question, *, officer: Officer) -> tuple[Answer, bytes]:
        """What the insurer holds against the question, and its answer as it came.

        Raises NotReached (its faults too), OfficerRefused, Refused where signing in fails, and Drifted.
        """
        token = self._token_now(stale="")
        for _ in range(2):
            came = self._post(LOOK_UP_PATH, question.written(officer, token))
            answer = read_answer(_json(came))
            if answer.result.code != NOT_AUTHENTICATED:
                return _checked(answer, question), came.body
            token = self._token_now(stale=token)
        raise Refused("401: the token is not taken")

    def _token_now(self, stale: str) -> str:
        """The token in hand, or a new one in place of a stale one."""
        with self._lock:
            if not self._token or self._token == stale:
                told = _json(self._post(TOKEN_PATH, self._account.written()))
                key = told.get("APIKey") if isinstance(told, dict) else None
                token = key.get("access_token") if isinstance(key, dict) else None
                if not isinstance(token, str) or not token:
                    raise Refused("401: signing in failed")
                self._token = token
            return self._token

    def _post(self, path: str, content: dict[str, str]) -> HttpAnswer:
        came = self._line.call("POST", path, _JSON, json.dumps(content, ensure_ascii=False).encode())
        if came.status == 429 or came.status >= 500:
            raise NotReached(f"status {came.status}")
        if came.status != 200:
            raise Refused(f"status {came.status}")
        return came


def _checked(answer: Answer, question: Question) -> Answer:
    code = answer.result.code
    if code == FAULT:
        raise NotReached("500")
    if code in OF_OFFICER:
        raise OfficerRefused(code)
    is_of_card = len(question.number) != 12
    if answer.card and is_of_card and question.number[-10:] not in (answer.card.insurance_no, answer.card.number[-10:]):
        raise Drifted("the answer is about another card")
    return answer


def _json(came: HttpAnswer) -> Any:
    try:
        return json.loads(came.body)
    except (ValueError, RecursionError) as error:
        raise Drifted("no JSON") from error
