"""Matching one record: quick where the steps here know every case among the records, by the batch elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import pyarrow as pa

from pccovid.linkage import engine
from pccovid.linkage.claim import Claim
from pccovid.linkage.decided import SCHEMA
from pccovid.linkage.frequencies import ENOUGH_PEOPLE_TO_COUNT
from pccovid.linkage.model import Model, default_model
from pccovid.linkage.one_record.answer import Candidate, Match
from pccovid.linkage.one_record.joining import Decision, Joined, NeedsTheBatch, join
from pccovid.linkage.one_record.nodes import Node, Nodes, Row, build_nodes, records_of
from pccovid.linkage.one_record.pairs import Pair, evidence, pair_kinds
from pccovid.linkage.one_record.shares import Commonness, Shares
from pccovid.linkage.outcome import LOOKS_ALIKE, MOST_REVIEWS_OF_A_RECORD
from pccovid.linkage.patterns import TOGETHER
from pccovid.linkage.scoring import REVIEW_WEIGHT
from pccovid.linkage.workspace import Limits

QUICK, BATCH = "quick", "batch"
MOST_ROWS_OF_A_QUICK_MATCH = 1_000
"""Beyond, parts of the work grow with the square and frequencies would soon be counted: the batch is as quick."""


class Matcher:
    """Matches records with one model. Made once for a process (compiling the rules takes a quarter of a second)."""

    def __init__(self, model: Model | None = None) -> None:
        self.model = model or default_model()
        self._kind, self._attached_kind = pair_kinds(self.model)
        self._common = Commonness(self.model)

    def match(self, arriving: Row, others: Sequence[Row], decisions: Sequence[Decision] = ()) -> Match:
        """Whose the arriving record is, given everybody who shares a key with it: what `engine.link` would answer.

        `others`: all records of those persons, and records of nobody yet; `decisions`: people's word about pairs.
        """
        try:
            return self.match_quickly(arriving, others, decisions)
        except NeedsTheBatch:
            return self.match_by_batch(arriving, others, decisions)

    def match_quickly(self, arriving: Row, others: Sequence[Row], decisions: Sequence[Decision] = ()) -> Match:
        """The same. Raises NeedsTheBatch where something stands among the records that only the batch judges."""
        if len(others) >= min(MOST_ROWS_OF_A_QUICK_MATCH, ENOUGH_PEOPLE_TO_COUNT):
            raise NeedsTheBatch("many records")
        told_apart = frozenset(record for *pair, is_same in decisions if not is_same for record in pair)
        nodes = build_nodes([arriving, *others], told_apart)
        shares = Shares(nodes.all, nodes.phone_people, self._common)
        for node in nodes.all:
            node.shares = shares
        joined = join(nodes, self._kind, decisions)
        return self._told(nodes, nodes.of_record[arriving.record], arriving.record, joined)

    def _told(self, nodes: Nodes, node: Node, record: str, joined: Joined) -> Match:
        """outcome.assignments, for one record."""
        candidates = self._candidates(nodes, node, joined)
        reason = joined.reasons.get(node.number)
        if reason is not None:
            return Match("held", None, None, reason, None, None, candidates, QUICK)
        root = joined.clusters.root(node.number)
        members = [nodes.all[number] for number in joined.clusters.members(root)]
        first = nodes.all[root].record
        person = node.person or _kept_person(members)
        if person is None and record == first:
            return Match("new", None, first, None, None, None, candidates, QUICK)
        best, own = self._best_pair(node, members, joined), None
        if best is None and node.records > 1:
            own = self._kind(node, node)
        shown = best or own
        decision = "exact" if best is None or best.exact else "probabilistic"
        return Match(
            decision, person, first, None, None if shown is None else shown.weight,
            None if shown is None else evidence(shown, self.model), candidates, QUICK,
        )  # fmt: skip

    def _best_pair(self, node: Node, members: list[Node], joined: Joined) -> Pair | None:
        """outcome._choose_best_pairs: of the best tier within the cluster, then the heaviest."""
        inside = {member.number: member for member in members}
        pairs = [pair for pair in joined.pairs_of(node) if pair.tier is not None]
        pairs += [
            self._attached_kind(node, inside[other])
            for pair in joined.attached if node.number in pair
            for other in pair if other != node.number
        ]  # fmt: skip
        pairs = [pair for pair in pairs if pair.other(node).number in inside]
        return min(pairs, key=lambda pair: (pair.tier, -pair.weight, pair.other(node).number), default=None)

    def _candidates(self, nodes: Nodes, node: Node, joined: Joined) -> tuple[Candidate, ...]:
        """Whom else the record is like: joins that were not made, and pairs heavy enough for a reviewer."""
        root = joined.clusters.root(node.number)
        found: dict[int, tuple[float, str, Node]] = {}
        for weight, reason, other in self._likenesses(nodes, node, joined):
            theirs = joined.clusters.root(other.number)
            if theirs != root:
                found.setdefault(theirs, (weight, reason, other))
        heaviest = sorted(found.values(), key=lambda one: (-one[0], one[2].record))[:MOST_REVIEWS_OF_A_RECORD]
        return tuple(
            Candidate(other.record, other.person, weight, reason, evidence(self._kind(node, other), self.model))
            for weight, reason, other in heaviest
        )

    def _likenesses(self, nodes: Nodes, node: Node, joined: Joined) -> list[tuple[float, str, Node]]:
        cuts = [
            (cut.weight, cut.reason, nodes.all[cut.right if cut.left == node.number else cut.left])
            for cut in joined.cuts
            if node.number in (cut.left, cut.right)
        ]
        alike = [
            (pair.weight, LOOKS_ALIKE, pair.other(node))
            for pair in joined.pairs_of(node)
            if pair.tier in (None, TOGETHER) and pair.weight >= REVIEW_WEIGHT
        ]
        return [*_heaviest_first(cuts), *_heaviest_first(alike)]

    def match_by_batch(self, arriving: Row, others: Sequence[Row], decisions: Sequence[Decision] = ()) -> Match:
        """The same by running the linkage over these few records: tens to hundreds of milliseconds."""
        rows = [arriving, *others]
        decided = pa.Table.from_pylist(
            [dict(zip(SCHEMA.names, decision, strict=True)) for decision in decisions], schema=SCHEMA
        )
        limits = Limits(memory="500MB", threads=1)
        outcome = engine.link(claims_table(rows), decisions=decided, model=self.model, limits=limits)
        (told,) = [row for row in outcome.assignments.to_pylist() if row["record"] == arriving.record]
        persons = {row.record: row.person for row in rows}
        candidates = [
            Candidate(other, persons[other], row["weight"], row["reason"], _read(row["evidence"]))
            for row in outcome.review.to_pylist()
            if arriving.record in (row["record"], row["other_record"])
            for other in (row["record"], row["other_record"])
            if other != arriving.record
        ]
        return Match(
            told["decision"], told["person"], told["cluster"], told["reason"], told["weight"], _read(told["evidence"]),
            tuple(candidates[:MOST_REVIEWS_OF_A_RECORD]), BATCH,
        )  # fmt: skip


def _kept_person(members: Iterable[Node]) -> str | None:
    """outcome._choose_persons: of the cluster's persons the one with most records."""
    counts = records_of(members)
    return min(counts, key=lambda person: (-counts[person], person), default=None)


def _heaviest_first(found: list[tuple[float, str, Node]]) -> list[tuple[float, str, Node]]:
    return sorted(found, key=lambda one: (-one[0], one[2].number))


def _read(text: str | None) -> dict[str, dict[str, object]] | None:
    return None if text is None else json.loads(text)


def claims_table(rows: Iterable[Row]) -> pa.Table:
    """The rows as the Arrow table that `engine.link` takes."""
    return pa.Table.from_pylist(
        [{"record": row.record, "person": row.person} | row.claim._asdict() | {"flags": list(row.claim.flags)}
         for row in rows],
        schema=_SCHEMA,
    )  # fmt: skip


_DATES, _BOOLEANS = ("birth_date", "birth_swapped"), ("id_verified", "phone_is_own")
_SCHEMA = pa.schema(
    [("record", pa.string()), ("person", pa.string())]
    + [
        (
            field,
            pa.date32() if field in _DATES
            else pa.bool_() if field in _BOOLEANS
            else pa.list_(pa.string()) if field == "flags"
            else pa.string(),
        )
        for field in Claim._fields
    ]
)  # fmt: skip
