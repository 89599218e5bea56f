"""NCOVI: an account holder, the members of the household, their declarations."""

from __future__ import annotations

from datetime import date, datetime
from random import Random

from .book import Book, Row
from .early import FIRST, codes
from .pen import Dialect, Pen, Shown
from .people import Person

RELATIONS = ["Vợ/Chồng", "Con", "Bố/Mẹ", "Ông/Bà", "Khác", "con ruột", ""]


def accounts(book: Book, pen: Pen, homes: dict[int, list[Person]], dialect: Dialect) -> None:
    """NCOVI accounts with their household; a member may hold an account elsewhere."""
    rng = book.rng
    everybody = [one for home in homes.values() for one in home]
    for home in homes.values():
        able = [one for one in home if one.phones and one.only in ("", "ncovi")]
        for holder in able:
            chance = 1 if holder.only else 0.45 if holder is able[0] else 0.18
            if rng.random() < chance:
                others = [one for one in home if one is not holder and not one.only and rng.random() < 0.75]
                if rng.random() < 0.06:
                    others += [one for one in rng.sample(everybody, 1) if not one.only and one not in home]
                _account(book, pen, holder, others if holder is able[0] or rng.random() < 0.3 else [], dialect)


def _account(book: Book, pen: Pen, holder: Person, others: list[Person], dialect: Dialect) -> None:
    rng = book.rng
    when = pen.moment(FIRST, date(2021, 9, 30), holder)
    shown = pen.show(holder, when, dialect).maybe(rng, id=0.8, bhyt=0)
    key = f"NC{len(book.truths):07d}"
    row: Row = {
        "accountId": key,
        "createdAt": dialect.at(when),
        "fullName": shown.text["name"],
        "dob": _json_date(shown, rng),
        "sex": shown.text["sex"],
        "idNumber": shown.text["id"],
        "phone": shown.text["phone"],
        "address": shown.text["address"],
        **codes(shown, rng),
        "household": [],
        "declarations": [],
    }
    book.about("ncovi", key, shown)
    for number, one in enumerate(others, 1):
        late = max(when, pen.moment(date(2020, 3, 1), date(2020, 3, 5), one))
        member = pen.show(one, late, dialect).maybe(rng, id=0.55, bhyt=0.4, phone=0.5, dob=0.93)
        member.commune = None
        member_key = f"{key}-{number}"
        row["household"].append(
            {
                "memberId": member_key,
                "fullName": member.text["name"],
                "relation": rng.choice(RELATIONS),
                "idNumber": member.text["id"],
                "socialInsuranceNo": one.bhyt[-10:] if member.text["bhyt"] else "",
                "nationality": one.nationality,
                "sex": member.text["sex"],
                "dob": _json_date(member, rng),
                "phone": member.text["phone"],
            }
        )
        book.about("ncovi", member_key, member)
        row["declarations"] += _declarations(member_key, late, dialect, rng, key)
    row["declarations"] += _declarations(None, when, dialect, rng, key)
    book.add("ncovi", row)


def _json_date(shown: Shown, rng: Random) -> str | int:
    text = shown.text["dob"]
    return int(text) if len(text) == 4 and text.isdigit() and rng.random() < 0.5 else text


def _declarations(member: str | None, when: datetime, dialect: Dialect, rng: Random, account: str) -> list[Row]:
    return [
        {
            "declarationId": f"D{account}{member or ''}{n}",
            "at": dialect.at(when),
            "memberId": member,
            "symptoms": rng.choice([[], [], ["ho"], ["sốt", "ho"]]),
            "contactHistory": rng.choice(["", "không", None]),
            "chronicDiseases": rng.choice([[], ["tiểu đường"]]),
        }
        for n in range(rng.choice([0, 0, 1, 2]))
    ]
