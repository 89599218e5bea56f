"""Evidence for one message: its entry in the log, the way from it to a signed root, the keys. Partners check it
with nothing but SHA-256 and Ed25519 (docs/guides/agency.md).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg

from pccovid.exchange.merkle import leaf_of, path_to, root_by
from pccovid.exchange.message_seals import Seal
from pccovid.exchange.seal_keys import PublicKey, follows

KIND = "pccovid-message-evidence/1"
_FOUND = {
    "sha256": "SELECT 'in', id FROM access.exchange_message WHERE digest = decode(%s, 'hex') ORDER BY id",
    "reference": "SELECT 'out', id FROM foundation_messagelog WHERE reference = %s ORDER BY id",
}
Evidence = dict[str, Any]


class NoEvidence(LookupError):
    """There is no such message, or it is under no seal yet."""


class EvidenceIsWrong(ValueError):
    """It does not show what it claims; the message says which step fails."""


def evidence_for(connection: psycopg.Connection, keys: Sequence[PublicKey], *, by: str, value: str) -> list[Evidence]:
    """Evidence for each time the message came (`by` sha256 of its octets, in hex) or was asked (`by` its reference).

    As the owner, who may read the log. Raises NoEvidence.
    """
    with connection.transaction():
        entries = connection.execute(_FOUND[by].encode(), [value]).fetchall()
        found = [one for log, number in entries if (one := _evidence(connection, keys, log, number)) is not None]
    if not found:
        raise NoEvidence("the message is not under a seal yet" if entries else "the log has no such message")
    return found


def _evidence(connection: psycopg.Connection, keys: Sequence[PublicKey], log: str, number: int) -> Evidence | None:
    table = "access.exchange_message" if log == "in" else "foundation_messagelog"
    row = connection.execute(
        f"SELECT s.seal, s.place, access.message_content(m), n.statement, n.signature FROM {table} m"  # noqa: S608
        " JOIN access.sealed_message s ON s.log = %s AND s.entry_id = m.id"
        " JOIN access.message_seal n ON n.number = s.seal WHERE m.id = %s".encode(),
        [log, number],
    ).fetchone()
    if row is None:
        return None
    seal, place, content, statement, signature = row
    leaves = [leaf for (leaf,) in connection.execute(
        "SELECT leaf FROM access.sealed_message WHERE seal = %s ORDER BY place", [seal])]  # fmt: skip
    return {
        "kind": KIND, "entry": content, "place": place, "path": [one.hex() for one in path_to(leaves, place)],
        "seal": {"statement": statement, "signature": signature.hex()}, "keys": [one.__dict__ for one in keys],
    }  # fmt: skip


def check_evidence(
    evidence: Mapping[str, Any], *, known: Sequence[str], message: bytes | None = None
) -> dict[str, Any]:
    """What the entry says, where all of it holds. Raises EvidenceIsWrong.

    `known`: public keys (x) that the asker had before: the first key, or one that it introduced, must be among them.
    `message`: the very octets that were sent, to be compared with the entry.
    """
    try:
        keys = tuple(PublicKey(**one) for one in evidence["keys"])
        seal = Seal(evidence["seal"]["statement"], bytes.fromhex(evidence["seal"]["signature"]))
        path = [bytes.fromhex(one) for one in evidence["path"]]
        entry, place, told = str(evidence["entry"]), int(evidence["place"]), seal.told()
        root = root_by(leaf_of(entry.encode()), place, int(told["entries"]), path)
        said: dict[str, Any] = json.loads(entry)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise EvidenceIsWrong(f"it is not of the form that is documented: {type(error).__name__}") from error
    _demand(bool(keys) and follows(keys), "its keys do not follow from each other")
    _demand(any(one.x in known for one in keys), "none of its keys is one that is known")
    _demand(seal.is_signed(keys), "its seal is not signed by the key of its time")
    _demand(root is not None and root.hex() == told.get("root"), "the entry does not lead to the root that was signed")
    _demand(message is None or hashlib.sha256(message).hexdigest() == said.get("sha256"), "the message is another one")
    return {**said, "seal": seal.number, "sealed_at": told.get("sealed_at"), "key": told.get("key")}


def _demand(holds: bool, otherwise: str) -> None:
    if not holds:
        raise EvidenceIsWrong(otherwise)
