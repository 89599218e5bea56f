"""The parts of one's record: what each is called, how its facts are drawn, what is said where there are none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from pccovid.border.queries import own_entries
from pccovid.declarations.queries import own_declarations
from pccovid.insurance.queries import own_cards
from pccovid.lab_tests.queries import own_tests
from pccovid.movement.queries import own_trips, own_visits
from pccovid.people.queries import own_addresses, own_family
from pccovid.treatment.queries import own_treatment
from pccovid.vaccination.queries import own_doses


@dataclass(frozen=True)
class Kind:
    """One kind of fact: the query that reads a person's, newest first, and how it is shown."""

    page: str
    """Name of its address, and of nothing else."""
    drawing: str
    title: Promise
    empty: Promise
    partial: str
    read: Callable[[UUID], Sequence[Any]]

    @property
    def template(self) -> str:
        """The template of one fact, which it knows as `fact`."""
        return f"citizen/facts/{self.partial}.html"


KINDS = (
    Kind(
        "my-doses", "syringe", gettext_lazy("Tiêm chủng"), gettext_lazy("Chưa có mũi tiêm nào trong hồ sơ."), "dose",
        lambda person: own_doses(person)[::-1],
    ),
    Kind(
        "my-tests", "tube", gettext_lazy("Xét nghiệm"), gettext_lazy("Chưa có xét nghiệm nào trong hồ sơ."), "test",
        own_tests,
    ),
    Kind(
        "my-declarations", "form", gettext_lazy("Khai báo y tế"), gettext_lazy("Chưa có khai báo nào trong hồ sơ."),
        "declaration", own_declarations,
    ),
    Kind(
        "my-visits", "pin", gettext_lazy("Nơi đã đến"), gettext_lazy("Chưa có lần quét mã nào tại các địa điểm."),
        "visit", own_visits,
    ),
    Kind(
        "my-trips", "route", gettext_lazy("Đi lại"), gettext_lazy("Chưa có chuyến đi nào trong hồ sơ."), "trip",
        own_trips,
    ),
    Kind(
        "my-entries", "border", gettext_lazy("Nhập cảnh"), gettext_lazy("Chưa có lần nhập cảnh nào trong hồ sơ."),
        "entry", own_entries,
    ),
    Kind(
        "my-treatment", "shield", gettext_lazy("Điều trị"),
        gettext_lazy("Chưa bệnh viện hay trạm y tế nào ghi lần điều trị nào."), "treatment", own_treatment,
    ),
    Kind(
        "my-cards", "shield", gettext_lazy("Bảo hiểm y tế"),
        gettext_lazy("Chưa ứng dụng nào ghi số bảo hiểm của bạn."), "card", own_cards,
    ),
    Kind(
        "my-addresses", "home", gettext_lazy("Địa chỉ"), gettext_lazy("Chưa có địa chỉ nào trong hồ sơ."), "address",
        own_addresses,
    ),
    Kind(
        "my-family", "people", gettext_lazy("Gia đình"),
        gettext_lazy("Chưa có ai bạn đã khai thay, và chưa ai khai thay bạn."), "tie", own_family,
    ),
)  # fmt: skip
