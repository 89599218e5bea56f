"""Which agencies send to the hub in the sandbox, and what each one's agreement covers."""

from __future__ import annotations

from typing import NamedTuple

FHIR, MLLP = "fhir", "mllp"


class MadeAgency(NamedTuple):
    """One agency: `reads` and `sends` are the categories of its agreement."""

    code: str
    name: str
    standing: str
    purpose: str
    reads: tuple[str, ...]
    sends: tuple[str, ...]
    speaks: str = FHIR


LABORATORY = MadeAgency(
    "phong-xet-nghiem-thu", "Phòng xét nghiệm Thử", "facility", "care", ("identity", "test"), ("identity", "test"), MLLP
)
SITE = MadeAgency(
    "diem-tiem-thu", "Điểm tiêm chủng Thử", "facility", "care", ("identity", "vaccination"), ("identity", "vaccination")
)
HOSPITAL = MadeAgency(
    "benh-vien-ban-thu", "Bệnh viện Bản thử", "facility", "care",
    ("identity", "vaccination", "test", "treatment", "insurance"), ("identity", "treatment"),
)  # fmt: skip
GATE = MadeAgency(
    "cua-khau-thu", "Cửa khẩu sân bay Thử", "authority", "contact_tracing", ("identity", "border"),
    ("identity", "border"),
)  # fmt: skip
TRACERS = MadeAgency(
    "kiem-soat-benh-tat-thu", "Trung tâm Kiểm soát bệnh tật Thử", "authority", "contact_tracing",
    ("identity", "vaccination", "test", "border"), (),
)  # fmt: skip
CAST = (LABORATORY, SITE, HOSPITAL, GATE, TRACERS)
