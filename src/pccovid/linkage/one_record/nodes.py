"""A handful of records as nodes: the columns that are compared, each distinct set of them once (preparing.py)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from sqlglot import expressions as ast

from pccovid.linkage.claim import Claim
from pccovid.linkage.doses import Dose, read_dose
from pccovid.linkage.one_record.expressions import Lazy, compiled_together, parsed_query
from pccovid.linkage.preparing import (
    ACCOUNT_COLUMNS,
    IDENTIFIERS,
    MOST_NAMES_OF_A_FAMILY_PHONE,
    MOST_NAMES_OF_AN_IDENTIFIER,
    NOT_OF_A_NODE,
    comparable,
)


class Row(NamedTuple):
    """One record: its name, the index person it belongs to (None: nobody yet), and its claim with readable numbers."""

    record: str
    person: str | None
    claim: Claim


class Node:
    """Equal records of one person, with the columns of the table `nodes`; what hangs on names, when asked for."""

    number: int
    record: str
    person: str | None
    account: str | None
    dose: str | None
    records: int
    doses: list[Dose]
    """Those its records tell of."""
    tells_doses: bool
    """Whether each of its records tells of one."""
    shares: Any
    """How common words are here (frequencies.py)."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim

    def __getattr__(self, name: str) -> Any:
        # Columns come from COLUMNS, set on the class below; this is for the type checker's sake.
        raise AttributeError(name)


def _make_columns() -> tuple[tuple[str, ...], Callable[[Node], None]]:
    """The columns of `comparable`'s SELECT that say what is claimed, and what works out a node's from its claim."""
    query = parsed_query(comparable("SELECT 1"))
    between = {
        part.alias: part.this
        for common in query.ctes
        for part in common.this.expressions
        if isinstance(part, ast.Alias)
    }
    columns = {
        part.alias_or_name: part.unalias()
        for part in query.expressions
        if part.alias_or_name not in (*NOT_OF_A_NODE, "person")
    }

    def source(_: str, column: str) -> str:
        return f"p.{column}" if column in between else f"p.claim.{column}"

    return tuple(columns), compiled_together([*between.items(), *columns.items()], source)


COLUMNS, _work_out = _make_columns()
_all_columns = attrgetter(*COLUMNS)
for _name, _of_name in {
    "tokens": lambda node: None if node.name_key is None else node.name_key.split(" "),
    "family": lambda node: None if node.name_key is None else node.tokens[0],
    "given": lambda node: None if node.name_key is None else node.tokens[-1],
    "words": lambda node: node.shares.words(node),
    "reads_otherwise": lambda node: node.shares.reads_otherwise(node.given_accented),
}.items():
    setattr(Node, _name, Lazy(_name, _of_name))


class Nodes(NamedTuple):
    """The nodes in order of number, each record's node, and how many names stand behind each phone."""

    all: list[Node]
    of_record: dict[str, Node]
    phone_people: dict[str, int]


def build_nodes(rows: Sequence[Row], told_apart: frozenset[str]) -> Nodes:
    """As preparing.build_nodes; records in `told_apart` (people said so of them and another) stay by themselves."""
    mentions = _mentions(rows)
    pointed_at = {mention.account for mention in mentions if mention.account is not None}
    for mention in mentions:
        if mention.account is None and mention.record in pointed_at:
            mention.account = mention.record
    _forget_placeholders(mentions)
    names_of_phone = _names_of(mentions, "phone")
    phone_people = {phone: len(names) for phone, names in names_of_phone.items()}
    firsts: dict[tuple[object, ...], list[Node]] = {}
    for mention in mentions:
        alone = mention.record in told_apart or not _stands_for_all(mention, phone_people)
        key = (_all_columns(mention), mention.person, mention.record if alone else None)
        firsts.setdefault(key, []).append(mention)
    nodes = [_node(number, equal) for number, equal in enumerate(firsts.values())]
    of_record = {mention.record: node for node, equal in zip(nodes, firsts.values(), strict=True) for mention in equal}
    return Nodes(nodes, of_record, phone_people)


def _mentions(rows: Iterable[Row]) -> list[Node]:
    """One object a record, in order of record; equal claims share what is worked out of them."""
    worked_out: dict[Claim, Node] = {}
    mentions = []
    for row in sorted(rows, key=lambda row: row.record):
        # A dose's number and day are the record's own, and would make another claim of each.
        claim = row.claim._replace(dose=None)
        known = worked_out.get(claim)
        if known is None:
            known = worked_out[claim] = Node(claim)
            _work_out(known)
        mention = Node(claim)
        mention.__dict__.update(known.__dict__)
        mention.record, mention.person, mention.dose = row.record, row.person, row.claim.dose
        mentions.append(mention)
    return mentions


def _node(number: int, equal: list[Node]) -> Node:
    first = equal[0]
    first.number, first.records = number, len(equal)
    first.tells_doses = all(mention.dose is not None for mention in equal)
    first.doses = [read_dose(text) for text in sorted({mention.dose for mention in equal if mention.dose is not None})]
    return first


def _forget_placeholders(mentions: list[Node]) -> None:
    if len(mentions) <= MOST_NAMES_OF_AN_IDENTIFIER:
        return
    for column in ACCOUNT_COLUMNS:
        names = _names_of(mentions, column)
        for mention in mentions:
            if len(names.get(getattr(mention, column), ())) > MOST_NAMES_OF_AN_IDENTIFIER:
                setattr(mention, column, None)


def _names_of(mentions: Iterable[Node], column: str) -> dict[str, set[str]]:
    """Value of the column → the names that stand beside it."""
    names: dict[str, set[str]] = defaultdict(set)
    for mention in mentions:
        value = getattr(mention, column)
        if value is not None:
            names[value].update(() if mention.name_sorted is None else (mention.name_sorted,))
    return names


def _stands_for_all(mention: Node, phone_people: dict[str, int]) -> bool:
    """Whether records equal to this one are one person's (preparing._STANDS_ALONE)."""
    if mention.household is not None:
        return False
    if any(getattr(mention, column) is not None for column in IDENTIFIERS):
        return True
    if mention.phone is None or mention.name_key is None or " " not in mention.name_key:
        return False
    return phone_people[mention.phone] <= MOST_NAMES_OF_A_FAMILY_PHONE


def holders_of(nodes: Iterable[Node], column: str) -> dict[str, list[Node]]:
    """Value of the column → the nodes that carry it."""
    found: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        value = getattr(node, column)
        if value is not None:
            found[value].append(node)
    return found


def records_of(nodes: Iterable[Node]) -> Counter[str]:
    """Person → how many records."""
    counts: Counter[str] = Counter()
    for node in nodes:
        if node.person is not None:
            counts[node.person] += node.records
    return counts
