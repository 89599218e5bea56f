"""Requests as their pages show them, and what officers do about them. The database's functions decide.

REFUSALS names the codes that sql/bulk_export.sql raises.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pccovid.officers.database import call, call_rows

REFUSALS = {
    "PC431": "not_held", "PC432": "column_not_needed", "PC433": "outside", "PC434": "not_waiting",
    "PC435": "own_request", "PC436": "judged_already", "PC437": "no_file",
}  # fmt: skip


@dataclass(frozen=True)
class ExportOpinion:
    """What an office said about a request."""

    office: str
    approves: bool
    note: str
    at: datetime


@dataclass(frozen=True)
class ExportLine:
    """One request. `state`: waiting, approved, refused, lapsed, made, failed; `is_mine`: asked or judged by oneself."""

    number: int
    purpose: str
    columns: tuple[str, ...]
    area: str | None
    reason: str
    organisation: str
    recipient: str
    certificate_print: str
    asked_by: int
    asked_office: str
    asked_at: datetime
    state: str
    opinions: tuple[ExportOpinion, ...]
    is_mine: bool
    made_at: datetime | None
    rows: int | None
    digest: str | None
    failed: str | None
    kept_until: datetime | None
    downloads: int


def exports_seen(*, officer: int, through: int) -> tuple[ExportLine, ...]:
    """The requests this office sees, newest first. Raises Refused."""
    return tuple(_line(*row) for row in call_rows("exports_seen", officer, through))


def _line(*row: Any) -> ExportLine:
    values = list(row)
    values[2] = tuple(values[2])
    values[12] = tuple(
        ExportOpinion(one["office"], one["approves"], one["note"], datetime.fromisoformat(one["at"]))
        for one in json.loads(values[12])
    )
    return ExportLine(*values)


def ask_export(
    *, officer: int, through: int, purpose: str, columns: tuple[str, ...], area: str | None, reason: str,
    organisation: str, recipient: str, certificate: str, certificate_print: str,
) -> int:  # fmt: skip
    """Ask; returns the request's number. Raises Refused."""
    return int(
        call("ask_export", officer, through, purpose, list(columns), area, reason, organisation, recipient,
             certificate, certificate_print)
    )  # fmt: skip


def judge_export(*, officer: int, through: int, request: int, approves: bool, note: str) -> None:
    """Approve or refuse somebody else's request. Raises Refused."""
    call("judge_export", officer, through, request, approves, note)


def download_export(*, officer: int, through: int, request: int) -> bytes:
    """The encrypted file, for who asked; the download is written down. Raises Refused."""
    return bytes(call("download_export", officer, through, request))
