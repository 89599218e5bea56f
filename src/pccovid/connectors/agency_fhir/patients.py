"""A Patient as a claim about a person: name, birth, numbers, phone and residence, read as every connector does."""

from __future__ import annotations

from typing import Any

from pccovid.areas.units import Residence
from pccovid.connectors.agency_fhir.elements import codes, extension_codes, listed, objects, text_at
from pccovid.connectors.context import ReadingContext
from pccovid.connectors.fields import Fields
from pccovid.connectors.persons import PersonColumns, address_fact, card_fact, read_person, residence_of
from pccovid.connectors.rows import Fact
from pccovid.foundation.fhir import HL7, OWN_EXTENSION, OWN_NUMBERS
from pccovid.linkage.claim import Claim
from pccovid.linkage.identifiers import read_identifier

_COLUMNS = PersonColumns(
    name="name", birth="birthDate", birth_order="ymd", sex="gender", identifier="personal-id", insurance="insurance-no",
    phone="phone", email="email",
)  # fmt: skip
_TYPES = {"NI": "personal-id", "NNVNM": "personal-id", "PPN": "passport", "SB": "insurance-no"}
"""HL7 v2-0203 codes of identifier types → our own names of numbers."""
NUMBERS = ("personal-id", "old-id", "passport", "insurance-no")
_OTHER_NUMBERS = (("old-id", "old_id"), ("passport", "passport"))
_GENDERS = {"male": "male", "female": "female"}


def read(resource: dict[str, Any], context: ReadingContext) -> tuple[Claim, tuple[Fact, ...], Fields]:
    """The claim, what it tells of addresses and insurance, and the fields with their problems."""
    fields = Fields(_flat(resource), context.today)
    home, line = _residence(resource, context), _line(resource)
    claim = read_person(fields, _COLUMNS, context, home, line)
    old_id, passport = (_other_number(fields, name, column, claim) for name, column in _OTHER_NUMBERS)
    claim = claim._replace(old_id=old_id, passport=passport)
    return claim, (*address_fact("residence", home, line), *card_fact(claim)), fields


def numbers_of(resource: dict[str, Any]) -> dict[str, str]:
    """Name of number → value, of the identifiers whose system or type says that they are one."""
    found: dict[str, str] = {}
    for one in objects(resource, "identifier"):
        name, value = number_name(one), one.get("value")
        if name and isinstance(value, str):
            found.setdefault(name, value)
    return found


def number_name(identifier: dict[str, Any]) -> str | None:
    """Which number of a person an identifier is; None for a file number of the sender's own."""
    system = str(identifier.get("system") or "")
    if system.startswith(OWN_NUMBERS):
        name = system.removeprefix(OWN_NUMBERS)
        return name if name in NUMBERS else None
    types = [code for kind, code in codes(identifier.get("type")) if kind == f"{HL7}v2-0203"]
    return next((_TYPES[code] for code in types if code in _TYPES), None)


def _flat(resource: dict[str, Any]) -> dict[str, Any]:
    reached = {str(one.get("system")): one.get("value") for one in reversed([*objects(resource, "telecom")])}
    return {
        **numbers_of(resource), "name": _name(resource), "birthDate": text_at(resource, "birthDate"),
        "gender": _GENDERS.get(str(resource.get("gender")), ""), "phone": reached.get("phone"),
        "email": reached.get("email"),
    }  # fmt: skip


def _name(resource: dict[str, Any]) -> str:
    """The official name, or the first; Vietnamese order where it comes in parts: family, then given."""
    names = list(objects(resource, "name"))
    names.sort(key=lambda one: (one.get("use") in ("old", "maiden", "nickname", "anonymous"),
                                one.get("use") not in ("official", "usual")))  # fmt: skip
    for one in names:
        parts = [one.get("family"), *listed(one.get("given"))]
        written = one.get("text") or " ".join(part for part in parts if isinstance(part, str))
        if isinstance(written, str) and written.strip():
            return written
    return ""


def _other_number(fields: Fields, name: str, column: str, claim: Claim) -> str | None:
    """An old identity card or a passport that stands beside the citizen number."""
    held: str | None = getattr(claim, column)
    text = fields.text(name)
    if text is None or held:
        return held
    reading = read_identifier(text, birth_year=claim.birth_date.year if claim.birth_date else None, sex=claim.sex)
    if reading.problem:
        fields.refuse(name, reading.problem)
    found: str | None = getattr(reading, column)
    return found


def _line(resource: dict[str, Any]) -> str | None:
    """The address in words: as it stands, or from its parts, the smallest first."""
    parts = [text for part in ("line", "district", "city", "state") if (text := text_at(resource, "address", part))]
    return text_at(resource, "address", "text") or ", ".join(parts) or None


def _residence(resource: dict[str, Any], context: ReadingContext) -> Residence | None:
    """The area of the first address that names one by our extension, the smallest unit first."""
    for address in objects(resource, "address"):
        area = extension_codes(address, f"{OWN_EXTENSION}area")
        for name, width in (("commune", 5), ("district", 3), ("province", 2)):
            found = residence_of(area[name], width, context.today) if area.get(name) else None
            if found is not None:
                return found
    return None
