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
    """What the resources of a type in a bundle are called → their keys, of those that have any.

    An identifier is a name as well. What two of them are called names neither: a fact must not come to the wrong one.
    """
    found: dict[str, set[str]] = {}
    for sent in entries:
        key = key_of(sent.resource, secret) if sent.kind == kind else None
        for name in (*names_of(sent), *map(_searched, identifiers(sent.resource))) if key else ():
            found.setdefault(name, set()).add(key or "")
    return {name: keys.pop() for name, keys in found.items() if len(keys) == 1}


def resolved(text: str, sent: Sent) -> str:
    """A reference in an entry as the bundle's full URLs are written: relative ones are meant at the entry's own server,
    where its full URL names one."""
    base, kind = ([*sent.full_url.rsplit("/", 2), "", ""])[:2]
    is_relative = text.count("/") == 1 and not text.startswith(("/", "#")) and ":" not in text
    return f"{base}/{text}" if is_relative and kind == sent.kind and "://" in base else text


def pointed_to(reference: object, kind: str, named: Mapping[str, str], sent: Sent, secret: bytes) -> str | None:
    """The key of the resource of a type that a reference names; None where it names none of the sender's.

    `named`: of the bundle; `sent`: whose resource holds the reference, and perhaps what it points to.
    """
    text = (text_at(reference, "reference") or "").partition(_VERSION)[0]
    name = resolved(text, sent)
    if name in named:
        return named[name]
    known = list(_said_of_it(reference, text, kind, sent))
    in_bundle = (named[name] for one in known if (name := _searched(one)) in named)
    return next(in_bundle, hidden_key(known[0], secret) if known else None)


def _said_of_it(reference: object, text: str, kind: str, sent: Sent) -> Iterator[Identified]:
    """The identifiers by which a reference means its resource: asked for, beside it, of what is contained."""
    path, mark, query = text.partition("?")
    asked = conditioned(unquote(query)) if path == kind and mark else None
    if asked:
        yield asked
    if isinstance(reference, dict):
        yield from identifiers({"identifier": reference.get("identifier")})
    within = contained(sent.resource, text)
    if within and within.get("resourceType") == kind:
        yield from identifiers(within)


def _searched(identifier: Identified) -> str:
    """An identifier as a name among those of a bundle."""
    return f"?{identifier.system}|{identifier.value}"


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
