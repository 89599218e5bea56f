"""How right the joins of each weight band are, estimated from what officers say about sampled pairs.

A sampled pair is a joined record and another record of its person, drawn by hash within its band. It goes to the review
like any pair, and what officers say binds like any opinion.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

from pccovid.relinking.rules import BANDS, band_of, wilson

SAMPLE = "sample"
_NEWEST_LINKS = """
    SELECT DISTINCT ON (l.record_id) l.record_id, l.person_id, l.decision, l.weight, l.evidence FROM people_link l
    ORDER BY l.record_id, l.id DESC"""
_DRAW = f"""
WITH joined AS (
    SELECT n.record_id, n.person_id, n.weight, n.evidence FROM ({_NEWEST_LINKS}) n
    WHERE n.decision IN ('exact', 'probabilistic') AND n.person_id IS NOT NULL AND n.weight IS NOT NULL
      AND (%(low)s::float IS NULL OR n.weight >= %(low)s) AND (%(high)s::float IS NULL OR n.weight < %(high)s)
), drawn AS (
    SELECT j.*, md5(%(seed)s || j.record_id::text) AS lot FROM joined j
    WHERE NOT EXISTS (SELECT 1 FROM people_reviewpair p WHERE p.record_id = j.record_id AND p.reason = 'sample')
      AND EXISTS (SELECT 1 FROM people_recordclaim c WHERE c.person_id = j.person_id AND c.record_id <> j.record_id)
    ORDER BY lot LIMIT %(most)s
)
INSERT INTO people_reviewpair (id, record_id, other_record_id, weight, evidence, reason, run_id, decision)
SELECT md5(a.record || '|' || b.record)::uuid, d.record_id, b.record_id, d.weight, d.evidence, 'sample',
       (SELECT max(id) FROM people_importrun WHERE stage = 'published'), ''
FROM drawn d JOIN people_recordclaim a ON a.record_id = d.record_id
    JOIN LATERAL (SELECT c.record_id, c.record FROM people_recordclaim c
                  WHERE c.person_id = d.person_id AND c.record_id <> d.record_id
                  ORDER BY md5(%(seed)s || c.record_id::text) LIMIT 1) b ON true
ON CONFLICT (id) DO NOTHING"""  # noqa: S608
_JUDGED = """
WITH newest AS (
    SELECT DISTINCT ON (pair_id, officer_id) pair_id, opinion FROM link_review_opinion
    ORDER BY pair_id, officer_id, id DESC)
SELECT p.weight, count(n.opinion), count(*) FILTER (WHERE n.opinion = 'different'),
       count(*) FILTER (WHERE n.opinion = 'same')
FROM people_reviewpair p LEFT JOIN newest n ON n.pair_id = p.id WHERE p.reason = 'sample' GROUP BY p.id, p.weight"""


@dataclass
class Band:
    """One band of weight: sampled pairs, judged ones (as same or different), and those nobody called different."""

    low: float | None
    high: float | None
    sampled: int = 0
    judged: int = 0
    right: int = 0
    unsure: int = 0

    @property
    def precision(self) -> float | None:
        return self.right / self.judged if self.judged else None

    @property
    def interval(self) -> tuple[float, float]:
        """95 %, by Wilson."""
        return wilson(self.right, self.judged)

    def count(self, *, said: int, different: int, same: int) -> None:
        """One sampled pair, of which so many opinions were given, so many of them `different` and `same`."""
        self.sampled += 1
        if different or same:
            self.judged += 1
            self.right += not different
        elif said:
            self.unsure += 1

    def as_json(self) -> dict[str, object]:
        return {
            "from": self.low, "to": self.high, "sampled": self.sampled, "judged": self.judged, "right": self.right,
            "unsure": self.unsure, "precision": self.precision, "interval": self.interval,
        }  # fmt: skip


def draw_sample(connection: psycopg.Connection, *, per_band: int, seed: str) -> int:
    """Put up to so many joined pairs of each band to the review; returns how many. Needs an opened access that writes.

    The same seed draws the same pairs; pairs that were drawn before are not drawn again.
    """
    edges = (None, *BANDS, None)
    drawn = 0
    for low, high in zip(edges, edges[1:], strict=False):
        wanted = {"low": low, "high": high, "most": per_band, "seed": seed}
        drawn += connection.execute(_DRAW, wanted).rowcount
    return drawn


def precision_by_band(connection: psycopg.Connection) -> tuple[Band, ...]:
    """Every band with what was said of its sample, lightest first. Needs an opened access."""
    edges = (None, *BANDS, None)
    bands = {(low, high): Band(low, high) for low, high in zip(edges, edges[1:], strict=False)}
    for weight, said, different, same in connection.execute(_JUDGED):
        bands[band_of(weight)].count(said=said, different=different, same=same)
    return tuple(bands.values())
