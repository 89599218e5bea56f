"""OperationOutcome: which element, and why. Pure. What a sender wrote is told back to nobody but that sender."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from pccovid.connectors.reasons import REASONS
from pccovid.connectors.rows import ParsedRow
from pccovid.foundation.fhir import OWN, Resource, coding, concept, without_empty

ERROR, WARNING, INFORMATION = "error", "warning", "information"


class Issue(NamedTuple):
    """One thing that is wrong: FHIR's issue type, words, and the element (a FHIRPath)."""

    code: str
    words: str
    element: str = ""
    severity: str = ERROR
    reason: str = ""
    """A reason code of the ledger, where there is one."""


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, no failure of ours
    """An answer of another status than was hoped for, with its issues."""

    def __init__(self, status: int, *issues: Issue) -> None:
        super().__init__(issues[0].words if issues else str(status))
        self.status = status
        self.issues = issues


def outcome(issues: Iterable[Issue]) -> Resource:
    """The issues as an OperationOutcome; without any, that all went well."""
    listed = list(issues) or [Issue("informational", "All OK", severity=INFORMATION)]
    return {"resourceType": "OperationOutcome", "issue": [_issue(one) for one in listed]}


def _issue(one: Issue) -> Resource:
    details = concept(coding(f"{OWN}reason", one.reason), text=one.words) if one.reason else {"text": one.words}
    return without_empty({
        "severity": one.severity, "code": one.code, "details": details, "diagnostics": one.words,
        "expression": [one.element] if one.element else None,
    })  # fmt: skip


def row_issues(row: ParsedRow, kind: str, at: str = "") -> list[Issue]:
    """What the reader of the resource found: why it is held or rejected, and each value that was not taken over."""
    where = f"{at}{kind}"
    issues = [_row_issue(row, where)] if row.reason else []
    return issues + [
        Issue("value", _words(problem.reason), f"{where}.{problem.field}", WARNING, problem.reason)
        for problem in row.problems
    ]


def held_issue(reason: str, at: str) -> Issue:
    """That a resource was kept, and waits."""
    return Issue("incomplete", f"Kept, and held: {_words(reason)}", at, WARNING, reason)


_ELEMENT_OF = {"not_epidemic_vaccine": "vaccineCode", "not_epidemic_test": "code", "no_insurance_number": "identifier",
               "no_patient": "subject", "no_code": "code", "no_entry_day": "effectiveDateTime"}  # fmt: skip


def _row_issue(row: ParsedRow, where: str) -> Issue:
    element = _ELEMENT_OF.get(row.reason)
    return Issue(
        "business-rule", _words(row.reason), f"{where}.{element}" if element else where,
        ERROR if row.verdict == "rejected" else WARNING, row.reason,
    )  # fmt: skip


def _words(reason: str) -> str:
    known = REASONS.get(reason)
    return known.en if known else reason.replace("_", " ")
