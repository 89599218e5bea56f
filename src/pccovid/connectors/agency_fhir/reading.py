"""From a received or stored resource to a ParsedRow, by its kind. No resource raises."""

from __future__ import annotations

from collections.abc import Callable

from pccovid.connectors.agency_fhir import health, patients, travel, treatment
from pccovid.connectors.agency_fhir.envelopes import PATIENT, Envelope, opened
from pccovid.connectors.context import ReadingContext
from pccovid.connectors.fields import Fields
from pccovid.connectors.persons import about_person
from pccovid.connectors.rows import ACCEPTED, HELD, REJECTED, Fact, ParsedRow
from pccovid.linkage.claim import Claim
from pccovid.people.sources import AGENCY_STANDINGS

ACCOUNT_MISSING = "no_patient"
_Reader = Callable[[Envelope, Fields], tuple[tuple[Fact, ...], str]]


def _nothing(envelope: Envelope, fields: Fields) -> tuple[tuple[Fact, ...], str]:
    """Kept as received: what it adds stands in the Observation that refers to it."""
    return (), ""


def _read_observation(envelope: Envelope, fields: Fields) -> tuple[tuple[Fact, ...], str]:
    if travel.is_travel(envelope.resource):
        return travel.read_entry(envelope, fields)
    is_sign = treatment.is_vital_sign(envelope.resource)
    return (treatment.read_vital_signs if is_sign else health.read_test)(envelope, fields)


READERS: dict[str, _Reader] = {
    "fhir_immunization": health.read_dose, "fhir_observation": _read_observation, "fhir_coverage": health.read_card,
    "fhir_specimen": _nothing, "fhir_diagnostic_report": health.read_report, "fhir_encounter": treatment.read_stay,
    "fhir_condition": treatment.read_condition, "fhir_procedure": treatment.read_procedure,
    "fhir_medication_administration": treatment.read_medication,
}  # fmt: skip
KINDS = frozenset((PATIENT, *READERS))


def is_of_agency(system: str) -> bool:
    """Whether a source system is an agency's that writes by agreement."""
    standing, dot, code = system.partition(".")
    return bool(dot and code) and standing in AGENCY_STANDINGS


def read_stored(system: str, kind: str, key: str, payload: str, context: ReadingContext) -> list[ParsedRow]:
    """A stored resource read again, by today's rules. Raises KeyError for another kind, ValueError for no envelope."""
    if kind not in KINDS:
        raise KeyError(f"{system} has no kind {kind}")
    return [read_envelope(system, kind, key, opened(payload), context)]


def read_envelope(system: str, kind: str, key: str, envelope: Envelope, context: ReadingContext) -> ParsedRow:
    """What a resource claims and carries."""
    payload, content_hash = envelope.packed()
    made = ParsedRow(system, kind, key, 1, payload, content_hash, ACCEPTED, "")
    if kind == PATIENT:
        claim, facts, fields = patients.read(envelope.resource, context)
        reading = about_person(claim, facts)
        made = made._replace(claim=reading.claim, facts=reading.facts, problems=tuple(fields.problems))
        return made._replace(verdict=HELD, reason=reading.held, claim=None, facts=()) if reading.held else made
    fields = Fields({}, context.today)
    facts, reason = READERS[kind](envelope, fields)
    made = made._replace(problems=tuple(fields.problems))
    if reason:
        return made._replace(verdict=REJECTED, reason=reason)
    if envelope.account is None:
        return made._replace(verdict=HELD, reason=ACCOUNT_MISSING)
    return made._replace(claim=Claim(account=envelope.account), facts=facts)
