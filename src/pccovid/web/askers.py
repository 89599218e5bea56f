"""Who asks: the address of the browser, also behind the proxies of the house; and requests no page can mean.

Limits and sessions count by address. Behind a proxy that is the proxy's own, so the addresses that the trusted proxies
(PCCOVID_PROXIES, networks separated by commas) add to X-Forwarded-For are read from the right, up to the first that is
not one of them. Without that setting the header is ignored: anybody could write it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def real_address(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: REMOTE_ADDR is the asker's. Without proxies of the house it already is, and nothing is added."""
    trusted = settings.TRUSTED_PROXIES
    if not trusted:
        return get_response

    def answer(request: HttpRequest) -> HttpResponse:
        request.META["REMOTE_ADDR"] = asker_of(
            str(request.META.get("REMOTE_ADDR", "")), str(request.META.get("HTTP_X_FORWARDED_FOR", "")), trusted
        )
        return get_response(request)

    return answer


def asker_of(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The nearest address that is no trusted proxy; the peer's own where there is none better."""
    nearest = peer
    for address in reversed([peer_of.strip() for peer_of in forwarded.split(",") if peer_of.strip()]):
        if not _is_trusted(nearest, trusted):
            break
        if not _is_address(address):
            break
        nearest = address
    return nearest


def no_nul_bytes(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: refuse NUL bytes, which no person types and no column of PostgreSQL can hold."""

    def answer(request: HttpRequest) -> HttpResponse:
        cookies, query = request.COOKIES.values(), request.GET.lists()
        if "\x00" in request.path or any("\x00" in value for value in cookies) or _has_nul(query):
            return HttpResponseBadRequest()
        if request.method == "POST" and _has_nul(request.POST.lists()):
            return HttpResponseBadRequest()
        return get_response(request)

    return answer


def _has_nul(fields: Iterable[tuple[str, Iterable[object]]]) -> bool:
    return any("\x00" in name or any("\x00" in str(value) for value in values) for name, values in fields)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    return _is_address(address) and any(ipaddress.ip_address(address) in network for network in trusted)
