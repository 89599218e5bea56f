"""How the sandbox's population database reads questions and writes answers, in each version of the schema. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pccovid.connectors.population_database.register import Entry
from pccovid.connectors.population_database.schema_2 import in_parts

_WIRE_1 = {"name": "name", "birth_date": "birthDate", "sex": "sex"}
_WIRE_2 = {"name": "fullName", "birth_date": "dateOfBirth", "sex": "sex"}


class Heard(NamedTuple):
    """A question as it was read."""

    version: int
    reference: Any
    number: str
    name: str
    birth: str
    sex: str | None


def version_of(body: Any) -> int | None:
    """The version that a question names."""
    version = body.get("schemaVersion") if isinstance(body, dict) else None
    return version if isinstance(version, int) else None


def heard(body: dict[str, Any], version: int) -> Heard | None:
    """The question; None where it is none."""
    if version == 1:
        told = {"number": body.get("idNumber"), "name": body.get("name"), "birth": body.get("birthDate")}
        reference, sex = body.get("reference"), body.get("sex")
    else:
        person = body.get("person")
        person = person if isinstance(person, dict) else {}
        told = {"number": person.get("personalId"), "name": person.get("fullName"), "birth": _iso(person)}
        reference, sex = body.get("messageId"), person.get("sex")
    if not isinstance(told["number"], str):
        return None
    return Heard(version, reference, told["number"], str(told["name"] or ""), str(told["birth"] or ""), sex)


def graded(asked: Heard, code: str, grades: Mapping[str, str], checked_at: str) -> dict[str, Any]:
    """The answer to a question. `grades`: empty where nobody was found."""
    if asked.version == 1:
        told = {wire: grades[name] for name, wire in _WIRE_1.items()} if grades else {}
        return {"schemaVersion": 1, "reference": asked.reference, "result": code, "grades": told,
                "checkedAt": checked_at}  # fmt: skip
    rows = [{"attribute": wire, "grade": grades[name]} for name, wire in _WIRE_2.items()] if grades else []
    return {"schemaVersion": 2, "inReplyTo": asked.reference, "outcome": code, "attributes": rows,
            "checkedAt": checked_at}  # fmt: skip


def found(asked: Heard, held: Entry | None) -> dict[str, Any]:
    """A look-up's answer."""
    code = "050" if held is None else "000"
    if asked.version == 1:
        return {"schemaVersion": 1, "reference": asked.reference, "result": code,
                **({} if held is None else {"person": _person_1(held)})}  # fmt: skip
    return {"schemaVersion": 2, "inReplyTo": asked.reference, "outcome": code,
            **({} if held is None else {"person": _person_2(held)})}  # fmt: skip


def page(version: int, changes: Sequence[Mapping[str, Any]], following: int, *, has_more: bool) -> dict[str, Any]:
    """A page of changes; each has a sequence, a kind, a personalId and a moment `at`."""
    if version == 1:
        return {"schemaVersion": 1, "changes": list(changes), "nextSince": following, "hasMore": has_more}
    events = [{"position": one["sequence"], "type": one["kind"], "personalId": one["personalId"],
               "occurredAt": one["at"]} for one in changes]  # fmt: skip
    return {"schemaVersion": 2, "events": events, "next": following, "more": has_more}


def _person_1(held: Entry) -> dict[str, Any]:
    return {"personalId": held.personal_id, "oldId": held.old_id, "name": held.name, "birthDate": held.birth,
            "sex": held.sex, "residenceCommune": held.commune}  # fmt: skip


def _person_2(held: Entry) -> dict[str, Any]:
    return {"personalId": held.personal_id, "formerIds": [held.old_id] if held.old_id else [],
            "fullName": held.name, "dateOfBirth": in_parts(held.birth), "sex": held.sex,
            "residence": {"commune": held.commune} if held.commune else None}  # fmt: skip


def _iso(person: Mapping[str, Any]) -> str:
    parts = person.get("dateOfBirth")
    if not isinstance(parts, dict):
        return ""
    told = [parts[name] for name in ("year", "month", "day") if isinstance(parts.get(name), int)]
    return "-".join(f"{part:04d}" if place == 0 else f"{part:02d}" for place, part in enumerate(told))
