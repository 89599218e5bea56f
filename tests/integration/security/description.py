"""What the service can be asked, as OpenAPI descriptions: ours, made from the URL resolver and the forms on the pages,
and any that the service itself publishes under an address ending in `openapi.json`, such as an agency's interface."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Any, NamedTuple

from django.urls import Resolver404, resolve

from integration.security.addresses import Address, every_address

PUBLISHED = "openapi.json"
_READ_FROM_QUERY = ("next", "language", "page", "trang", "nguoi", "q", "state", "kind")
_FORM = "application/x-www-form-urlencoded"
Schema = dict[str, Any]


class Field(NamedTuple):
    """A field of a form with the values the page itself offers."""

    name: str
    offered: tuple[str, ...]


class Form(NamedTuple):
    """A form of a page: where it goes and what it sends."""

    action: str
    method: str
    fields: tuple[Field, ...]


class _Forms(HTMLParser):
    """Collects the forms of one page."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.found, self._open, self._select = path, [], None, ""  # type: ignore[var-annotated]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = (given.get("action") or self.path, given.get("method", "get").lower(), {})
        elif self._open is not None and tag in ("input", "select", "textarea", "button") and given.get("name"):
            self._open[2].setdefault(given["name"], []).append(given.get("value", ""))
            self._select = given["name"] if tag == "select" else self._select
        elif self._open is not None and tag == "option" and self._select:
            self._open[2][self._select].append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "form" and self._open is not None:
            action, method, fields = self._open
            offered = tuple(
                Field(name, tuple(dict.fromkeys(v for v in values if v))) for name, values in fields.items()
            )
            self.found.append(Form(action.partition("?")[0], method, offered))
            self._open = None


def forms_on_pages(clients: Iterable[Any], **values: str) -> list[Form]:
    """Every form on every page that these visitors can open."""
    forms = []
    for client in clients:
        for address in every_address():
            path = address.filled(**values)
            answer = client.get(path)
            if answer.get("Content-Type", "").startswith("text/html"):
                parser = _Forms(path)
                parser.feed(answer.content.decode())
                forms += parser.found
    return forms


def describe(
    addresses: Iterable[Address], forms: list[Form], known: dict[str, list[Any]], hostile: list[str]
) -> Schema:
    """Our own description: each address with its parameters, and the fields of the forms that lead to it.

    `known` holds for each kind of parameter ('uuid', 'int') values that mean something; `hostile` what is tried in
    any field beside what the page offers.
    """
    sent = _fields_by_view(forms)
    paths: dict[str, Schema] = {}
    for address in addresses:
        path = address.route
        for name, kind in address.kinds.items():
            path = path.replace(f"<{kind}:{name}>", f"{{{name}}}").replace(f"<{name}>", f"{{{name}}}")
        parameters = [
            {"name": name, "in": "path", "required": True, "schema": _parameter(kind, known)}
            for name, kind in address.kinds.items()
        ]
        fields = sent.get((address.name, "post"), {})
        queried = sent.get((address.name, "get"), {}) | dict.fromkeys(_READ_FROM_QUERY, ())
        paths[path] = {
            "parameters": parameters,
            "get": {"parameters": [_query(name, offered, hostile) for name, offered in sorted(queried.items())]},
            "post": {"requestBody": {"content": {_FORM: {"schema": _body(fields, hostile)}}}},
        }
        for method in ("get", "post"):
            paths[path][method]["responses"] = {"default": {"description": "a page"}}
    return {"openapi": "3.0.3", "info": {"title": "PcCovid", "version": "1"}, "paths": paths}


def published(client: Any) -> list[Schema]:
    """The descriptions that the service publishes itself to this visitor, each checked to be one."""
    found = []
    for address in every_address():
        if address.route.endswith(PUBLISHED):
            answer = client.get(address.filled())
            if answer.status_code == 200:
                description = json.loads(answer.content)
                assert "paths" in description, f"{address.route} holds no description"
                found.append(description)
    return found


def _fields_by_view(forms: list[Form]) -> dict[tuple[str, str], dict[str, tuple[str, ...]]]:
    by_view: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}
    for form in forms:
        try:
            name = resolve(form.action).url_name or ""
        except Resolver404:
            continue
        fields = by_view.setdefault((name, form.method), {})
        for field in form.fields:
            fields[field.name] = tuple(dict.fromkeys(fields.get(field.name, ()) + field.offered))
    return by_view


def _parameter(kind: str, known: dict[str, list[Any]]) -> Schema:
    free: Schema = {"int": {"type": "integer", "minimum": 0}, "uuid": {"type": "string", "format": "uuid"}}.get(
        kind, {"type": "string", "minLength": 1}
    )
    return {"anyOf": [{"enum": known[kind]}, free]} if known.get(kind) else free


def _query(name: str, offered: tuple[str, ...], hostile: list[str]) -> Schema:
    return {"name": name, "in": "query", "required": False, "schema": _text(offered, hostile)}


def _body(fields: dict[str, tuple[str, ...]], hostile: list[str]) -> Schema:
    properties = {name: _text(offered, hostile) for name, offered in sorted(fields.items())}
    properties.pop("csrfmiddlewaretoken", None)
    return {"type": "object", "properties": properties, "additionalProperties": {"type": "string"}}


def _text(offered: tuple[str, ...], hostile: list[str]) -> Schema:
    choices: list[Schema] = [{"type": "string"}, {"type": "string", "enum": hostile}]
    return {"anyOf": [{"type": "string", "enum": list(offered)}, *choices] if offered else choices}
