"""Breaches that touched one's own data, or a child's: what happened, what was done, what one can do."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from pccovid.breaches.queries import OWN_BREACHES
from pccovid.web.citizen.own_pages import own_page, read_own

KIND: dict[str, Promise | str] = {
    "confidentiality": gettext_lazy("Người không có quyền có thể đã thấy dữ liệu này."),
    "integrity": gettext_lazy("Dữ liệu này có thể đã bị sửa sai."),
    "availability": gettext_lazy("Dữ liệu này có thể đã bị mất."),
}


@require_safe
@own_page
def show(request: HttpRequest, person: UUID) -> HttpResponse:
    """What the affected are told, newest first; nothing about anybody else."""
    (found,) = read_own(person, OWN_BREACHES)
    told = [(one, [KIND[kind] for kind in one.kinds if kind in KIND]) for one in found]
    return render(request, "citizen/breaches.html", {"told": told, "here": "home"})
