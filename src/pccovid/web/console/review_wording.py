"""The words of the review of pairs."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

Words = Mapping[str, Promise | str]

HARM: Words = {
    "fact_missing": gettext_lazy("Mũi tiêm hoặc xét nghiệm chưa tới được chủ nhân"),
    "split_person": gettext_lazy("Có thể một người đang bị chia làm hai hồ sơ"),
    "no_fact": gettext_lazy("Một bản ghi còn chờ, hoặc một mẫu kiểm tra"),
}
OPINION: Words = {
    "same": gettext_lazy("Cùng một người"),
    "different": gettext_lazy("Hai người khác nhau"),
    "unsure": gettext_lazy("Chưa rõ"),
}
STANDING: Words = {
    "same": gettext_lazy("Kết luận: cùng một người."),
    "different": gettext_lazy("Kết luận: hai người khác nhau."),
    "second_needed": gettext_lazy("Chờ cán bộ thứ hai: có người đã xác minh danh tính trong cặp này."),
    "disputed": gettext_lazy("Các cán bộ không cùng ý: cặp này được xem thêm."),
    "open": gettext_lazy("Chưa có kết luận."),
}
RULING_NOTE: Words = {
    "waits_for_linking": gettext_lazy("Bản ghi được đưa về đúng người ở lần ghép ngay sau đây."),
    "needs_split": gettext_lazy("Hai bản ghi đang ở cùng một hồ sơ vì lý do khác: cần tách hồ sơ."),
    "VerifiedIdsDiffer": gettext_lazy("Không ghép được: hai số định danh đã xác minh khác nhau."),
    "PersonIsAbsorbed": gettext_lazy("Không ghép được: một hồ sơ đã được ghép vào hồ sơ khác."),
    "LaterMergeStands": gettext_lazy("Chưa hoàn tác được: hồ sơ đã được ghép tiếp; hoàn tác lần sau trước."),
    "RecordsHaveMovedOn": gettext_lazy("Chưa hoàn tác được: bản ghi đã được chuyển sang hồ sơ khác."),
}
SPLIT_REFUSAL: Words = {
    "reason_too_short": gettext_lazy("Hãy viết lý do, ít nhất 10 ký tự."),
    "not_their_records": gettext_lazy(
        "Có bản ghi không còn thuộc về người này. Không có gì thay đổi; hãy xem lại hồ sơ."
    ),
    "none_or_all": gettext_lazy("Hãy chọn ít nhất một bản ghi, và để lại ít nhất một bản ghi."),
    "asked_already": gettext_lazy("Hồ sơ này đang có một yêu cầu tách chưa xong."),
    "answered_already": gettext_lazy("Yêu cầu này đã được trả lời hoặc đã xong."),
    "own_request": gettext_lazy("Người yêu cầu không tự đồng ý được: cần một cán bộ dữ liệu khác."),
    "no_such_person": gettext_lazy("Không có hồ sơ hoặc yêu cầu như vậy."),
    "nothing_parted": gettext_lazy("Không còn gì để rút lại: hai hồ sơ không còn như lúc tách."),
}
SPLIT_OUTCOME: Words = {
    "split": gettext_lazy("đã tách"),
    "declined": gettext_lazy("không tách"),
    "refused": gettext_lazy("không làm được"),
}
SPLIT_NOTE: Words = {
    "SplitRefused": gettext_lazy("Hồ sơ đã thay đổi: có bản ghi không còn ở đây, hoặc không còn bản ghi nào khác."),
    "PersonIsAbsorbed": gettext_lazy("Hồ sơ đã được ghép vào hồ sơ khác."),
    "PersonUnknown": gettext_lazy("Hồ sơ không còn nữa."),
}
