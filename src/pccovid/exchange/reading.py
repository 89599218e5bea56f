"""What agencies read: one resource, its versions, a search, everything about a person. Each opens its own access.

Facts are sought for one person or by their id; going through everybody's is what the change feed is for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from psycopg import sql

from pccovid.agreements.rules import CATEGORY_OF, Grant
from pccovid.exchange.mapping import FACT_OF, ORIGIN, FactRow, fact_kinds_of, fact_row, staged
from pccovid.exchange.searching import Condition, FactQuery
from pccovid.foundation import access
from pccovid.people.finding import MOST_FOUND, Wanted, find_persons
from pccovid.people.queries import OwnIdentity, merged_into, own_identity


@dataclass(frozen=True)
class PersonRead:
    """A person as an agency sees them; `merged_into` where their records were found to be another's."""

    identity: OwnIdentity
    merged_into: UUID | None


@contextmanager
def opened(grant: Grant, *persons: UUID) -> Iterator[access.Disclosures]:
    """An access under the agreement: these persons, as far as they live in its area, or with none named all of it."""
    scope = access.persons(*persons, within=grant.area) if persons else _whole(grant)
    with access.open(
        access.agency(grant.agency), purpose=grant.purpose, legal_basis=grant.legal_basis, scope=scope, case=grant.case
    ) as disclosures:
        yield disclosures


def _whole(grant: Grant) -> access.Scope:
    return access.area(grant.area) if grant.area else access.everybody()


def read_fact(grant: Grant, kind: str, number: UUID) -> FactRow | None:
    """One fact of a resource type; None where there is none within the agreement."""
    kinds = [one for one in fact_kinds_of(kind) if grant.may_read(one)]
    with opened(grant) as disclosures:
        rows = [row for one in kinds for row in _facts(one, [Condition("id", "=", number)], 1, 0)]
        for row in rows:
            disclosures.add([row.person], [CATEGORY_OF[row.kind]])
        return rows[0] if rows else None


def search_facts(grant: Grant, asked: Mapping[str, FactQuery]) -> list[FactRow]:
    """One more than asked of a person's standing facts, in order of receipt. `asked`: kind → the search."""
    first = next(iter(asked.values()))
    assert first.person is not None
    end = first.skipped + first.most + 1
    with opened(grant, first.person) as disclosures:
        rows = []
        for kind, query in asked.items():
            if grant.may_read(kind):
                standing = [Condition("person_id", "=", query.person), Condition("superseded_at", "IS", None)]
                rows += _facts(kind, [*standing, *query.conditions], end, 0)
        shown = sorted(rows, key=lambda row: (row.recorded_at, row.id))[first.skipped : end]
        for row in shown:
            disclosures.add([row.person], [CATEGORY_OF[row.kind]])
        return shown


def facts_by_ids(kind: str, numbers: Sequence[UUID]) -> list[FactRow]:
    """Facts of these ids, inside an opened access; those out of its sight are not there."""
    return _facts(kind, [Condition("id", "= ANY", list(numbers))], len(numbers), 0) if numbers else []


def _facts(kind: str, conditions: Sequence[Condition], most: int, skipped: int) -> list[FactRow]:
    fact = staged(kind)
    columns = sql.SQL(", ").join(map(sql.Identifier, (*ORIGIN, *fact.columns)))
    where = sql.SQL(" AND ").join(condition.as_sql() for condition in conditions)
    query = sql.SQL("SELECT {} FROM {} WHERE {} ORDER BY recorded_at, id LIMIT {} OFFSET {}").format(
        columns, sql.Identifier(fact.table), where, sql.Literal(most), sql.Literal(skipped)
    )
    with connection.cursor() as cursor:
        cursor.execute(query.as_string(cursor.connection), [one.value for one in conditions if one.value is not None])
        return [fact_row(kind, row) for row in cursor.fetchall()]


def read_person(grant: Grant, person: UUID) -> PersonRead | None:
    """A person; None where there is none within the agreement."""
    with opened(grant, person) as disclosures:
        found = person_in_sight(person)
        if found is not None:
            disclosures.add([person], _shown(grant, "identity", "contact"))
        return found


def person_in_sight(person: UUID) -> PersonRead | None:
    """A person, inside an opened access; None where it does not reach them."""
    identity = own_identity(person)
    return PersonRead(identity, merged_into(person)) if identity else None


def _shown(grant: Grant, *categories: str) -> list[str]:
    return [category for category in categories if category in grant.categories]


def read_everything(grant: Grant, person: UUID) -> tuple[PersonRead, list[FactRow]] | None:
    """A person with all standing facts that the agreement covers and the token's scopes reach."""
    kinds = [kind for kind in FACT_OF if grant.may_read(kind)]
    with opened(grant, person) as disclosures:
        found = person_in_sight(person)
        if found is None:
            return None
        wanted = [Condition("person_id", "=", person), Condition("superseded_at", "IS", None)]
        rows = [row for kind in kinds for row in _facts(kind, wanted, 1_000, 0)]
        shown = _shown(grant, "identity", "contact", *dict.fromkeys(CATEGORY_OF[row.kind] for row in rows))
        disclosures.add([person], shown)
        return found, rows


def search_persons(grant: Grant, wanted: Wanted, *, most: int, today: date) -> list[PersonRead]:
    """Persons who fit, each told as shown. Raises NotEnoughToFind."""
    with opened(grant) as disclosures:
        found = find_persons(wanted, today=today)[: min(most, MOST_FOUND)]
        read = [one for one in (person_in_sight(each.person) for each in found) if one is not None]
        disclosures.add([one.identity.person for one in read], _shown(grant, "identity", "contact"))
        return read


def records_to_hang_on(grant: Grant, persons: set[UUID]) -> dict[UUID, str]:
    """Person → a record of theirs, for those within the agreement."""
    if not persons:
        return {}
    with opened(grant, *sorted(persons)) as disclosures, connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, min(record) FROM people_recordclaim WHERE person_id = ANY (%s) AND account IS NULL"
            " AND system <> 'correction' GROUP BY person_id",
            [sorted(persons)],
        )
        found: dict[UUID, str] = dict(cursor.fetchall())
        disclosures.add(found, ["identity"])
        return found
