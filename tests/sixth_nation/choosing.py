"""Who used which system: one to six each."""

from random import Random

from sixth_nation.people import Person


def systems_of(rng: Random, person: Person) -> list[str]:
    """At most five of their own doing; a relative may also have declared them on NCOVI."""
    chosen = [system for system, share in _shares(person).items() if rng.random() < share]
    own = [system for system in chosen if system != "ncovi"]
    if len(own) > 5:
        chosen.remove(rng.choice(own))
    if chosen:
        return chosen
    return ["ncovi" if person.age < 16 else rng.choice(("tokhaiyte", "sampling", "ncovi"))]


def _shares(person: Person) -> dict[str, float]:
    age = person.age
    can_have_vneid = person.nation == "VN" and person.papers and 16 <= age < 70
    can_have_bluezone = person.phone and age > 12
    return {
        "sskdt": _share_of_the_vaccinated(age),
        "tokhaiyte": 0.42 if 16 <= age < 70 else 0.2,
        "ncovi": 0.25,
        "bluezone": (0.33 if age < 65 else 0.12) if can_have_bluezone else 0.0,
        "vneid": 0.22 if can_have_vneid else 0.0,
        "qr": 0.2 if 10 < age < 75 else 0.05,
        "sampling": 0.22,
    }


def _share_of_the_vaccinated(age: int) -> float:
    if age >= 18:
        return 0.86
    if age >= 12:
        return 0.75
    return 0.35 if age >= 5 else 0.02
