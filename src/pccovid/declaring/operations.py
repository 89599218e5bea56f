"""Writing forms and states, beginning a form, keeping it, sending it, the station's step. The database refuses.

Refusals (`Refused.code`): PC441 not one's own; PC443 thirty forms in a day; PC445 no such form or record; PC451 no
access is open; PC453 too late for that; PC454 too few words.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb

from pccovid.declaring.answers import VIET_NAM, Answered
from pccovid.declaring.claims import claimed
from pccovid.declaring.forms import ENTRY, FORMS, MOVEMENT, Form
from pccovid.declaring.states import TRANSITIONS
from pccovid.declaring.triage import RULES_VERSION, Triage
from pccovid.foundation.sealing import sealer
from pccovid.linkage.claim import Claim
from pccovid.officers.database import call
from pccovid.people.numbers import hidden, sealed_payload

ABOUT_DRAFT = "declaration_draft"
"""What sealed drafts are sealed about."""
_TRIP = ("departure_place", "destination_place", "transport", "vehicle_number", "seat", "departed_at")
_ENTRY = (
    "gate", "vehicle_kind", "vehicle_number", "seat", "departed_on", "entered_on", "departure_country",
    "departure_province", "destination_province", "places_passed", "vaccines_used",
)  # fmt: skip
_APART = frozenset({"symptoms", "symptom_note", "travel_note", "chronic_diseases", *_TRIP, *_ENTRY})
"""Answers with a column of their own, in the declaration or beside it."""
_WHO = frozenset({"name", "birth_date", "sex", "nationality", "document", "phone", "residence"})


@dataclass(frozen=True)
class Sending:
    """A declaration ready to go: its form, what was answered, what the index knew already, and what it means."""

    form: Form
    answers: Mapping[str, object]
    known: Sequence[str]
    is_own: bool
    triage: Triage


def write_rules() -> None:
    """Fill forms and the queue's states from the Python tables. As the owner, when a database is prepared.

    A version that is in the database stays as it is but for the day on which it ends: declarations name it.
    """
    rows = [one[:7] for one in FORMS]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO access.declaration_form (code, version, valid_from, valid_to, issuer, document, is_verified)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (code, version) DO UPDATE SET"
            " valid_to = excluded.valid_to, is_verified = excluded.is_verified",
            rows,
        )
        cursor.execute("DELETE FROM access.triage_transition")
        cursor.executemany("INSERT INTO access.triage_transition VALUES (%s, %s, %s)", TRANSITIONS)


def begin(form: Form, *, person: UUID | None = None, tie: UUID | None = None) -> int:
    """Begin a form about oneself or one's child, or about whom a tie leads to. Raises Refused (PC441, PC443, PC445)."""
    return int(call("begin_declaration", form.code, form.version, person, tie))


def keep(draft: int, given: Mapping[str, Sequence[str]]) -> None:
    """Keep what was filled in so far, sealed. Raises Refused (PC441, PC453)."""
    text = json.dumps({name: list(values) for name, values in given.items()}, ensure_ascii=False)
    call("keep_draft", draft, sealer().seal(text, ABOUT_DRAFT))


def drop(draft: int) -> None:
    """Forget a draft. Raises Refused (PC441, PC453)."""
    call("drop_draft", draft)


def send(draft: int, sending: Sending) -> UUID:
    """Send the draft; returns the declaration's id. Again is the same. Raises Refused (PC441, PC445)."""
    keys, record = sealer(), record_of(draft)
    payload = json.dumps(_payload(sending), ensure_ascii=False, sort_keys=True)
    level, reasons, minutes = sending.triage
    fact: UUID = call(
        "send_declaration", draft, sealed_payload(payload, record, keys),
        keys.mark(hashlib.md5(payload.encode(), usedforsecurity=False).digest()),
        Jsonb(_fact(sending)), _beside(MOVEMENT, sending, _TRIP), _beside(ENTRY, sending, _ENTRY),
        Jsonb(_claim_columns(claimed(sending.answers).claim) if sending.is_own else {}),
        level, list(reasons), RULES_VERSION, minutes or 0,
    )  # fmt: skip
    return fact


