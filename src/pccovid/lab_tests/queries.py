"""Reading tests: only inside an opened access, which the database holds to its scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from pccovid.foundation.reads import by_queryset
from pccovid.lab_tests.models import Test
from pccovid.people.origin import ORIGIN_COLUMNS, Origin, with_origin

_COLUMNS = ("method", "result", "is_pooled", "collected_at", "resulted_at", "site_name", "laboratory", "ct_value")


@dataclass(frozen=True)
class OwnTest:
    """One specimen of the person; `result` is None while it is awaited."""

    origin: Origin
    method: str | None
    result: str | None
    is_pooled: bool
    collected_at: datetime | None
    resulted_at: datetime | None
    site_name: str | None
    laboratory: str | None
    ct_value: float | None


OWN_TESTS = by_queryset(
    lambda person: (
        Test.objects.filter(person_id=person, superseded_at=None)
        .order_by(F("collected_at").desc(nulls_last=True), "id")
        .values_list(*_COLUMNS, *ORIGIN_COLUMNS)
    ),
    lambda _, rows: tuple(OwnTest(origin, *values) for values, origin in map(with_origin, rows)),
)
"""The person's tests, newest first; the tube is not told, for a pooled one names others."""


def own_tests(person: UUID) -> tuple[OwnTest, ...]:
    """The same, in the access that is open."""
    return OWN_TESTS.of(person)
