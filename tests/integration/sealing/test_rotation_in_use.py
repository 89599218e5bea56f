"""Keys are replaced while citizens sign in and officers search; the rotating process is killed and started again."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

from conftest import MadeDatabase, use_in_django
from pccovid.foundation import key_ring as keys
from pccovid.foundation.key_ring import LOOKUP, SEALING
from pccovid.foundation.sealing import sealer

TODAY = date(2021, 11, 20)
Known = tuple[UUID, str, str, str, date, str]
"""Person, personal id, phone, name, birth date, its precision."""


def _known(made: MadeDatabase) -> list[Known]:
    with made.connect("owner") as owner:
        rows = owner.execute(
            "SELECT p.id, i.sealed, c.sealed, p.name, p.birth_date, p.birth_precision FROM people_person p"
            " JOIN people_identifier i ON i.person_id = p.id AND i.system = 'personal_id'"
            " JOIN people_contactpoint c ON c.person_id = p.id AND c.system = 'phone'"
            " WHERE p.name IS NOT NULL AND p.birth_date IS NOT NULL ORDER BY p.id LIMIT 8"
        ).fetchall()
    opened = sealer()
    return [
        (person, opened.unseal(number, "personal_id"), opened.unseal(phone, "phone"), *rest)
        for person, number, phone, *rest in rows
    ]


def _signed_in(made: MadeDatabase, known: list[Known]) -> list[UUID | None]:
    """Whom signing in by phone, name and birth date finds, as the web role."""
    use_in_django(made, "web")
    from pccovid.linkage.names import read_name
    from pccovid.people.queries import person_signing_in

    return [
        person_signing_in(phone, read_name(name), birth, is_year_only=precision != "day")
        for _, _, phone, name, birth, precision in known
    ]


def _searched(made: MadeDatabase, known: list[Known]) -> list[tuple[set[UUID], set[str]]]:
    """Whom a search by id finds and which ids their pages show, in an opened access."""
    use_in_django(made, "jobs")
    from pccovid.foundation import access
    from pccovid.foundation.purposes import EPIDEMIC_LAW
    from pccovid.people.finding import Wanted, find_persons
    from pccovid.people.queries import own_identity

    found = []
    actor = access.Actor(kind="job", id="carry_over", role="carry_over")
    with access.open(actor, purpose="carry_over", legal_basis=EPIDEMIC_LAW, scope=access.Scope(kind="all")):
        for _, number, *_ in known:
            persons = {one.person for one in find_persons(Wanted(number=number), today=TODAY)}
            identities = [identity for person in persons if (identity := own_identity(person)) is not None]
            found.append((persons, {one.value for identity in identities for one in identity.identifiers} & {number}))
    return found


@contextlib.contextmanager
def _rotating(made: MadeDatabase, *families: str) -> Iterator[subprocess.Popen[str]]:
    program = Path(__file__).parents[2] / "rotation_to_be_killed.py"
    process = subprocess.Popen(
        [sys.executable, str(program), made.url("owner"), *families],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ},
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _next_batch(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _go_on(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def test_people_sign_in_and_are_found_in_every_moment_of_a_rotation_that_is_killed(sealed: MadeDatabase) -> None:
    from pccovid.people.key_rotation import key_use

    known = _known(sealed)
    before = _signed_in(sealed, known), _searched(sealed, known)
    assert sum(person is not None for person in before[0]) > len(known) / 2
    assert all(shown == {number} for (_, shown), (_, number, *_) in zip(before[1], known, strict=True))
    with _rotating(sealed, SEALING, LOOKUP) as process:
        for _ in range(3):
            assert _next_batch(process).startswith("people_recordclaim")
            assert (_signed_in(sealed, known), _searched(sealed, known)) == before
            _go_on(process)
        process.kill()
        assert process.wait() != 0
    assert all(keys.key_ring().family(family).is_rotating for family in keys.FAMILIES)
    assert (_signed_in(sealed, known), _searched(sealed, known)) == before
    begun = {family: keys.key_ring().family(family).active for family in keys.FAMILIES}
    with _rotating(sealed, SEALING, LOOKUP) as process:
        tables: set[str] = set()
        while (told := _next_batch(process)) != "whole":
            table = told.split()[0]
            assert table, "the rotation ended before it was whole"
            if table not in tables:
                tables.add(table)
                assert (_signed_in(sealed, known), _searched(sealed, known)) == before
            _go_on(process)
    assert {"people_recordclaim", "people_identifier", "people_contactpoint", "people_sourcerecord"} <= tables
    assert (_signed_in(sealed, known), _searched(sealed, known)) == before
    with sealed.connect("owner") as owner:
        use = key_use(owner)
    assert {family: set(by_key) for family, by_key in use.items()} == {key: {name} for key, name in begun.items()}
