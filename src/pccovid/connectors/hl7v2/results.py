"""ORU^R01 as FHIR resources: a Patient for each PID, an Observation for each result of a test of the epidemic.

The resources depend on nothing but what the laboratory says of patient, order and result: a message sent again gives
the same ones. Names come in Vietnamese order: XPN's family name, then its third part, then its second.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pccovid.connectors.agency_fhir.health import METHODS
from pccovid.connectors.hl7v2.messages import Message, MessageIsWrong, Segment
from pccovid.connectors.hl7v2.values import day_of_birth, moment, zone_of
from pccovid.connectors.result_words import coded_result
from pccovid.foundation.fhir import HL7, LOINC, OWN, OWN_NUMBERS, SNOMED

MOST_RESULTS = 500
_LOCAL = "urn:pccovid:hl7v2"
_OWN_NUMBERS = {"NI": "personal-id", "PPN": "passport", "SB": "insurance-no"}
_GENDERS = {"M": "male", "F": "female", "O": "other", "A": "other", "U": "unknown", "N": "unknown"}
_STATUS = {"F": "final", "C": "corrected", "U": "corrected", "P": "preliminary", "R": "preliminary",
           "S": "preliminary", "I": "registered", "O": "registered", "X": "cancelled", "D": "entered-in-error",
           "W": "entered-in-error"}  # fmt: skip
"""Table 0085 → FHIR's word."""
_CYCLES = frozenset({"94313-4", "94646-7", "96764-6"})
"""LOINC: cycle thresholds of N, RdRp and E gene; the first that comes with a test is told with it."""


@dataclass(frozen=True)
class Made:
    """A resource, and where its parts stand in the message: element → `OBX^2^5`."""

    kind: str
    name: str
    resource: dict[str, Any]
    places: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Results:
    """What a message holds; `passed_over`: places of results that are of other tests."""

    made: tuple[Made, ...]
    passed_over: tuple[str, ...]


@dataclass
class _Order:
    """An OBR with what belongs to it; `common`: the ORC before it."""

    request: Segment
    common: Segment | None = None
    results: list[Segment] = field(default_factory=list)
    specimen: Segment | None = None

    @property
    def number(self) -> str:
        """What the laboratory calls the order, else what who ordered calls it; '' where nobody says."""
        segments = [self.request] + ([self.common] if self.common else [])
        return next(filter(None, (one.text(at) for one in segments for at in (3, 2))), "")

    @property
    def cycles(self) -> str | None:
        """The first cycle threshold among its results."""
        return next(filter(None, map(_cycle, self.results)), None)

    def taken(self, result: Segment) -> str:
        """When the specimen was taken, as written."""
        return result.text(14) or self.request.text(7) or (self.specimen.text(17) if self.specimen else "")


class _Sender(NamedTuple):
    """Which laboratory sends, and in which zone its clocks are."""

    facility: str
    zone: str


def read_results(message: Message) -> Results:
    """The resources of an ORU^R01. Raises MessageIsWrong."""
    made: list[Made] = []
    passed: list[str] = []
    facility = message.header.facility or message.header.application or "unnamed"
    sender = _Sender(facility, zone_of(message.header.sent_at))
    for number, (patient, orders) in enumerate(_groups(message), start=1):
        made.append(_patient(patient, f"urn:hl7v2:{number}", facility))
        for order, result, nth in _each(orders):
            if _is_test(result):
                made.append(_observation(order, result, nth, f"urn:hl7v2:{number}", sender))
            elif _cycle(result) is None:
                passed.append(_place(result, 3))
    if len(made) > MOST_RESULTS:
        raise MessageIsWrong(102, f"more than {MOST_RESULTS} patients and results", is_content=True)
    if not any(one.kind == "Observation" for one in made):
        place = next(iter(passed), "OBX^1")
        raise MessageIsWrong(103, "no result of a test of the epidemic", place, is_content=True)
    return Results(_told_apart(made), tuple(passed))


def _told_apart(made: list[Made]) -> tuple[Made, ...]:
    """Results of one order of several patients, as of a pool: each known by its patient's number as well."""
    patients = {one.name: one.resource.get("identifier", [{}])[0].get("value") for one in made if one.name}
    subjects: dict[str, set[str]] = {}
    for one in made:
        for identifier in one.resource.get("identifier", ()) if one.kind == "Observation" else ():
            subjects.setdefault(identifier["value"], set()).add(one.resource["subject"]["reference"])
    for one in made:
        for identifier in one.resource.get("identifier", ()) if one.kind == "Observation" else ():
            if len(subjects[identifier["value"]]) > 1:
                identifier["value"] += f"/@{patients.get(one.resource['subject']['reference'])}"
    return tuple(made)


