"""Vital signs that are kept: LOINC code → what it is called, and the UCUM unit it is told in. Data, pure.

Codes of FHIR R4's own vital-signs profile, and SpO2 by pulse oximetry. A blood pressure (85354-9) is its two parts.
"""

from __future__ import annotations

from typing import NamedTuple


class Sign(NamedTuple):
    """One sign: LOINC's name, ours in Vietnamese, and its usual unit."""

    display: str
    name: str
    unit: str


SIGNS: dict[str, Sign] = {
    "8310-5": Sign("Body temperature", "Thân nhiệt", "Cel"),
    "8867-4": Sign("Heart rate", "Nhịp tim", "/min"),
    "9279-1": Sign("Respiratory rate", "Nhịp thở", "/min"),
    "2708-6": Sign("Oxygen saturation in Arterial blood", "SpO2", "%"),
    "59408-5": Sign("Oxygen saturation in Arterial blood by Pulse oximetry", "SpO2", "%"),
    "8480-6": Sign("Systolic blood pressure", "Huyết áp tâm thu", "mm[Hg]"),
    "8462-4": Sign("Diastolic blood pressure", "Huyết áp tâm trương", "mm[Hg]"),
    "29463-7": Sign("Body weight", "Cân nặng", "kg"),
    "8302-2": Sign("Body height", "Chiều cao", "cm"),
    "39156-5": Sign("Body mass index (BMI) [Ratio]", "Chỉ số khối cơ thể", "kg/m2"),
}
PANELS = frozenset({"85354-9", "55284-4", "85353-1"})
"""Observations that hold signs as components: blood pressure (now, and its earlier code), all vital signs."""
