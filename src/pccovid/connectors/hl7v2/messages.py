"""One HL7 v2 message: decoded by the charset it names, bounded, split by `hl7` (python-hl7), read through short paths.

`hl7` splits a usual message in half a millisecond, sixteen times quicker than hl7apy. Its own unescaping may be
told to write a text a billion times, and every part costs half a kilobyte: so escapes are read here, and a message of
too many parts is not split at all.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import hl7

MOST_PARTS = 20_000
CHARSETS = {"": "utf-8", "ASCII": "ascii", "UNICODE UTF-8": "utf-8", "UTF-8": "utf-8", "UTF8": "utf-8",
            "8859/1": "latin-1", **{f"8859/{part}": f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 9, 15)}
            }  # fmt: skip
"""Table 0211 as far as it is taken; without a word of it, UTF-8."""
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"M\x00S\x00H\x00", b"\x00M\x00S\x00H")
_SEPARATORS = re.compile(r"MSH([^\w\s])((?:(?!\1)[^\w\s]){1,5})\1")
_USUAL = "^~\\&"
_ESCAPE_PARTS = {"F": 0, "S": 1, "R": 2, "E": 3, "T": 4}
_MOST_HEX = 64
_LINE_END = re.compile(rb"[\r\n]")
_BATCH = ("FHS", "BHS")
_FRAMES = (b"FHS", b"BHS", b"BTS", b"FTS")
"""Segments around the messages of a batch or a file of batches."""
MOST_IN_BATCH = 500


class MessageIsWrong(ValueError):
    """What cannot be taken as a message: `code` of table 0357, the place (`MSH^1^18`), whether it is AE or AR."""

    def __init__(self, code: int, words: str, place: str = "", *, is_content: bool = False) -> None:
        super().__init__(words)
        self.code, self.words, self.place, self.is_content = code, words, place, is_content


@dataclass(frozen=True)
class Header:
    """What the answer repeats of the MSH segment, as it was written; empty where it cannot be read."""

    application: str = ""
    facility: str = ""
    control: str = ""
    processing: str = "P"
    version: str = ""
    kind: str = ""
    sent_at: str = ""


class Segment:
    """One segment: `text(5, 2)` is the second component of the fifth field, without escapes."""

    def __init__(self, segment: Any, separators: str, number: int) -> None:
        self._segment, self._separators = segment, separators
        self.name = str(segment[0])[:3] if segment else ""
        self.number = number
        """Which of its name it is in the message, from 1."""

    def text(self, field: int, component: int = 1, *, repetition: int = 0, part: int = 1) -> str:
        """A text; empty where there is none, or where it says that it is none (`""`)."""
        found = _at(_at(_at(_at(self._segment, field), repetition), component - 1), part - 1)
        while isinstance(found, list):
            found = found[0] if found else ""
        text = unescaped(str(found), self._separators).strip()
        return "" if text == '""' else text

    def words(self, first: int) -> tuple[str, ...]:
        """Its fields from one on, as they were written."""
        return tuple(str(field) for field in self._segment[first:])

    def repetitions(self, field: int) -> range:
        """The places of a field's repetitions."""
        given = _at(self._segment, field)
        return range(len(given)) if isinstance(given, list) else range(1 if given else 0)


def _at(value: Any, place: int) -> Any:
    """A part of a value, where a value without parts is its own first part."""
    if isinstance(value, list):
        return value[place] if place < len(value) else ""
    return value if place == 0 else ""


@dataclass(frozen=True)
class Message:
    """A message in its parts."""

    header: Header
    segments: tuple[Segment, ...]

    def named(self, name: str) -> Iterator[Segment]:
        """Its segments of a name."""
        return (one for one in self.segments if one.name == name)


def _begun(octets: bytes) -> bytes:
    """The message from its first segment on: without blanks and the mark that some programs put before UTF-8."""
    return octets.lstrip().removeprefix(BOM_UTF8).lstrip()


def decoded(octets: bytes) -> str:
    """The text of a message by the charset it names. Raises MessageIsWrong."""
    if octets.lstrip().startswith(_WIDE):
        raise MessageIsWrong(103, "UTF-16 and UTF-32 are not taken; send UNICODE UTF-8", "MSH^1^18")
    if b"\x00" in octets:
        raise MessageIsWrong(102, "a NUL character stands in the message", is_content=True)
    first = _LINE_END.split(_begun(octets), maxsplit=1)[0]
    fields = first.split(first[3:4]) if len(first) > 8 and first.startswith(b"MSH") else []
    named = fields[17].split(b"~")[0].decode("ascii", "replace").strip() if len(fields) > 17 else ""
    charset = CHARSETS.get(named.upper())
    if charset is None:
        raise MessageIsWrong(103, f"charset not taken; there are {', '.join(filter(None, CHARSETS))}", "MSH^1^18")
    try:
        return _begun(octets).decode(charset).strip().replace("\r\n", "\r").replace("\n", "\r")
    except UnicodeDecodeError:
        raise MessageIsWrong(102, f"the message is not {charset}", "MSH^1^18", is_content=True) from None


