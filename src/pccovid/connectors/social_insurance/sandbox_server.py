"""The sandbox's insurer: a process of its own that answers look-ups about made people.

    python -m pccovid.connectors.social_insurance.sandbox_server --people FILE [--port N]

`POST /sandbox/cards` ({"insuranceNo": …, "code": "003"}) lets a card be in the state that a code tells of; officers are
those of the people whose number and name are right. A token runs out
after so many look-ups, to be taken anew.
"""

from __future__ import annotations

import json
import re
import threading
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from pccovid.areas.registry import registry
from pccovid.areas.units import LISTED_2021
from pccovid.connectors.population_database.register import Entry, claim_of, read_register
from pccovid.connectors.sandbox_server import faults
from pccovid.connectors.sandbox_server.faults import Order
from pccovid.connectors.sandbox_server.http_server import Agency, Answered, Asked, as_json, options_of, serve
from pccovid.connectors.social_insurance.client import LOOK_UP_PATH, SYSTEM, TOKEN_PATH, Account
from pccovid.connectors.social_insurance.codes import RESULTS
from pccovid.connectors.social_insurance.payloads import is_birth
from pccovid.insurance.rules import NONE
from pccovid.linkage.verification import grade

SANDBOX_ACCOUNT = Account("pccovid-sandbox", "mật khẩu của máy chủ thử")
_CARD = re.compile(r"[A-Z]{2}(?P<benefit>[0-9A-Z])(?P<province>\d{2})(?P<number>\d{10})")
_VIET_NAM = timedelta(hours=7)
_FIELDS = (
    "maThe", "hoTen", "ngaySinh", "gioiTinh", "diaChi", "maDKBD", "cqBHXH", "gtTheTu", "gtTheDen", "maKV",
    "ngayDu5Nam", "maSoBHXH", "maTheCu", "maTheMoi", "gtTheTuMoi", "gtTheDenMoi", "maDKBDMoi", "tenDKBDMoi",
)  # fmt: skip


