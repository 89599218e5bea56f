"""An epidemic from covasim (MIT, Institute for Disease Modeling), whose transmission tree is known.

covasim is no part of what runs: `make epidemic-env` adds it (requirements/epidemic.lock), and it is loaded only here.
"""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from pccovid.sandbox.outbreak import COMMUNITY, HOUSEHOLD, SCHOOL, WORK, Epidemic, Infection

_LAYERS = {"h": HOUSEHOLD, "s": SCHOOL, "w": WORK, "c": COMMUNITY}
SYMPTOMATIC_TESTED, OTHERS_TESTED, DAYS_TO_RESULT = 0.3, 0.01, 1
"""Shares a day of those with and without symptoms who are tested. Our own choice."""


class CovasimIsMissing(RuntimeError):
    """covasim is not installed."""


def simulate(*, people: int, days: int, seeds: int, seed: int, begins: datetime) -> Epidemic:
    """Run covasim's hybrid population with testing. Equal arguments give equal epidemics. Raises CovasimIsMissing."""
    if find_spec("covasim") is None:
        raise CovasimIsMissing("covasim is not installed: `make epidemic-env` installs it")
    covasim: Any = import_module("covasim")
    testing = covasim.test_prob(symp_prob=SYMPTOMATIC_TESTED, asymp_prob=OTHERS_TESTED, test_delay=DAYS_TO_RESULT)
    sim = covasim.Sim(
        pop_size=people, pop_infected=seeds, n_days=days, pop_type="hybrid", rand_seed=seed, verbose=0,
        interventions=[testing],
    )  # fmt: skip
    sim.run()
    pairs = {name: _pairs(sim.networks[key].edges) for key, name in _LAYERS.items()}
    infections = tuple(
        Infection(one["source"], int(one["target"]), int(one["date"]), _LAYERS.get(one["layer"], "outside"))
        for one in sim.people.infection_log
    )
    known = enumerate(sim.people.date_diagnosed)
    results = {number: int(day) for number, day in known if day == day and day < days}
    return Epidemic(people, days, begins, pairs, infections, results)


def _pairs(edges: Any) -> tuple[tuple[int, int], ...]:
    """Each pair once, the smaller number first."""
    ordered = {
        (min(a, b), max(a, b)) for a, b in zip(edges.p1.tolist(), edges.p2.tolist(), strict=True) if a != b
    }  # fmt: skip
    return tuple(sorted(ordered))
