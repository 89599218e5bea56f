"""Hostile text in every parameter of every address: never a fault of the server, never somebody's data, never its own
words back as markup, never a header of the attacker's."""

from __future__ import annotations

import re
import time
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integration.console.made_index import AN, BINH, Console
from integration.security.addresses import Address, every_address
from integration.security.people_in_sight import citizen_browser, officer_browser, shows

PAYLOADS = {
    "quote": "' OR '1'='1' --",
    "double quote": '" OR 1=1 --',
    "stacked": "1'; SELECT pg_sleep(6); --",
    "union": "' UNION SELECT username, password FROM auth_user --",
    "markup": "\"'><script>alert(7)</script><img src=x onerror=alert(7)>",
    "template": "{{ 7331|add:1 }}{% debug %}${7331+1}",
    "header": "x\r\nX-Evil: yes\r\n\r\n<script>alert(7)</script>",
    "nul": "a\x00b",
    "long": "ă" * 400,  # all fields together stay below the largest request that is read
    "unicode": "\u202e\ufeff\U0001f600\ud7ff\uffff𝒳",
    "path": "../../../../etc/passwd",
    "number": "-1",
    "huge": "9" * 400,
    "format": "%s%n%(x)s{0.__class__}",
    "surrogate": "%ED%A0%80",
}
_NAMES = re.compile(r"""<(?:input|select|textarea|button)\b[^>]*\bname="([^"]+)\"""")
SESSION_ENDS = {"console-sign-out", "console-sign-out-everywhere", "sign-out"}
SIGN_IN_PAGES = {"/", "/can-bo/dang-nhap"}
NOT_SEEN = [("stranger", [AN, BINH]), ("citizen", [BINH]), ("tracer", [BINH]), ("steward", [])]
"""Visitors, and whom none of their answers may show."""


def names_on_pages(clients: list[Any]) -> set[str]:
    """Every field name on any page a visitor can open, and the ones that addresses read from their query."""
    names = {"next", "language", "page", "reason", "outcome", "q", "trang", "nguoi"}
    for client in clients:
        for address in every_address():
            answer = client.get(address.filled(uuid=str(AN)))
            if answer.get("Content-Type", "").startswith("text/html"):
                names |= set(_NAMES.findall(answer.content.decode()))
    return names - {"csrfmiddlewaretoken"}


def answer_to(client: Any, method: str, path: str, fields: dict[str, str]) -> Any:
    if method == "get":
        return client.get(path, fields)
    return client.post(path, urlencode(fields), content_type="application/x-www-form-urlencoded")


def faults_of(answer: Any, stranger_to: list[Any]) -> list[str]:
    found = [mark for person in stranger_to for mark in shows(answer, person)]
    text = answer.content.decode(errors="replace")
    if answer.status_code >= 500:
        found.append(str(answer.status_code))
    found += [mark for mark in ("<script>alert(7)", "<img src=x", "7332", "root:x:") if mark in text]
    found += [name for name in ("X-Evil",) if name in answer.headers]
    return found


def visitor(console: Console, who: str) -> Any:
    if who == "stranger":
        client = console.browser()
        client.raise_request_exception = False
        return client
    return citizen_browser(console, AN) if who == "citizen" else officer_browser(console, who)


def turns_away(answer: Any) -> bool:
    """Whether the visitor was turned away, in which nothing that was sent has a part."""
    to_sign_in = answer.status_code == 302 and answer["Location"].partition("?")[0] in SIGN_IN_PAGES
    return to_sign_in or answer.status_code in (401, 403, 405)


def injected(console: Console, who: str, not_seen: list[Any], *, in_full: bool) -> list[object]:
    """What is wrong with answers to each payload in every query field, in every form field, and in the path itself.

    Unless `in_full`, what turns the visitor away is asked once, and a path is tried with one payload; another one for
    the next address.
    """
    client, faults = visitor(console, who), []
    names = sorted(names_on_pages([client]))
    assert len(names) >= 5

    def ask(address: Address, method: str, path: str, kind: str, fields: dict[str, str]) -> Any:
        began = time.monotonic()
        answer = answer_to(client, method, path, fields)
        found = faults_of(answer, not_seen)
        found += ["slept"] if time.monotonic() - began > 5.5 and kind == "stacked" else []
        faults.extend((method, address.route, kind, one) for one in found)
        return answer

    for number, address in enumerate(every_address()):
        client = visitor(console, who) if address.name in SESSION_ENDS else client
        path, first = address.filled(uuid=str(AN)), number % len(PAYLOADS)
        kinds = [*PAYLOADS][first:] + [*PAYLOADS][:first]
        for method in ("get", "post"):
            for kind in kinds:
                answer = ask(address, method, path, kind, dict.fromkeys(names, PAYLOADS[kind]))
                if turns_away(answer) and not in_full:
                    break
        for kind in [] if address.kinds else kinds if in_full else kinds[:1]:
            ask(address, "get", f"{path.rstrip('/')}/{quote(PAYLOADS[kind][:500])}", kind, {})
    return faults


