"""Pairs of nodes: which are compared (blocking.py) and what each attribute says of them (scoring.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations
from typing import Any

from sqlglot import expressions as ast

from pccovid.linkage.blocking import COMPARED, RULES
from pccovid.linkage.comparing import COMPARISONS, NAME
from pccovid.linkage.model import Model
from pccovid.linkage.one_record.expressions import Lazy, Source, compiled, condition, parsed_query
from pccovid.linkage.one_record.nodes import Node
from pccovid.linkage.one_record.sql_functions import rounded
from pccovid.linkage.patterns import BARE
from pccovid.linkage.scoring import COLUMNS_OF_NODES, scored

_SHARES = {"name_shares": "name", "birthday_shares": "birthday", "phone_people": "phone", "area_people": "area"}
_KEPT_NAME_LEVELS = 4_000


class Pair:
    """Two nodes, the smaller number on the left. Columns as in the table `pairs`, and those they are made from."""

    tier: int | None
    weight: float
    rival: bool
    namesake: bool
    exact: bool
    name_bonus: float

    def __init__(self, one: Node, other: Node) -> None:
        self.l, self.r = (one, other) if one.number < other.number else (other, one)

    @property
    def shares(self) -> Any:
        """How common things are where the pair stands."""
        return self.l.shares

    def other(self, node: Node) -> Node:
        """The node beside this one."""
        return self.r if self.l is node else self.l


def pair_kinds(model: Model) -> tuple[type[Pair], type[Pair]]:
    """Two classes of Pair weighed with the model: of pairs compared, and of those that identifiers alone joined."""
    kind = type("WeighedPair", (Pair,), _columns(model))
    # As scoring.score_attached adds them.
    return kind, type("AttachedPair", (kind,), {"tier": BARE, "rival": False, "namesake": False, "exact": True})


def _columns(model: Model) -> dict[str, Any]:
    """A lazy attribute for every column that scoring's SELECT works out of two nodes."""
    query = parsed_query(scored("pairs_given", model))
    columns: dict[str, Any] = {}
    for select in [common.this for common in query.ctes if common.alias != "sides"] + [query]:
        looked_up = {join.alias_or_name: _look_up(join, columns) for join in select.args.get("joins") or []}
        source = _source(looked_up)
        for part in select.expressions:
            if isinstance(part, ast.Alias):
                columns[part.alias] = Lazy(part.alias, compiled(part.this, source))
    # Names are compared far oftener than they differ: the same five people behind a phone.
    columns["name_level"] = Lazy("name_level", _remembered(columns["name_level"].work_out))
    return columns


_OF_NODES = {f"{column}_{side}" for column in COLUMNS_OF_NODES for side in "lr"}


def _source(looked_up: dict[str, str]) -> Source:
    """A column comes from one of the two nodes, from a table of shares by its alias, or from the pair itself."""

    def source(table: str, column: str) -> str:
        if table in looked_up:
            return looked_up[table]
        return f"p.{column[-1]}.{column[:-2]}" if column in _OF_NODES else f"p.{column}"

    return source


def _look_up(join: ast.Join, columns: dict[str, Any]) -> str:
    """Python of what a join with a table of shares finds; a key that is no column becomes one."""
    found = f"p.shares.{_SHARES[join.this.name]}(p.{{}})"
    if using := join.args.get("using"):
        return found.format(using[0].name)
    one, other = join.args["on"].this, join.args["on"].expression
    key = other if one.table == join.alias_or_name else one
    if isinstance(key, ast.Column):
        return found.format(key.name)
    name = f"key_in_{join.this.name}"
    columns[name] = Lazy(name, compiled(key, _source({})))
    return found.format(name)


def _remembered(level: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """`name_level` by what the two names consist of."""
    known: dict[tuple[object, ...], Any] = {}

    def remembered(pair: Pair) -> Any:
        left, right = pair.l, pair.r
        key = (left.name_key, left.accented, left.name_sorted, right.name_key, right.accented, right.name_sorted)
        found = known.get(key)
        if found is None:
            if len(known) >= _KEPT_NAME_LEVELS:
                known.clear()
            found = known[key] = level(pair)
        return found

    return remembered


_IS_COMPARED = condition(COMPARED, lambda _, column: f"p.{column}")
_KEYS = tuple(
    (number, compiled(key, lambda _, column: f"p.{column}")) for number, rule in enumerate(RULES) for key in rule.keys
)


def blocked(nodes: Sequence[Node], only: Node | None = None) -> Iterator[tuple[Node, Node]]:
    """Pairs that share a key of some rule (blocking.py), each once; all, or those of one node."""
    standing: dict[tuple[int, object], dict[int, Node]] = defaultdict(dict)
    for node in filter(_IS_COMPARED, nodes):
        for number, key in _KEYS:
            value = key(node)
            if value is not None:
                standing[number, value][node.number] = node
    seen: set[tuple[int, int]] = set()
    for (number, _), those in standing.items():
        if 1 < len(those) <= RULES[number].most_nodes and (only is None or only.number in those):
            for pair in combinations(sorted(those), 2):
                if pair not in seen and (only is None or only.number in pair):
                    seen.add(pair)
                    yield those[pair[0]], those[pair[1]]


def evidence(pair: Pair, model: Model) -> dict[str, dict[str, Any]]:
    """What each attribute says of the pair: scoring.evidence_sql's JSON, as a dictionary."""
    said = {}
    for comparison in COMPARISONS:
        name = comparison.level_names[getattr(pair, f"{comparison.name}_level")]
        weight = Decimal(f"{model.weight(comparison.name, name):.3f}")
        if comparison is NAME:
            shown = rounded(float(weight) + pair.name_bonus, 2)
        else:
            shown = float(weight.quantize(Decimal("0.01"), ROUND_HALF_UP))
        said[comparison.name] = {"level": name, "weight": shown}
    return said