def _separators(text: str) -> str | None:
    """The five separators: of fields, components, repetitions, the escape, parts. Those that a sender leaves out are
    the usual ones; a sixth, for texts that were cut, means nothing here."""
    found = _SEPARATORS.match(text)
    if found is None:
        return None
    given = found[1] + found[2][:4]
    whole = given + _USUAL[len(given) - 1 :]
    return whole if len(set(whole)) == len(whole) else None


def header_of(octets: bytes) -> Header:
    """The header as far as it can be read, for answers to what cannot be taken."""
    text = _LINE_END.split(_begun(octets)[:2_000], maxsplit=1)[0].decode("utf-8", "replace")
    separators = _separators(text)
    fields = text.split(separators[0]) if separators else []
    shown = ["".join(one for one in field[:200] if one.isprintable()) for field in fields]
    shown += [""] * (12 - len(shown))
    # Kind, processing and version with the usual separator, whatever the sender's own is.
    kind, processing, version = (one.replace(separators[1], "^") if separators else one
                                 for one in (shown[8], shown[10] or "P", shown[11]))  # fmt: skip
    return Header(shown[2], shown[3], shown[9], processing, version, kind, shown[6])


def read_message(octets: bytes) -> Message:
    """A message in its parts. Raises MessageIsWrong."""
    text = decoded(octets)
    if text.startswith(_BATCH):
        raise MessageIsWrong(200, "a batch stands inside a batch", "BHS^1")
    separators = _separators(text)
    if separators is None:
        raise MessageIsWrong(100, "the message does not begin with MSH and its separators", "MSH^1^1")
    text = text[:3] + separators + text[text.index(separators[0], 4) :]
    if sum(text.count(one) for one in (*separators, "\r")) > MOST_PARTS:
        raise MessageIsWrong(102, f"more than {MOST_PARTS} parts in one message", is_content=True)
    try:
        parts = hl7.parse(text)
    except (hl7.HL7Exception, ValueError, IndexError, TypeError, RecursionError):
        raise MessageIsWrong(100, "the message cannot be split into segments", "MSH^1^1") from None
    seen: Counter[str] = Counter()
    segments = []
    for one in parts:
        name = str(one[0])[:3] if one else ""
        seen[name] += 1
        segments.append(Segment(one, separators, seen[name]))
    return Message(header_of(octets), tuple(one for one in segments if one.name))


def batched(octets: bytes) -> list[bytes] | None:
    """The messages of a batch (BHS) or file of batches (FHS), in order; None where it is a message alone.

    Raises MessageIsWrong for a batch without any, or whose own count of them (BTS-1) is another.
    """
    begun = _begun(octets)
    if not begun.startswith((b"FHS", b"BHS")):
        return None
    lines = [line for line in _LINE_END.split(begun) if line.strip()]
    messages = _messages_in(lines)
    if not messages or len(messages) > MOST_IN_BATCH:
        raise MessageIsWrong(102, f"a batch has 1 to {MOST_IN_BATCH} messages", "BHS^1", is_content=True)
    counts = _counts_in(lines)
    if counts and sum(counts) != len(messages):
        words = f"the batch counts {sum(counts)} messages and holds {len(messages)}: send it again whole"
        raise MessageIsWrong(102, words, "BTS^1^1", is_content=True)
    return [b"\r".join(lines) + b"\r" for lines in messages]


def _messages_in(lines: list[bytes]) -> list[list[bytes]]:
    """The lines of each message; what frames them, or stands before the first, is of none."""
    messages: list[list[bytes]] = []
    for line in lines:
        if line.startswith(b"MSH"):
            messages.append([line])
        elif messages and not line.startswith(_FRAMES):
            messages[-1].append(line)
    return messages


def _counts_in(lines: list[bytes]) -> list[int]:
    """What each batch says of how many messages it has, where it says so."""
    said = [line[4:].split(line[3:4])[0] for line in lines if line.startswith(b"BTS") and len(line) > 4]
    return [int(one) for one in said if one.isdigit()]


def batch_control(octets: bytes) -> str:
    """The control id of a batch (BHS-11), as far as it can be shown."""
    line = next((one for one in _LINE_END.split(_begun(octets)) if one.startswith(b"BHS") and len(one) > 4), b"")
    fields = line.split(line[3:4]) if line else []
    shown = fields[10].decode("utf-8", "replace") if len(fields) > 10 else ""
    return "".join(one for one in shown[:200] if one.isprintable() and one != "|")


def unescaped(text: str, separators: str) -> str:
    """A text without escape sequences; those that only say how to print are left out."""
    escape = separators[3]
    if escape not in text:
        return text
    plain, *rest = text.split(escape)
    shown = [plain]
    for at, piece in enumerate(rest):
        shown.append(_meant(piece, separators) if at % 2 == 0 and at + 1 < len(rest) else piece)
    return "".join(shown)


def _meant(sequence: str, separators: str) -> str:
    if sequence in _ESCAPE_PARTS:
        return separators[_ESCAPE_PARTS[sequence]]
    if sequence == ".br":
        return " "
    if sequence[:1] == "X" and len(sequence) <= _MOST_HEX:
        try:
            return bytes.fromhex(sequence[1:]).decode("utf-8").replace("\x00", "")
        except ValueError:
            return ""
    return ""
