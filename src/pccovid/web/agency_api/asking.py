"""Reading: one resource, its versions, searches, everything about a person, and whom a record may be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from pccovid.agreements.rules import Grant
from pccovid.exchange.bundles import is_taken
from pccovid.exchange.mapping import READ_TYPES, FactRow, fact_resource, patient_resource
from pccovid.exchange.matching import answer_match, read_question
from pccovid.exchange.outcomes import Issue, Refusal
from pccovid.exchange.reading import (
    PersonRead,
    read_everything,
    read_fact,
    read_person,
    search_facts,
    search_persons,
)
from pccovid.exchange.searching import Given, cursor, kinds_sought, read_fact_query, read_person_query
from pccovid.people.finding import NotEnoughToFind, Wanted
from pccovid.web.agency_api.answers import as_fhir, base_of
from pccovid.web.agency_api.doors import agency_door, need, resource_of
from pccovid.web.agency_api.taking_in import create
from pccovid.web.agency_api.writing import writing

_GRADE = "http://hl7.org/fhir/StructureDefinition/match-grade"
_Resource = dict[str, Any]


@agency_door("GET", "POST")
def of_kind(request: HttpRequest, grant: Grant, kind: str) -> HttpResponse:
    """GET searches, POST writes one resource."""
    if request.method == "POST":
        return create(request, grant, kind)
    return _search(request, grant, kind, request.GET)


@agency_door("POST", only_reads=True)
def search(request: HttpRequest, grant: Grant, kind: str) -> HttpResponse:
    """A search whose parameters stand in the body, so that no number of a person stands in an address."""
    return _search(request, grant, kind, request.POST)


def _search(request: HttpRequest, grant: Grant, kind: str, query: QueryDict) -> HttpResponse:
    _known(kind)
    need(grant.may_read(kind), f"searching {kind}")
    given: Given = dict(query.lists())
    entries, following = (_persons if kind == "Patient" else _facts_of(kind))(grant, given)
    links = [{"relation": "self", "url": _link(request, kind, given, None)}]
    if following is not None:
        links.append({"relation": "next", "url": _link(request, kind, given, following)})
    base = base_of(request)
    listed = [{"fullUrl": f"{base}/{one['resourceType']}/{one['id']}", "resource": one, "search": {"mode": "match"}}
              for one in entries]  # fmt: skip
    bundle: _Resource = {"resourceType": "Bundle", "type": "searchset", "link": links}
    return as_fhir(bundle | ({"entry": listed} if listed else {}))


_Found = tuple[list[_Resource], int | None]


def _persons(grant: Grant, given: Given) -> _Found:
    number, wanted, most = read_person_query(given)
    if number is not None:
        found = read_person(grant, number)
        return ([_patient(found)] if found else []), None
    try:
        read = search_persons(grant, Wanted(**wanted), most=most, today=timezone.localdate())
    except NotEnoughToFind as missing:
        raise Refusal(400, Issue("required", f"not enough to find a person by: {missing.field}", "http")) from None
    return [_patient(one) for one in read], None


def _facts_of(kind: str) -> Callable[[Grant, Given], _Found]:
    def found(grant: Grant, given: Given) -> _Found:
        asked = {one: read_fact_query(one, given) for one in kinds_sought(kind, given)}
        first = next(iter(asked.values()))
        if first.number is not None:
            row = read_fact(grant, kind, first.number)
            fits = row is not None and row.kind in asked and first.person in (None, row.person)
            return ([fact_resource(row)] if row and fits else []), None
        assert first.person is not None
        rows = search_facts(grant, asked)
        following = first.skipped + first.most if len(rows) > first.most else None
        return [fact_resource(row) for row in rows[: first.most]], following

    return found


def _link(request: HttpRequest, kind: str, given: Given, skipped: int | None) -> str:
    """The address of this page, or of the one after; numbers and names of persons never stand in it."""
    shown = [(name, value) for name, values in given.items() for value in values
             if name not in ("_cursor", "identifier", "name", "birthdate", "phone")]  # fmt: skip
    if skipped is not None:
        shown.append(("_cursor", cursor(skipped)))
    return f"{base_of(request)}/{kind}?{urlencode(shown)}"


@agency_door("GET")
def read(request: HttpRequest, grant: Grant, kind: str, number: str) -> HttpResponse:
    """One resource as it stands now."""
    _known(kind)
    need(grant.may_read(kind), f"reading {kind}")
    if kind == "Patient":
        return as_fhir(_patient(_person(grant, number)))
    row = _fact(grant, kind, number)
    return as_fhir(fact_resource(row), ETag=f'W/"{row.version}"')


@agency_door("GET")
def history(request: HttpRequest, grant: Grant, kind: str, number: str) -> HttpResponse:
    """Every version of a resource, the newest first. Of a person only the present one is kept."""
    _known(kind)
    need(grant.may_read(kind), f"reading {kind}")
    if kind == "Patient":
        versions = [_patient(_person(grant, number))]
    else:
        row = _fact(grant, kind, number)
        versions = [fact_resource(row, version) for version in range(row.version, 0, -1)]
    base = base_of(request)
    entries = [
        {"fullUrl": f"{base}/{kind}/{number}", "resource": one,
         "request": {"method": "POST" if at == len(versions) else "PUT", "url": f"{kind}/{number}"},
         "response": {"status": "200"}}
        for at, one in enumerate(versions, start=1)
    ]  # fmt: skip
    return as_fhir({"resourceType": "Bundle", "type": "history", "total": len(entries), "entry": entries})


@agency_door("GET")
def version(request: HttpRequest, grant: Grant, kind: str, number: str, which: str) -> HttpResponse:
    """One version of a resource."""
    _known(kind)
    need(grant.may_read(kind), f"reading {kind}")
    if kind == "Patient":
        if which != "1":
            raise _not_found(kind)
        return as_fhir(_patient(_person(grant, number)))
    row = _fact(grant, kind, number)
    if which not in [str(one) for one in range(1, row.version + 1)]:
        raise _not_found(kind)
    return as_fhir(fact_resource(row, int(which)), ETag=f'W/"{which}"')


@agency_door("GET")
def everything(request: HttpRequest, grant: Grant, number: str) -> HttpResponse:
    """A person with everything that the agreement covers."""
    need(grant.may_read("Patient"), "reading Patient")
    found = read_everything(grant, _uuid("Patient", number))
    if found is None:
        raise _not_found("Patient")
    person, rows = found
    base = base_of(request)
    resources = [_patient(person), *(fact_resource(row) for row in rows)]
    entries = [{"fullUrl": f"{base}/{one['resourceType']}/{one['id']}", "resource": one} for one in resources]
    return as_fhir({"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries})


@agency_door("POST", only_reads=True)
def match(request: HttpRequest, grant: Grant) -> HttpResponse:
    """Whom a record may be: each with its score and grade, the likeliest first."""
    need(grant.may_read("Patient"), "matching Patient")
    _, parameters = resource_of(request)
    asked = read_question(parameters)
    with writing() as connection:
        found = answer_match(connection, grant, asked, timezone.localdate())
    base = base_of(request)
    entries = [
        {"fullUrl": f"{base}/Patient/{one.person}", "resource": _patient(person),
         "search": {"mode": "match", "score": one.score, "extension": [{"url": _GRADE, "valueCode": one.grade}]}}
        for one, person in found
    ]  # fmt: skip
    bundle: _Resource = {"resourceType": "Bundle", "type": "searchset", "total": len(entries)}
    return as_fhir(bundle | ({"entry": entries} if entries else {}))


def _patient(found: PersonRead) -> _Resource:
    return patient_resource(found.identity, found.merged_into)


def _person(grant: Grant, number: str) -> PersonRead:
    found = read_person(grant, _uuid("Patient", number))
    if found is None:
        raise _not_found("Patient")
    return found


def _fact(grant: Grant, kind: str, number: str) -> FactRow:
    row = read_fact(grant, kind, _uuid(kind, number))
    if row is None:
        raise _not_found(kind)
    return row


def _uuid(kind: str, number: str) -> UUID:
    try:
        return UUID(number)
    except ValueError:
        raise _not_found(kind) from None


def _known(kind: str) -> None:
    if kind in READ_TYPES:
        return
    told = f"{kind} is taken in with its Observation, and not read by itself" if is_taken(kind) else "no such type here"
    raise Refusal(404, Issue("not-supported", told))


def _not_found(kind: str) -> Refusal:
    return Refusal(404, Issue("not-found", f"there is no such {kind} within your agreement"))
