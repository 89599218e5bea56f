"""Who used which system: one to six each."""

from datetime import date
from random import Random

from fifth_nation.families import TODAY
from fifth_nation.people import Person

# Share of users among grown-ups with a phone, grown-ups without, children.
USERS = {
    "sskdt": (0.84, 0.8, 0.45),
    "tokhaiyte": (0.42, 0.15, 0.15),
    "ncovi": (0.14, 0.0, 0.0),
    "bluezone": (0.3, 0.0, 0.02),
    "vneid": (0.16, 0.0, 0.0),
    "qr": (0.34, 0.15, 0.1),
    "sampling": (0.3, 0.28, 0.25),
}
BEGAN = {
    "ncovi": date(2020, 3, 10),
    "bluezone": date(2020, 4, 18),
    "tokhaiyte": date(2020, 7, 1),
    "sskdt": date(2021, 3, 8),
    "sampling": date(2021, 5, 5),
    "qr": date(2021, 6, 1),
    "vneid": date(2021, 8, 1),
}


def systems_of(rng: Random, one: Person) -> list[str]:
    """At least one, at most six; nobody uses a system before they were born."""
    kind = 2 if one.age(TODAY) < 16 else 0 if one.phones else 1
    chosen = [system for system, shares in USERS.items() if rng.random() < shares[kind]]
    chosen = chosen or [rng.choice(("sskdt", "sampling", "tokhaiyte"))]
    if one.nation != "VN":
        chosen = [system for system in chosen if system != "vneid"] or ["tokhaiyte"]
    rng.shuffle(chosen)
    return chosen[:6]


def since(one: Person, system: str) -> date:
    """The first day on which that system may know them."""
    return max(BEGAN[system], one.born)
