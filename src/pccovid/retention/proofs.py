"""Verifying the proofs of erasure: the chain itself, and its ends as the access log remembers them."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg


@dataclass(frozen=True)
class ErasureVerdict:
    """What verifying found. `findings`: (kind, position)."""

    proofs: int
    rows: int
    anchors: int
    findings: tuple[tuple[str, int], ...]

    @property
    def is_whole(self) -> bool:
        return not self.findings


def verify_erasures(connection: psycopg.Connection) -> ErasureVerdict:
    """Whether every proof follows from the one before, and the chain reaches and agrees with every remembered end.

    As the owner, who may read the log. The log itself is verified by `pccovid audit verify`.
    """
    with connection.transaction():
        broken = connection.execute("SELECT broken_at FROM access.broken_erasures()").fetchall()
        proofs, rows = connection.execute("SELECT count(*), coalesce(sum(rows), 0) FROM access.erasure").fetchone() or (
            0, 0,
        )  # fmt: skip
        anchors = connection.execute(
            "SELECT split_part(l.case_reference, ' ', 3)::bigint AS at, e.hash IS NULL,"
            " encode(e.hash, 'hex') IS NOT DISTINCT FROM split_part(l.case_reference, ' ', 4)"
            " FROM access.log l LEFT JOIN access.erasure e ON e.position = split_part(l.case_reference, ' ', 3)::bigint"
            " WHERE l.actor_kind = 'job' AND l.purpose = 'erasure' AND l.case_reference LIKE 'erasure chain %'"
            " ORDER BY l.id"
        ).fetchall()
    findings = [("proof_changed", at) for (at,) in broken]
    findings += [
        ("proof_removed" if is_missing else "anchor_differs", at)
        for at, is_missing, agrees in anchors
        if is_missing or not agrees
    ]
    return ErasureVerdict(proofs, int(rows), len(anchors), tuple(dict.fromkeys(findings)))
