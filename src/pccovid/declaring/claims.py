"""What somebody's answers about themselves claim of their person: only what the index did not know. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pccovid.areas.free_text import resolve
from pccovid.areas.registry import registry
from pccovid.areas.units import LISTED_2021, REFORM_2025, Residence
from pccovid.declaring.answers import Fault
from pccovid.linkage.claim import Claim
from pccovid.linkage.identifiers import read_identifier
from pccovid.linkage.names import read_name
from pccovid.linkage.phones import read_phone


@dataclass(frozen=True)
class Claimed:
    """The claim, and the answers that could not be read into it."""

    claim: Claim
    faults: tuple[Fault, ...]


def claimed(answers: Mapping[str, object]) -> Claimed:
    """A claim of the identity answers among these; a document, phone or address that is none is a fault."""
    texts = {name: str(value) for name, value in answers.items() if isinstance(value, str)}
    values: dict[str, object] = {name: texts[name] for name in ("sex", "nationality") if name in texts}
    faults = []
    for question, reader in _READERS.items():
        if question in texts:
            found = reader(texts[question])
            values.update(found)
            if not found:
                faults.append(Fault(question, "unreadable"))
    return Claimed(Claim(**values), tuple(faults))  # type: ignore[arg-type]


def _name(text: str) -> dict[str, object]:
    reading = read_name(text)
    if reading.display is None:
        return {}
    return {
        "name": reading.display, "name_full": reading.full, "name_key": reading.key, "name_sorted": reading.sorted_key,
    }  # fmt: skip


def _birth(text: str) -> dict[str, object]:
    return {"birth_date": date.fromisoformat(text), "birth_precision": "day"}


def _document(text: str) -> dict[str, object]:
    reading = read_identifier(text)
    found = {"personal_id": reading.personal_id, "old_id": reading.old_id, "passport": reading.passport}
    return {name: value for name, value in found.items() if value}


def _phone(text: str) -> dict[str, object]:
    number = read_phone(text).phone
    return {"phone": number} if number else {}


def _residence(text: str) -> dict[str, object]:
    """Codes and line of an address that names one commune (or a district without communes); nothing for any other."""
    found = _residence_in(text)
    if found is None:
        return {}
    return {**found._asdict(), "address": text}


def _residence_in(text: str) -> Residence | None:
    for day in (LISTED_2021, REFORM_2025):
        unit = resolve(text, on=day).unit
        residence = registry().residence(unit.code, on=day) if unit else None
        if residence and (residence.commune_code or _has_no_communes(residence)):
            return residence
    return None


def _has_no_communes(residence: Residence) -> bool:
    return bool(residence.district_code) and not registry().children(residence.district_code or "", on=LISTED_2021)


_READERS = {
    "name": _name, "birth_date": _birth, "document": _document, "phone": _phone, "residence": _residence,
}  # fmt: skip
