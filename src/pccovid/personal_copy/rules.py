"""What a copy leaves out and why, how many a day, in which forms. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from pccovid.officers.rules import Limit

VERSION = 1
"""Of the JSON; raised whenever a name in it changes its meaning or goes."""
FORMAT = "pccovid.personal-copy"
FORMS = ("html", "pdf", "json", "fhir")
COPIES_A_DAY = Limit("personal_copy", 10, timedelta(days=1))
"""Our own choice: four forms, twice over, and two for children; a stolen session cannot draw copies all day."""

STANDING, REPEAT, SUPERSEDED = "standing", "repeat", "superseded"


class LeftOut(NamedTuple):
    """A column that is not copied: `only_where` names the column that must be true for that, '' for always."""

    kind: str
    columns: tuple[str, ...]
    because: str
    because_en: str
    only_where: str = ""


LEFT_OUT = (
    LeftOut(
        "test", ("tube_barcode",),
        "Mã ống mẫu gộp: một ống chứa mẫu của nhiều người, mã của nó dẫn tới họ.",
        "The code of a pooled tube: one tube holds several people's samples, and its code leads to them.",
        "is_pooled",
    ),
    LeftOut(
        "relationship", ("other_system", "other_kind", "other_key"),
        "Ai đã khai thay bạn: đó là dữ liệu của người ấy.",
        "Who declared for you: that is their data.",
    ),
)  # fmt: skip
LEFT_OUT_ELSEWHERE = (
    (
        "Nguyên văn các dòng nhận từ ứng dụng cũ: trong đó có thể có người khác. Giá trị đang dùng đều có ở đây.",
        "Rows as received from earlier apps, word for word: they may speak of others. Values in use are in this copy.",
    ),
    (
        "Tên riêng của cán bộ đã xem: sổ cho biết cơ quan và chức trách.",
        "The names of officers who looked: the log tells their office and its kind.",
    ),
)


def left_out(kind: str, values: Mapping[str, object]) -> frozenset[str]:
    """The columns of this fact that are not copied."""
    return frozenset(
        column
        for rule in LEFT_OUT
        if rule.kind == kind and (not rule.only_where or values.get(rule.only_where))
        for column in rule.columns
    )


def status(*, superseded: bool, repeats: bool) -> str:
    """Whether a fact still stands, repeats another entry of the same event, or gave way to a newer version."""
    if superseded:
        return SUPERSEDED
    return REPEAT if repeats else STANDING
