"""The hash by which an X-Road answer names the request that it answers (PR-REST, section 4.3). Pure."""

from __future__ import annotations

import hashlib
from base64 import b64encode


def request_hash(head: bytes, body: bytes | None) -> str:
    """Base64 of SHA-512 over the head, or over the hashes of head and body where there is a body."""
    hashed = hashlib.sha512(head)
    if body:
        hashed = hashlib.sha512(hashed.digest() + hashlib.sha512(body).digest())
    return b64encode(hashed.digest()).decode("ascii")
