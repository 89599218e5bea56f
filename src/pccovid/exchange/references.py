"""What references in a bundle point to. Pure.

R4 lets a sender write a reference in many ways: the full URL of an entry; relative to the server that the full URLs
name (`Patient/17`); with a version; as a search (`Patient?identifier=…`); as an identifier alone; to a resource inside
the resource. All of them are followed as far as they name a resource that the sender can be known to mean.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from pccovid.connectors.agency_fhir.elements import objects, text_at
from pccovid.exchange.conditions import Identified, conditioned, identifiers
from pccovid.exchange.entries import Sent

_VERSION = "/_history/"
_OWN_ADDRESS = "/api/fhir/R4/"


def key_of(resource: Mapping[str, Any], secret: bytes) -> str | None:
    """The name under which a resource is known again: of its first whole identifier, hidden under a key of the house.

    A file number may be a document number, so it is never kept in the clear. None where there is no identifier.
    """
    named = identifiers(resource)
    return hidden_key(named[0], secret) if named else None


def hidden_key(identifier: Identified, secret: bytes) -> str:
    """An identifier as the key of a record."""
    text = f"{identifier.system}\x00{identifier.value}".encode("utf-8", "surrogatepass")
    return hmac.new(secret, text, hashlib.sha256).hexdigest()[:40]


def names_of(sent: Sent) -> Iterator[str]:
    """What an entry may be called by others of its bundle: its full URL; its type and id, as that URL, or the resource
    itself where it has none, says them."""
    if sent.full_url:
        yield sent.full_url
        *_, kind, number = ("", *sent.full_url.rsplit("/", 2))
        if kind == sent.kind:
            yield f"{kind}/{number}"
        return
    own = sent.resource.get("id")
    if isinstance(own, str) and own:
        yield f"{sent.kind}/{own}"


def named_in(entries: Iterable[Sent], kind: str, secret: bytes) -> dict[str, str]:
    """What the resources of a type in a bundle are called → their keys, of those that have any."""
    keyed = [(sent, key_of(sent.resource, secret)) for sent in entries if sent.kind == kind]
    return {name: key for sent, key in keyed if key for name in names_of(sent)}


def pointed_to(reference: object, kind: str, named: Mapping[str, str], inside: object, secret: bytes) -> str | None:
    """The key of the resource of a type that a reference names; None where it names none of the sender's.

    `named`: of the bundle; `inside`: the resource that holds the reference, and perhaps what it points to.
    """
    text = (text_at(reference, "reference") or "").partition(_VERSION)[0]
    if text in named:
        return named[text]
    path, mark, query = text.partition("?")
    found = conditioned(unquote(query)) if path == kind and mark else None
    within = contained(inside, text)
    known = [
        *([found] if found else []),
        *(identifiers({"identifier": reference.get("identifier")}) if isinstance(reference, dict) else ()),
        *(identifiers(within) if within and within.get("resourceType") == kind else ()),
    ]
    return hidden_key(known[0], secret) if known else None


def contained(resource: object, reference: str) -> dict[str, Any] | None:
    """What stands inside a resource under `#id`."""
    if not reference.startswith("#"):
        return None
    return next((one for one in objects(resource, "contained") if one.get("id") == reference[1:]), None)


def person_in(reference: object) -> UUID | None:
    """Our own number of a person, where a reference names one."""
    text = (text_at(reference, "reference") or "").partition(_VERSION)[0]
    kind, _, number = text.rpartition(_OWN_ADDRESS)[2].partition("/")
    try:
        return UUID(number) if kind == "Patient" else None
    except ValueError:
        return None
