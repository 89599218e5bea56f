"""Copies of persons who never were, of every shape the types allow."""

from __future__ import annotations

import types
import typing
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import django
from hypothesis import strategies as st

django.setup()

from pccovid.foundation.classification import category_of  # noqa: E402
from pccovid.foundation.facts import StagedFact  # noqa: E402
from pccovid.movement.queries import VisitedPlace  # noqa: E402
from pccovid.people.origin import Origin  # noqa: E402
from pccovid.people.queries import (  # noqa: E402
    CarriedFrom,
    FamilyTie,
    NumberedBy,
    OwnIdentity,
    ReachedBy,
    Residence,
)
from pccovid.people.sources import SOURCES  # noqa: E402
from pccovid.personal_copy.queries import CopiedFact, PersonalCopy, copied_kinds  # noqa: E402
from pccovid.personal_copy.rules import left_out, status  # noqa: E402

MADE_AT = datetime(2021, 11, 21, 2, 3, 4, tzinfo=UTC)
words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=20
)
moments = st.datetimes(datetime(2019, 1, 1), datetime(2022, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
days = st.dates(date(1920, 1, 1), date(2022, 12, 31))
systems = st.sampled_from(sorted(SOURCES))
provenances = st.sampled_from(["official", "facility", "self_declared", "pending"])
_BY_TYPE: dict[object, st.SearchStrategy[Any]] = {
    str: words, int: st.integers(-3, 12), float: st.floats(1, 45), bool: st.booleans(), date: days, datetime: moments,
    tuple[str, ...]: st.lists(words, max_size=3).map(tuple), dict[str, str]: st.dictionaries(words, words, max_size=3),
}  # fmt: skip
_CODED = {
    ("dose", "product"): ["Pfizer", "AstraZeneca", "Vero Cell", "Sputnik V", "Abdala", "another"],
    ("test", "method"): ["pcr", "antigen", "another"],
    ("test", "result"): ["positive", "negative", "inconclusive"],
    ("address", "kind"): ["permanent", "temporary", "stay", "residence"],
    ("relationship", "kind"): ["household", "declared_by", "guardian"],
    ("declaration", "form"): ["domestic", "entry", "movement", "daily"],
}


def _column(kind: str, name: str, hint: object) -> st.SearchStrategy[Any]:
    is_optional = isinstance(hint, types.UnionType)
    (of,) = [o for o in typing.get_args(hint) if o is not type(None)] if is_optional else [hint]
    drawn = st.sampled_from(_CODED[kind, name]) if (kind, name) in _CODED else _BY_TYPE[of]
    return st.none() | drawn if is_optional else drawn


@st.composite
def facts(draw: st.DrawFn, kind: StagedFact) -> CopiedFact:
    hints = typing.get_type_hints(kind.values)
    values = {name: draw(_column(kind.name, name, hints[name])) for name in kind.columns}
    hidden = left_out(kind.name, values)
    superseded = draw(st.none() | moments)
    repeats = draw(st.none() | st.uuids()) if kind.name == "dose" else None
    place = st.none() | st.builds(VisitedPlace, words, words, words, words)
    return CopiedFact(
        draw(st.uuids()), kind.name, category_of(kind.table),
        status(superseded=superseded is not None, repeats=repeats is not None), repeats,
        {name: value for name, value in values.items() if name not in hidden},
        kind.values(**{name: None if name in hidden else value for name, value in values.items()}),
        draw(place) if kind.name == "visit" else None,
        draw(systems), draw(provenances), draw(moments), superseded,
    )  # fmt: skip


def _identities() -> st.SearchStrategy[OwnIdentity]:
    code = st.none() | st.from_regex(r"[0-9]{5}", fullmatch=True)
    sources = st.lists(systems, min_size=1, max_size=2, unique=True).map(tuple)
    return st.builds(
        OwnIdentity, st.uuids(), st.none() | words, st.none() | days, st.sampled_from(["day", "month", "year"]),
        st.sampled_from(["male", "female", None]), st.sampled_from(["VN", "KR", "Lào", None]),
        st.builds(Residence, code, code, code, st.none() | words), st.booleans(),
        st.dictionaries(st.sampled_from(["name", "birth_date", "sex"]), systems, max_size=3),
        st.lists(st.builds(NumberedBy, st.sampled_from(["personal_id", "old_id", "passport", "insurance_no"]),
                           words, st.booleans(), sources), max_size=3).map(tuple),
        st.lists(st.builds(ReachedBy, st.sampled_from(["phone", "email"]), words, st.booleans(), sources),
                 max_size=3).map(tuple),
        st.lists(st.builds(CarriedFrom, systems, st.integers(1, 9)), max_size=2).map(tuple), st.none() | words,
    )  # fmt: skip


_ties = st.builds(
    FamilyTie, st.sampled_from(["declared_by", "household"]), st.none() | words, st.none() | words,
    st.builds(Origin, st.uuids(), systems, provenances, moments),
)  # fmt: skip


@st.composite
def copies(draw: st.DrawFn) -> PersonalCopy:
    """A person with a few facts of every kind."""
    held = [draw(st.lists(facts(kind), max_size=2)) for kind in copied_kinds()]
    return PersonalCopy(
        draw(_identities()), tuple(fact for of in held for fact in of), tuple(draw(st.lists(_ties, max_size=2))), ()
    )


def ids_of(copy: PersonalCopy) -> list[UUID]:
    """Every fact and tie of the copy."""
    return [fact.id for fact in copy.facts] + [tie.origin.fact for tie in copy.ties]
