"""Rows of Bluezone: registrations by phone."""

from __future__ import annotations

from collections.abc import Iterator

from pccovid.sandbox.telling import Row, Style, Subject
from pccovid.sandbox.writing import Period, stamp

_PERIOD = Period("2020-08-01", "2021-09-30")
_REGISTRATION = Style("name", "free", "year", "gender")


def users(subject: Subject) -> Iterator[Row]:
    """One registration. Many gave no name, and most no address."""
    person, rng = subject.person, subject.rng
    said, key = subject.say(_REGISTRATION), subject.key()
    anonymous = not said.fault and rng.random() < 0.15
    address = f"{person.address}, {person.home.name}, {person.home.district_name}, {person.home.province_name}"
    values: dict[str, object] = {
        "userId": key,
        "registeredAt": stamp(_PERIOD.moment(rng)),
        "phone": said.phone or person.phone,
        "fullName": "" if anonymous else said.name,
        "address": address if rng.random() < 0.45 else "",
    }
    yield Row("bluezone_users", values, (subject.mark(key, said.fault),))
