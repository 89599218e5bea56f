"""What the agencies send on the scripted day, about one made person: bundles and one HL7 v2 message. Pure.

The day is the made nation's own, the first of November 2021. `run` tells the messages of one playing from another's.
"""

from __future__ import annotations

from typing import Any

from pccovid.connectors.population_database.register import Entry
from pccovid.foundation.fhir import HL7, LOINC, OWN, OWN_NUMBERS

DAY = "2021-11-01"
_ICD = "http://hl7.org/fhir/sid/icd-10"
_FILES = "https://ban-thu.pccovid.invalid/"
_OTHER_NAMES = ("An", "Bình")


class NotPlayed(RuntimeError):
    """The day could not be played: nobody of the chosen was found, or something was not taken."""


def positive_result(person: Entry, run: str, collected: str) -> str:
    """The laboratory's ORU^R01: a PCR, positive. `collected`: HHMMSS of the day."""
    family, *between, given = person.name.split() if " " in person.name else ("", person.name)
    day, born = DAY.replace("-", ""), person.birth.replace("-", "")
    name = f"{family}^{given}^{' '.join(between)}"
    sex = {"male": "M", "female": "F"}.get(person.sex or "", "U")
    return "\r".join((
        f"MSH|^~\\&|LIS|PXN-THU|HUB|PCCOVID|{day}200000+0700||ORU^R01^ORU_R01|{run}|P|2.5.1||||||UNICODE UTF-8",
        f"PID|1||{run}^^^PXN-THU^MR~{person.personal_id}^^^BCA^NI||{name}||{born}|{sex}",
        f"OBR|1||{run}|94309-2^RT-PCR^LN|||{day}{collected}+0700",
        f"OBX|1|CWE|94309-2^RT-PCR^LN||260373001^Detected^SCT||||||F|||{day}{collected}+0700|||||{day}193000+0700",
        f"SPM|1|^ONG-{run}||258500001^Swab^SCT|||||||||||||{day}{collected}+0700|{day}120000+0700",
    ))  # fmt: skip


def dose(person: Entry, run: str) -> dict[str, Any]:
    """The vaccination site's bundle."""
    return _bundle(person, run, {
        "resourceType": "Immunization", "identifier": _named("mui-tiem", run), "status": "completed",
        "vaccineCode": {"text": "AstraZeneca"}, "patient": {"reference": "urn:uuid:1"}, "occurrenceDateTime": DAY,
        "lotNumber": f"LO{run[-4:]}", "location": {"display": "Điểm tiêm chủng Thử"},
    })  # fmt: skip


def admission(person: Entry, run: str) -> dict[str, Any]:
    """The hospital's bundle: a stay that has begun, and its diagnosis."""
    return _bundle(person, run, {
        "resourceType": "Encounter", "identifier": _named("dot-dieu-tri", run), "status": "in-progress",
        "class": {"system": f"{HL7}v3-ActCode", "code": "IMP"}, "subject": {"reference": "urn:uuid:1"},
        "period": {"start": f"{DAY}T21:00:00+07:00"}, "serviceProvider": {"display": "Bệnh viện Bản thử"},
    }, {
        "resourceType": "Condition", "identifier": _named("chan-doan", run), "subject": {"reference": "urn:uuid:1"},
        "encounter": {"reference": "urn:uuid:2"}, "onsetDateTime": f"{DAY}T21:00:00+07:00",
        "code": {"coding": [{"system": _ICD, "code": "U07.1"}], "text": "COVID-19"},
        "verificationStatus": {"coding": [{"system": f"{HL7}condition-ver-status", "code": "confirmed"}]},
    })  # fmt: skip


def entry(person: Entry, run: str) -> dict[str, Any]:
    """The border gate's bundle: one traveller who came in."""
    told = {"gate": "Sân bay Nội Bài", "vehicle_kind": "Máy bay", "vehicle_number": f"VN{run[-3:]}", "seat": "12A",
            "departure_country": "JP", "destination_province": "01"}  # fmt: skip
    return _bundle(person, run, {
        "resourceType": "Observation", "identifier": _named("nhap-canh", run), "status": "final",
        "code": {"coding": [{"system": LOINC, "code": "8691-8"}]}, "subject": {"reference": "urn:uuid:1"},
        "effectiveDateTime": DAY,
        "component": [{"code": {"coding": [{"system": f"{OWN}field", "code": name}]}, "valueString": value}
                      for name, value in told.items()],
    })  # fmt: skip


def other_name(person: Entry) -> str:
    """The name as the police correct it: another given name."""
    *before, given = person.name.split()
    return " ".join([*before, next(name for name in _OTHER_NAMES if name != given)])


def _bundle(person: Entry, run: str, *resources: dict[str, Any]) -> dict[str, Any]:
    patient = {
        "resourceType": "Patient", "name": [{"text": person.name}], "birthDate": person.birth,
        "identifier": [*_named("ho-so", run), {"system": f"{OWN_NUMBERS}personal-id", "value": person.personal_id},
                       *([{"system": f"{OWN_NUMBERS}insurance-no", "value": person.insurance_no}]
                         if person.insurance_no else [])],
    } | ({"gender": person.sex} if person.sex else {})  # fmt: skip
    return {
        "resourceType": "Bundle", "type": "transaction",
        "entry": [
            {"fullUrl": f"urn:uuid:{at}", "resource": one, "request": {"method": "POST", "url": one["resourceType"]}}
            for at, one in enumerate((patient, *resources), start=1)
        ],
    }  # fmt: skip


def _named(kind: str, run: str) -> list[dict[str, str]]:
    return [{"system": f"{_FILES}{kind}", "value": run}]
