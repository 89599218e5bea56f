"""What one is told, and how one wants to be told beside the app."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pccovid.inspection.queries import OWN_PERSONS
from pccovid.notices import operations, queries
from pccovid.notices.operations import EndpointRefused, PhoneUnreadable
from pccovid.notices.pushing import own_key, public_key
from pccovid.officers.database import Refused
from pccovid.people.queries import OWN_IDENTITY, OwnIdentity
from pccovid.web.citizen.own_pages import own_page, own_record, read_own
from pccovid.web.sent_forms import status_of

_LONGEST = 1000


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def show(request: HttpRequest, person: UUID) -> HttpResponse:
    """The newest notices and the ways to be told; with POST one choice, and back."""
    told = _chosen(request, person) if request.method == "POST" else ""
    if told is None:
        return redirect("my-notices")
    found, ways, identity, family = read_own(person, queries.OWN_NOTICES, queries.OWN_WAYS, OWN_IDENTITY, OWN_PERSONS)
    children = {one: Child(at, name) for at, (one, name) in enumerate(family) if at}
    notices = [(one, children.get(one.child) if one.child else None) for one in found]
    key = public_key(own_key(settings.ENVIRONMENT.home))
    phone = "" if ways.by_sms or identity is None else _own_phone(identity)
    shown = {"notices": notices, "ways": ways, "phone": phone, "key": key, "told": told, "here": "home"}
    return render(request, "citizen/notices.html", shown, status=status_of(told))


class Child(NamedTuple):
    """A child as the page names it: its place in the family, and its name."""

    at: int
    name: str


def _own_phone(identity: OwnIdentity) -> str:
    """The number that most sources give for the person's own; '' where none does."""
    own = (contact.value for contact in identity.contacts if contact.system == "phone" and contact.is_own)
    return next(own, "")


def _chosen(request: HttpRequest, person: UUID) -> str | None:
    """None where it was done, else why not."""
    try:
        with own_record(person):
            match request.POST.get("act"):
                case "read":
                    operations.all_read()
                case "push":
                    operations.subscribe(request.POST.get("endpoint", "")[: _LONGEST + 1])
                case "no-push":
                    operations.stop_push()
                case "sms":
                    operations.choose_sms(request.POST.get("phone", "")[:40])
                case _:
                    return _("Chọn một việc trong trang này.")
    except PhoneUnreadable:
        return _("Không đọc được số điện thoại này.")
    except EndpointRefused:
        return _("Trình duyệt này chưa nhận thông báo được.")
    except Refused:
        return _("Năm máy nhận thông báo là nhiều nhất. Bỏ các máy cũ trước.")
    return None
