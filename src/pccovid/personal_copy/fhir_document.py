"""The copy as a FHIR R4 document in the manner of the International Patient Summary. Pure.

A Composition (LOINC 60591-5) with the sections the IPS asks for, the required ones that nothing is known of empty with
their reason; sections of our own for what the IPS has no place for. Facts are mapped by their features' own `fhir.py`.
It is not claimed to conform to the IPS profiles: some elements they demand are not known to us.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from pccovid.border.fhir import entry_observation
from pccovid.declarations.fhir import questionnaire_response
from pccovid.foundation.fhir import (
    HL7,
    LOINC,
    OWN,
    OWN_NUMBERS,
    About,
    Resource,
    coding,
    concept,
    instant,
    reference,
    without_empty,
)  # fmt: skip
from pccovid.insurance.fhir import coverage
from pccovid.lab_tests.fhir import specimen_observation
from pccovid.movement.fhir import PlaceWords, scan_observation, trip_observation, visit_observation
from pccovid.people.fhir import address, declared_for, patient, related_person
from pccovid.people.sources import SOURCES
from pccovid.personal_copy.rules import STANDING
from pccovid.treatment.fhir import condition, medication_administration, procedure, stay_encounter, vital_sign
from pccovid.vaccination.fhir import immunization

if TYPE_CHECKING:
    from pccovid.personal_copy.queries import CopiedFact, PersonalCopy

MAPPINGS: Mapping[str, Callable[..., Resource]] = {
    "dose": immunization, "test": specimen_observation, "declaration": questionnaire_response,
    "visit": visit_observation, "trip": trip_observation, "scan": scan_observation, "entry": entry_observation,
    "card": coverage, "stay": stay_encounter, "condition": condition, "vital_sign": vital_sign,
    "procedure": procedure, "medication": medication_administration, "relationship": related_person, "address": address,
}  # fmt: skip
"""Kind of fact → its mapping. An address becomes an element of the Patient, everything else a resource."""

_REQUIRED_UNKNOWN = (
    ("11450-4", "Problem list", "Bệnh đang có"),
    ("48765-2", "Allergies and adverse reactions", "Dị ứng"),
    ("10160-0", "History of medication use", "Thuốc đang dùng"),
)
"""Sections the IPS demands and this system keeps nothing for: whether there is anything is not known."""
_SECTIONS: tuple[tuple[Resource, str, tuple[str, ...]], ...] = (
    (concept(coding(LOINC, "11369-6", "History of immunization")), "Tiêm chủng", ("dose",)),
    (concept(coding(LOINC, "30954-2", "Relevant diagnostic tests/laboratory data")), "Xét nghiệm", ("test",)),
    (
        concept(coding(LOINC, "46240-8", "History of Hospitalizations+Outpatient visits")),
        "Lần khám và nằm viện",
        ("stay", "condition"),
    ),
    (concept(coding(LOINC, "8716-3", "Vital signs")), "Dấu hiệu sinh tồn", ("vital_sign",)),
    (concept(coding(LOINC, "47519-4", "History of Procedures")), "Thủ thuật, phẫu thuật", ("procedure",)),
    (concept(coding(LOINC, "29549-3", "Medication administered")), "Thuốc đã dùng khi điều trị", ("medication",)),
    (concept(coding(OWN + "section", "declarations")), "Khai báo y tế", ("declaration",)),
    (concept(coding(OWN + "section", "movement")), "Đi lại và nhập cảnh", ("visit", "trip", "scan", "entry")),
    (concept(coding(LOINC, "48768-6", "Payment sources")), "Bảo hiểm y tế", ("card",)),
    (concept(coding(OWN + "section", "family")), "Gia đình", ("relationship",)),
)
_AUTHOR = UUID("5b0f7b0e-6f2f-5c3a-9a43-0a5b7e7d1c11")
_NAMES = UUID("0d5c9b16-98a5-5e0d-8a63-7f8b5c0a9d55")


def fhir_document(copy: PersonalCopy, *, made_at: datetime) -> Resource:
    """A Bundle of type document; equal copies of one moment are equal to the letter."""
    person = copy.identity.person
    facts = [(fact, _mapped(fact, person)) for fact in copy.facts]
    resources = [made for fact, made in facts if fact.kind != "address"]
    ties = [declared_for(tie, person) for tie in copy.ties]
    who = patient(copy.identity, [made for fact, made in facts if fact.kind == "address"])
    composition = _composition(person, facts, ties, made_at)
    provenances = list(_provenances(copy, made_at))
    return {
        "resourceType": "Bundle",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{_made_id(person, 'bundle', made_at)}"},
        "type": "document",
        "timestamp": instant(made_at),
        "entry": [_entry(one) for one in (composition, who, _author(), *resources, *ties, *provenances)],
    }


def _mapped(fact: CopiedFact, person: UUID) -> Resource:
    about = About(fact.id, person, fact.system, fact.provenance, fact.recorded_at, fact.status == STANDING)
    if fact.kind == "visit" and fact.place:
        return visit_observation(
            fact.carried, about, PlaceWords(fact.place.name, fact.place.address, fact.place.commune)
        )
    return MAPPINGS[fact.kind](fact.carried, about)


def _sections(listed: Sequence[tuple[CopiedFact, Resource]], ties: Iterable[Resource]) -> Iterator[Resource]:
    """What stands, by what it is about; then what was replaced, or entered twice."""
    for code, title, kinds in _SECTIONS:
        found = [made for fact, made in listed if fact.kind in kinds and fact.status == STANDING]
        yield _section(code, title, [*found, *ties] if "relationship" in kinds else found)
    history = [made for fact, made in listed if fact.status != STANDING]
    if history:
        yield _section(concept(coding(OWN + "section", "earlier-entries")), "Mục cũ hoặc nhập lặp", history)


def _composition(
    person: UUID, facts: Iterable[tuple[CopiedFact, Resource]], ties: Iterable[Resource], made_at: datetime
) -> Resource:
    sections = [_unknown(code, english, title) for code, english, title in _REQUIRED_UNKNOWN]
    sections += _sections([(fact, made) for fact, made in facts if fact.kind != "address"], ties)
    return {
        "resourceType": "Composition",
        "id": str(_made_id(person, "composition", made_at)),
        "language": "vi",
        "text": _narrative("Bản sao dữ liệu cá nhân"),
        "status": "final",
        "type": concept(coding(LOINC, "60591-5", "Patient summary Document")),
        "subject": reference(person),
        "date": instant(made_at),
        "author": [reference(_AUTHOR)],
        "title": "Bản sao dữ liệu cá nhân",
        "confidentiality": "R",
        "section": sections,
    }


def _section(code: Resource, title: str, entries: list[Resource]) -> Resource:
    if not entries:
        return _without_entries(code, title, "unavailable", "Chưa có gì trong hồ sơ.")
    return {
        "title": title, "code": code, "text": _narrative(f"{title}: {len(entries)}"),
        "entry": [reference(UUID(one["id"])) for one in entries],
    }  # fmt: skip


def _unknown(code: str, english: str, title: str) -> Resource:
    return _without_entries(
        concept(coding(LOINC, code, english)), title, "unavailable", "Hệ thống này không giữ thông tin về mục này."
    )


def _without_entries(code: Resource, title: str, reason: str, words: str) -> Resource:
    return {
        "title": title, "code": code, "text": _narrative(words),
        "emptyReason": concept(coding(f"{HL7}list-empty-reason", reason)),
    }  # fmt: skip


def _narrative(words: str) -> Resource:
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{escape(words)}</div>'}


def _provenances(copy: PersonalCopy, made_at: datetime) -> Iterable[Resource]:
    """One for each system that something came from; the Patient stands for its addresses and attributes."""
    person, targets = copy.identity.person, dict[str, dict[UUID, None]]()
    for system in copy.identity.sources.values():
        targets.setdefault(system, {})[person] = None
    for fact in copy.facts:
        targets.setdefault(fact.system, {})[person if fact.kind == "address" else fact.id] = None
    for tie in copy.ties:
        targets.setdefault(tie.origin.system, {})[tie.origin.fact] = None
    for system, of in sorted(targets.items()):
        yield {
            "resourceType": "Provenance",
            "id": str(_made_id(person, system, made_at)),
            "target": [reference(one) for one in of],
            "recorded": instant(made_at),
            "agent": [{"type": concept(coding(f"{HL7}provenance-participant-type", "author")), "who": _system(system)}],
        }


def _system(system: str) -> Resource:
    known = SOURCES.get(system)
    return {
        "identifier": {"system": f"{OWN_NUMBERS}source-system", "value": system},
        "display": known.name_en if known else system,
    }


def _author() -> Resource:
    return without_empty({"resourceType": "Organization", "id": str(_AUTHOR), "name": "PcCovid"})


def _entry(one: Resource) -> dict[str, Any]:
    return {"fullUrl": f"urn:uuid:{one['id']}", "resource": one}


def _made_id(person: UUID, name: str, made_at: datetime) -> UUID:
    return uuid5(_NAMES, f"{person} {name} {made_at.isoformat()}")
