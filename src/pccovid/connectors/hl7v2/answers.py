"""Acknowledgements: MSA with AA, AE or AR, and an ERR for each thing that is wrong, naming segment and field. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from pccovid.connectors.hl7v2.messages import Header

ACCEPTED, WRONG, REFUSED = "AA", "AE", "AR"
"""Written; not written and never will be so; not written, send it again or to somebody else."""
ERROR, WARNING = "E", "W"
SEQUENCE, REQUIRED, DATA, TABLE, KIND, PROCESSING, VERSION, KEY, LOCKED, INTERNAL = (
    100, 101, 102, 103, 200, 202, 203, 204, 206, 207,
)  # fmt: skip
"""Codes of HL7's table 0357."""
_WORDS = {
    SEQUENCE: "Segment sequence error", REQUIRED: "Required field missing", DATA: "Data type error",
    TABLE: "Table value not found", KIND: "Unsupported message type", PROCESSING: "Unsupported processing id",
    VERSION: "Unsupported version id", KEY: "Unknown key identifier", LOCKED: "Application record locked",
    INTERNAL: "Application internal error",
}  # fmt: skip
_MOST_ERRORS = 20


class Fault(NamedTuple):
    """One ERR segment: code, words for people, place (`OBX^2^5`), and whether it is an error or a warning."""

    code: int
    words: str
    place: str = ""
    severity: str = ERROR


def acknowledgement(header: Header, code: str, faults: Iterable[Fault], *, number: str, at: datetime) -> bytes:
    """The answer to a message, in UTF-8. `number`: the answer's own control id."""
    event = (header.kind.split("^") + ["", ""])[1]
    msh = ["MSH", "^~\\&", "PCCOVID", "PCCOVID", _shown(header.application), _shown(header.facility),
           at.strftime("%Y%m%d%H%M%S%z"), "", f"ACK^{_shown(event)}^ACK" if event else "ACK", number,
           _shown(header.processing), "2.5.1", "", "", "", "", "", "UNICODE UTF-8"]  # fmt: skip
    lines = ["|".join(msh), f"MSA|{code}|{_shown(header.control)}"]
    lines += [_error(one) for one in list(faults)[:_MOST_ERRORS]]
    return ("\r".join(lines) + "\r").encode("utf-8", "replace")


def _error(one: Fault) -> str:
    coded = f"{one.code}^{_WORDS.get(one.code, 'Error')}^HL70357"
    fields: Sequence[str] = ("ERR", "", one.place, coded, one.severity, "", "", "", _escaped(one.words))
    return "|".join(fields)


def _shown(text: str) -> str:
    """What the sender wrote, repeated without anything that would begin a segment or a frame."""
    return "".join(one for one in text if one.isprintable() and one != "|")[:200]


def _escaped(text: str) -> str:
    escapes = {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\"}
    return "".join(escapes.get(one, one) for one in text if one.isprintable())[:400]
