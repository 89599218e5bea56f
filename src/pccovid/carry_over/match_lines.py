"""A file of JSON lines, each with the person columns of one record, asked of the index line by line.

Every line is judged as if it came alone: two lines about one person whom the index does not know are both `new`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

import psycopg

from pccovid.areas.registry import registry
from pccovid.carry_over.matching import MatchableIndex, matching
from pccovid.linkage.anybody.person_files import PERSON_COLUMNS
from pccovid.linkage.anybody.vietnamese import person_claim
from pccovid.linkage.claim import Claim
from pccovid.linkage.one_record.answer import Match
from pccovid.linkage.one_record.nodes import Row

UNREADABLE = "unreadable"
_LINES_OF_ONE_ACCESS = 1_000
_ASKED = "asked:line"


def match_lines(connection: psycopg.Connection, lines: Iterable[str], *, now: datetime) -> Iterator[dict[str, Any]]:
    """An answer for each line that is not blank, in their order.

    `record_id` as given, `decision` (of Match, or 'unreadable'), `person`, `reason`, `weight`, `evidence`,
    `candidates`, `by`. Each thousand lines are one entry in the log of access.
    """
    numbered = enumerate((line for line in lines if line.strip()), start=1)
    while batch := list(islice(numbered, _LINES_OF_ONE_ACCESS)):
        with matching(connection) as index:
            answers = [_answer(index, number, line, now) for number, line in batch]
        yield from answers


def _answer(index: MatchableIndex, number: int, line: str, now: datetime) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except ValueError:
        return {"record_id": None, "decision": UNREADABLE, "reason": "not_json"}
    if not isinstance(values, dict):
        return {"record_id": None, "decision": UNREADABLE, "reason": "not_an_object"}
    match = index.match_one(Row(f"{_ASKED}:{number:012}", None, claim_of(values, now)))
    return {"record_id": values.get("record_id")} | _told(match)


def claim_of(values: Mapping[str, object], now: datetime) -> Claim:
    """What a record of the documented person columns claims; other columns are not read, numbers may be JSON's."""
    texts = (values.get(name) for name in PERSON_COLUMNS)
    row = tuple(None if text is None or not str(text).strip() else str(text).strip() for text in texts)
    claim = person_claim(row, now.date())
    home = registry().residence(claim.commune_code, on=now.date()) if claim.commune_code else None
    if home is None:
        return claim._replace(commune_code=None)
    return claim._replace(
        province_code=home.province_code, district_code=home.district_code, commune_code=home.commune_code
    )


def _told(match: Match) -> dict[str, Any]:
    return {
        "decision": match.decision, "person": match.person, "reason": match.reason, "weight": match.weight,
        "evidence": match.evidence,
        "candidates": [
            {"record": one.record, "person": one.person, "weight": one.weight, "reason": one.reason,
             "evidence": one.evidence}
            for one in match.candidates
        ],
        "by": match.by,
    }  # fmt: skip
