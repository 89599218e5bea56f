"""What senders send later: their own errors corrected under the same keys, changed phones, repeats, and new rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random

from pccovid.sandbox import faults
from pccovid.sandbox.cases import Block
from pccovid.sandbox.exports import bluezone, sampling, sskdt
from pccovid.sandbox.people import Person
from pccovid.sandbox.telling import Row, Subject

_CORRECTED, _CHANGED, _REPEATED = 0.3, 0.02, 0.02
_NEW_DOSE, _NEW_SAMPLE, _NEW_USER = 0.04, 0.02, 0.01
_LATER_TUBES = 90_000
_CORRECTABLE = frozenset((*faults.VERDICT_OF_FAULT, "id_of_other", "id_digits_swapped", "parent_details"))


def later_rows(block: Block, first_rows: Iterable[tuple[Row, bool]], rng: Random) -> Iterator[Row]:
    """Rows of the second delivery about `block`, whose rows of the first were `first_rows` (row, is a repeat).

    The fault of a mark tells what was done: 'corrected', 'changed', 'sent_again', or the fault inside a new row.
    """
    people = {person.number: person for person in block.people}
    for row, repeats in first_rows:
        person = people.get(row.marks[0].person or 0)
        if person and not repeats:
            yield from _again(row, person, block, rng)
    tubes = sampling.Pool(_LATER_TUBES + block.people[0].number // len(block.people))
    for person in block.people:
        yield from _new_rows(person, tubes, rng)


def _again(row: Row, person: Person, block: Block, rng: Random) -> Iterator[Row]:
    chance = rng.random()
    if row.marks[0].fault in _CORRECTABLE:
        if chance < _CORRECTED:
            yield _with(row, true_values(row, person), "corrected")
    elif chance < _CHANGED and row.values.get("phone"):
        yield _with(row, {"phone": block.registrar.phone(person.number, 1)}, "changed")
    elif chance > 1 - _REPEATED:
        yield _with(row, {}, "sent_again")


def _with(row: Row, changes: dict[str, object], fault: str) -> Row:
    first, *nested = row.marks
    return row._replace(values=row.values | changes, marks=(first._replace(fault=fault), *nested))


def true_values(row: Row, person: Person) -> dict[str, object]:
    """The person columns that `row` has, as the population database knows them, in the date form of its file."""
    number = person.passport or person.personal_id
    year_first = row.file == "vneid"
    truth: dict[str, object] = {
        "fullName": person.name.full,
        "birthYear": str(person.birth.year),
        "dob": person.birth.isoformat() if year_first else person.birth.strftime("%d/%m/%Y"),
        "passport": number,
        "idNumber": number,
        "citizenId": number,
        "phone": person.phone,
    }
    return {column: value for column, value in truth.items() if column in row.values}


def _new_rows(person: Person, tubes: sampling.Pool, rng: Random) -> Iterator[Row]:
    subject = Subject(person, rng)
    if "sskdt" in person.systems and person.age >= 18 and rng.random() < _NEW_DOSE:
        yield sskdt.later_dose(subject, rng.choice((3, 4)))
    if rng.random() < _NEW_SAMPLE:
        yield sampling.sample(subject, tubes)
    if "bluezone" not in person.systems and person.phone_is_own and rng.random() < _NEW_USER:
        yield from bluezone.users(subject)
