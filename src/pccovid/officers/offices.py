"""The offices an officer can hold, what each is for and how long one is appointed at most. Pure data.

The database's rules (foundation/purposes.py) say what an office may read; this says what it is called and whether
it must be bound to an area.
"""

from __future__ import annotations

from typing import NamedTuple

DATA_STEWARD, HEALTH_STATION, COMMUNE_POLICE, TRACER = "data_steward", "health_station", "commune_police", "tracer"
QUARANTINE_OFFICER = "quarantine_officer"
"""Keeps orders, places and rooms of quarantine; sees nothing of where somebody was or whom they met."""
DATA_PROTECTION = "data_protection"
"""Watches over retention and exports; reads nobody's record, so it has no purpose of reading."""
INSPECTOR = "inspector"
"""Reads who read whom, and decides about it; sees no health data and breaks no glass."""


class Office(NamedTuple):
    """A kind of office: its purpose of reading, whether one is appointed to an area, its names, its longest term.

    `longest_days` is our own choice; no source prescribes it.
    """

    role: str
    purpose: str
    needs_area: bool
    name_vi: str
    name_en: str
    longest_days: int = 180


OFFICES: dict[str, Office] = {
    office.role: office
    for office in (
        Office(DATA_STEWARD, "data_repair", False, "Quản trị dữ liệu quốc gia", "National data steward"),
        Office(HEALTH_STATION, "care", True, "Trạm y tế", "Health station"),
        Office(COMMUNE_POLICE, "data_repair", True, "Công an cấp xã", "Commune police"),
        Office(TRACER, "contact_tracing", True, "Truy vết", "Contact tracer"),
        Office(QUARANTINE_OFFICER, "quarantine", True, "Quản lý cách ly", "Quarantine officer"),
        Office(DATA_PROTECTION, "", False, "Bảo vệ dữ liệu", "Data protection"),
        Office(INSPECTOR, "inspection", False, "Thanh tra", "Inspector"),
    )
}
