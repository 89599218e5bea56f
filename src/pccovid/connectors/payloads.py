"""The stored text of a row and the hash that says whether a row has changed."""

from __future__ import annotations

import hashlib
import json

from pccovid.connectors.json_values import JsonObject

_as_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_escaped = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode
_canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def payload_text(values: JsonObject, written: str = "") -> str:
    """JSON text of a row: as the sender wrote it where that is at hand, else composed.

    Lone surrogates (undecodable bytes) become escapes; NUL always is one.
    """
    text = written.strip() or _as_written(values)
    return text if _is_utf8(text) else _escaped(values)


def content_hash(values: JsonObject) -> bytes:
    """16 bytes, equal for equal content: column order and empty columns do not count (an absent column is empty)."""
    present = {name: value for name, value in values.items() if value or value not in ("", None)}
    text = _canonical(present).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=16).digest()


def _is_utf8(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
