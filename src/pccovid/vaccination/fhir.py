"""A dose as a FHIR R4 Immunization. Pure.

Codes of products: as the EU DCC value set names them (product and maker), SNOMED CT for what kind of vaccine it is, ATC
J07BX03 for a COVID-19 vaccine. A dose without a known product carries what was written, and no code but ATC's.
"""

from __future__ import annotations

from typing import NamedTuple

from pccovid.foundation.fhir import (
    ATC,
    EU_OTHER_PRODUCT,
    EU_PRODUCT,
    OWN_NUMBERS,
    SNOMED,
    About,
    Resource,
    coding,
    concept,
    instant,
    reference,
    resource,
    without_empty,
)  # fmt: skip
from pccovid.vaccination.carried import CarriedDose


class VaccineCodes(NamedTuple):
    """EU DCC product (mp), maker (ma) and SNOMED CT vaccine (vp); the domain handbook, part 6."""

    product_system: str
    product: str
    maker: str
    prophylaxis: str


VACCINE_CODES: dict[str, VaccineCodes] = {
    "Pfizer": VaccineCodes(EU_PRODUCT, "EU/1/20/1528", "ORG-100030215", "1119349007"),
    "Moderna": VaccineCodes(EU_PRODUCT, "EU/1/20/1507", "ORG-100031184", "1119349007"),
    "AstraZeneca": VaccineCodes(EU_PRODUCT, "EU/1/21/1529", "ORG-100001699", "29061000087103"),
    "Janssen": VaccineCodes(EU_PRODUCT, "EU/1/20/1525", "ORG-100001417", "29061000087103"),
    "Vero Cell": VaccineCodes(EU_OTHER_PRODUCT, "BBIBP-CorV", "ORG-100020693", "1157024006"),
    "Hayat-Vax": VaccineCodes(EU_OTHER_PRODUCT, "Hayat-Vax", "ORG-100023050", "1157024006"),
    "Sputnik V": VaccineCodes(EU_OTHER_PRODUCT, "Sputnik-V", "Gamaleya-Research-Institute", "29061000087103"),
    "Abdala": VaccineCodes(EU_OTHER_PRODUCT, "Abdala", "CIGB", "28531000087107"),
}
_MAKERS = "https://spor.ema.europa.eu/v1/organisations"


def immunization(dose: CarriedDose, about: About) -> Resource:
    """The dose. A repeated or superseded entry is told as entered in error, so that nobody counts it twice."""
    codes = VACCINE_CODES.get(dose.product or "")
    return resource(
        "Immunization", about,
        status="completed" if about.is_standing else "entered-in-error",
        vaccineCode=_vaccine(dose, codes),
        patient=reference(about.person),
        **_when(dose),
        recorded=instant(dose.entered_at) if dose.entered_at else None,
        primarySource=about.provenance in ("official", "facility"),
        manufacturer=_maker(codes),
        lotNumber=dose.lot_number,
        location=_site(dose),
        note=[{"text": dose.reaction_note}] if dose.reaction_note else None,
        protocolApplied=_protocol(dose),
    )  # fmt: skip


def _vaccine(dose: CarriedDose, codes: VaccineCodes | None) -> Resource:
    named = [coding(codes.product_system, codes.product), coding(SNOMED, codes.prophylaxis)] if codes else []
    return concept(*named, coding(ATC, "J07BX03"), text=dose.product_text or dose.product)


def _when(dose: CarriedDose) -> Resource:
    """FHIR wants one of the two: the day, or in words that it is not known."""
    return {"occurrenceDateTime": dose.occurred_on.isoformat()} if dose.occurred_on else {"occurrenceString": "unknown"}


def _maker(codes: VaccineCodes | None) -> Resource | None:
    if codes is None:
        return None
    if codes.maker.startswith("ORG-"):
        return {"identifier": {"system": _MAKERS, "value": codes.maker}}
    return {"display": codes.maker}


def _site(dose: CarriedDose) -> Resource | None:
    identifier = {"system": f"{OWN_NUMBERS}vaccination-site", "value": dose.site_code} if dose.site_code else None
    return without_empty({"identifier": identifier, "display": dose.site_name}) or None


def _protocol(dose: CarriedDose) -> list[Resource] | None:
    """The number as the source claims it; FHIR counts doses from 1."""
    if dose.dose_number is None or dose.dose_number < 1:
        return None
    disease = concept(coding(SNOMED, "840539006", "COVID-19"))
    return [{"targetDisease": [disease], "doseNumberPositiveInt": dose.dose_number}]
