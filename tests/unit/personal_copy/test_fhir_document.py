"""The FHIR document: valid to readers we did not write, every fact in it once, nothing told that is left out."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import HealthCheck, given, settings
from pydantic import ValidationError

from unit.personal_copy.made_copies import MADE_AT, copies, ids_of
from unit.personal_copy.node_validators import judged, node_packages

from pccovid.personal_copy.fhir_document import MAPPINGS, fhir_document  # isort: skip
from pccovid.personal_copy.queries import PersonalCopy, copied_kinds  # isort: skip
from pccovid.personal_copy.rules import STANDING  # isort: skip

__all__ = ["node_packages"]
REQUIRED = {"11450-4", "48765-2", "10160-0"}
"""Problems, allergies, medication: the sections that the International Patient Summary demands."""


def document(copy: PersonalCopy) -> dict[str, Any]:
    return json.loads(json.dumps(fhir_document(copy, made_at=MADE_AT)))


def resources(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == kind]


def element_ids(node: object) -> list[str]:
    """Every `id` in a document, of resources and of elements."""
    if isinstance(node, dict):
        own = [node["id"]] if isinstance(node.get("id"), str) else []
        return own + [found for value in node.values() for found in element_ids(value)]
    return [found for value in node for found in element_ids(value)] if isinstance(node, list) else []


def references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["reference"]] if isinstance(node.get("reference"), str) else []
        return own + [found for value in node.values() for found in references(value)]
    return [found for value in node for found in references(value)] if isinstance(node, list) else []


def test_every_kind_of_fact_that_can_be_carried_in_has_its_mapping() -> None:
    assert {kind.name for kind in copied_kinds()} == set(MAPPINGS)


@given(copies())
@settings(max_examples=60, deadline=None)
def test_every_document_is_read_by_the_models_of_fhir_resources(copy: PersonalCopy) -> None:
    Bundle.model_validate(document(copy))


def test_the_models_of_fhir_resources_refuse_what_is_not_fhir() -> None:
    with pytest.raises(ValidationError):
        Bundle.model_validate({"resourceType": "Bundle", "type": "document", "entry": [{"resource": {
            "resourceType": "Immunization", "status": "completed"}}]})  # fmt: skip


@given(copies())
@settings(max_examples=60, deadline=None)
def test_every_fact_is_in_the_document_exactly_once(copy: PersonalCopy) -> None:
    found = Counter(element_ids(document(copy)))
    assert {id_: found[str(id_)] for id_ in ids_of(copy)} == dict.fromkeys(ids_of(copy), 1)


@given(copies())
@settings(max_examples=60, deadline=None)
def test_every_reference_leads_to_an_entry_and_every_entry_is_reached(copy: PersonalCopy) -> None:
    bundle = document(copy)
    addresses = {entry["fullUrl"] for entry in bundle["entry"]}
    assert len(addresses) == len(bundle["entry"])
    assert set(references(bundle)) <= addresses
    (composition,) = resources(bundle, "Composition")
    loose = addresses - set(references(composition)) - {bundle["entry"][0]["fullUrl"]}
    assert loose == {f"urn:uuid:{one['id']}" for one in resources(bundle, "Provenance")}


@given(copies())
@settings(max_examples=40, deadline=None)
def test_the_composition_comes_first_and_has_every_section_the_summary_demands(copy: PersonalCopy) -> None:
    first = document(copy)["entry"][0]["resource"]
    assert (first["resourceType"], first["type"]["coding"][0]["code"]) == ("Composition", "60591-5")
    sections = {section["code"]["coding"][0]["code"]: section for section in first["section"]}
    assert set(sections) >= REQUIRED | {"11369-6", "30954-2"}
    assert all("emptyReason" in section or section["entry"] for section in sections.values())
    assert all(sections[code]["emptyReason"]["coding"][0]["code"] == "unavailable" for code in REQUIRED)


@given(copies())
@settings(max_examples=60, deadline=None)
def test_what_no_longer_stands_is_told_as_entered_in_error_and_never_counted(copy: PersonalCopy) -> None:
    done = {one["id"] for one in resources(document(copy), "Immunization") if one["status"] == "completed"}
    assert done == {str(fact.id) for fact in copy.of_kind("dose") if fact.status == STANDING}


@given(copies())
@settings(max_examples=60, deadline=None)
def test_everything_that_came_from_a_system_has_a_provenance_that_names_it(copy: PersonalCopy) -> None:
    bundle = document(copy)
    told = {
        (one["agent"][0]["who"]["identifier"]["value"], target["reference"].removeprefix("urn:uuid:"))
        for one in resources(bundle, "Provenance")
        for target in one["target"]
    }
    assert {(fact.system, str(fact.id)) for fact in copy.facts if fact.kind != "address"} <= told


@given(copies())
def test_no_element_of_a_document_is_null_or_empty(copy: PersonalCopy) -> None:
    def holds(value: object) -> bool:
        inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return value is not None and value not in ({}, [], "") and all(map(holds, inside))

    assert holds(document(copy))


def test_two_validators_from_npm_find_no_error_in_any_document(node_packages: Path) -> None:
    made: list[dict[str, Any]] = []

    @given(copies())
    @settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def collect(copy: PersonalCopy) -> None:
        made.append(document(copy))

    collect()
    verdicts = judged(node_packages, made)
    assert len(verdicts) == len(made) >= 20
    assert [said for said in verdicts if said] == []


def test_the_validators_from_npm_see_a_broken_document(node_packages: Path) -> None:
    broken = {"resourceType": "Bundle", "type": "document", "entry": [{"resource": {
        "resourceType": "Immunization", "status": "perhaps", "lot": 1}}]}  # fmt: skip
    ((*said,),) = judged(node_packages, [broken])
    assert any(one.startswith("fhir:") for one in said)
    assert any(one.startswith("medplum:") for one in said)
