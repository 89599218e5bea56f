"""The nation, block by block: who lives there, which systems know them, and every row about them.

A block holds about a thousand people. Everything in it follows from the seed and from the blocks before it, never from
what is written, so the same nation can be made again to correct it.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from pccovid.sandbox import faults
from pccovid.sandbox.cases import Block, put_cases
from pccovid.sandbox.drawing import stream
from pccovid.sandbox.exports import bluezone, ncovi, qr, sampling, sskdt, tokhaiyte, vneid
from pccovid.sandbox.identifiers import Registrar
from pccovid.sandbox.people import Maker, Person
from pccovid.sandbox.telling import Mark, Row, Subject, new_key
from pccovid.sandbox.territory import territory

BLOCK_SIZE = 1000
_NCOVI_SHARE = 0.3
_PLACES_PER_PERSON = 0.04
_REPEATED, _CHANGED, _TEST = 0.002, 0.002, 0.0008

# Chance of standing in a system by age: (from age, to age, chance).
_MEMBERSHIP: dict[str, tuple[tuple[int, int, float], ...]] = {
    "sskdt": ((0, 11, 0.12), (12, 17, 0.82), (18, 120, 0.93)),
    "tokhaiyte": ((0, 120, 0.5),),
    "bluezone": ((13, 120, 0.36),),
    "vneid": ((15, 120, 0.52),),
    "qr": ((5, 120, 0.38),),
    "sampling": ((0, 120, 0.25),),
}
_TEST_NAMES = (
    "TEST",
    "Nguyễn Văn Test",
    "test 123",
    "aaaa",
    "Test App",
    "demo",
    "Nguyen Van A",
    "xxx",
    "hê lô",
    "TRAN THI B",
)
_TEST_VALUES = {"birthYear": "1900", "dob": "01/01/1900", "passport": "111111111", "idNumber": "123456789012",
                "citizenId": "000000000000", "phone": "0900000000", "qrText": ""}  # fmt: skip


def blocks(seed: int, people: int) -> Iterator[tuple[int, Block]]:
    """(number, block) of the nation of `seed` with exactly `people` people, numbered from 1."""
    registrar = Registrar(seed)
    maker = Maker(territory(), registrar)
    household, number = 0, 0
    while maker.next_person <= people:
        rng = stream(seed, "block", number)
        end = min(maker.next_person + BLOCK_SIZE, people + 1)
        households: list[list[Person]] = []
        while maker.next_person < end:
            home_rng = stream(seed, "household", household)
            households.append(maker.household(household, home_rng, end - maker.next_person))
            household += 1
        block = Block(households, registrar, rng)
        _settle(block)
        put_cases(block, at_least_one=number == 0)
        yield number, block
        number += 1


def _settle(block: Block) -> None:
    """Error class and systems of everybody in the block."""
    rng = block.rng
    for members in block.households:
        in_ncovi = rng.random() < _NCOVI_SHARE
        for person in members:
            person.verdict = faults.VERDICTS.pick(rng)
            person.systems = _systems(person, in_ncovi, rng)


def _systems(person: Person, in_ncovi: bool, rng: Random) -> frozenset[str]:
    chosen = _drawn_by_age(person.age, rng)
    if in_ncovi:
        chosen.add("ncovi")
    if person.nationality != "VN":
        chosen.discard("vneid")
        if rng.random() < 0.6:
            chosen.add("entry")
    elif "tokhaiyte" in chosen and rng.random() < 0.01:
        chosen.add("entry")
    # A fault needs a form that asks for name, birth and id; everybody stands somewhere.
    if not chosen & {"sskdt", "tokhaiyte", "sampling"} and (person.verdict != "agrees" or not chosen):
        chosen.add("tokhaiyte")
    if len(chosen) == len(_MEMBERSHIP) + 1:
        chosen.discard("bluezone")
    return frozenset(chosen)


def _drawn_by_age(age: int, rng: Random) -> set[str]:
    return {
        system
        for system, shares in _MEMBERSHIP.items()
        for low, high, share in shares
        if low <= age <= high and rng.random() < share
    }


def rows_of_block(seed: int, number: int, block: Block) -> Iterator[tuple[Row, bool]]:
    """Every row of the block in random order, each with whether it repeats a key that came before."""
    rng = stream(seed, "rows", number)
    rows = list(_first_rows(number, block, rng))
    rows.sort(key=lambda _: rng.random())
    for row in rows:
        chance = rng.random()
        if chance < _REPEATED:
            yield _labelled(row, "repeat_identical"), False
            yield row, True
        elif chance < _REPEATED + _CHANGED and "phone" in row.values:
            yield _labelled(row, "repeat_changed"), False
            yield (
                row._replace(values=row.values | {"phone": block.registrar.phone(rng.choice(block.people).number)}),
                True,
            )
        else:
            yield row, False
        if chance > 1 - _TEST and "fullName" in row.values:
            yield _test_row(row, rng), False


def _first_rows(number: int, block: Block, rng: Random) -> Iterator[Row]:
    places: list[str] = []
    for _ in range(max(1, round(len(block.people) * _PLACES_PER_PERSON))):
        key, row = qr.place(rng.choice(block.people), rng)
        places.append(key)
        yield row
    pool = sampling.Pool(number)
    for members in block.households:
        subjects = [Subject(person, rng) for person in members]
        listed = [subject for subject in subjects if "ncovi" in subject.person.systems]
        rng.shuffle(subjects)
        for subject in subjects:
            yield from _rows_of(subject, rng.choice(block.people), places, pool)
        if listed:
            yield ncovi.household(listed)


def _rows_of(subject: Subject, neighbour: Person, places: list[str], pool: sampling.Pool) -> Iterator[Row]:
    """The rows of one person in the systems that know them, in random order of systems."""
    systems = sorted(subject.person.systems)
    subject.rng.shuffle(systems)
    for system in systems:
        if system == "sskdt":
            yield from sskdt.records(subject, neighbour)
        elif system == "qr":
            yield from qr.visits(subject, places)
        elif system == "sampling":
            yield from sampling.samples(subject, pool)
        elif system == "tokhaiyte":
            yield from tokhaiyte.domestic(subject)
            if subject.rng.random() < 0.2:
                yield from tokhaiyte.movement(subject)
        elif system in _SINGLE:
            yield from _SINGLE[system](subject)


_SINGLE = {"bluezone": bluezone.users, "vneid": vneid.identities, "entry": tokhaiyte.entry}


def _labelled(row: Row, fault: str) -> Row:
    """`row` with `fault` on its own mark, unless a fault stands there already."""
    first, *nested = row.marks
    return row._replace(marks=(first._replace(fault=first.fault or fault), *nested))


def _test_row(row: Row, rng: Random) -> Row:
    """A row that somebody typed to try the form: it stands for nobody."""
    own = next(iter(row.values))
    key = new_key(rng)
    values = row.values | {own: key, "fullName": rng.choice(_TEST_NAMES)}
    values |= {column: value for column, value in _TEST_VALUES.items() if column in values}
    nested: dict[str, object] = {"household": [], "declarations": [], "movements": []}
    values |= {column: value for column, value in nested.items() if column in values}
    return Row(row.file, values, (Mark(key, None, "test_row"),))
