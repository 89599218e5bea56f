"""A visitor of the citizen app: a browser without a screen, and the hands that use it."""

from __future__ import annotations

import re
from datetime import date

from django.http import HttpResponse
from django.test import Client


class Visitor:
    """A browser and the hands that use it."""

    def __init__(self) -> None:
        self.client = Client()

    def asks_code(self, phone: str) -> HttpResponse:
        return self.client.post("/", {"phone": phone})

    def reads_code(self) -> str:
        """The six digits of the newest message."""
        from pccovid.accounts.sandbox_inbox import newest_messages

        found = re.search(r"\d{6}", newest_messages()[0].text)
        assert found
        return found.group()

    def types_code(self, code: str) -> HttpResponse:
        return self.client.post("/dang-nhap/ma", {"code": code})

    def says_who(self, name: str, born: date | int) -> HttpResponse:
        birth = {"year": str(born)} if isinstance(born, int) else {
            "day": str(born.day), "month": str(born.month), "year": str(born.year)
        }  # fmt: skip
        return self.client.post("/dang-nhap/ban-la-ai", {"name": name, **birth})

    def proves(self, phone: str) -> None:
        """Ask for a code and type it."""
        assert self.asks_code(phone).status_code == 302
        assert self.types_code(self.reads_code()).headers["Location"] == "/dang-nhap/ban-la-ai"

    def signs_in(self, phone: str, name: str, born: date | int) -> HttpResponse:
        self.proves(phone)
        return self.says_who(name, born)