def _groups(message: Message) -> Iterator[tuple[Segment, list[_Order]]]:
    """Each patient with their orders, in the order of the message. Raises MessageIsWrong."""
    patient: Segment | None = None
    common: Segment | None = None
    orders: list[_Order] = []
    for one in message.segments:
        if one.name == "ORC":
            common = one
        elif one.name == "PID":
            if patient is not None:
                yield patient, orders
            patient, orders, common = one, [], None
        elif one.name in ("OBR", "OBX", "SPM"):
            _belongs(one, patient, orders, common)
            common = None if one.name == "OBR" else common
    if patient is None:
        raise MessageIsWrong(100, "there is no PID", "PID^1", is_content=True)
    yield patient, orders


def _belongs(one: Segment, patient: Segment | None, orders: list[_Order], common: Segment | None) -> None:
    """Put a segment where it belongs. Raises MessageIsWrong where that is nowhere."""
    if patient is None or (one.name != "OBR" and not orders):
        raise MessageIsWrong(100, f"{one.name} stands before its PID or OBR", f"{one.name}^1", is_content=True)
    if one.name == "OBR":
        orders.append(_Order(one, common))
    elif one.name == "OBX":
        orders[-1].results.append(one)
    elif orders[-1].specimen is None:
        orders[-1].specimen = one


def _each(orders: Iterable[_Order]) -> Iterator[tuple[_Order, Segment, int]]:
    for order in orders:
        for result, nth in _once(order.results):
            yield order, result, nth


def _once(results: list[Segment]) -> Iterator[tuple[Segment, int]]:
    """Each result, and which it is of those with the same code and sub-id. What is there twice, word for word but for
    its number, is one."""
    seen: dict[tuple[str | None, str], list[tuple[str, ...]]] = {}
    for one in results:
        alike = seen.setdefault((_loinc(one), one.text(4)), [])
        said = one.words(2)
        if said not in alike:
            alike.append(said)
            yield one, len(alike)


def _place(segment: Segment, at: int) -> str:
    return f"{segment.name}^{segment.number}^{at}"


def _patient(pid: Segment, name: str, facility: str) -> Made:
    # The legal name where several are told, else the first.
    which = next((at for at in pid.repetitions(5) if pid.text(5, 7, repetition=at).upper() == "L"), 0)
    names = [pid.text(5, part, repetition=which) for part in (1, 3, 2)]
    birth = day_of_birth(pid.text(7))
    resource: dict[str, Any] = {
        "resourceType": "Patient", "identifier": list(_identifiers(pid, facility)),
        "name": [{"text": " ".join(filter(None, names))}] if any(names) else None, "birthDate": birth,
        "gender": _GENDERS.get(pid.text(8).upper()[:1]), "telecom": _phone(pid), "address": _address(pid),
    }  # fmt: skip
    places = {"identifier": 3, "name": 5, "birthDate": 7, "gender": 8, "telecom": 13, "address": 11, "": 3}
    return Made("Patient", name, _without_nothing(resource), {one: _place(pid, at) for one, at in places.items()})


def _identifiers(pid: Segment, facility: str) -> Iterator[dict[str, Any]]:
    """The laboratory's own numbers first: by the first one the patient is known again. PID-2 is where senders before
    2.3.1 have it."""
    told = [_identifier(pid, at, facility) for at in pid.repetitions(3) if pid.text(3, 1, repetition=at)]
    if not told and pid.text(2):
        told = [_local(pid.text(2), pid.text(2, 4) or facility, pid.text(2, 5).upper())]
    yield from reversed([one for one in told if not one["system"].startswith(OWN_NUMBERS)])
    yield from (one for one in told if one["system"].startswith(OWN_NUMBERS))


def _identifier(pid: Segment, at: int, facility: str) -> dict[str, str]:
    value, kind = pid.text(3, 1, repetition=at), pid.text(3, 5, repetition=at).upper()
    if kind in _OWN_NUMBERS:
        return {"system": f"{OWN_NUMBERS}{_OWN_NUMBERS[kind]}", "value": value}
    authority = pid.text(3, 4, repetition=at, part=2) or pid.text(3, 4, repetition=at) or facility
    return _local(value, authority, kind)


def _local(value: str, authority: str, kind: str) -> dict[str, str]:
    return {"system": f"{_LOCAL}:{authority}:{kind or 'PI'}", "value": value}


def _phone(pid: Segment) -> list[dict[str, str]] | None:
    number = pid.text(13, 1) or pid.text(13, 12) or pid.text(13, 7)
    return [{"system": "phone", "value": number}] if number else None


def _address(pid: Segment) -> list[dict[str, str]] | None:
    line = ", ".join(filter(None, (pid.text(11, part) for part in (1, 2, 3, 4))))
    return [{"text": line}] if line else None


def _is_test(result: Segment) -> bool:
    return _loinc(result) is not None and (LOINC, _loinc(result)) in METHODS


