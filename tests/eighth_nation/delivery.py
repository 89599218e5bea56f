"""Rows, the truth and the evidence as they pile up, and draws that every system needs."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, TypeVar

from eighth_nation.identity import Evidence, Pen, Written
from eighth_nation.issuing import Unused
from eighth_nation.nation import Nation
from eighth_nation.people import Person
from sixth_nation.columns import KEYS

Row = dict[str, object]
Choice = TypeVar("Choice")
BEHIND_UTC = timedelta(hours=7)


class Fact(NamedTuple):
    """Whose the record under a key is, if anybody's, and what is wrong in it."""

    system: str
    file: str
    key: str
    person: int | None
    fault: str


class Delivery:
    """What the systems hold about a nation."""

    def __init__(self, nation: Nation) -> None:
        self.nation, self.rng = nation, nation.rng
        self.pen, self.unused = Pen(nation.rng, nation.office), Unused()
        self.rows: dict[str, list[tuple[str, Row]]] = {file: [] for file in KEYS}
        """Each with what files are sorted by."""
        self.truth: list[Fact] = []
        self.kinds: list[tuple[Fact, list[str]]] = []
        """The faults and forms of those records that have any."""
        self.records: dict[int, list[Evidence]] = {person.number: [] for person in nation.people}

    def add(self, file: str, row: Row, person: Person, written: Written, moment: datetime) -> None:
        """One row about somebody."""
        key = self._put(file, row, moment.isoformat())
        self.know(file, key, person, written)

    def know(self, file: str, key: str, person: Person, written: Written) -> None:
        """About whom the record under that key is; a household member has no row of their own."""
        self._note(Fact(_system(file), file, key, person.number, written.fault), written.kinds)
        written.evidence.record = f"{file}/{key}"
        self.records[person.number].append(written.evidence)

    def add_about_nobody(self, file: str, row: Row, moment: datetime, *, kind: str = "", fault: str = "") -> None:
        """One row that stands for no person."""
        key = self._put(file, row, moment.isoformat())
        self._note(Fact(_system(file), file, key, None, fault), [kind] if kind else [])

    def add_to_list(self, file: str, row: Row) -> None:
        """One row of a vendor's list, which stays in its order."""
        key = str(row[KEYS[file]])
        self.rows[file].append(("", row))
        self._note(Fact(_system(file), file, key, None, ""), [])

    def _put(self, file: str, row: Row, before_key: str) -> str:
        key = str(row[KEYS[file]])
        self.rows[file].append((before_key + key, row))
        return key

    def _note(self, fact: Fact, kinds: list[str]) -> None:
        self.truth.append(fact)
        if kinds:
            self.kinds.append((fact, kinds))

    def key(self, prefix: str, digits: int) -> str:
        """A key of that many digits behind a prefix."""
        return self.unused.draw(lambda: f"{prefix}{self.rng.randrange(10**digits):0{digits}d}")

    def hex24(self) -> str:
        """A key as the vendor of tokhaiyte makes them."""
        return self.unused.draw(lambda: f"{self.rng.getrandbits(96):024x}")

    def uuid(self) -> str:
        """A random key of version 4."""
        return self.unused.draw(lambda: _UUID.format(*(self.rng.getrandbits(bits) for bits in (32, 16, 12, 12, 48))))

    def moment(self, first: str, end: str) -> datetime:
        """Some moment of the daytime from the first day on, before the end."""
        rng, start = self.rng, date.fromisoformat(first)
        day = start + timedelta(days=rng.randrange((date.fromisoformat(end) - start).days))
        return datetime.combine(day, time(rng.randint(6, 21), rng.randrange(60), rng.randrange(60)))

    def at(self, moment: datetime) -> str:
        """Most times say nothing of their zone, others that they are Viet Nam's, or UTC."""
        lot = self.rng.random()
        if lot < 0.7:
            return moment.isoformat()
        if lot < 0.85:
            return moment.isoformat() + "+07:00"
        return (moment - BEHIND_UTC).isoformat() + ".000Z"

    def some(self, share: float) -> bool:
        """True of that share."""
        return self.rng.random() < share

    def one_of(self, shares: Mapping[Choice, float]) -> Choice:
        """One of the keys, by its share."""
        return self.rng.choices(list(shares), list(shares.values()))[0]


_UUID = "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}"


def _system(file: str) -> str:
    return file.split("_")[0]
