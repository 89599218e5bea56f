"""Reading an answer's fields: what is missing, of another type or an unknown word is drift, never guessed at. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from pccovid.connectors.calling import Drifted

Value = TypeVar("Value")


def field(told: Mapping[str, Any], name: str, kind: type[Value]) -> Value:
    """A field of that type. Raises Drifted."""
    value = told.get(name)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise Drifted(f"{name} is missing or of another kind")
    return value


def perhaps(told: Mapping[str, Any], name: str, kind: type[Value]) -> Value | None:
    """A field of that type, or none. Raises Drifted."""
    return None if told.get(name) is None else field(told, name, kind)


def word(told: Mapping[str, Any], name: str, words: Sequence[str]) -> str:
    """A field with one of these words. Raises Drifted."""
    value = field(told, name, str)
    if value not in words:
        raise Drifted(f"{name} is an unknown word")
    return value


def moment(told: Mapping[str, Any], name: str) -> datetime:
    """A field with a moment and its zone. Raises Drifted."""
    try:
        at = datetime.fromisoformat(field(told, name, str))
    except ValueError as error:
        raise Drifted(f"{name} is no moment") from error
    if at.tzinfo is None:
        raise Drifted(f"{name} is without a zone")
    return at


def birth(text: str) -> str:
    """An ISO day, or a year. Raises Drifted."""
    try:
        date.fromisoformat(text if len(text) > 4 else f"{text}-01-01")
    except ValueError as error:
        raise Drifted("no birth date") from error
    return text


def rows(told: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """A list of objects. Raises Drifted."""
    found = field(told, name, list)
    if not all(isinstance(one, Mapping) for one in found):
        raise Drifted(f"{name} holds something else than objects")
    return found
