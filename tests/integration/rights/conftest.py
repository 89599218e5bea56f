"""Two people and officers on one database; each test begins without requests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import MadeDatabase, database_from, use_in_django
from integration.console.made_index import make_index
from integration.rights.bench import Bench


@pytest.fixture(scope="session")
def indexed(prepared_url: str, home: Path) -> MadeDatabase:
    made = database_from(prepared_url, home)
    use_in_django(made, "web")
    with made.connect("owner", autocommit=True) as owner:
        make_index(owner)
        # Their own words beside what an authority or facility recorded.
        for number, (person, record) in enumerate(owner.execute(
            "SELECT person_id, record_id FROM people_recordclaim WHERE person_id IS NOT NULL ORDER BY person_id"
        ).fetchall(), start=1):  # fmt: skip
            owner.execute(
                "INSERT INTO declarations_declaration (id, person_id, record_id, source_record_id, source_system,"
                " provenance, recorded_at, form, source_key, is_for_other, symptoms, chronic_diseases, answers) VALUES"
                " (md5('declaration ' || %s::text)::uuid, %s, %s, %s, 'ncovi', 'self_declared', now(), 'domestic', '',"
                " false, '{}', '{}', '{}')",
                [number, person, record, record],
            )
    return made


@pytest.fixture(scope="session")
def shared(indexed: MadeDatabase, home: Path) -> Bench:
    return _bench_of(indexed, home)


@pytest.fixture
def bench(shared: Bench) -> Bench:
    """The two people and officers, with no request yet; tests on it change nothing else."""
    use_in_django(shared.made, "web")
    shared.forgets_requests()
    return shared


@pytest.fixture
def own_bench(indexed: MadeDatabase, home: Path) -> Iterator[Bench]:
    """A database of its own, for what changes people's rows."""
    from django.db import connections

    yield _bench_of(indexed, home)
    connections["default"].close()


def _bench_of(indexed: MadeDatabase, home: Path) -> Bench:
    from django.db import connections

    connections["default"].close()
    made = database_from(indexed.owner_url, home)
    use_in_django(made, "web")
    return Bench(made)
