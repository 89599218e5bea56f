"""Who can be told apart: the people among whom completeness may fairly be measured.

A record gives *handles*, each read from what is really written in it:

* an identifier of the person's own, all digits right (lost leading zeros of a twelve-digit number count as right,
  an eight-digit rest of a CMND does not); if rows about others carry the same number, only together with the own
  name, and only when none of those others has a name like it;
* own full name + own full birth date (not a bare year, not 01/01) + phone, or + commune;
* own full name + phone;
* name, birth year and the unmasked end of the number of a unified QR, its QID, or an account number.

A handle counts only when no row about anybody else carries it; where it is a name with a phone, a birth date or a
number, also nobody of a *similar* name (two letters apart, or one name inside the other) may be there beside it.
A person is tellable when (1) each record has a handle that counts, (2) these handles tie all the person's records
together, and (3) no record carries another living person's identifier. A typed-wrong id alone, a phone alone, a
dose on a parent's account or an NCOVI member with a bare name: their person is left out, as an officer would.
"""

from __future__ import annotations

from collections import defaultdict

from .book import Truth
from .names import alike, key
from .pen import Shown
from .people import Person

# (what is compared exactly, the name beside it or nothing)
Handle = tuple[str, str]


def handles(shown: Shown) -> set[Handle]:
    """All handles of one record."""
    person, name = shown.person, shown.name_key
    own = {one for one in shown.ids if one.split(":")[1] in person.papers()}
    found: set[Handle] = {(one, "") for one in own | shown.links}
    if not name:
        return found
    # A name counts whole: a damaged one does not lead back to its person.
    whole = name == key(person.name) and len(name.split()) > 1
    found |= {(one, name) for one in own if whole}
    if whole and shown.phone:
        found.add((f"phone:{shown.phone}", name))
    full = shown.born is not None and shown.born == person.born and (shown.born.day, shown.born.month) != (1, 1)
    if whole and full:
        found |= {(f"born:{shown.born}:{shown.phone}", name)} if shown.phone else set()
        found |= {(f"born:{shown.born}:{shown.commune.code}", name)} if shown.commune else set()
    for one in own:
        number = one.split(":")[1]
        if one.startswith("id:") and shown.born is not None:
            found.add((f"part:{number[6:]}:{name}:{shown.born.year}", ""))
    return found


def presence(shown: Shown) -> set[str]:
    """Every exact value a record shows, right or wrong, that another's handle might be confused with."""
    found = set(shown.ids) | set(shown.links)
    born = shown.born
    if shown.phone:
        found |= {f"phone:{shown.phone}"} | ({f"born:{born}:{shown.phone}"} if born else set())
    if born and shown.commune:
        found.add(f"born:{born}:{shown.commune.code}")
    return found | {one for one, _ in handles(shown)}


def tellable(truths: list[Truth], people: list[Person]) -> list[int]:
    """The numbers of the tellable people."""
    by_number = {one.number: one for one in people}
    papers = {paper: one.number for one in people for paper in one.papers()}
    beside: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    records: dict[int, list[Shown]] = defaultdict(list)
    for truth in truths:
        if truth.shown is not None and truth.person is not None:
            records[truth.person].append(truth.shown)
            for value in presence(truth.shown):
                beside[value][truth.person] |= {truth.shown.name_key, key(by_number[truth.person].name)} - {""}
    return [number for number, shown in sorted(records.items()) if _one(number, shown, beside, papers)]


def _one(number: int, records: list[Shown], beside: dict[str, dict[int, set[str]]], papers: dict[str, int]) -> bool:
    if any(papers.get(one.split(":")[1], number) != number for shown in records for one in shown.ids):
        return False
    groups: list[set[Handle]] = []
    for shown in records:
        good = {one for one in handles(shown) if _counts(one, number, beside)}
        if not good:
            return False
        for group in [one for one in groups if one & good]:
            groups.remove(group)
            good |= group
        groups.append(good)
    return len(groups) == 1


def _counts(handle: Handle, number: int, beside: dict[str, dict[int, set[str]]]) -> bool:
    value, name = handle
    others = [found for person, found in beside[value].items() if person != number]
    return not others if not name else not any(alike(name, one) for found in others for one in found)
