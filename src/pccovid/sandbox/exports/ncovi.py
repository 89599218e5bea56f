"""Rows of NCOVI: one account of a household with its members and their declarations inside."""

from __future__ import annotations

from random import Random

from pccovid.sandbox.telling import Mark, Row, Style, Subject, new_key
from pccovid.sandbox.writing import Period, write_phone, zoned

_PERIOD = Period("2021-05-01", "2021-10-31")
_ACCOUNT = Style("name birth id", "free", "slash", "number", id_optional=True)
_PHONE_LABELS = ("phone_changed", "phone_handed_over", "shared_phone")
_SYMPTOMS = ("sốt", "ho", "khó thở", "đau họng", "mệt mỏi", "mất vị giác")
_CHRONIC = ("tăng huyết áp", "tiểu đường", "tim mạch", "hen suyễn")


def household(subjects: list[Subject]) -> Row:
    """The account of the first subject; the others are members of its list, each a record under a memberId."""
    holder, rng = subjects[0], subjects[0].rng
    said, key = holder.say(_ACCOUNT), holder.key()
    home = holder.person.home
    members = [_member(subject) for subject in subjects[1:]]
    values: dict[str, object] = {
        "accountId": key,
        "createdAt": zoned(_PERIOD.moment(rng)),
        "fullName": said.name,
        "dob": said.birth,
        "sex": said.sex,
        "idNumber": said.id,
        "phone": said.phone,
        "provinceCode": home.province,
        "districtCode": home.district,
        "communeCode": home.code,
        "address": holder.person.address,
        "household": [member for member, _ in members],
        "declarations": _declarations(rng, [str(m["memberId"]) for m, _ in members]),
    }
    return Row("ncovi", values, (holder.mark(key, said.fault), *(mark for _, mark in members)))


def _member(subject: Subject) -> tuple[dict[str, object], Mark]:
    said, key, person = subject.say(_ACCOUNT), subject.key(), subject.person
    has_phone = person.phone_is_own or subject.rng.random() < 0.4
    member: dict[str, object] = {
        "memberId": key,
        "fullName": said.name,
        "relation": person.relation,
        "idNumber": said.id,
        "socialInsuranceNo": person.insurance_no if subject.rng.random() < 0.4 else "",
        "nationality": "Việt Nam" if person.nationality == "VN" else person.nationality,
        "sex": said.sex,
        "dob": said.birth,
        "phone": said.phone if has_phone else write_phone("", subject.rng),
    }
    shows_phone = has_phone or said.fault not in _PHONE_LABELS
    return member, subject.mark(key, said.fault if shows_phone else "")


def _declarations(rng: Random, member_ids: list[str]) -> list[dict[str, object]]:
    about = [None, *member_ids]
    return [
        {
            "declarationId": new_key(rng),
            "at": zoned(_PERIOD.moment(rng)),
            "memberId": rng.choice(about),
            "symptoms": rng.sample(_SYMPTOMS, rng.choice((1, 2))) if rng.random() < 0.05 else [],
            "contactHistory": "Có" if rng.random() < 0.02 else "Không",
            "chronicDiseases": [rng.choice(_CHRONIC)] if rng.random() < 0.12 else [],
        }
        for _ in range(rng.choice((0, 1, 1, 2, 3)))
    ]
