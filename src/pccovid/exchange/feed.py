"""The change feed of an agency: in order, from a cursor on, within its agreement; every person told of is told.

Each entry is the resource as it stands now, or that it is no longer there for this agency: superseded facts come as
entered in error, merged persons with a link to whom they were merged into, so that copies heal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from pccovid.agreements.rules import CATEGORY_OF, Grant, type_of
from pccovid.exchange.mapping import FACT_OF, KIND_OF_FACT, fact_resource, patient_resource
from pccovid.exchange.marks import END
from pccovid.exchange.reading import facts_by_ids, opened, person_in_sight
from pccovid.foundation.fhir import Resource
from pccovid.officers.database import call_rows

MOST_LOOKED_AT = 500


@dataclass(frozen=True)
class Change:
    """One change as noted: kind and id of what changed, and whose it is or was."""

    at: str
    kind: str
    subject: UUID
    person: UUID


@dataclass(frozen=True)
class FeedPage:
    """Entries in order (type, id, the resource or None where it is gone), and the cursor to go on from."""

    entries: tuple[tuple[str, UUID, Resource | None], ...]
    cursor: str
    may_have_more: bool


def read_feed(grant: Grant, cursor: str, *, most: int) -> FeedPage:
    """The next part of the feed. `cursor`: as given before, BEGINNING, or END for where it stands now."""
    kinds = {kind for kind in ("Patient", *FACT_OF) if grant.may_read(kind)}
    with opened(grant) as disclosures:
        if cursor == END:
            ((transaction, number),) = call_rows("feed_end")
            return FeedPage((), f"{transaction}-{number}", False)
        transaction, _, number = cursor.partition("-")
        rows = call_rows("changes_after", transaction, int(number), most)
        looked_to = rows[-1] if rows else None
        changes = [Change(f"{at}-{one}", kind, subject, person) for at, one, kind, subject, person, _ in rows[:-1]]
        entries, shown = _entries(_last_of_each(changes), kinds)
        for category, persons in shown.items():
            disclosures.add(persons, [category])
    reached = f"{looked_to[0]}-{looked_to[1]}" if looked_to else cursor
    return FeedPage(tuple(entries), reached, looked_to is not None)


def _last_of_each(changes: Iterable[Change]) -> list[Change]:
    """Of several changes of one thing the last: what is told is how it stands now."""
    last = {(change.kind, change.subject): change for change in changes}
    kept = {id(change) for change in last.values()}
    return [change for change in changes if id(change) in kept]


def _entries(
    changes: list[Change], kinds: set[str]
) -> tuple[list[tuple[str, UUID, Resource | None]], dict[str, set[UUID]]]:
    """The entries in order, and which persons were shown of which category."""
    told = [(change, KIND_OF_FACT.get(change.kind, "Patient")) for change in changes]
    facts = {
        row.id: row
        for kind in kinds - {"Patient"}
        for row in facts_by_ids(kind, [change.subject for change, of in told if of == kind])
    }
    entries: list[tuple[str, UUID, Resource | None]] = []
    shown: dict[str, set[UUID]] = {}
    for change, kind in told:
        if kind not in kinds:
            continue
        resource, person = None, change.subject
        if kind == "Patient":
            found = person_in_sight(change.subject)
            resource = patient_resource(found.identity, found.merged_into) if found else None
        elif change.subject in facts:
            row = facts[change.subject]
            resource, person = fact_resource(row), row.person
        if resource is not None:
            shown.setdefault(CATEGORY_OF[kind], set()).add(person)
        entries.append((type_of(kind), change.subject, resource))
    return entries, shown
