"""Rows, the truth and the evidence as they pile up, and draws that every system needs."""

from datetime import date, datetime, timedelta, timezone

from sixth_nation.columns import KEYS
from sixth_nation.identity import Evidence
from sixth_nation.nation import Nation
from sixth_nation.people import Person

Row = dict[str, object]
VIET_NAM = timezone(timedelta(hours=7))


class Delivery:
    """What the systems hold about a nation."""

    def __init__(self, nation: Nation) -> None:
        self.nation, self.rng = nation, nation.rng
        self.rows: dict[str, list[Row]] = {file: [] for file in KEYS}
        self.truth: list[tuple[str, str, str, int | str, str]] = []
        """System, file, key, person or nothing, fault."""
        self.records: dict[int, list[tuple[str, Evidence]]] = {}
        """By person the records about them, each as file/key."""
        self._serial: dict[str, int] = {}

    def add(self, file: str, row: Row, person: Person, fault: str, evidence: Evidence) -> None:
        """One row about somebody."""
        self.rows[file].append(row)
        self.know(file, str(row[KEYS[file]]), person, fault, evidence)

    def know(self, file: str, key: str, person: Person, fault: str, evidence: Evidence) -> None:
        """About whom the record under that key is; a household member has no row of their own."""
        self.truth.append((file.split("_")[0], file, key, person.number, fault))
        self.records.setdefault(person.number, []).append((f"{file}/{key}", evidence))

    def add_about_nobody(self, file: str, row: Row, fault: str) -> None:
        """One row that stands for no person."""
        self.rows[file].append(row)
        self.truth.append((file.split("_")[0], file, str(row[KEYS[file]]), "", fault))

    def hex24(self) -> str:
        """A key as the vendor of tokhaiyte makes them."""
        return f"{self.rng.getrandbits(96):024x}"

    def key(self, prefix: str) -> str:
        """A key that counts upwards, with gaps."""
        self._serial[prefix] = self._serial.get(prefix, 0) + self.rng.randint(1, 3)
        return f"{prefix}{self._serial[prefix]:07d}"

    def day(self, first: str, end: str) -> date:
        """A day from the first on, before the end."""
        start = date.fromisoformat(first)
        return start + timedelta(days=self.rng.randrange((date.fromisoformat(end) - start).days))

    def moment(self, day: date, first: int = 6, last: int = 22) -> datetime:
        """A moment of that day between two hours, the last one included."""
        hour, minute, second = self.rng.randint(first, last), self.rng.randrange(60), self.rng.randrange(60)
        return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=VIET_NAM)

    def some(self, share: float) -> bool:
        """True of that share."""
        return self.rng.random() < share
