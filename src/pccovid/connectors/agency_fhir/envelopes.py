"""The stored form of a received resource, and the names of its kinds."""

from __future__ import annotations

import hashlib
import json
from typing import Any, NamedTuple

from pccovid.connectors.json_values import ObjectParser

PATIENT = "fhir_patient"
KIND_OF: dict[str, str] = {
    "Patient": PATIENT, "Immunization": "fhir_immunization", "Observation": "fhir_observation",
    "Coverage": "fhir_coverage", "Specimen": "fhir_specimen", "DiagnosticReport": "fhir_diagnostic_report",
    "Encounter": "fhir_encounter", "Condition": "fhir_condition", "Procedure": "fhir_procedure",
    "MedicationAdministration": "fhir_medication_administration",
}  # fmt: skip
"""Resource type → kind of record; the types that are taken in."""
TYPE_OF = {kind: name for name, kind in KIND_OF.items()}


class Envelope(NamedTuple):
    """A resource as sent; `account`: the record of its person; `specimen`: the Specimen it refers to in its bundle.

    `stay`: the hidden name of the Encounter that it is, or belongs to.
    """

    resource: dict[str, Any]
    account: str | None = None
    specimen: dict[str, Any] | None = None
    stay: str | None = None

    def packed(self) -> tuple[str, bytes]:
        """JSON text, and the hash that tells whether anything has changed."""
        parts = {name: value for name, value in self._asdict().items() if value is not None}
        canonical = json.dumps(parts, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        digest = hashlib.md5(canonical.encode("utf-8", "surrogatepass"), usedforsecurity=False).digest()
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":")), digest


def opened(payload: str) -> Envelope:
    """The envelope of a stored payload. Raises ValueError where it is none."""
    values = ObjectParser().parse(payload).value
    resource = (values or {}).get("resource")
    if values is None or not isinstance(resource, dict):
        raise ValueError("the stored payload is no envelope of a resource")
    account, specimen, stay = values.get("account"), values.get("specimen"), values.get("stay")
    return Envelope(
        resource, account if isinstance(account, str) else None, specimen if isinstance(specimen, dict) else None,
        stay if isinstance(stay, str) else None,
    )  # fmt: skip
