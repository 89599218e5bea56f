"""Classes of the tables that agencies' messages fill: what hospitals report, files of small
laboratories, what the population database is asked, and the board of sources.

Table → category, retention, and its technical, personal and sensitive columns; `{fact}` stands for what every fact has.
"""

OF_EXCHANGE: dict[str, tuple[str, str, str, str, str]] = {
    "treatment_stay": (
        "treatment", "record", "{fact} stay_key", "", "stay_class state began_at ended_at facility discharge",
    ),
    "treatment_condition": (
        "treatment", "record", "{fact} stay_key", "", "code_system code diagnosis certainty began_at ended_at",
    ),
    "treatment_vitalsign": ("treatment", "record", "{fact} stay_key", "", "sign measured unit measured_at"),
    "treatment_procedure": (
        "treatment", "record", "{fact} stay_key", "", "code_system code procedure is_done began_at ended_at",
    ),
    "treatment_medication": (
        "treatment", "record", "{fact} stay_key", "",
        "code_system code drug dose dose_unit route began_at ended_at",
    ),
    "access.laboratory_upload": (
        "access_log", "accountability", "id agreement_id appointment_id file_name uploaded_at taken_at refusal",
        "officer_id office sealed", "",
    ),
    "access.laboratory_upload_row": ("access_log", "accountability", "upload_id row_no outcome reasons", "", ""),
    # Verification of identities
    "access.verification_campaign": (
        "ledger", "accountability", "id source endpoint per_second persons started_by started_at ended_at", "", "",
    ),
    "access.verification_task": (
        "access_log", "record", "id campaign_id position verdict code settled_at", "person_id area_code", "",
    ),
    "access.verification_mark": ("system", "configuration", "source mark followed_at", "", ""),
    "access.verification_count": ("ledger", "accountability", "campaign_id area_code verdict persons", "", ""),
    "access.insurance_check": (
        "access_log", "record", "id wished_at tried_at checked_at code", "person_id", "",
    ),
    # The board of sources
    "access.silence_rule": (
        "system", "configuration", "source hours valid_from valid_to issuer document is_verified", "", "",
    ),
    "access.hand_over": ("system", "configuration", "source stops_on issuer document is_verified", "", ""),
    "access.source_quality": (
        "ledger", "configuration",
        "source counted_at claims fields repeated_facts lag_hours newest_own_at after_hand_over", "", "",
    ),
    "access.source_alert": ("ledger", "accountability", "id source stale_since noticed_at ended_at", "", ""),
}  # fmt: skip
