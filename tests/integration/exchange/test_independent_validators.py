"""Every kind of answer of the interface, before the two FHIR validators of npm; skipped where they are not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from integration.exchange.agencies import bundle, dose, national, patient, test_result
from integration.exchange.conftest import Exchange
from integration.exchange.test_treatment import admission, sent, treating
from unit.personal_copy.node_validators import judged, node_packages

__all__ = ["node_packages"]


def answers(exchange: Exchange) -> list[tuple[str, dict[str, Any]]]:
    """(what was asked, the answer) of every kind."""
    agency = treating(exchange, categories=["identity", "contact", "vaccination", "test", "insurance", "treatment"],
                      written=["identity", "vaccination", "test", "insurance", "treatment"])  # fmt: skip
    message = admission("V1")
    message["entry"] += bundle(dose("V1", "urn:uuid:1"), test_result("V1", "urn:uuid:1"))["entry"]
    message["entry"][0]["resource"]["identifier"].append(national("001172000099"))
    since = agency.get("$changes", _since="now").json()["link"][-1]["url"].split("_since=")[1].split("&")[0]
    person = sent(agency, message)
    fact = agency.get("Immunization", patient=person).json()["entry"][0]["resource"]["id"]
    question = {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": patient("V1")}]}
    asked = {
        "metadata": agency.get("metadata"), "profiles": agency.get("StructureDefinition"),
        "transaction": agency.post("", message), "refused": agency.post("", bundle({"resourceType": "Slot"})),
        "batch": agency.post("", bundle(patient("V2", birthDate="19"), patient("V3", name=[{"text": "test"}]),
                                        kind="batch")),
        "everything": agency.get(f"Patient/{person}/$everything"), "patient": agency.get(f"Patient/{person}"),
        "match": agency.post("Patient/$match", question), "changes": agency.get("$changes", _since=since),
        "history": agency.get(f"Immunization/{fact}/_history"), "not there": agency.get("Slot/1"),
        "searched": agency.form("Patient/_search", identifier=national("001172000099")["system"] + "|001172000099"),
    }  # fmt: skip
    kinds = ("Immunization", "Observation", "Encounter", "Condition", "Procedure", "MedicationAdministration")
    asked |= {kind: agency.get(kind, subject=person) for kind in kinds if kind != "Immunization"}
    found = [(name, answer.json()) for name, answer in asked.items()]
    profiles = next(answer for name, answer in found if name == "profiles")
    return [*found, *((one["resource"]["id"], one["resource"]) for one in profiles["entry"])]


def test_two_validators_from_npm_find_no_error_in_any_answer(exchange: Exchange, node_packages: Path) -> None:  # noqa: F811
    asked = answers(exchange)
    verdicts = judged(node_packages, [answer for _, answer in asked])
    assert len(verdicts) == len(asked) >= 20
    assert {name: said for (name, _), said in zip(asked, verdicts, strict=True) if said} == {}
