"""The parts of one's record: what each is called, how its facts are drawn, what is said where there are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from pccovid.border.queries import OWN_ENTRIES
from pccovid.declarations.queries import OWN_DECLARATIONS
from pccovid.foundation.reads import Read, joined
from pccovid.insurance.queries import OWN_CARDS
from pccovid.lab_tests.queries import OWN_TESTS
from pccovid.movement.queries import OWN_TRIPS, OWN_VISITS
from pccovid.people.queries import OWN_ADDRESSES, OWN_FAMILY
from pccovid.treatment.queries import OWN_TREATMENT
from pccovid.vaccination.queries import OWN_DOSES


@dataclass(frozen=True)
class Kind:
    """One kind of fact: the read of a person's, newest first, and how it is shown."""

    page: str
    """Name of its address, and of nothing else."""
    drawing: str
    title: Promise
    empty: Promise
    partial: str
    read: Read[Sequence[Any]]

    @property
    def template(self) -> str:
        """The template of one fact, which it knows as `fact`."""
        return f"citizen/facts/{self.partial}.html"


KINDS = (
    Kind(
        "my-doses", "syringe", gettext_lazy("Tiêm chủng"), gettext_lazy("Chưa có mũi tiêm nào trong hồ sơ."), "dose",
        joined(lambda _, doses: doses[::-1], OWN_DOSES),
    ),
    Kind(
        "my-tests", "tube", gettext_lazy("Xét nghiệm"), gettext_lazy("Chưa có xét nghiệm nào trong hồ sơ."), "test",
        OWN_TESTS,
    ),
    Kind(
        "my-declarations", "form", gettext_lazy("Khai báo y tế"), gettext_lazy("Chưa có khai báo nào trong hồ sơ."),
        "declaration", OWN_DECLARATIONS,
    ),
    Kind(
        "my-visits", "pin", gettext_lazy("Nơi đã đến"), gettext_lazy("Chưa có lần quét mã nào tại các địa điểm."),
        "visit", OWN_VISITS,
    ),
    Kind(
        "my-trips", "route", gettext_lazy("Đi lại"), gettext_lazy("Chưa có chuyến đi nào trong hồ sơ."), "trip",
        OWN_TRIPS,
    ),
    Kind(
        "my-entries", "border", gettext_lazy("Nhập cảnh"), gettext_lazy("Chưa có lần nhập cảnh nào trong hồ sơ."),
        "entry", OWN_ENTRIES,
    ),
    Kind(
        "my-treatment", "shield", gettext_lazy("Điều trị"),
        gettext_lazy("Chưa bệnh viện hay trạm y tế nào ghi lần điều trị nào."), "treatment", OWN_TREATMENT,
    ),
    Kind(
        "my-cards", "shield", gettext_lazy("Bảo hiểm y tế"),
        gettext_lazy("Chưa ứng dụng nào ghi số bảo hiểm của bạn."), "card", OWN_CARDS,
    ),
    Kind(
        "my-addresses", "home", gettext_lazy("Địa chỉ"), gettext_lazy("Chưa có địa chỉ nào trong hồ sơ."), "address",
        OWN_ADDRESSES,
    ),
    Kind(
        "my-family", "people", gettext_lazy("Gia đình"),
        gettext_lazy("Chưa có ai bạn đã khai thay, và chưa ai khai thay bạn."), "tie", OWN_FAMILY,
    ),
)  # fmt: skip

SHOWN = 2
"""Facts of one kind on the home page; the rest is one press away."""


@dataclass(frozen=True)
class Section:
    """One kind of fact with all that is known of it."""

    kind: Kind
    facts: Sequence[Any]

    @property
    def page(self) -> str:
        return self.kind.page

    @property
    def drawing(self) -> str:
        return self.kind.drawing

    @property
    def title(self) -> Promise:
        return self.kind.title

    @property
    def empty(self) -> Promise:
        return self.kind.empty

    @property
    def template(self) -> str:
        return self.kind.template

    @property
    def newest(self) -> Sequence[Any]:
        return self.facts[:SHOWN]

    @property
    def hidden(self) -> int:
        """How many facts the home page leaves to the section's own page."""
        return max(len(self.facts) - SHOWN, 0)
