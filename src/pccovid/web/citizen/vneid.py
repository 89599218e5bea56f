"""Signing in with VNeID: away to the provider and back; who is not let in reads why, and what to do."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from pccovid.accounts import vneid
from pccovid.accounts.vneid import VneidRefused
from pccovid.web.citizen.session import Proof
from pccovid.web.citizen.sign_in import let_in

_WHY: dict[str, tuple[Promise, Promise]] = {
    "unreachable": (
        gettext_lazy("Chưa kết nối được với VNeID."),
        gettext_lazy("Thử lại sau ít phút, hoặc đăng nhập bằng số điện thoại."),
    ),
    "cancelled": (
        gettext_lazy("Bạn chưa đồng ý đăng nhập trên VNeID."),
        gettext_lazy("Thử lại nếu bạn muốn, hoặc đăng nhập bằng số điện thoại."),
    ),
    "answer": (
        gettext_lazy("Lần đăng nhập này không còn dùng được."),
        gettext_lazy("Bắt đầu lại từ trang đăng nhập. Không ai đã xem được gì."),
    ),
    "level": (
        gettext_lazy("Tài khoản VNeID của bạn chưa đủ mức để mở hồ sơ sức khỏe."),
        gettext_lazy(
            "Mang căn cước công dân tới công an xã, phường để xác thực mức 2. Trong lúc chờ, dùng điện thoại."
        ),
    ),
    "nobody": (
        gettext_lazy("Chưa có hồ sơ nào mang số định danh này đã được xác minh."),
        gettext_lazy("Đăng nhập bằng số điện thoại, hoặc mang căn cước tới trạm y tế xã, phường để gắn số vào hồ sơ."),
    ),
}
_STATUS = {"unreachable": 502, "cancelled": 200}


@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """Away to the provider."""
    if not vneid.is_offered():
        raise Http404
    try:
        return vneid.send_away(request, back_to=request.build_absolute_uri(reverse("sign-in-vneid-done")))
    except VneidRefused as refused:
        return _refused(request, refused.reason)


@require_safe
def come_back(request: HttpRequest) -> HttpResponse:
    """Back from the provider: one's own record, or why not."""
    if not vneid.is_offered():
        raise Http404
    try:
        proven = vneid.proven_by(request, today=timezone.localdate())
    except VneidRefused as refused:
        return _refused(request, refused.reason)
    return let_in(request, proven.person, Proof("vneid", proven.level))


def _refused(request: HttpRequest, reason: str) -> HttpResponse:
    why, then = _WHY[reason]
    return render(request, "citizen/sign_in/vneid.html", {"why": why, "then": then}, status=_STATUS.get(reason, 403))
