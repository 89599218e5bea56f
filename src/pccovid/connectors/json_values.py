"""One line of a JSONL file: strict JSON, within limits, with duplicate members noticed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

JsonValue: TypeAlias = "str | int | float | bool | None | list[JsonValue] | dict[str, JsonValue]"
JsonObject: TypeAlias = dict[str, JsonValue]

DEPTH_LIMIT = 32
_MANY_BRACKETS = 64


class ParsedJson(NamedTuple):
    """The object, or the reason why there is none."""

    value: JsonObject | None
    reason: str
    duplicates: tuple[str, ...] = ()
    """Member names given twice with different values; the last value stands in the object."""


class ObjectParser:
    """Reads objects one after another; made once per file because a decoder costs more than a row."""

    def __init__(self) -> None:
        self._duplicates: list[str] = []
        self._decoder = self._decoder_with(int)
        self._patient = self._decoder_with(_Digits)

    def parse(self, text: str) -> ParsedJson:
        """Read one JSON object. Reasons: 'not_json', 'not_an_object', 'too_deep'. Never raises.

        NaN and Infinity are not JSON. A whole number beyond what Python converts is kept as its digits.
        """
        try:
            value = self._decode(text)
        except RecursionError:
            return ParsedJson(None, "too_deep")
        except ValueError:
            return ParsedJson(None, "not_json")
        if not isinstance(value, dict):
            return ParsedJson(None, "not_an_object")
        if text.count("[") + text.count("{") > _MANY_BRACKETS and depth(value) > DEPTH_LIMIT:
            return ParsedJson(None, "too_deep")
        return ParsedJson(value, "", tuple(self._duplicates))

    def _decode(self, text: str) -> JsonValue:
        self._duplicates.clear()
        try:
            value: JsonValue = self._decoder.decode(text)
        except json.JSONDecodeError:
            raise
        except ValueError:  # more digits than int() takes
            self._duplicates.clear()
            value = self._patient.decode(text)
        return value

    def _members(self, pairs: list[tuple[str, JsonValue]]) -> JsonObject:
        values = dict(pairs)
        if len(values) != len(pairs):
            self._duplicates.extend(name for name, value in pairs if values[name] != value)
        return values

    def _decoder_with(self, parse_int: Callable[[str], int | str]) -> json.JSONDecoder:
        return json.JSONDecoder(
            object_pairs_hook=self._members,
            parse_constant=_refuse_constant,
            parse_int=parse_int,
        )


class _Digits(str):
    """A whole number kept as it was written."""

    __slots__ = ()


def _refuse_constant(name: str) -> None:
    raise json.JSONDecodeError("not JSON", name, 0)


def depth(value: JsonValue) -> int:
    """Levels of nesting, counted without recursion."""
    level, layer = 0, [value]
    while layer:
        nested = [part for part in layer if isinstance(part, (dict, list))]
        layer = [child for part in nested for child in (part.values() if isinstance(part, dict) else part)]
        level += bool(nested)
    return level
