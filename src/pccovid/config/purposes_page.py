"""docs/reference/purposes.md, written from the tables it tells of:

python -m pccovid.config.purposes_page > docs/reference/purposes.md
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from pccovid.foundation.classification import category_of, columns
from pccovid.foundation.purposes import BASES, CATEGORIES, PURPOSES, Rule, rules
from pccovid.officers.offices import OFFICES

_SCOPES = {
    "own": "own record and dependants", "person": "named persons", "area": "people of the area", "all": "everybody",
}  # fmt: skip
_HEAD = """# Purposes: who may read what, why, and how far back

Written from `pccovid.foundation.purposes`; change it there, then run
`python -m pccovid.config.purposes_page > docs/reference/purposes.md`. The database is filled with the same rules and
refuses everything that is not here; [access.md](access.md) says how, and a test walks every cell of this page.

**Not verified** marks what rests on our own reading of the law and waits for a lawyer's.
"""


def as_markdown() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *_purposes(), *_rules(), *_bases(), *_categories()]) + "\n"


def _purposes() -> Iterator[str]:
    yield "## Purposes\n"
    yield from _table(
        ("purpose", "Tiếng Việt", "English", "verified"),
        (
            (f"`{one.code}`", f"**{one.title}.** {one.explanation}", f"**{one.title_en}.** {one.explanation_en}",
             _told(one.verified))
            for one in PURPOSES.values()
        ),
    )  # fmt: skip


def _rules() -> Iterator[str]:
    yield "\n## Who may read what\n"
    yield "“Back” is how many days back rows with a date are seen (`max_days`); “–” sets no limit of its own.\n"
    grouped = groupby(rules(), key=lambda rule: (rule.purpose, rule.actor_kind, rule.role, rule.widest_scope))
    yield from _table(
        ("purpose", "who", "widest scope", "reads", "writes", "back"),
        (
            (f"`{purpose}`", _who(kind, role), _SCOPES[scope], *_cells(list(cells)))
            for (purpose, kind, role, scope), cells in grouped
        ),
    )


def _who(kind: str, role: str) -> str:
    if kind == "citizen":
        return "the person (người dân)"
    office = OFFICES.get(role)
    told = f"{office.name_en} ({office.name_vi})" if office else ""
    return f"{kind} `{role}`" + (f": {told}" if told else "")


def _cells(cells: list[Rule]) -> tuple[str, str, str]:
    written = [rule.category for rule in cells if rule.may_write]
    back = [f"{rule.category} {rule.max_days}" for rule in cells if rule.max_days is not None]
    return _listed(rule.category for rule in cells), _listed(written), ", ".join(back) or "–"


def _listed(names: Iterable[str]) -> str:
    listed = list(names)
    return "all categories" if set(listed) == set(CATEGORIES) else ", ".join(listed) or "–"


def _bases() -> Iterator[str]:
    yield "\n## Legal bases\n"
    used: dict[str, list[str]] = {}
    for purpose in PURPOSES.values():
        used.setdefault(purpose.basis, []).append(f"`{purpose.code}`")
    yield from _table(
        ("basis, as the log keeps it", "English", "for", "verified", "note"),
        (
            (basis.text, basis.text_en, ", ".join(used.get(basis.text, ["–"])), _told(basis.verified), basis.note)
            for basis in BASES.values()
        ),
    )


def _categories() -> Iterator[str]:
    yield "\n## Categories\n"
    tables: dict[str, list[str]] = {category: [] for category in CATEGORIES}
    for table in dict.fromkeys(name.rpartition(".")[0] for name in columns()):
        if category_of(table) in tables:
            tables[category_of(table)].append(f"`{table}`")
    yield from _table(
        ("category", "tables", "kept as (classification.py)"),
        ((f"`{category}`", ", ".join(found) or "–", _kept(category) or "–") for category, found in tables.items()),
    )


def _kept(category: str) -> str:
    return ", ".join(sorted({column.retention for column in columns().values() if column.category == category}))


def _told(verified: bool) -> str:
    return "yes" if verified else "**not verified**"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(row) + " |"


if __name__ == "__main__":
    print(as_markdown(), end="")
