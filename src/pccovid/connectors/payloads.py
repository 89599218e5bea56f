"""The stored text of a row and the hash that says whether a row has changed."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from json.encoder import encode_basestring
from typing import NamedTuple

from pccovid.connectors.json_values import JsonObject

_as_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_escaped = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode
_canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


class Stored(NamedTuple):
    """What is kept of a row whatever becomes of it."""

    payload: str
    """JSON text. Lone surrogates (undecodable bytes) stand as escapes, and so does NUL."""
    content_hash: bytes
    """16 bytes, equal for equal content: column order and empty columns do not count (an absent column is empty)."""


def store(values: JsonObject, written: str = "") -> Stored:
    """Payload and hash of a row; the payload is the sender's own text where that is given."""
    text = written.strip() or _as_written(values)
    present = {name: value for name, value in values.items() if value or value not in ("", None)}
    return Stored(text if _is_utf8(text) else _escaped(values), _hash(_canonical(present)))


def store_texts(values: dict[str, str]) -> Stored:
    """The same as `store` for a row of texts alone, each of them encoded once."""
    pieces = {name: f"{encode_basestring(name)}:{encode_basestring(text)}" for name, text in values.items()}
    payload = "{" + ",".join(pieces.values()) + "}"
    canonical = ",".join([pieces[name] for name in _in_order(tuple(values)) if values[name]])
    return Stored(payload if _is_utf8(payload) else _escaped(values), _hash("{" + canonical + "}"))


@lru_cache(maxsize=256)
def _in_order(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(names))


def _hash(canonical: str) -> bytes:
    return hashlib.blake2b(canonical.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _is_utf8(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
