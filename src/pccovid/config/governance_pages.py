"""docs/reference/processing-record.md, dpia.md, threats.md and breach-states.md, written from the tables they tell of:

python -m pccovid.config.governance_pages dpia > docs/reference/dpia.md
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from pccovid.breaches.rules import MOVES, PERIODS, SHORTEST_WORDS, STATES
from pccovid.bulk_export.rules import APPROVALS, KEPT_DAYS
from pccovid.bulk_export.rules import PURPOSES as EXPORTS
from pccovid.config.threats_page import HEAD as THREATS_HEAD
from pccovid.config.threats_page import TAIL as THREATS_TAIL
from pccovid.foundation.classification import RETENTIONS, SENSITIVE, columns
from pccovid.foundation.purposes import CATEGORIES, PURPOSES, rules
from pccovid.foundation.roles import ANALYSIS, JOBS, WEB
from pccovid.officers.offices import OFFICES
from pccovid.web.governance.record import Category, Entry, Reader, beside, by_table, categories, entries, unverified
from pccovid.web.governance.record import privileges as privileges_of
from pccovid.web.governance.threat_list import THREATS, Threat, grade

_SCOPES = {
    "own": "own record and dependants", "person": "named persons", "area": "people of the area", "all": "everybody",
}  # fmt: skip
_WHOSE = {
    "own": "the person and children under their guardianship",
    "person": "the one person who is named",
    "area": "people who live in the office's area",
    "all": "everybody in the person index: citizens and foreigners who declared, were vaccinated, tested, or travelled",
}
PROTECTIONS = {
    "logged": "opens only by `access.open`; the log keeps each opening, and whoever was shown is told",
    "own_only": "nobody but the person, or a child's guardian",
    "area": "officers see only people of their area (row security)",
    "one_person": "one named person at a time",
    "span": "only so many days back",
    "program": "a program reads; no screen shows the rows",
    "no_writing": "nothing can be written for it",
    "sealed": "numbers and received rows lie sealed under keys outside the database",
    "two_approvals": f"{APPROVALS} other officers approve; columns by purpose; encrypted to the recipient; "
    f"the file goes after {KEPT_DAYS} days; everybody in it is told",
    "erased": "erased by period, or at the declared end of the epidemic",
}
_UNVERIFIED = {
    "purpose": "Purposes", "basis": "Legal bases", "retention": "Retention periods",
    "export": "Purposes of export and their columns", "breach_period": "Duty to notify a breach",
}  # fmt: skip
_NOT = "**not verified**"
_SHOWN = (
    "The same is shown to data protection and inspectors at `/can-bo/xu-ly-du-lieu`, from the rules in force in the"
    " database; where these differ from the release, that page says so.\n"
)
_DESCRIBED = (
    "%s purposes over %s categories; %s classified columns, %s of them sensitive (health, location, ethnicity, identity"
    " documents). Purpose by purpose, with legal basis, readers, columns and periods:"
    " [processing-record.md](processing-record.md).\n"
)
_SCALE = (
    "Likelihood (1–4) × severity for the person (1–4); up to 4 is low, up to 8 medium, above high. “Left” is with the"
    " measures below.\n"
)
_STEPS = (
    "The database refuses every other step, for its owner too (`breaches/sql/tables.sql`). A step that needs two leads"
    " on only when another officer takes it as well; new facts or a disagreement take the first word away.\n"
)


def processing_record() -> str:
    """The record of processing activities."""
    parts = [
        "# Record of processing activities\n", _written("processing-record"),
        _SHOWN,
    ]  # fmt: skip
    for entry in entries(rules()):
        parts.extend(_purpose(entry))
    parts += ["## What leaves the system\n", *_exports(), "\n## Categories and columns\n"]
    parts += [
        "Technical columns (ids, times, counters) are left out; `foundation/classification.py` has every column.\n",
        *_columns(categories()), "\n## Kept beside, read under no purpose\n", *_columns(beside()),
        "\n## How long\n", *_periods(), "\n## Which process may touch which table\n", *_privileges(),
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


def dpia() -> str:
    """The impact assessment."""
    sensitive = sum(one.sensitivity == SENSITIVE for one in columns().values())
    parts = [
        "# Impact assessment of the processing of personal data\n", _written("dpia"),
        "Likelihood, severity and what is left are our own judgement, confirmed by nobody else.\n",
        "## What is processed\n",
        _DESCRIBED % (len(PURPOSES), len(CATEGORIES), len(columns()), sensitive),
        "## Necessity and proportionality\n", *_necessity(), "\n## Risks\n",
        _SCALE,
        *_risks(), "\n## Measures, each with the test that proves it, and what is not stopped\n",
        *(text for one in THREATS for text in _measures(one)), "## When it happens all the same\n", *_breach_duty(),
        "\n## What waits for a lawyer\n", *_waiting(),
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


def threats() -> str:
    """The page of threats."""
    parts = [THREATS_HEAD]
    for part, of in groupby(THREATS, key=lambda threat: threat.part):
        parts.append(f"\n## {part}\n")
        for one in of:
            parts += [f"### {one.title}", f"*{one.who}*", *(f"* {text}" for text in one.measures), ""]
            parts += [f"**Not stopped:** {one.not_stopped}", ""]
    return "\n".join([*parts, THREATS_TAIL]) + "\n"


def breach_states() -> str:
    """The states of a breach, as a table and drawn."""
    parts = [
        "# States of a breach\n", _written("breach-states"),
        _STEPS,
        "```mermaid", "stateDiagram-v2", f"    [*] --> {STATES[0]}",
    ]  # fmt: skip
    parts += [f"    {one.from_state} --> {one.to_state}: {one.step}" for one in MOVES if one.from_state != one.to_state]
    parts += [f"    {STATES[-1]} --> [*]", "```\n"]
    parts += _table(
        ("step", "from", "to", "who", "two persons", f"reason (≥ {SHORTEST_WORDS} characters)"),
        (
            (
                f"`{one.step}`",
                one.from_state,
                one.to_state,
                _roles(one.roles),
                _yes(one.needs_two),
                _yes(one.needs_words),
            )
            for one in MOVES
        ),
    )
    return "\n".join([*parts, "\n## The hours\n", *_breach_duty()]) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "processing-record": processing_record, "dpia": dpia, "threats": threats, "breach-states": breach_states,
}  # fmt: skip
"""Name of the page in docs/reference → what writes it."""


def _written(name: str) -> str:
    return (
        "Written from the tables of purposes, columns, periods, exports, privileges and threats; change those, then"
        f" run `python -m pccovid.config.governance_pages {name} > docs/reference/{name}.md`. {_NOT} marks what"
        " is our own reading.\n"
    )


def _purpose(entry: Entry) -> Iterator[str]:
    of = entry.purpose
    yield f"## {of.title_en} (`{of.code}`)\n"
    yield f"{of.explanation_en} *{of.title}: {of.explanation}*\n"
    yield from _table(("what", "is"), (
        ("legal basis", f"{entry.basis.text_en}; {'verified' if entry.basis.verified else _NOT}. {entry.basis.note}"),
        ("whose data", _WHOSE[entry.widest]),
        ("categories", ", ".join(f"[{one}](#{one.replace('_', '-')})" for one in entry.categories)),
        ("kept", ", ".join(entry.kept)),
        ("protected by", "; ".join(PROTECTIONS[code] for code in entry.protections)),
    ))  # fmt: skip
    yield ""
    yield from _table(("who receives it", "at most", "reads", "writes", "days back"), map(_reader, entry.readers))
    yield ""


def _reader(one: Reader) -> tuple[str, ...]:
    back = ", ".join(f"{category} {days}" for category, days in one.back)
    return (
        _who(one), _SCOPES[one.scope], ", ".join(one.categories), ", ".join(one.writes) or "–", back or "–",
    )  # fmt: skip


def _who(one: Reader) -> str:
    if one.kind == "citizen":
        return "the person"
    return OFFICES[one.role].name_en if one.role in OFFICES else f"{one.kind} `{one.role}`"


def _exports() -> Iterator[str]:
    yield from _table(
        ("purpose of export", "who may ask", "columns", "verified"),
        (
            (one.title_en, _roles(one.askers), ", ".join(one.columns), "yes" if one.verified else _NOT)
            for one in EXPORTS.values()
        ),
    )


def _columns(listed: Iterable[Category]) -> Iterator[str]:
    for one in listed:
        yield f"### {one.code.replace('_', '-')}\n"
        yield from _table(("table", "personal", "sensitive"), _rows(one))
        yield f"\nKept: {', '.join(one.retentions)}.\n"


def _rows(one: Category) -> Iterator[tuple[str, ...]]:
    personal, sensitive = by_table(one.personal), by_table(one.sensitive)
    for table in dict.fromkeys([*personal, *sensitive]):
        yield f"`{table}`", ", ".join(personal.get(table, [])) or "–", ", ".join(sensitive.get(table, [])) or "–"
    if not personal and not sensitive:
        yield "no personal column", "–", "–"


def _periods() -> Iterator[str]:
    yield from _table(
        ("retention", "period", "document", "verified"),
        (
            (f"`{code}`", f"{one.days} days" if one.days else f"until {one.until}", one.document or "–",
             "yes" if one.verified else _NOT)
            for code, one in RETENTIONS.items()
        ),
    )  # fmt: skip


def _privileges() -> Iterator[str]:
    yield "Rows are another matter: on a personal table SELECT shows nothing without an opened access.\n"
    yield from _table(
        ("role", "may", "tables"),
        (
            (role, kinds, ", ".join(f"`{table}`" for table in tables))
            for role in (WEB, JOBS, ANALYSIS)
            for kinds, tables in privileges_of(role).items()
        ),
    )


def _necessity() -> Iterator[str]:
    yield from _table(
        ("purpose", "needs it because", "reads", "leaves out", "at most"),
        (
            (f"`{one.purpose.code}`", one.purpose.explanation_en,
             f"{len(one.categories)} of {len(CATEGORIES)} categories",
             ", ".join(one.left_out) or "–", _SCOPES[one.widest])
            for one in entries(rules())
        ),
    )  # fmt: skip


def _risks() -> Iterator[str]:
    yield from _table(
        ("threat", "likelihood", "severity", "risk", "likelihood left", "left", "tests"),
        (
            (f"[{one.title}](#{one.code.replace('_', '-')})", str(one.likelihood), str(one.severity), _graded(one.risk),
             str(one.after), _graded(one.residual), str(len(one.tests)))
            for one in sorted(THREATS, key=lambda one: (-one.residual, -one.risk))
        ),
    )  # fmt: skip


def _measures(one: Threat) -> Iterator[str]:
    yield f'### {one.title} <a id="{one.code.replace("_", "-")}"></a>\n'
    yield f"*{one.who}* Risk {_graded(one.risk)}, left {_graded(one.residual)}.\n"
    yield from (f"* {text}" for text in one.measures)
    yield f"\n**Not stopped:** {one.not_stopped}\n"


def _breach_duty() -> Iterator[str]:
    yield (
        "Breaches are kept in a register whose [states](breach-states.md) the database enforces; what to do is in"
        " [the runbook](../runbooks/breach.md). Hours run from discovery, nights and holidays too:\n"
    )
    yield from _table(
        ("hours", "from", "until", "document", "verified"),
        (
            (str(one.hours), f"{one.valid_from:%Y-%m-%d}", f"{one.valid_to:%Y-%m-%d}" if one.valid_to else "–",
             one.document, "yes" if one.verified else _NOT)
            for one in PERIODS
        ),
    )  # fmt: skip


def _waiting() -> Iterator[str]:
    yield from _table(
        ("what", "which"), ((_UNVERIFIED[kind], "; ".join(which) or "–") for kind, which in unverified().items())
    )


def _roles(roles: Iterable[str]) -> str:
    return ", ".join(OFFICES[role].name_en for role in roles) or "the program"


def _graded(risk: int) -> str:
    return f"{risk} ({grade(risk)})"


def _yes(does: bool) -> str:
    return "yes" if does else "–"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(row) + " |"


if __name__ == "__main__":
    print(PAGES[sys.argv[1]](), end="")
