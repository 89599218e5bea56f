"""Purpose × category × actor: the one table from which the database's rules are filled.

Rows marked `verified=False` rest on our reading of the law and wait for a lawyer's; they are shown as such.
"""

from __future__ import annotations

from typing import NamedTuple

CATEGORIES = (
    "identity", "contact", "source_record", "declaration", "vaccination", "test", "movement", "border", "insurance",
)  # fmt: skip
_WHO = ("identity", "contact")
_HEALTH = ("declaration", "vaccination", "test")

EPIDEMIC_LAW = "Luật Phòng, chống bệnh truyền nhiễm 2007; Thông báo 242/TB-VPCP mục 2"
OWN_RIGHT = "Nghị định 13/2023/NĐ-CP Điều 9"


class Rule(NamedTuple):
    """One cell of the table: this actor may read (and perhaps write) the category for the purpose, at most so wide."""

    purpose: str
    category: str
    actor_kind: str
    role: str
    may_write: bool
    widest_scope: str
    legal_basis: str


def rules() -> tuple[Rule, ...]:
    """Every allowed cell; whatever is not here is refused."""
    return (
        *_cells("own_record", "citizen", "", CATEGORIES, "own", OWN_RIGHT),
        *_cells("carry_over", "job", "carry_over", CATEGORIES, "all", EPIDEMIC_LAW, may_write=True),
        *_cells("data_repair", "job", "link_repair", CATEGORIES, "all", EPIDEMIC_LAW, may_write=True),
        *_cells("data_repair", "officer", "data_steward", CATEGORIES, "all", EPIDEMIC_LAW),
        *_cells("data_repair", "officer", "commune_police", (*_WHO, "source_record"), "area", EPIDEMIC_LAW),
        *_cells("care", "officer", "health_station", (*_WHO, *_HEALTH), "area", EPIDEMIC_LAW),
        *_cells("contact_tracing", "officer", "tracer", (*_WHO, "movement", *_HEALTH), "area", EPIDEMIC_LAW),
        # Held for a quarter of an hour over one person; a trigger of the log demands the broken glass (officers/sql).
        *_cells("break_glass", "officer", "break_glass", (*_WHO, *_HEALTH), "person", EPIDEMIC_LAW),
        *_cells("break_glass_search", "officer", "break_glass", ("identity",), "all", EPIDEMIC_LAW),
    )  # fmt: skip


def _cells(
    purpose: str, actor_kind: str, role: str, categories: tuple[str, ...], widest: str, basis: str,
    *, may_write: bool = False,
) -> tuple[Rule, ...]:  # fmt: skip
    return tuple(Rule(purpose, category, actor_kind, role, may_write, widest, basis) for category in categories)
