"""Every address of the service, from the URL list itself: closed to strangers unless it is named here as public."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from conftest import MadeDatabase, database_from, use_in_django

django.setup()

# What anybody may open, and why nothing personal can come of it.
PUBLIC = {
    "/": "the form for the phone number",
    "/ngon-ngu": "remembers a language",
    "/api/openapi.json": "describes the interface of agencies",
    "/api/fhir/R4/metadata": "the same in FHIR's form",
    "/api/fhir/R4/.well-known/smart-configuration": "where agencies get their tokens",
    "/api/fhir/R4/StructureDefinition": "the profiles that resources must follow",
    "/api/fhir/R4/StructureDefinition/x": "one of them",
    "/api/auth/signing-keys": "public keys of our own messages",
    "/api/auth/token": "hands a token to who signs with a key of an agreement; says nothing of anybody else",
    "/dang-nhap/lam-gi-tiep": "advice for those who do not get in",
    "/dang-nhap/khoa": "asks for a passkey; says the same of every key that opens nothing",
    "/dang-xuat": "ends a session",
    "/sw.js": "the same program for everybody",
    "/may-quet": "the scanner's program, the same for every place; names nobody",
    "/may-quet-sw.js": "the same program for everybody",
    "/ngoai-mang": "says that there is no connection",
    "/may-dung-chung": "makes a browser forget more; names nobody",
    "/sandbox/tin-nhan": "messages to made people; the address exists in the sandbox only",
    "/can-bo/dang-nhap": "the officers' sign-in form",
    "/can-bo/sandbox/ma": "one-time codes of made officers; the address exists in the sandbox only",
}
_SAMPLES = {
    "uuid": "00000000-0000-0000-0000-000000000001",
    "int": "1",
    "str": "x",
    "slug": "x",
    "path": "x",
}
_PLAIN_FILES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


def every_address() -> Iterator[str]:
    """Each URL pattern once, its parameters filled with samples."""
    yield from _below("/", get_resolver().url_patterns)


def _below(prefix: str, patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        address = prefix + _filled(pattern)
        if isinstance(pattern, URLResolver):
            yield from _below(address, pattern.url_patterns)
        else:
            yield address


def _filled(pattern: URLPattern | URLResolver) -> str:
    route = str(pattern.pattern)
    for name, converter in pattern.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        route = route.replace(f"<{kind}:{name}>", _SAMPLES[kind]).replace(f"<{name}>", _SAMPLES[kind])
    assert "<" not in route, f"{route} has a parameter this test has no sample for"
    return route


@pytest.fixture(scope="module")
def stranger(prepared_url: str, home: Path) -> Iterator[Client]:
    made: MadeDatabase = database_from(prepared_url, home)
    use_in_django(made, "web")
    with override_settings(STORAGES=_PLAIN_FILES):
        yield Client()


def is_public(address: str) -> bool:
    return address.rstrip("/") in {public.rstrip("/") for public in PUBLIC}


def test_every_address_refuses_strangers_unless_it_is_listed_as_public(stranger: Client) -> None:
    opened = []
    closed = [address for address in every_address() if not is_public(address)]
    assert len(closed) >= 15
    for address in closed:
        for answer in (stranger.get(address), stranger.post(address)):
            sent_to_sign_in = answer.status_code == 302 and is_public(answer.headers["Location"].split("?")[0])
            if not sent_to_sign_in and answer.status_code not in (401, 403, 404, 405):
                opened.append((address, answer.status_code, answer.headers.get("Location")))
    assert opened == []


def test_nothing_is_listed_as_public_that_does_not_exist() -> None:
    real = {address.rstrip("/") for address in every_address()}
    assert {public for public in PUBLIC if public.rstrip("/") not in real} == set()


def test_no_address_takes_a_number_of_a_person_document_or_phone() -> None:
    forbidden = ("phone", "cccd", "cmnd", "bhyt", "personal_id", "name")
    assert [a for a in map(str, _routes(get_resolver())) if any(f":{word}>" in a for word in forbidden)] == []


def _routes(resolver: URLResolver) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        yield str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern)
