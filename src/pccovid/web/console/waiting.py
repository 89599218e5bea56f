"""How long somebody must wait whose turns are used up, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _


def told_to_wait(seconds: int) -> str:
    """The wait in minutes, rounded up, and what may be done meanwhile."""
    return _(
        "Bạn đã tìm quá nhiều lần trong thời gian ngắn. Tìm tiếp được sau %(minutes)s phút; các trang khác vẫn mở được."
    ) % {"minutes": -(-seconds // 60)}
