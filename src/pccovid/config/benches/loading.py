"""The loader's own process: asks addresses over and over, or signs people in; tells what came as JSON."""

from __future__ import annotations

import http.client
import itertools
import json
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import psycopg

from pccovid.accounts.sealed import PHONE
from pccovid.foundation.sealing import sealer

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_CODE = re.compile(r"\d{6}")
_ARRIVED = "/ho-so"


def ask(work: dict[str, Any]) -> dict[str, float]:
    """Ask the addresses in turn over some connections for some seconds."""
    turns = itertools.cycle(work["requests"])
    ends, lock = time.perf_counter() + work["seconds"], threading.Lock()
    begun = time.perf_counter()
    with ThreadPoolExecutor(work["connections"]) as pool:
        counts = list(pool.map(lambda _: _ask_until(ends, turns, lock), range(work["connections"])))
    answers, failed = (sum(one) for one in zip(*counts, strict=True))
    return {"answers": answers, "failed": failed, "seconds": time.perf_counter() - begun}


def _ask_until(ends: float, turns: Iterator[tuple[str, str]], lock: threading.Lock) -> tuple[int, int]:
    answers = failed = 0
    connection: http.client.HTTPConnection | None = None
    while time.perf_counter() < ends:
        with lock:
            address, cookie = next(turns)
        parts = urlsplit(address)
        connection = connection or http.client.HTTPConnection(parts.netloc, timeout=60)
        headers = {"Cookie": cookie, "User-Agent": "bench"} if cookie else {"User-Agent": "bench"}
        connection.request("GET", parts.path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        answers, failed = answers + 1, failed + (answer.status != 200)
        if answer.will_close:
            connection = None
    return answers, failed


class Browser:
    """What signing in needs of a browser: cookies, and the token of a form."""

    def __init__(self, address: str) -> None:
        self._host = urlsplit(address).netloc
        self._cookies: dict[str, str] = {}
        self.location, self.page = "", ""

    def get(self, path: str) -> int:
        return self._ask("GET", path, None)

    def post(self, path: str, **fields: str) -> int:
        token = _TOKEN.search(self.page)
        return self._ask("POST", path, urlencode({**fields, "csrfmiddlewaretoken": token.group(1) if token else ""}))

    def _ask(self, method: str, path: str, body: str | None) -> int:
        connection = http.client.HTTPConnection(self._host, timeout=120)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()), "User-Agent": "bench",
            "Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://{self._host}/",
        }  # fmt: skip
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        self.page = answer.read().decode()
        self.location = answer.headers.get("Location", "")
        for line in answer.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self._cookies[name] = morsel.value
        connection.close()
        return answer.status


def sign_in_all(work: dict[str, Any]) -> dict[str, Any]:
    """Everybody signs in, so many at a time; `failed` counts who did not come to their record, `at` says where."""
    with ThreadPoolExecutor(work["at_once"]) as pool:
        ended = Counter(pool.map(lambda one: _sign_in(work["address"], work["owner_url"], one), work["sign_ins"]))
    arrived = ended.pop(_ARRIVED, 0)
    return {"answers": arrived, "failed": ended.total(), "at": dict(ended)}


def _sign_in(address: str, owner_url: str, one: dict[str, str]) -> str:
    """The page on which it ended: the record, or the step that failed with its status."""
    browser, born = Browser(address), date.fromisoformat(one["born"])
    browser.get("/")
    if (status := browser.post("/", phone=one["phone"])) != 302:
        return f"number {status}"
    browser.get("/dang-nhap/ma")
    # Two of a family may be signing in at once by the phone they share: both messages are on it.
    if not any(browser.post("/dang-nhap/ma", code=code) == 302 for code in _codes_of(owner_url, one["phone"])):
        return "code"
    browser.get("/dang-nhap/ban-la-ai")
    fields = {"name": one["name"], "day": str(born.day), "month": str(born.month), "year": str(born.year)}
    status = browser.post("/dang-nhap/ban-la-ai", **fields)
    return browser.location if status == 302 else f"who {status}"


def _codes_of(owner_url: str, phone: str) -> list[str]:
    """The codes that were sent to the number among the newest messages, the newest first; three at most."""
    keys = sealer()
    with psycopg.connect(owner_url) as owner:
        rows = owner.execute("SELECT phone, text FROM accounts_sandboxmessage ORDER BY id DESC LIMIT 40").fetchall()
    codes = (_CODE.search(text) for sealed, text in rows if keys.reveal(sealed, PHONE.about) == phone)
    return [found.group() for found in codes if found][:3]


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[1]).read_text())
    print(json.dumps(sign_in_all(given) if "sign_ins" in given else ask(given)))
