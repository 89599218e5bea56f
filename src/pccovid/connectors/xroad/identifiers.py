"""Who asks and which service is asked, as X-Road writes them in a header and in a path. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote

PREFIX = "r1"
_CODE = re.compile(r"[A-Za-z0-9'()+,\-.=?]+")
"""What an identifier may consist of (PR-REST 1.0.3, section 4.8)."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class IdentifierIsWrong(ValueError):
    """No identifier of X-Road."""


class MemberId(NamedTuple):
    """A member's information system; `subsystem` may be ''."""

    instance: str
    member_class: str
    member: str
    subsystem: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(part for part in self if part)

    def written(self) -> str:
        """As the header X-Road-Client has it: each part percent-encoded, slashes between."""
        return "/".join(quote(part, safe="") for part in self.parts)


class ServiceId(NamedTuple):
    """A service of a provider's subsystem."""

    provider: MemberId
    code: str

    def written(self) -> str:
        """As the header X-Road-Service has it."""
        return f"{self.provider.written()}/{quote(self.code, safe='')}"

    def path(self, rest: str = "") -> str:
        """The path of a request to it; `rest` is the service's own path, '' or beginning with a slash."""
        return f"/{PREFIX}/{self.written()}{rest}"


def read_member(text: str) -> MemberId:
    """A member as written. Raises IdentifierIsWrong."""
    parts = [unquote(part, errors="strict") for part in text.strip().split("/")]
    if len(parts) not in (3, 4) or not all(_CODE.fullmatch(part) for part in parts):
        raise IdentifierIsWrong("instance/class/member[/subsystem], of letters, digits and '()+,-.=?")
    return MemberId(*parts)


def read_path(path: str) -> tuple[ServiceId, str]:
    """(service, the service's own path) of a request's path. Raises IdentifierIsWrong."""
    prefix, *parts = path.removeprefix("/").split("/")
    if prefix != PREFIX or len(parts) < 5:
        raise IdentifierIsWrong("/r1/instance/class/member/subsystem/service")
    provider, code = read_member("/".join(parts[:4])), unquote(parts[4], errors="strict")
    if not code or _CONTROL.search(code):
        raise IdentifierIsWrong("a service without a code")
    rest = "/".join(parts[5:])
    return ServiceId(provider, code), f"/{rest}" if len(parts) > 5 else ""
