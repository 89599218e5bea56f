"""The sandbox's VNeID: an OpenID provider of its own process, for made people. It asks for a number and nothing else.

    python -m pccovid.sandbox.vneid_provider --port 8300 --accounts NATION/exports/vneid.jsonl

Client and secret come from PCCOVID_VNEID_CLIENT and PCCOVID_VNEID_SECRET. Every number ending in 0 is of level 1, so
that both can be tried. A code serves once, for a minute, for the client, address and verifier it was asked with.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import html
import json
import os
import secrets
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

_CODE_LIVES, _TOKEN_LIVES = 60, 300
_ASKED = ("client_id", "redirect_uri", "state", "nonce", "code_challenge", "scope")
_PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>VNeID (bản thử)</title><h1>VNeID, bản thử</h1><p>Mọi người ở đây đều do máy tạo ra; không có mật khẩu.</p>{told}
<form method="post"><p><label for="n">Số định danh cá nhân</label><br><input id="n" name="number" inputmode="numeric"
autocomplete="off"></p><p><button name="act" value="in">Đồng ý đăng nhập</button>
<button name="act" value="no">Không</button></p></form><p>Ví dụ: {examples}</p></html>"""


@dataclass(frozen=True)
class Account:
    """One made person's account."""

    number: str
    name: str
    birth_date: str

    @property
    def level(self) -> int:
        return 1 if self.number.endswith("0") else 2


@dataclass(frozen=True)
class Granted:
    """What a code stands for until it is used."""

    account: Account
    asked: Mapping[str, str]
    until: float


@dataclass
class Provider:
    """Accounts, the one client, and codes that were given and not used."""

    accounts: Mapping[str, Account]
    client: str
    secret: str
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": secrets.token_hex(4)}))
    codes: dict[str, Granted] = field(default_factory=dict)

    def app(self) -> Starlette:
        """The service."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.describe),
                Route("/keys", self.keys),
                Route("/authorize", self.authorize, methods=["GET", "POST"]),
                Route("/token", self.token, methods=["POST"]),
            ]
        )

    async def describe(self, request: Request) -> Response:
        issuer = _issuer(request)
        return JSONResponse(
            {
                "issuer": issuer,
                "authorization_endpoint": f"{issuer}/authorize",
                "token_endpoint": f"{issuer}/token",
                "jwks_uri": f"{issuer}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["ES256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def keys(self, _request: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def authorize(self, request: Request) -> Response:
        """The page that asks who it is; with POST back to the client, with a code or without."""
        asked = {name: request.query_params.get(name, "") for name in _ASKED}
        method = request.query_params.get("code_challenge_method")
        if asked["client_id"] != self.client or method != "S256" or not asked["state"] or not asked["nonce"]:
            return JSONResponse({"error": "invalid_request"}, status_code=400)
        if request.method == "GET":
            return self._page("")
        form = await _form(request)
        if form.get("act") != "in":
            return _back(asked, error="access_denied")
        account = self.accounts.get("".join(form.get("number", "").split()))
        if account is None:
            return self._page("<p role='alert'>Không có tài khoản nào mang số này.</p>")
        code = secrets.token_urlsafe(24)
        self.codes[code] = Granted(account, asked, time.time() + _CODE_LIVES)
        return _back(asked, code=code)

    async def token(self, request: Request) -> Response:
        """The answer about who signed in, for a code that fits."""
        form = await _form(request)
        granted = self.codes.pop(form.get("code", ""), None)
        if not self._is_client(request):
            return JSONResponse({"error": "invalid_client"}, status_code=401)
        if granted is None or granted.until < time.time() or not _fits(granted, form):
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        access = secrets.token_urlsafe(24)
        told = self.answer(granted, _issuer(request))
        return JSONResponse({"access_token": access, "token_type": "Bearer", "id_token": told})

    def answer(self, granted: Granted, issuer: str) -> str:
        """The signed answer."""
        account, now = granted.account, int(time.time())
        subject = hmac.digest(self.secret.encode(), account.number.encode(), "sha256").hex()
        claims = {
            "iss": issuer, "aud": self.client, "sub": subject, "iat": now, "exp": now + _TOKEN_LIVES,
            "nonce": granted.asked["nonce"], "acr": f"urn:vneid:level:{account.level}",
            "personal_id": account.number, "name": account.name, "birthdate": account.birth_date,
        }  # fmt: skip
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, self.key)

    def _is_client(self, request: Request) -> bool:
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "basic":
            return False
        client, _, secret = b64decode(given).decode().partition(":")
        return unquote(client) == self.client and hmac.compare_digest(unquote(secret), self.secret)

    def _page(self, told: str) -> Response:
        few = list(self.accounts.values())[:3] + [one for one in self.accounts.values() if one.level == 1][:1]
        examples = ", ".join(f"{one.number} ({html.escape(one.name)}, mức {one.level})" for one in few)
        return HTMLResponse(_PAGE.format(told=told, examples=examples))


def read_accounts(file: Path) -> dict[str, Account]:
    """Accounts of everybody in a delivery of VNeID whose number is whole."""
    rows = (json.loads(line) for line in file.read_text().splitlines())
    made = (Account(row["citizenId"], row["fullName"], row["dob"]) for row in rows if row.get("citizenId"))
    return {one.number: one for one in made if len(one.number) == 12 and one.number.isdigit()}


async def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode()))


def _fits(granted: Granted, form: Mapping[str, str]) -> bool:
    """Whether the code is used at the address, and by whoever holds the verifier, that it was asked with."""
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    challenge = urlsafe_b64encode(digest).rstrip(b"=").decode()
    same_address = form.get("redirect_uri") == granted.asked["redirect_uri"]
    return same_address and hmac.compare_digest(challenge, granted.asked["code_challenge"])


def _back(asked: Mapping[str, str], **answer: str) -> Response:
    address = urlsplit(asked["redirect_uri"])._replace(query=urlencode({**answer, "state": asked["state"]}))
    return RedirectResponse(address.geturl(), status_code=302)


def _issuer(request: Request) -> str:
    return f"http://{request.headers['host']}"


def main() -> None:
    """Serve on loopback until it is ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--accounts", type=Path, required=True)
    options = parser.parse_args()
    named = (os.environ["PCCOVID_VNEID_CLIENT"], os.environ["PCCOVID_VNEID_SECRET"])
    provider = Provider(read_accounts(options.accounts), *named)
    uvicorn.run(provider.app(), host="127.0.0.1", port=options.port, log_level="warning")


if __name__ == "__main__":
    main()
