"""Quiet hours by the clocks of Viet Nam, push only to known services, and a message that carries nothing."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from pccovid.notices.pushing import NotDelivered, SubscriptionIsGone, VapidPush, own_key, public_key
from pccovid.notices.rules import count_still_holds, is_quiet, may_be_pushed_to

NOW = datetime(2021, 11, 20, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(("hour", "minute", "quiet"), [
    (14, 0, True), (13, 59, False), (23, 59, True), (0, 0, False), (23, 0, True), (3, 0, False),
])  # fmt: skip
def test_nobodys_phone_rings_between_nine_in_the_evening_and_seven(hour: int, minute: int, quiet: bool) -> None:
    assert is_quiet(datetime(2021, 11, 20, hour, minute, tzinfo=UTC)) is quiet


def test_hours_within_one_day_and_no_hours_at_all() -> None:
    assert is_quiet(NOW, time(9), time(11))
    assert not is_quiet(NOW, time(11), time(12))
    assert not is_quiet(NOW, time(9), time(9))


@pytest.mark.parametrize("endpoint", [
    "https://fcm.googleapis.com/fcm/send/abc", "https://updates.push.services.mozilla.com/wpush/v2/x",
    "https://db5.notify.windows.com/w/?token=x", "https://web.push.apple.com/Q",
])  # fmt: skip
def test_the_push_services_of_browsers_are_known(endpoint: str) -> None:
    assert may_be_pushed_to(endpoint)


@pytest.mark.parametrize("endpoint", [
    "http://fcm.googleapis.com/x", "https://127.0.0.1/x", "https://evil.example/fcm.googleapis.com",
    "https://fcm.googleapis.com.evil.example/x", "https://user@fcm.googleapis.com/x", "https://notify.windows.com.x/",
    "https://fcm.googleapis.com:8443/x", "https://evilnotify.windows.com.evil/", "https://[::1", "", "file:///etc/passwd",
    "https://fcm.googleapis.com/" + "x" * 1000,
])  # fmt: skip
def test_nothing_is_sent_anywhere_else(endpoint: str) -> None:
    assert not may_be_pushed_to(endpoint)


@pytest.mark.parametrize(("counted", "now", "holds"), [
    (100, 110, True), (100, 111, False), (100, 90, True), (0, 1, True), (0, 2, False),
])  # fmt: skip
def test_a_dry_run_holds_while_the_number_has_hardly_moved(counted: int, now: int, holds: bool) -> None:
    assert count_still_holds(counted, now) is holds


class _Service(BaseHTTPRequestHandler):
    seen: list[dict[str, Any]] = []

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.seen.append({"path": self.path, "body": self.rfile.read(length), "headers": dict(self.headers)})
        self.send_response({"/gone": 410, "/busy": 503, "/away": 302}.get(self.path, 201))
        if self.path == "/away":
            self.send_header("Location", "/stolen")
        self.end_headers()

    def log_message(self, *_args: object) -> None: ...


@pytest.fixture
def service() -> Iterator[str]:
    _Service.seen.clear()
    server = HTTPServer(("127.0.0.1", 0), _Service)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_push_carries_no_content_and_is_signed_for_this_service_alone(service: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    VapidPush(key, "mailto:a@b.invalid").send(f"{service}/device", now=NOW)
    (seen,) = _Service.seen
    assert seen["body"] == b""
    assert int(seen["headers"]["Ttl"]) > 0
    scheme, _, rest = seen["headers"]["Authorization"].partition(" t=")
    token, _, named = rest.partition(", k=")
    assert (scheme, named) == ("vapid", public_key(key))
    head, claims, signature = token.split(".")
    assert json.loads(decoded(head)) == {"typ": "JWT", "alg": "ES256"}
    told = json.loads(decoded(claims))
    assert told["aud"] == service
    assert 0 < told["exp"] - NOW.timestamp() <= 24 * 3600
    raw = decoded(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key.public_key().verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))


@pytest.mark.parametrize(("path", "error"), [("gone", SubscriptionIsGone), ("busy", NotDelivered),
                                             ("away", NotDelivered)])  # fmt: skip
def test_what_is_not_taken_is_told_and_nobody_sends_us_elsewhere(
    service: str, path: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        VapidPush(ec.generate_private_key(ec.SECP256R1()), "mailto:a@b.invalid").send(f"{service}/{path}", now=NOW)
    assert [seen["path"] for seen in _Service.seen] == [f"/{path}"]


def test_the_services_key_is_made_once_and_is_nobody_elses_to_read(tmp_path: Path) -> None:
    assert public_key(own_key(tmp_path)) == public_key(own_key(tmp_path))
    assert (tmp_path / "secrets" / "push-key.pem").stat().st_mode & 0o077 == 0
    assert len(decoded(public_key(own_key(tmp_path)))) == 65