@pytest.mark.parametrize(("who", "not_seen"), NOT_SEEN)
def test_no_parameter_of_any_address_can_be_injected(console: Console, who: str, not_seen: list[Any]) -> None:
    assert injected(console, who, not_seen, in_full=False) == []


@pytest.mark.slow
@pytest.mark.parametrize(("who", "not_seen"), NOT_SEEN)
def test_no_parameter_can_be_injected_where_the_visitor_is_turned_away_either(
    console: Console, who: str, not_seen: list[Any]
) -> None:
    assert injected(console, who, not_seen, in_full=True) == []


def test_searching_with_one_hostile_field_finds_nobody_else(console: Console) -> None:
    client = officer_browser(console, "tracer")
    honest = {"purpose": "contact_tracing", "case": "case 1", "name": "Nguyễn Văn An", "birth": "17/05/1990"}
    faults = []
    for field in ("number", "phone", "name", "birth", "case", "purpose"):
        with console.owner() as owner:
            owner.execute("DELETE FROM access.turn")
        for kind, payload in PAYLOADS.items():
            answer = client.post("/can-bo/tim-nguoi", {**honest, field: payload})
            if found := faults_of(answer, [BINH]):
                faults.append((field, kind, found))
    assert faults == []


def test_any_text_in_any_field_of_any_address_is_answered(console: Console) -> None:
    client, addresses = officer_browser(console, "tracer"), every_address()
    names = sorted(names_on_pages([client]))
    addresses = [address for address in addresses if address.name not in SESSION_ENDS]

    @settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(
        address=st.sampled_from(addresses),
        method=st.sampled_from(["get", "post"]),
        fields=st.dictionaries(st.sampled_from(names), st.text(max_size=60), max_size=8),
    )
    def answered(address: Address, method: str, fields: dict[str, str]) -> None:
        fields = {name: value.encode(errors="replace").decode() for name, value in fields.items()}
        answer = getattr(client, method)(address.filled(uuid=str(BINH)), fields)
        assert faults_of(answer, [BINH]) == []

    answered()


@pytest.mark.slow
def test_each_field_of_each_address_alone_cannot_be_injected(console: Console) -> None:
    client = officer_browser(console, "tracer")
    names, faults = sorted(names_on_pages([client])), []
    for address in every_address():
        if address.name in SESSION_ENDS:
            continue
        for name in names:
            for payload in (PAYLOADS["quote"] + PAYLOADS["markup"], PAYLOADS["unicode"], PAYLOADS["huge"]):
                answer = answer_to(client, "post", address.filled(uuid=str(AN)), {name: payload})
                if found := faults_of(answer, [BINH]):
                    faults.append((address.route, name, found))
    assert faults == []


@pytest.mark.parametrize("kind", ["markup", "header", "long", "unicode", "quote"])
def test_hostile_headers_and_cookies_are_answered_without_a_fault(console: Console, kind: str) -> None:
    payload = PAYLOADS[kind].replace("\r\n", " ").encode("ascii", "replace").decode()[:4000]
    client = console.browser(HTTP_USER_AGENT=payload, HTTP_REFERER=payload, HTTP_ACCEPT_LANGUAGE=payload)
    client.raise_request_exception = False
    for name in ("sessionid", "csrftoken", "django_language", "pccovid_dang_nhap"):
        client.cookies[name] = payload.replace(";", "").replace('"', "")[:1000]
    for path in ("/", "/can-bo/", "/can-bo/dang-nhap", "/dang-nhap/ma", "/ho-so"):
        answer = client.get(path)
        assert answer.status_code < 500, path
        assert faults_of(answer, [AN, BINH]) == []


def test_a_forged_host_is_refused(console: Console) -> None:
    assert console.browser().get("/", HTTP_HOST="evil.example").status_code == 400
