"""Pages of one's own record: shown only to the signed-in person, read only inside their own opened access."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from pccovid.foundation import access
from pccovid.foundation.purposes import OWN_RIGHT
from pccovid.foundation.reads import Read
from pccovid.officers.database import refusal_in
from pccovid.web.citizen import session
from pccovid.web.shared_device import is_shared


class RecordIsGone(LookupError):
    """The person of this session is no longer in the index (merged into another record, or erased)."""


View = Callable[..., HttpResponse]
MOST_CHILDREN = 50
"""How far a family is counted in addresses."""


def own_page(view: View) -> View:
    """Call the view with the signed-in person; anybody else is sent to sign in."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person = session.person_of(request, now=timezone.now())
        if person is None:
            return HttpResponseRedirect(reverse("sign-in"))
        try:
            return _kept(request, view(request, person, *args, **kwargs))
        except RecordIsGone:
            session.end(request)
            return HttpResponseRedirect(reverse("sign-in"))

    return answer


def _kept(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The page, with leave for the device to keep it for use without a connection; none on a shared device."""
    if request.method == "GET" and response.status_code == 200 and not is_shared(request):
        response.headers["Pccovid-Keep"] = "1"
    return response


@contextlib.contextmanager
def own_record(person: UUID, case: str | None = None) -> Iterator[access.Disclosures]:
    """The person's own rows may be read inside this block, and nobody else's. `case` is kept in the log beside it."""
    with access.open(
        access.citizen(person), purpose="own_record", legal_basis=OWN_RIGHT, scope=access.own(person), case=case
    ) as disclosures:
        yield disclosures


def read_own(person: UUID, *reads: Read[Any]) -> list[Any]:
    """What each read makes of the person's own rows, all in one trip. Raises access.AccessRefused, Refused."""
    given: dict[str, Any] = {"purpose": "own_record", "legal_basis": OWN_RIGHT, "scope": access.own(person)}
    try:
        return access.open_and_read(access.citizen(person), reads, of=person, **given)
    except DatabaseError as error:
        refused = refusal_in(error)
        if refused is None:
            raise
        raise refused from error
