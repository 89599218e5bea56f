"""The copy as JSON: format `pccovid.personal-copy`, version 1; docs/reference/personal-copy.md has its names. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pccovid.foundation.processing import Processed, processed
from pccovid.people.dossier import RecordLine
from pccovid.people.queries import FamilyTie, OwnIdentity
from pccovid.personal_copy.queries import CopiedFact, PersonalCopy
from pccovid.personal_copy.rules import FORMAT, LEFT_OUT, LEFT_OUT_ELSEWHERE, VERSION


def copy_document(
    copy: PersonalCopy, *, looked: object, consents: object, made_at: datetime
) -> dict[str, Any]:  # fmt: skip
    """The copy; `looked` and `consents` are frozen values of the modules they belong to, copied name by name."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_at": made_at,
        "person": _person(copy.identity),
        "facts": [_fact(fact) for fact in copy.facts],
        "declared_for": [_tie(tie) for tie in copy.ties],
        "records": [_record(record) for record in copy.records],
        "who_looked": looked,
        "consents": consents,
        "processing": [_processing(one) for one in processed()],
        "left_out": [
            {"kind": one.kind, "columns": list(one.columns), "because": {"vi": one.because, "en": one.because_en}}
            for one in LEFT_OUT
        ] + [{"because": {"vi": vi, "en": en}} for vi, en in LEFT_OUT_ELSEWHERE],
    }  # fmt: skip


def written(document: Mapping[str, Any]) -> str:
    """The document as text: dates and moments in ISO 8601, Vietnamese unescaped."""
    return json.dumps(document, ensure_ascii=False, indent=1, default=_plain)


def _person(identity: OwnIdentity) -> dict[str, Any]:
    residence = identity.residence
    return {
        "id": identity.person,
        "name": identity.name,
        "birth_date": {"date": identity.birth_date, "precision": identity.birth_precision},
        "sex": identity.sex,
        "nationality": identity.nationality,
        "residence": asdict(residence),
        "is_identity_verified": identity.is_verified,
        "attribute_sources": dict(identity.sources),
        "identifiers": [asdict(one) for one in identity.identifiers],
        "contacts": [asdict(one) for one in identity.contacts],
        "qr_number": identity.qr_number,
        "carried_from": [asdict(one) for one in identity.carried_from],
    }


def _fact(fact: CopiedFact) -> dict[str, Any]:
    return {
        "id": fact.id,
        "kind": fact.kind,
        "category": fact.category,
        "status": fact.status,
        "repeats": fact.repeats,
        "source": {"system": fact.system, "provenance": fact.provenance, "received_at": fact.recorded_at},
        "superseded_at": fact.superseded_at,
        "values": dict(fact.values),
        "place": asdict(fact.place) if fact.place else None,
    }


def _tie(tie: FamilyTie) -> dict[str, Any]:
    origin = tie.origin
    return {
        "id": origin.fact, "kind": tie.kind, "role": tie.role, "name": tie.name,
        "source": {"system": origin.system, "provenance": origin.provenance, "received_at": origin.recorded_at},
    }  # fmt: skip


def _record(record: RecordLine) -> dict[str, Any]:
    """A record of an earlier app and how it came to be this person's."""
    return {
        "record": record.record, "system": record.system, "kind": record.kind, "version": record.version,
        "name": record.name, "birth_date": {"date": record.birth_date, "precision": record.birth_precision},
        "links": [{"decision": link.decision, "decided_at": link.decided_at} for link in record.links],
    }  # fmt: skip


def _processing(one: Processed) -> dict[str, Any]:
    return {
        "category": one.category,
        "purposes": [
            {
                "purpose": of.purpose.code, "title": {"vi": of.purpose.title, "en": of.purpose.title_en},
                "legal_basis": {"vi": of.basis.text, "en": of.basis.text_en, "verified": of.basis.verified},
            }
            for of in one.purposes
        ],
        "kept": [
            {"retention": name, "days": kept.days, "until": kept.until, "document": kept.document,
             "verified": kept.verified}
            for name, kept in one.kept
        ],
    }  # fmt: skip


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Sequence | set | frozenset):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no place in JSON")