def case_of(call_number: UUID) -> str:
    """The case under which access is opened for a call."""
    return f"DT-{str(call_number)[:8]}"


def declare_by_telephone(person: UUID, call_number: UUID, sending: Sending) -> UUID:
    """Declare for a caller, inside the access opened for the call; the same call again is the same declaration.

    Returns the declaration's id. Raises Refused (PC445, PC451).
    """
    keys, record = sealer(), _derived(f"pccovid:declaration:telephone:{call_number}")
    payload = json.dumps(_payload(sending), ensure_ascii=False, sort_keys=True)
    level, reasons, minutes = sending.triage
    fact: UUID = call(
        "declare_by_telephone", person, call_number, sending.form.code, sending.form.version,
        sealed_payload(payload, record, keys), keys.mark(hashlib.md5(payload.encode(), usedforsecurity=False).digest()),
        Jsonb(_fact(sending)), _beside(MOVEMENT, sending, _TRIP), _beside(ENTRY, sending, _ENTRY),
        level, list(reasons), RULES_VERSION, minutes or 0,
    )  # fmt: skip
    return fact


def withdraw_told(person: UUID, call_number: UUID, *, reason: str, told: str) -> None:
    """Take back what the office at hand wrote down in a call, inside the access opened for it; again is the same.

    `reason`: one of WITHDRAWAL_REASONS; `told`: what the person reads. Raises Refused (PC451, PC453, PC454).
    """
    call("withdraw_telephone_declaration", person, call_number, reason, told)


def step(line: int, *, act: str, told: str, note: str) -> str:
    """The station's step, inside the access opened for the line; returns the state it leads to.

    Raises Refused (PC451, PC453, PC454).
    """
    return str(call("step_triage", line, act, told, note))


def record_of(draft: int) -> UUID:
    """The record id of the declaration that comes of a draft, as the database derives it."""
    return _derived(f"pccovid:declaration:draft:{draft}")


def _derived(record: str) -> UUID:
    return UUID(hashlib.md5(record.encode(), usedforsecurity=False).hexdigest())


def age_on(born: Any, now: datetime) -> int | None:
    """Whole years, or None without a birth date."""
    if born is None:
        return None
    today = now.astimezone(VIET_NAM).date()
    return int(today.year - born.year - ((today.month, today.day) < (born.month, born.day)))


def readable(answered: Answered) -> Answered:
    """The same with the faults that reading the identity answers adds."""
    return Answered(answered.values, (*answered.faults, *claimed(answered.values).faults))


def _payload(sending: Sending) -> dict[str, object]:
    return {
        "form": sending.form.code, "version": sending.form.version, "answers": dict(sending.answers),
        "known": sorted(sending.known), "level": sending.triage.level, "rules": RULES_VERSION,
    }  # fmt: skip


def _fact(sending: Sending) -> dict[str, object]:
    answers = sending.answers
    symptoms, diseases = answers.get("symptoms", []), answers.get("chronic_diseases")
    told = {name: str(value) for name, value in answers.items() if name not in _APART | _WHO}
    if "symptoms" in answers:
        told["has_symptom"] = "yes" if symptoms else "no"
    if diseases is not None:
        told["has_chronic_disease"] = "yes" if diseases else "no"
    return {
        "symptoms": symptoms, "symptom_note": answers.get("symptom_note"), "travel_note": answers.get("travel_note"),
        "chronic_diseases": diseases or [], "answers": told,
    }  # fmt: skip


def _beside(code: str, sending: Sending, names: Sequence[str]) -> Jsonb | None:
    """The trip or entry that a form of this code tells of."""
    if sending.form.code != code:
        return None
    return Jsonb({name: sending.answers[name] for name in names if name in sending.answers})


def _claim_columns(claim: Claim) -> dict[str, object]:
    values, seals = hidden(claim, sealer())
    told = {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in zip(Claim._fields, values, strict=True)
        if value is not None and name not in ("flags", "id_verified", "phone_is_own", "account", "household")
    }
    return {**told, "sealed": json.loads(seals)} if seals else told