def _loinc(result: Segment) -> str | None:
    """The LOINC code of OBX-3, whether it stands first or as the alternative."""
    for code, system in ((1, 3), (4, 6)):
        if result.text(3, system).upper() in ("LN", "LOINC") and result.text(3, code):
            return result.text(3, code)
    return None


def _cycle(result: Segment) -> str | None:
    if _loinc(result) not in _CYCLES:
        return None
    return result.text(5) if result.text(2).upper() in ("NM", "SN") else None


def _observation(order: _Order, result: Segment, nth: int, patient: str, sender: _Sender) -> Made:
    loinc, zone = _loinc(result) or "", sender.zone
    kept = _specimen(order.specimen, zone)
    resource: dict[str, Any] = {
        "resourceType": "Observation",
        "identifier": _number_of_result(order, result, nth, sender.facility),
        "status": _STATUS.get(result.text(11).upper()[:1], "unknown"),
        "category": [{"coding": [{"system": f"{HL7}observation-category", "code": "laboratory"}]}],
        "code": {"coding": [{"system": LOINC, "code": loinc}]},
        "subject": {"reference": patient},
        "effectiveDateTime": moment(order.taken(result), zone=zone),
        "issued": moment(result.text(19) or order.request.text(22), zone=zone, is_whole=True),
        "performer": [{"display": result.text(23) or result.text(15, 2) or sender.facility}],
        "valueCodeableConcept": _value(result),
        "contained": [kept] if kept else None, "specimen": {"reference": "#specimen"} if kept else None,
        "component": _cycles(order.cycles) if METHODS[(LOINC, loinc)] == "pcr" else None,
    }  # fmt: skip
    places = {"code": 3, "valueCodeableConcept": 5, "status": 11, "effectiveDateTime": 14, "issued": 19, "": 3}
    where = {one: _place(result, at) for one, at in places.items()}
    return Made("Observation", "", _without_nothing(resource), where | {"identifier": _place(order.request, 3)})


def _number_of_result(order: _Order, result: Segment, nth: int, facility: str) -> list[dict[str, str]] | None:
    """By what a result is known when it is sent again; None where its order has no number."""
    if not order.number:
        return None
    parts = (order.number, _loinc(result), result.text(4), "" if nth == 1 else f"#{nth}")
    return [{"system": f"{_LOCAL}:{facility}:result", "value": "/".join(filter(None, parts))}]


def _specimen(segment: Segment | None, zone: str) -> dict[str, Any] | None:
    """The specimen with its tube and when the laboratory received it; None where neither is told."""
    if segment is None:
        return None
    tube, received = segment.text(2, 2) or segment.text(2, 1), moment(segment.text(18), zone=zone, is_whole=True)
    if not tube and not received:
        return None
    return _without_nothing({
        "resourceType": "Specimen", "id": "specimen", "accessionIdentifier": {"value": tube} if tube else None,
        "receivedTime": received,
    })  # fmt: skip


def _value(result: Segment) -> dict[str, Any] | None:
    """A coded result, or one in words; what is in no list, or contradicts itself, as text, so that it is told of."""
    values = _coded_values(result)
    if len(values) > 1:
        return {"text": "; ".join(result.text(5, 2, repetition=at) or result.text(5, 1, repetition=at)
                                  for at in result.repetitions(5))}  # fmt: skip
    told = next(iter(values), None)
    if told and "coding" in told:
        return told
    flags = (coded_result(result.text(8, 1, repetition=at)) for at in result.repetitions(8))
    flagged = next(filter(None, flags), None)
    return _finding(flagged) if flagged else told


def _finding(code: str) -> dict[str, Any]:
    return {"coding": [{"system": SNOMED, "code": code}]}


def _coded_values(result: Segment) -> list[dict[str, Any]]:
    """What its repetitions say, each thing once."""
    values: list[dict[str, Any]] = []
    for one in (_coded_value(result, at) for at in result.repetitions(5)):
        values += [one] if one and one not in values else []
    return values


def _coded_value(result: Segment, at: int) -> dict[str, Any] | None:
    if result.text(5, 3, repetition=at).upper() in ("SCT", "SNM", "SNOMED"):
        return _finding(result.text(5, 1, repetition=at))
    words = [result.text(5, part, repetition=at) for part in (2, 1)]
    code = next(filter(None, map(coded_result, words)), None)
    if code:
        return _finding(code)
    text = next(filter(None, words), "")
    return {"text": text} if text else None


def _cycles(value: str | None) -> list[dict[str, Any]] | None:
    try:
        number = float(value) if value else None
    except ValueError:
        return None
    if number is None or not 0 < number < 100:
        return None
    return [{"code": {"coding": [{"system": f"{OWN}field", "code": "ct_value"}]}, "valueQuantity": {"value": number}}]


def _without_nothing(resource: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in resource.items() if value not in (None, [], "")}
