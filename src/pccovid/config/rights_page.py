"""The tables of docs/reference/rights.md, written between their marks from the rules they tell of:

python -m pccovid.config.rights_page docs/reference/rights.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from pccovid.rights.rules import DESKS, ERASABLE, EXEMPT, PERIODS, REFUSALS
from pccovid.rights.states import STATES, drawing
from pccovid.rights.working_days import Special, specials


def filled(text: str) -> str:
    """The page with what stands between each pair of marks written anew. Raises LookupError where a pair is missing."""
    parts = {
        "periods": _periods(), "desks": _desks(), "states": _states(), "refusals": _refusals(), "exempt": _exempt(),
        "erasable": _erasable(), "days": _days(),
    }  # fmt: skip
    for name, lines in parts.items():
        before, begins, rest = text.partition(f"<!-- {name} -->\n")
        _, ends, after = rest.partition(f"<!-- /{name} -->")
        if not begins or not ends:
            raise LookupError(f"the page has no place for {name}")
        text = before + begins + "\n" + "\n".join(lines) + "\n\n" + ends + after
    return text


def _periods() -> Iterator[str]:
    return _table(
        ("kind", "from", "to", "answered within", "finished within", "one longer time", "document", "verified"),
        (
            (f"`{one.kind}`", str(one.valid_from), str(one.valid_to or "–"),
             f"{one.acknowledge_working_days} working days" if one.acknowledge_working_days else "–",
             f"{one.finish_days} days",
             f"{one.longest_extension_days} days" if one.longest_extension_days else "none",
             " ".join(part for part in (one.issuer, one.document) if part), _told(one.is_verified))
            for one in PERIODS
        ),
    )  # fmt: skip


def _desks() -> Iterator[str]:
    rows = (
        (f"`{one.kind}`", one.about, f"`{one.role}`", "of the area" if one.is_by_area else "national") for one in DESKS
    )
    return _table(("kind", "about", "office", "reach"), rows)


def _states() -> Iterator[str]:
    yield "```mermaid"
    yield drawing()
    yield "```"
    yield ""
    yield from _table(
        ("state", "clock", "meaning"), ((f"`{one.code}`", one.clock or "–", one.meaning) for one in STATES.values())
    )


def _refusals() -> Iterator[str]:
    return _table(
        ("reason", "kinds", "what the person reads", "in English", "legal basis", "verified"),
        ((f"`{one.code}`", ", ".join(one.kinds), one.text, one.text_en, one.legal_basis, _told(one.is_verified))
         for one in REFUSALS.values()),
    )  # fmt: skip


def _exempt() -> Iterator[str]:
    rows = ((f"`{one.purpose}`", one.actor_kind or "anybody", one.reason, _told(one.is_verified)) for one in EXEMPT)
    return _table(("purpose", "by", "why it goes on", "verified"), rows)


def _erasable() -> Iterator[str]:
    tables: dict[str, list[str]] = {}
    for one in ERASABLE:
        tables.setdefault(one.category, []).append(f"`{one.table_name}`")
    return _table(("kind of data", "tables"), ((name, ", ".join(of)) for name, of in tables.items()))


def _days() -> Iterator[str]:
    years: dict[int, list[Special]] = {}
    for one in specials():
        years.setdefault(one.day.year, []).append(one)
    return _table(
        ("year", "days off", "Saturdays worked", "document", "verified"),
        (
            (str(year), ", ".join(f"{one.day:%d/%m}" for one in of if one.is_off),
             ", ".join(f"{one.day:%d/%m}" for one in of if not one.is_off) or "–", of[0].document,
             _told(of[0].is_verified))
            for year, of in years.items()
        ),
    )  # fmt: skip


def _told(is_verified: bool) -> str:
    return "yes" if is_verified else "**not verified**"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(row) + " |"


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(filled(page.read_text(encoding="utf-8")), encoding="utf-8")
