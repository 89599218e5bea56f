"""Facts of treatment as facilities hand them over."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from pccovid.foundation.facts import StagedFact


class CarriedStay(NamedTuple):
    """A stay or visit. `stay_key`: the name, hidden, by which what belongs to it says so."""

    stay_key: str | None
    stay_class: str | None
    """'inpatient', 'emergency', 'outpatient', 'home' or 'other'."""
    state: str | None
    """'planned', 'under_way' or 'finished'."""
    began_at: datetime | None
    ended_at: datetime | None
    facility: str | None
    discharge: str | None
    """How it ended: 'home', 'transferred', 'against_advice', 'died' or 'other'."""


class CarriedCondition(NamedTuple):
    """A diagnosis."""

    stay_key: str | None
    code_system: str | None
    code: str | None
    diagnosis: str | None
    """In words, as written."""
    certainty: str | None
    """'confirmed', 'provisional' or None where it is not said."""
    began_at: datetime | None
    ended_at: datetime | None


class CarriedVitalSign(NamedTuple):
    """One measured value; a blood pressure comes as two."""

    stay_key: str | None
    sign: str | None
    """LOINC."""
    measured: float | None
    unit: str | None
    measured_at: datetime | None


class CarriedProcedure(NamedTuple):
    """Something done to treat."""

    stay_key: str | None
    code_system: str | None
    code: str | None
    procedure: str | None
    is_done: bool | None
    began_at: datetime | None
    ended_at: datetime | None


class CarriedMedication(NamedTuple):
    """A drug given."""

    stay_key: str | None
    code_system: str | None
    code: str | None
    drug: str | None
    dose: float | None
    dose_unit: str | None
    route: str | None
    began_at: datetime | None
    ended_at: datetime | None


STAY = StagedFact("stay", "treatment_stay", CarriedStay)
CONDITION = StagedFact("condition", "treatment_condition", CarriedCondition)
VITAL_SIGN = StagedFact("vital_sign", "treatment_vitalsign", CarriedVitalSign)
PROCEDURE = StagedFact("procedure", "treatment_procedure", CarriedProcedure)
MEDICATION = StagedFact("medication", "treatment_medication", CarriedMedication)
FACTS = (STAY, CONDITION, VITAL_SIGN, PROCEDURE, MEDICATION)
