"""The words of the inspector's desk: kinds, states, outcomes, and each finding explained by its own numbers."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pccovid.inspection.queries import CaseLine

Words = Mapping[str, Promise | str]

KIND: Words = {
    "complaint": gettext_lazy("Phản ánh của người dân"),
    "break_glass": gettext_lazy("Mở khẩn cấp"),
    "volume": gettext_lazy("Xem quá nhiều người"),
    "odd_hours": gettext_lazy("Xem ban đêm"),
    "out_of_area": gettext_lazy("Xem người ngoài địa bàn"),
    "no_case": gettext_lazy("Xem không có số vụ việc"),
    "own_name": gettext_lazy("Xem người trùng tên mình"),
    "own_household": gettext_lazy("Xem người nhà của người trùng tên mình"),
    "much_read": gettext_lazy("Hồ sơ nhiều cán bộ xem"),
}
STATE: Words = {
    "waiting": gettext_lazy("chưa kết luận"),
    "open": gettext_lazy("chờ xem xét"),
    "needs_more": gettext_lazy("đang hỏi thêm"),
    "decided": gettext_lazy("đã kết luận"),
}
OUTCOME: Words = {
    "justified": gettext_lazy("Có lý do"),
    "not_justified": gettext_lazy("Không có lý do"),
    "referred": gettext_lazy("Chuyển xử lý kỷ luật"),
    "needs_more": gettext_lazy("Cần hỏi thêm"),
}
TERM: Words = {
    "untouched": "",
    "ended": gettext_lazy("Nhiệm kỳ đã chấm dứt ngay."),
    "referred": gettext_lazy("Đã chuyển người đứng đầu chức vụ."),
    "over": gettext_lazy("Nhiệm kỳ đã hết từ trước."),
}
REFUSAL: Words = {
    "own": gettext_lazy("Bạn không được kết luận việc này."),
    "decided": gettext_lazy("Việc này đã được kết luận."),
    "reason_too_short": gettext_lazy("Viết lý do rõ hơn (ít nhất 20 ký tự)."),
    "answer_missing": gettext_lazy("Người phản ánh cần một câu trả lời."),
    "no_outcome": gettext_lazy("Chọn một kết luận."),
    "term_stays": gettext_lazy("Chỉ chấm dứt nhiệm kỳ khi kết luận là không có lý do."),
}
BIAS: Words = {
    "own_reading": gettext_lazy("Chính bạn đã xem hồ sơ này: thanh tra khác phải kết luận."),
    "own_name": gettext_lazy("Người trong việc này trùng họ tên với bạn: thanh tra khác phải kết luận."),
}
VOCABULARIES: dict[str, Words] = {
    "inspection_kind": KIND, "inspection_state": STATE, "inspection_outcome": OUTCOME, "inspection_term": TERM,
    "inspection_bias": BIAS,
}  # fmt: skip


def explained(case: CaseLine) -> str:
    """Why the case was opened, with the numbers behind it; '' for a kind this version does not know."""
    numbers = case.evidence
    plain = {
        "complaint": _("Người có hồ sơ thấy một lượt xem không đúng."),
        "break_glass": _("Cán bộ mở một hồ sơ ngoài địa bàn hoặc mục đích của mình, trong 15 phút."),
        "out_of_area": _("%(measured)s người được xem khi không sống trong địa bàn của chức vụ này."),
        "no_case": _("%(measured)s người được xem mà không ghi số vụ việc (từ %(limit)s người trở lên là cần hỏi)."),
        "own_name": _("%(measured)s người được xem có họ tên trùng hẳn với cán bộ. Có thể chỉ là trùng tên."),
        "own_household": _(
            "%(measured)s người được xem cùng hộ, hoặc khai cùng, với một người trùng họ tên cán bộ."
            " Có thể chỉ là trùng tên."
        ),
        "much_read": _(
            "%(measured)s cán bộ của %(offices)s cơ quan đã xem hồ sơ này trong một tuần, %(readings)s lượt"
            " (từ %(limit)s cán bộ trở lên là cần hỏi)."
        ),
    }.get(case.kind)
    if plain is not None:
        return plain % _shown(numbers)
    return _compared(case) if case.kind in ("volume", "odd_hours") else ""


def _compared(case: CaseLine) -> str:
    numbers = case.evidence
    if numbers.get("is_alone"):
        told = _("%(measured)s người trong ngày. Có quá ít cán bộ cùng chức vụ để so, nên giới hạn là %(limit)s người.")
        return told % _shown(numbers)
    told = _(
        "%(measured)s người trong ngày, giới hạn %(limit)s. Trong %(days_back)s ngày, %(officers)s cán bộ cùng chức vụ"
        " có %(officer_days)s ngày làm việc: một nửa số ngày không quá %(median)s người, chênh lệch giữa là %(spread)s."
        " Giới hạn là trung vị cộng %(factor)s lần chênh lệch (nhân 1,4826), không dưới %(floor)s."
    )
    return told % _shown(numbers)


def _shown(numbers: Mapping[str, object]) -> dict[str, object]:
    """Numbers without needless decimals; those that a finding does not have are a dash."""
    names = ("measured", "limit", "readings", "offices", "median", "spread", "officers", "officer_days", "days_back",
             "factor", "floor")  # fmt: skip
    return {name: _plain(numbers.get(name, "–")) for name in names}


def _plain(number: object) -> object:
    return int(number) if isinstance(number, float) and number == int(number) else number