class InsuranceServer(Agency):
    """Answers tokens and look-ups, and remembers who looked whom up."""

    name = SYSTEM

    def __init__(
        self, people: dict[str, Entry], port: int = 0, *, seed: int = 1, token_uses: int = 1000,
        account: Account = SANDBOX_ACCOUNT,
    ) -> None:  # fmt: skip
        super().__init__(port, seed=seed)
        self._people, self._account, self._token_uses = people, account.written(), token_uses
        self._insured = {one.insurance_no: one for one in people.values() if one.insurance_no}
        self._provinces = {unit.code for unit in registry().provinces(LISTED_2021)}
        self._codes: dict[str, str] = {}
        self._uses: dict[str, int] = {}
        self._look_ups: dict[str, list[dict[str, str]]] = defaultdict(list)
        self._lock = threading.Lock()

    def answer(self, asked: Asked, met: Mapping[str, Order]) -> Answered:
        """A token, a look-up, or the sandbox's own address for the state of a card."""
        if faults.ERROR in met:
            return Answered(500)
        try:
            body = json.loads(asked.body)
        except ValueError:
            return Answered(400)
        if asked.method != "POST" or not isinstance(body, dict):
            return Answered(405)
        if asked.path == TOKEN_PATH:
            return as_json(200, self._token(body))
        if asked.path == "/sandbox/cards":
            self._codes[body["insuranceNo"]] = body["code"]
            return Answered(204)
        return self._spoiled(self._looked_up(body), met) if asked.path == LOOK_UP_PATH else Answered(404)

    def _token(self, body: dict[str, Any]) -> dict[str, Any]:
        if body != self._account:
            return {"maKetQua": "401", "APIKey": None}
        token = str(uuid4())
        with self._lock:
            self._uses[token] = self._token_uses
        return {"maKetQua": "200", "APIKey": {"access_token": token, "token_type": "bearer"}}

    def _spoiled(self, told: dict[str, Any], met: Mapping[str, Order]) -> Answered:
        if faults.WRONG in met and told["maThe"]:
            told = {**told, "maThe": "DN4010000000000", "maSoBHXH": "0000000000"}
        if faults.DRIFT in met or (faults.WRONG in met and not told["maThe"]):
            told = {"code": told["maKetQua"], "data": told}
        return as_json(200, told)

    def _looked_up(self, body: dict[str, Any]) -> dict[str, Any]:
        asked = {name: body.get(name) for name in ("maThe", "hoTen", "ngaySinh", "hoTenCb", "cccdCb", "token")}
        texts = {name: value if isinstance(value, str) else "" for name, value in asked.items()}
        code, held = self._judged(texts)
        about = held.insurance_no if held and held.insurance_no else ""
        with self._lock:
            earlier = list(self._look_ups[about]) if about else []
            if about:
                self._look_ups[about].append(_noted(texts, code))
        shown = _card(held, texts["maThe"], code) if held and RESULTS[code].card != NONE else {}
        return {
            "maKetQua": code, "ghiChu": RESULTS[code].vi, **dict.fromkeys(_FIELDS), **shown, "dsLichSuKCB2018": [],
            "dsLichSuKT2018": earlier,
        }  # fmt: skip

    def _judged(self, asked: dict[str, str]) -> tuple[str, Entry | None]:
        if not self._token_holds(asked["token"]):
            return "401", None
        officer = self._people.get(asked["cccdCb"])
        if officer is None:
            return "054", None
        if claim_of(officer.name, "", None, "").name_key != claim_of(asked["hoTenCb"], "", None, "").name_key:
            return "055", None
        if not asked["hoTen"] or not is_birth(asked["ngaySinh"]):
            return "205", None
        fault, held = self._found(asked["maThe"])
        return (fault, None) if held is None else (self._graded(asked, held), held)

    def _token_holds(self, token: str) -> bool:
        with self._lock:
            left = self._uses.get(token, 0)
            self._uses[token] = left - 1
            return left > 0

    def _found(self, number: str) -> tuple[str, Entry | None]:
        """(code where nobody is found, whose number it is)."""
        if re.fullmatch(r"\d{12}", number):
            held = self._people.get(number)
            return ("130" if held and not held.insurance_no else "050"), held
        card = _CARD.fullmatch(number)
        if card and card["province"] not in self._provinces:
            return "052", None
        if card and card["benefit"] not in "12345":
            return "053", None
        if not card and not re.fullmatch(r"\d{10}", number):
            return "051", None
        return "050", self._insured.get(number[-10:])

    def _graded(self, asked: dict[str, str], held: Entry) -> str:
        birth = "-".join(reversed(asked["ngaySinh"].split("/")))
        question = claim_of(asked["hoTen"], birth, None, held.personal_id)
        code = grade(question, claim_of(held.name, held.birth, held.sex, held.personal_id)).code
        if code != "000":
            return {"incomplete": "205"}.get(code, code)
        return self._codes.get(held.insurance_no or "", "000" if held.insurance_no else "130")


def _noted(asked: dict[str, str], code: str) -> dict[str, str]:
    at = (datetime.now(UTC) + _VIET_NAM).strftime("%Y%m%d%H%M")
    return {"userKT": asked["hoTenCb"], "thoiGianKT": at, "thongBao": RESULTS[code].vi, "maLoi": code}


def _card(held: Entry, asked: str, code: str) -> dict[str, str | None]:
    birth = "/".join(reversed(held.birth.split("-")))
    shown: dict[str, str | None] = {
        "maThe": asked if len(asked) == 15 else held.insurance_no, "hoTen": held.name, "ngaySinh": birth,
        "gioiTinh": {"male": "Nam", "female": "Nữ"}.get(held.sex or ""), "maSoBHXH": held.insurance_no,
        "cqBHXH": "Cơ quan BHXH thử", "gtTheTu": "01/01/2021", "gtTheDen": "31/12/2021", "maKV": "K1",
    }  # fmt: skip
    if code in ("003", "004"):
        shown |= {"maTheCu": asked, "maTheMoi": held.insurance_no, "gtTheTuMoi": "01/01/2022",
                  "gtTheDenMoi": "31/12/2022"}  # fmt: skip
    return shown


def made(arguments: list[str] | None = None) -> Agency:
    """The server that the arguments ask for."""
    options = options_of(arguments, __doc__)
    return InsuranceServer(read_register(Path(options.people)), options.port, seed=options.seed)


if __name__ == "__main__":
    raise SystemExit(serve(made()))
