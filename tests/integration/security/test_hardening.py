"""Headers, cross-site forms, session fixation: what browsers are told and what other sites cannot do."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from integration.console.made_index import AN, PASSWORD, Console
from integration.security.addresses import every_address
from integration.security.people_in_sight import citizen_browser, officer_browser
from pccovid.foundation.key_ring import write_new_keys

_INLINE = re.compile(r"<script(?![^>]*\ssrc=)|<style|\sstyle=[\"']|\son[a-z]+=[\"']|javascript:", re.IGNORECASE)


def visitors(console: Console) -> list[Any]:
    return [console.browser(), citizen_browser(console, AN), officer_browser(console, "steward")]


def test_every_answer_of_every_address_carries_every_header(console: Console) -> None:
    from pccovid.web.headers import HEADERS

    lacking = []
    for client in visitors(console):
        for address in every_address():
            answer = client.get(address.filled(uuid=str(AN)))
            lacking += [(address.route, name) for name, value in HEADERS.items() if answer.get(name) != value]
            if "no-store" not in answer.get("Cache-Control", ""):
                lacking.append((address.route, "Cache-Control"))
    assert lacking == []


def test_the_policy_allows_nothing_inline_and_no_other_site() -> None:
    from pccovid.web.headers import POLICY

    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    assert "*" not in POLICY
    assert "frame-ancestors 'none'" in POLICY


def test_no_page_holds_a_script_or_style_of_its_own(console: Console) -> None:
    inline = [
        (address.route, found.group())
        for client in visitors(console)
        for address in every_address()
        if (answer := client.get(address.filled(uuid=str(AN)))).get("Content-Type", "").startswith("text/html")
        and (found := _INLINE.search(answer.content.decode()))
    ]
    assert inline == []


def test_no_address_takes_a_form_from_another_site(console: Console) -> None:
    for client in (
        citizen_browser(console, AN, enforce_csrf_checks=True),
        officer_browser(console, "steward", enforce_csrf_checks=True),
    ):
        taken = []
        for address in every_address():
            if address.is_for_machines:
                continue
            for method in ("post", "put", "patch", "delete"):
                answer = getattr(client, method)(address.filled(uuid=str(AN)), {"phone": "0912000001"})
                if answer.status_code != 403:
                    taken.append((method, address.route, answer.status_code))
        assert taken == []


def test_a_form_refused_and_a_page_missing_say_so_in_the_readers_language(console: Console) -> None:
    client = citizen_browser(console, AN, enforce_csrf_checks=True)
    refused, missing = client.post("/", {"phone": "0912000001"}), client.get("/khong-co")
    assert "Trang đã mở quá lâu" in refused.content.decode()
    assert "Không có trang này" in missing.content.decode()
    assert not _INLINE.search((refused.content + missing.content).decode())


def test_no_view_is_exempt_from_the_check_of_forms(console: Console) -> None:
    exempt = [a for a in every_address() if getattr(a.view, "csrf_exempt", False)]
    assert [a.route for a in exempt if not a.is_for_machines] == []
    assert len(exempt) >= 15


def test_a_session_opens_nothing_to_machines_that_a_stranger_may_not(console: Console) -> None:
    stranger = console.browser()
    for client in (citizen_browser(console, AN), officer_browser(console, "steward")):
        for address in (one for one in every_address() if one.is_for_machines):
            for method in ("get", "post"):
                path = address.filled()
                assert getattr(client, method)(path).status_code == getattr(stranger, method)(path).status_code


def test_a_session_planted_before_sign_in_is_worth_nothing(console: Console) -> None:
    client = console.browser()
    planted = client.session
    planted["planted"] = "yes"
    planted.save()
    client.post("/can-bo/dang-nhap", {"username": "steward", "password": PASSWORD})
    after_password = client.session.session_key
    client.post("/can-bo/dang-nhap/buoc-hai", {"code": console.code_of("steward")})
    after_factor = client.session.session_key
    assert len({planted.session_key, after_password, after_factor}) == 3
    assert "planted" not in client.session
    for old in (planted.session_key, after_password):
        thief = console.browser()
        thief.cookies["sessionid"] = old
        assert thief.get("/can-bo/").status_code == 302


def test_signing_out_leaves_the_old_session_key_dead(console: Console) -> None:
    client = console.sign_in("steward")
    key = client.session.session_key
    client.post("/can-bo/dang-xuat")
    client.cookies["sessionid"] = key
    assert client.get("/can-bo/").status_code == 302


def in_production(home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    code = (
        "import django; django.setup();"
        "from django.conf import settings as s; from django.urls import get_resolver, reverse, NoReverseMatch\n"
        "names = ('sandbox-messages', 'console-sandbox-codes')\n"
        "known = get_resolver().reverse_dict\n"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " s.SECURE_HSTS_SECONDS, s.SECURE_SSL_REDIRECT, [name for name in names if name in known])"
    )
    write_new_keys(home / "keys.json")
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        env={**os.environ, "PCCOVID_MODE": "production", "PCCOVID_SECRET_KEY": "k" * 50, "PCCOVID_HOSTS": "pccovid.vn",
             "PCCOVID_HOME": str(home), "PCCOVID_KEYS_FILE": str(home / "keys.json"), **environment},
    )  # fmt: skip


def test_production_binds_cookies_to_its_host_and_has_no_sandbox_page(tmp_path: Path) -> None:
    started = in_production(tmp_path)
    assert started.returncode == 0, started.stderr
    assert started.stdout.split() == ["__Host-sessionid", "__Host-csrftoken", "True", "True", "31536000", "True", "[]"]


@pytest.mark.parametrize("what", ["telecom", "officers"])
def test_production_does_not_start_with_anything_of_the_sandbox(tmp_path: Path, what: str) -> None:
    if what == "telecom":
        started = in_production(tmp_path, PCCOVID_MESSAGE_SENDER="pccovid.accounts.sandbox_inbox.SandboxInbox")
    else:
        (tmp_path / "secrets").mkdir()
        (tmp_path / "secrets" / "officers.json").write_text("[]")
        started = in_production(tmp_path)
    assert started.returncode != 0
    assert "EnvironmentIsWrong" in started.stderr


@pytest.mark.parametrize(
    ("peer", "forwarded", "asker"),
    [
        ("10.0.0.9", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.9", "6.6.6.6, 203.0.113.7, 10.0.0.8", "203.0.113.7"),
        ("198.51.100.1", "203.0.113.7", "198.51.100.1"),
        ("10.0.0.9", "", "10.0.0.9"),
        ("10.0.0.9", "unknown", "10.0.0.9"),
    ],
)
def test_only_trusted_proxies_say_who_asks(peer: str, forwarded: str, asker: str) -> None:
    from ipaddress import ip_network

    from pccovid.web.askers import asker_of

    assert asker_of(peer, forwarded, [ip_network("10.0.0.0/8")]) == asker
