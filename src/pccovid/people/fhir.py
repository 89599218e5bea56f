"""A person as a FHIR R4 Patient, their ties as RelatedPerson. Pure.

Every attribute carries the system it was taken from, as an extension of our own. An address is an element of the
Patient, with the fact's id as its own; a number that stood in a form somebody else typed is a contact's, not theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from pccovid.foundation.fhir import (
    HL7,
    OWN,
    OWN_NUMBERS,
    About,
    Resource,
    coding,
    concept,
    extension,
    partial_date,
    reference,
    resource,
    without_empty,
)  # fmt: skip
from pccovid.people.carried import CarriedAddress, CarriedRelationship

if TYPE_CHECKING:
    from pccovid.people.queries import FamilyTie, OwnIdentity, ReachedBy

_NUMBER_TYPES = {"personal_id": "NI", "passport": "PPN", "insurance_no": "SB"}
"""v2-0203: national unique identifier, passport, social beneficiary identifier."""
_NATIONALITY = "http://hl7.org/fhir/StructureDefinition/patient-nationality"


def patient(identity: OwnIdentity, addresses: Iterable[Resource] = ()) -> Resource:
    """The golden record; `addresses` are made by `address`."""
    sources = [
        extension("attribute-source", {"attribute": attribute, "system": system})
        for attribute, system in sorted(identity.sources.items())
        if system
    ]
    return without_empty({
        "resourceType": "Patient",
        "id": str(identity.person),
        "extension": [*_nationality(identity.nationality), *sources],
        "identifier": _identifiers(identity),
        "name": [{"text": identity.name or "unknown"}],
        "telecom": [_reached(one) for one in identity.contacts if one.is_own],
        "gender": identity.sex if identity.sex in ("male", "female") else "unknown",
        "birthDate": partial_date(identity.birth_date, identity.birth_precision),
        "address": list(addresses),
        "contact": [
            {"relationship": [concept(coding(f"{OWN}tie", "declarant"))], "telecom": [_reached(one)]}
            for one in identity.contacts
            if not one.is_own
        ],
    })  # fmt: skip


def address(of: CarriedAddress, about: About) -> Resource:
    """One reported address; area codes are those of the 2021 list."""
    codes = {"province": of.province_code, "district": of.district_code, "commune": of.commune_code}
    area = extension("area", {name: code for name, code in codes.items() if code})
    origin = extension(
        "origin", {"kind": of.kind, "provenance": about.provenance, "system": about.system}
    )  # fmt: skip
    return without_empty({
        "id": str(about.fact),
        "extension": [one for one in (area, origin) if one["extension"]],
        "use": _use(of.kind) if about.is_standing else "old",
        "text": of.line or of.commune_code or of.district_code or of.province_code,
        "country": "VN",
    })  # fmt: skip


def related_person(of: CarriedRelationship, about: About) -> Resource:
    """That somebody declared for the person, or counts them to a household; who it was is theirs to tell."""
    return resource(
        "RelatedPerson", about, active=about.is_standing, patient=reference(about.person),
        relationship=[concept(coding(f"{OWN}tie", f"{of.kind}_of"), text=of.role)],
    )  # fmt: skip


def declared_for(tie: FamilyTie, person: UUID) -> Resource:
    """Somebody the person declared for, by the name that declaration gave."""
    origin = tie.origin
    about = About(origin.fact, person, origin.system, origin.provenance, origin.recorded_at)
    return resource(
        "RelatedPerson", about, active=True, patient=reference(person), name=[{"text": tie.name}] if tie.name else None,
        relationship=[concept(coding(f"{OWN}tie", tie.kind), text=tie.role)],
    )  # fmt: skip


def _identifiers(identity: OwnIdentity) -> list[Resource]:
    found = [_identifier(one.system, one.value) for one in identity.identifiers]
    return [*found, _identifier("qid", identity.qr_number)] if identity.qr_number else found


def _identifier(system: str, value: str) -> Resource:
    kind = _NUMBER_TYPES.get(system)
    return without_empty({
        "type": concept(coding(f"{HL7}v2-0203", kind)) if kind else None,
        "system": OWN_NUMBERS + system.replace("_", "-"), "value": value,
    })  # fmt: skip


def _reached(contact: ReachedBy) -> Resource:
    return {"system": "phone" if contact.system == "phone" else "email", "value": contact.value}


def _nationality(nationality: str | None) -> list[Resource]:
    if not nationality:
        return []
    is_code = len(nationality) == 2 and nationality.isupper()
    of = concept(coding("urn:iso:std:iso:3166", nationality)) if is_code else concept(text=nationality)
    return [{"url": _NATIONALITY, "extension": [{"url": "code", "valueCodeableConcept": of}]}]


def _use(kind: str) -> str:
    return "temp" if kind in ("temporary", "stay") else "home"
