"""Rows of NCOVI: one account of a household with its members and their declarations inside."""

from __future__ import annotations

from datetime import datetime
from random import Random

from pccovid.sandbox.telling import Mark, Row, Style, Subject, make_key
from pccovid.sandbox.writing import moment, write_phone, zoned

_FIRST, _LAST = datetime(2021, 5, 1), datetime(2021, 10, 31)  # noqa: DTZ001
_ACCOUNT = Style("name birth id", "free", "slash", "number", id_optional=True)
_SYMPTOMS = ("sốt", "ho", "khó thở", "đau họng", "mệt mỏi", "mất vị giác")
_CHRONIC = ("tăng huyết áp", "tiểu đường", "tim mạch", "hen suyễn")


def household(subjects: list[Subject], seed: int) -> Row:
    """The account of the first subject; the others are members of its list, each a record under a memberId."""
    holder, rng = subjects[0], subjects[0].rng
    said, key = holder.say(_ACCOUNT), holder.key("ncovi")
    home = holder.person.home
    members = [_member(subject) for subject in subjects[1:]]
    values: dict[str, object] = {
        "accountId": key,
        "createdAt": zoned(moment(rng, _FIRST, _LAST)),
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
        "declarations": _declarations(rng, seed, holder.person.number, [str(m["memberId"]) for m, _ in members]),
    }
    return Row("ncovi", values, (holder.mark(key, said.fault), *(mark for _, mark in members)))


def _member(subject: Subject) -> tuple[dict[str, object], Mark]:
    said, key, person = subject.say(_ACCOUNT), subject.key("ncovi"), subject.person
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
    return member, subject.mark(key, said.fault)


def _declarations(rng: Random, seed: int, account: int, member_ids: list[str]) -> list[dict[str, object]]:
    about = [None, *member_ids]
    return [
        {
            "declarationId": make_key(seed, "ncovi declaration", account, turn),
            "at": zoned(moment(rng, _FIRST, _LAST)),
            "memberId": rng.choice(about),
            "symptoms": rng.sample(_SYMPTOMS, rng.choice((1, 2))) if rng.random() < 0.05 else [],
            "contactHistory": "Có" if rng.random() < 0.02 else "Không",
            "chronicDiseases": [rng.choice(_CHRONIC)] if rng.random() < 0.12 else [],
        }
        for turn in range(rng.choice((0, 1, 1, 2, 3)))
    ]
