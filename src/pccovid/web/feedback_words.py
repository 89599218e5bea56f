"""Words of feedback, for citizens and officers alike."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

Words = Mapping[str, Promise | str]

KIND: Words = {
    "vaccination": gettext_lazy("Việc tiêm chủng"),
    "testing": gettext_lazy("Việc xét nghiệm"),
    "care": gettext_lazy("Việc chăm sóc, hỗ trợ"),
    "crowd": gettext_lazy("Tụ tập, không giữ quy định"),
    "fraud": gettext_lazy("Lừa đảo, giả mạo"),
    "other": gettext_lazy("Việc khác"),
}
STATE: Words = {
    "received": gettext_lazy("đã nhận"),
    "in_hand": gettext_lazy("đang xem xét"),
    "answered": gettext_lazy("đã trả lời"),
}
ACT: Words = {
    "take_up": gettext_lazy("Nhận xem xét"),
    "answer": gettext_lazy("Trả lời"),
    "hand_over": gettext_lazy("Chuyển cho cơ quan kia của xã"),
}
VOCABULARIES: dict[str, Words] = {"feedback_kind": KIND, "feedback_state": STATE, "feedback_act": ACT}
