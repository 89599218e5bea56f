"""Which records are written without diacritics where two spellings stand (frequencies.mark_unsure_spellings)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from pccovid.linkage.frequencies import FEW_NAMESAKES
from pccovid.linkage.one_record.nodes import Node
from pccovid.linkage.one_record.sql_functions import strip_accents
from pccovid.linkage.patterns import LAST_YEAR_OF_ADULTS, NOBODYS_WORD
from pccovid.linkage.preparing import ACCOUNT_COLUMNS

Spot = tuple[str, str]
"""A place, and a name as it is written there without diacritics."""
Number = tuple[str, str]
"""A column and its value."""


def unsure_spellings(nodes: Sequence[Node]) -> set[int]:
    """The nodes, by number, that are neither a known person's nor vouched for, and may be either of two twins."""
    bare = [
        node for node in nodes if node.person is None and node.accented is None and node.name_key is not None
        and not _vouched_for(node, nodes)
    ]  # fmt: skip
    wanted = {node.number: set(_spots_of_all(node, nodes)) for node in bare if node.year is not None}
    if not wanted:
        return set()
    torn = _with_two_spellings(nodes, set().union(*wanted.values()))
    unsure = {number for number, spots in wanted.items() if spots & torn}
    phones = {(node.phone, node.name_sorted) for node in bare if node.number in unsure and node.phone is not None}
    return unsure | {
        node.number for node in bare if node.year is None and (node.phone, node.name_sorted) in phones
    }  # fmt: skip


def _vouched_for(node: Node, nodes: Sequence[Node]) -> bool:
    """Whether a record with diacritics carries a number of this one."""
    numbers = list(_numbers(node))
    return any(
        getattr(other, column) == value and other.accented is not None for column, value in numbers for other in nodes
    )


def _spots_of_all(node: Node, nodes: Iterable[Node]) -> Iterator[Spot]:
    """Where a record without diacritics looks for two spellings: grown-ups among rare names and behind their phone,
    children everywhere, also where others of their name and birthday, or of name, year and commune, look."""
    if node.commune_code is not None:
        yield f"rare:{node.commune_code}{node.year}", node.name_sorted
    if node.phone is not None:
        yield f"grown:{node.phone}{node.year}", node.name_sorted
    yield from _spots_of_the_young(node)
    for other in nodes:
        if other.name_sorted == node.name_sorted and (_same_day(node, other) or _same_year_and_commune(node, other)):
            yield from _spots_of_the_young(other)


def _same_day(one: Node, other: Node) -> bool:
    return one.day is not None and one.day == other.day


def _same_year_and_commune(one: Node, other: Node) -> bool:
    return one.year == other.year and one.commune_code is not None and one.commune_code == other.commune_code


def _spots_of_the_young(node: Node) -> Iterator[Spot]:
    name, commune, year = node.name_sorted, node.commune_code, node.year
    if year is None or year <= LAST_YEAR_OF_ADULTS:
        return
    if node.phone is not None:
        yield f"phone:{node.phone}", name
        yield f"letters:{node.phone}", node.name_key.replace(" ", "")
        yield f"given:{node.phone}", f"{node.family} {node.given}"
    if commune is not None:
        yield f"year:{commune}{year}", name
        yield f"commune:{commune}", name


def _spellings(node: Node) -> Iterator[tuple[Spot, str, str | None]]:
    """Where a record with diacritics shows its spelling: the spot, the whole name, the given name."""
    name, commune, year, given = node.name_sorted, node.commune_code, node.year, node.given_accented
    if node.phone is not None:
        yield (f"phone:{node.phone}", name), node.accented, given
        yield (f"letters:{node.phone}", node.name_key.replace(" ", "")), node.accented.replace(" ", ""), given
        if given is not None:
            yield (f"given:{node.phone}", f"{node.family} {strip_accents(given)}"), given, given
        if year is not None and _given_is_a_name(node):
            yield (f"grown:{node.phone}{year}", name), node.accented, given
    if commune is None:
        return
    if year is not None:
        yield (f"year:{commune}{year}", name), node.accented, given
    if _is_rare(node):
        yield (f"commune:{commune}", name), node.accented, given
        if year is not None and _given_is_a_name(node):
            yield (f"rare:{commune}{year}", name), node.accented, given


def _given_is_a_name(node: Node) -> bool:
    return any(word.word == node.given_accented and word.share > NOBODYS_WORD for word in node.words or ())


def _is_rare(node: Node) -> bool:
    people, share = node.shares.area(f"commune:{node.commune_code}"), node.shares.name(node.name_key)
    return bool(people * share <= FEW_NAMESAKES)


def _with_two_spellings(nodes: Sequence[Node], wanted: set[Spot]) -> set[Spot]:
    spelt: dict[Spot, dict[tuple[str, str], set[Number]]] = defaultdict(lambda: defaultdict(set))
    for node in nodes:
        if node.accented is not None:
            known_by: set[Number] | None = None
            for spot, name, given in _spellings(node):
                if spot in wanted and given is not None:
                    known_by = _known_by(node, nodes) if known_by is None else known_by
                    spelt[spot][name, given] |= known_by
    return {spot for spot, spellings in spelt.items() if _are_of_two(spellings)}


def _are_of_two(spellings: Mapping[tuple[str, str], set[Number]]) -> bool:
    """Whether two spellings differ in the given name and no number stands with both: with one, one is a slip."""
    return any(
        one[0] != other[0] and one[1] != other[1] and spellings[one].isdisjoint(spellings[other])
        for one, other in combinations(spellings, 2)
    )


def _known_by(node: Node, nodes: Iterable[Node]) -> set[Number]:
    """Its numbers, and those that stand beside them and the same letters."""
    own = set(_numbers(node))
    return own.union(*(
        numbers for other in nodes
        if other.name_sorted == node.name_sorted and not own.isdisjoint(numbers := set(_numbers(other)))
    ))  # fmt: skip


def _numbers(node: Node) -> Iterator[Number]:
    return ((column, value) for column in ACCOUNT_COLUMNS if (value := getattr(node, column)) is not None)
