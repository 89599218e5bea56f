"""Every address of the service, taken from the URL resolver, with the values that are tried in its parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
_TRIED = {
    "uuid": ["00000000-0000-0000-0000-0000deadbeef"],
    "int": ["1", "0", "9223372036854775807", "99999999999999999999999"],
    "str": ["x", "..", "%27"],
    "slug": ["x"],
    "path": ["x", "../x"],
}


@dataclass(frozen=True)
class Address:
    """One URL pattern: its name, its route, its parameters' kinds, and the view that answers."""

    name: str
    route: str
    kinds: dict[str, str] = field(hash=False)
    view: Callable[..., Any] = field(hash=False, compare=False)

    @property
    def is_console(self) -> bool:
        return self.route.startswith("/can-bo/")

    @property
    def is_for_machines(self) -> bool:
        """Whether tokens alone, or a device's secret, are answered: no session is read that a form could use."""
        return self.route.startswith("/api/") or self.route == "/may-quet/gui"

    @property
    def roles(self) -> frozenset[str] | None:
        """The offices the page is for; None where its view asks for none."""
        return getattr(self.view, "desk_roles", None)

    def filled(self, **values: str) -> str:
        """The address with these values in its parameters, by kind ('uuid', 'int' …); samples elsewhere."""
        path = self.route
        for name, kind in self.kinds.items():
            value = values.get(kind, _TRIED[kind][0])
            path = path.replace(f"<{kind}:{name}>", value).replace(f"<{name}>", value)
        assert "<" not in path, f"{path} has a parameter the sweep has no value for"
        return path

    def tried(self) -> Iterator[str]:
        """The address with every odd value that its parameters let through."""
        if not self.kinds:
            yield self.route
        for kind in set(self.kinds.values()):
            for value in _TRIED[kind]:
                yield self.filled(**{kind: value})


def every_address() -> list[Address]:
    """Each URL pattern of the service once."""
    return list(_below("/", get_resolver().url_patterns))


def _below(prefix: str, patterns: list[URLPattern | URLResolver]) -> Iterator[Address]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _below(route, pattern.url_patterns)
            continue
        kinds = {
            name: type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
            for name, converter in pattern.pattern.converters.items()
        }
        yield Address(pattern.name or "", route, kinds, pattern.callback)
