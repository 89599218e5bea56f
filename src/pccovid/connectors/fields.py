"""The values of one row, read one by one; what cannot be read is refused and noted, the rest is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from math import isfinite

from pccovid.connectors.json_values import JsonObject, JsonValue
from pccovid.connectors.rows import Problem
from pccovid.connectors.texts import clean, without_surrogates
from pccovid.connectors.times import end_of_tomorrow, read_time

_INTEGER_LIMIT = 2**31
CODE_LIMIT = 200
"""Characters, as for a row's key: what is longer names nothing, and no index takes it."""
_FILLER_WORDS = ("null", "none", "nil", "nan", "n/a", "#n/a", "\\n", "undefined", "-", "--", "---")
_EMPTY = frozenset({"", "NaN"}).union(*({word, word.upper(), word.capitalize()} for word in _FILLER_WORDS))
"""What exports write into a cell that holds nothing; no column of theirs means anything by these words."""


class Fields:
    """Readers by column name. `problems` grows while reading; nested objects share it under their path."""

    __slots__ = ("is_clean", "latest", "path", "problems", "today", "values")

    def __init__(
        self,
        values: JsonObject,
        today: date,
        problems: list[Problem] | None = None,
        path: str = "",
        *,
        is_clean: bool = False,
    ) -> None:
        """`is_clean`: every text of the row is known to be printable and composed already."""
        self.values = values
        self.today = today
        self.latest = end_of_tomorrow(today)
        self.problems = [] if problems is None else problems
        self.path = path
        self.is_clean = is_clean

    def refuse(self, name: str, reason: str) -> None:
        """Note that a value of this column was not taken over, and why."""
        self.problems.append(Problem(self.path + name, reason))

    def written(self, name: str) -> str:
        """The value as text, not cleaned; '' where absent. A list or object is refused as 'wrong_type'."""
        value = self.values.get(name)
        if type(value) is str:
            return value
        if value is None:
            return ""
        if isinstance(value, (bool, list, dict)):
            self.refuse(name, "wrong_type")
            return ""
        return str(value)

    def text(self, name: str) -> str | None:
        """Clean text or None."""
        value = self.values.get(name)
        if type(value) is not str:
            value = self.written(name)
        if not value:
            return None
        if self.is_clean:
            text = value.strip()
        else:
            text, problem = clean(value)
            if problem:
                self.refuse(name, problem)
        return None if text in _EMPTY else text

    def code(self, name: str) -> str | None:
        """A code that is looked up: clean text; 'code_too_long' beyond CODE_LIMIT."""
        text = self.text(name)
        if text is not None and len(text) > CODE_LIMIT:
            self.refuse(name, "code_too_long")
            return None
        return text

    def name_text(self, name: str) -> str:
        """A person's name for the reader of names, which repairs older encodings itself: bytes as Latin-1."""
        value = self.written(name)
        if not value or value.isprintable():
            return value
        repaired = without_surrogates(value, "latin-1").replace("\x00", "")
        if repaired != value:
            self.refuse(name, clean(value).problem)
        return repaired

    def time(self, name: str, *, may_be_future: bool = False) -> datetime | None:
        """Point in time; refused before the epidemic and, unless planned ahead, after tomorrow."""
        text = self.text(name)
        if text is None:
            return None
        value, problem = read_time(text)
        if value is not None and value > self.latest and not may_be_future:
            value, problem = None, "time_in_future"
        if problem:
            self.refuse(name, problem)
        return value

    def day(self, name: str, *, may_be_future: bool = False) -> date | None:
        """The day in Viet Nam, under the same bounds as `time`."""
        value = self.time(name, may_be_future=may_be_future)
        return value.date() if value else None

    def coded(self, name: str, codes: Mapping[str, str]) -> str | None:
        """The meaning of a code; any other value is refused as 'unknown_code', never guessed.

        A number that a spreadsheet or a table of floats wrote ('1.0') is its digits.
        """
        text = self.text(name)
        if text is None:
            return None
        meaning = codes.get(text) or codes.get(text.casefold().removesuffix(".0"))
        if meaning is None:
            self.refuse(name, "unknown_code")
        return meaning

    def answer(self, name: str, codes: Mapping[str, str]) -> str | None:
        """'yes' or 'no': a JSON boolean says itself, any other value by the form's own codes."""
        value = self.values.get(name)
        if isinstance(value, bool):
            return "yes" if value else "no"
        return self.coded(name, codes)

    def whole_number(self, name: str) -> int | None:
        """A whole number of 0 and more, within the database's integer."""
        text = self.text(name)
        if text is None:
            return None
        digits = text.removesuffix(".0")
        if digits.isascii() and digits.isdecimal() and len(digits) <= 10 and int(digits) < _INTEGER_LIMIT:
            return int(digits)
        self.refuse(name, "not_a_number")
        return None

    def decimal(self, name: str) -> float | None:
        """A finite number; a decimal comma is read as a point."""
        text = self.text(name)
        if text is None:
            return None
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            value = float("nan")
        if isfinite(value) and "_" not in text:
            return value
        self.refuse(name, "not_a_number")
        return None

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts (or one text alone); elements of another type are refused."""
        value = self.values.get(name)
        if not isinstance(value, list):
            text = self.text(name)
            return (text,) if text else ()
        element = f"{name}[]"
        found = (Fields({element: item}, self.today, self.problems, self.path).text(element) for item in value)
        return tuple(text for text in found if text)

    def nested(self, name: str) -> Fields:
        """A nested object's values; empty where it is absent, refused where it is no object."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, dict):
            self.refuse(name, "wrong_type")
        return self._inside(f"{name}.", value)

    def elements(self, name: str) -> Iterator[Fields]:
        """The objects of a nested list; elements of another type are refused one by one."""
        value = self.values.get(name)
        if value is None or value == "":
            return
        if not isinstance(value, list):
            self.refuse(name, "wrong_type")
            return
        for item in value:
            if isinstance(item, dict):
                yield self._inside(f"{name}[].", item)
            else:
                self.refuse(f"{name}[]", "wrong_type")

    def _inside(self, path: str, value: JsonValue) -> Fields:
        values = value if isinstance(value, dict) else {}
        return Fields(values, self.today, self.problems, self.path + path, is_clean=self.is_clean)
