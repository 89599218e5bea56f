"""Rows of VNEID: identities checked against the population database, with three addresses and movements."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from pccovid.sandbox.people import Person
from pccovid.sandbox.telling import Row, Style, Subject
from pccovid.sandbox.territory import territory
from pccovid.sandbox.writing import Period, zoned

_PERIOD = Period("2021-07-20", "2021-10-31")
_REGISTRY = Style("name birth id", "registry", "iso", "letter")
_FAULT_SHARE = 0.05
"""The file of the population database itself: few rows disagree with it."""
_PERMIT_HOURS = 72


def identities(subject: Subject) -> Iterator[Row]:
    """One identity; every third has one or two journeys."""
    person, rng = subject.person, subject.rng
    said, key = subject.say(_REGISTRY, _FAULT_SHARE), subject.key()
    kept = said.fault not in ("id_missing", "id_malformed", "garbled")
    values: dict[str, object] = {
        "id": key,
        "createdAt": zoned(_PERIOD.moment(rng)),
        "fullName": said.name,
        "dob": said.birth,
        "sex": said.sex,
        "citizenId": person.personal_id if kept else said.id,
        "oldIdNumber": person.old_id if kept and person.old_id and rng.random() < 0.6 else "",
        "phone": said.phone,
        **_homes(person, rng),
        "stayCommuneCode": person.home.code if rng.random() < 0.5 else "",
        "stayAddress": "",
        "movements": [_movement(subject, person) for _ in range(rng.choice((0, 0, 0, 0, 1, 2)))],
    }
    yield Row("vneid", values, (subject.mark(key, said.fault if said.fault != "old_id" else ""),))


def _homes(person: Person, rng: Random) -> dict[str, object]:
    """The permanent and the temporary address; who lives where they are registered has no temporary one."""
    permanent, temporary = person.registered_home.code, person.home.code
    if temporary == permanent:
        return {"permanentCommuneCode": permanent, "permanentAddress": person.address,
                "temporaryCommuneCode": "", "temporaryAddress": ""}  # fmt: skip
    return {"permanentCommuneCode": permanent, "permanentAddress": f"Thôn {rng.randrange(1, 12)}",
            "temporaryCommuneCode": temporary, "temporaryAddress": person.address}  # fmt: skip


def _movement(subject: Subject, person: Person) -> dict[str, object]:
    """A journey with a permit of 72 hours and the checkpoint scans on its way."""
    rng = subject.rng
    leaves, target = _PERIOD.moment(rng), territory().commune(rng)
    scans = [
        {
            "at": zoned(leaves + timedelta(minutes=rng.randrange(20, 600))),
            "checkpoint": f"Chốt kiểm soát mẫu số {rng.randrange(1, 30)} - {place.province_name}",
        }
        for place in (person.home, target)[: rng.randrange(3)]
    ]
    return {
        "id": subject.key(),
        "fromCommuneCode": person.home.code,
        "toCommuneCode": target.code,
        "departAt": zoned(leaves),
        "transport": rng.choice(("xe máy", "ô tô", "xe khách")),
        "validUntil": zoned(leaves + timedelta(hours=_PERMIT_HOURS)),
        "scans": scans,
    }
