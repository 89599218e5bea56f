"""The systems that know something about people: how far each is believed, and what it is called.

Survivorship: population database › insurer › facility › declared. A lower rank wins an attribute; a tie goes to
the newer record. Rank is about identity attributes only; facts carry their provenance of their own.
"""

from __future__ import annotations

from typing import NamedTuple

from pccovid.foundation.provenance import FACILITY, OFFICIAL, SELF_DECLARED


class SourceSystem(NamedTuple):
    """An earlier system: survivorship rank (1 best), provenance of its facts, names for people."""

    rank: int
    provenance: str
    name_vi: str
    name_en: str


SOURCES: dict[str, SourceSystem] = {
    # What an authority decided at the person's own request; it is about one attribute and beats every other source.
    "correction": SourceSystem(-1, OFFICIAL, "Đính chính theo yêu cầu của bạn", "Correction you asked for"),
    # A fact that the commune's station and its source have both signed in place of a wrong or missing one.
    "repair": SourceSystem(
        2, FACILITY, "Sửa theo xác nhận của trạm y tế và cơ sở", "Repaired, signed by station and source"
    ),
    # What it confirmed when it was asked: a number, together with the name and birth date it was asked with; and what
    # it holds now of somebody it had confirmed, which is newer than any copy of VNeID's.
    "population": SourceSystem(
        0, OFFICIAL, "CSDL quốc gia về dân cư (Bộ Công an)", "Population database (Ministry of Public Security)"
    ),
    # What the insurer answered when it was asked about a card.
    "insurer": SourceSystem(2, OFFICIAL, "Bảo hiểm xã hội Việt Nam", "Viet Nam Social Security"),
    "vneid": SourceSystem(1, OFFICIAL, "VNeID (Bộ Công an)", "VNeID (Ministry of Public Security)"),
    "sskdt": SourceSystem(3, FACILITY, "Sổ sức khỏe điện tử", "Electronic health book"),
    "sampling": SourceSystem(4, FACILITY, "Hệ thống lấy mẫu xét nghiệm", "Test sampling system"),
    "ncovi": SourceSystem(5, SELF_DECLARED, "NCOVI", "NCOVI"),
    "pccovid": SourceSystem(6, SELF_DECLARED, "Khai trên PC-Covid", "Declared in PC-Covid"),
    "tokhaiyte": SourceSystem(6, SELF_DECLARED, "tokhaiyte.vn", "tokhaiyte.vn health declaration"),
    "qr": SourceSystem(7, FACILITY, "QR địa điểm (qr.tokhaiyte.vn)", "Place QR (qr.tokhaiyte.vn)"),
    "bluezone": SourceSystem(8, SELF_DECLARED, "Bluezone", "Bluezone"),
}

# Agencies that write by agreement: their systems are named by standing and code, such as `facility.cdc-thu`.
AGENCY_STANDINGS: dict[str, tuple[int, str]] = {"authority": (2, OFFICIAL), "facility": (4, FACILITY)}
"""Standing → survivorship rank, and provenance of the facts."""
OWN_SYSTEMS = ("correction", "repair", "pccovid", "population", "insurer")
"""What was written here: nothing of it was carried over from anywhere, and linkage does not compare it."""

# What a system's facts are, where that differs from the system as a whole.
_PROVENANCE = {("vneid", "trip"): SELF_DECLARED, ("sskdt", "address"): SELF_DECLARED, ("sskdt", "card"): SELF_DECLARED}


def provenance_of(system: str, fact: str) -> str:
    """Provenance word of a kind of fact from a system; an unknown system counts as self-declared."""
    source = SOURCES.get(system)
    of_agency = AGENCY_STANDINGS.get(system.partition(".")[0])
    otherwise = source.provenance if source else of_agency[1] if of_agency else SELF_DECLARED
    return _PROVENANCE.get((system, fact), otherwise)
