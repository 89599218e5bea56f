"""Classes of the tables of quarantine: orders, places and rooms, needs, days somebody may have left.

Table → category, retention, and its technical, personal and sensitive columns.
"""

OF_QUARANTINE: dict[str, tuple[str, str, str, str, str]] = {
    "access.quarantine_rule": (
        "system", "configuration",
        (
            "code who position place days longest_days monitor_days test_days home_after_day least_doses dose_from_days"
            " dose_to_days recovered_days without_test_days valid_from valid_to issuer document verified"
        ),
        "", "",
    ),
    "access.quarantine_order": (
        "test", "record", "id contact_id case_id rule_code document is_verified ordered_at", "ordered_by office",
        (
            "person_id because place starts_on ends_on latest_end monitor_days test_days home_after_day"
            " without_test_days area_code facility_id state closed_at checked_on"
        ),
    ),
    "access.quarantine_step": (
        "test", "record", "id order_id done_at", "by_officer office", "step ends_on words",
    ),
    "access.quarantine_check": ("test", "record", "id order_id checked_at via", "", "day has_symptoms"),
    "access.quarantine_certificate": ("test", "record", "id order_id issued_at", "", ""),
    "access.quarantine_facility": (
        "system", "record", "id name commune_code address phone opened_at closed_at office", "opened_by", "",
    ),
    "access.quarantine_room": ("system", "record", "id facility_id name beds", "", ""),
    "access.quarantine_stay": (
        "test", "record", "id order_id", "by_officer office", "room_id since until ended_because",
    ),
    "access.quarantine_need": (
        "test", "record", "id order_id asked_at due_at answered_at", "asked_by answered_by office",
        "kind words owner_area outcome answer",
    ),
    "access.quarantine_breach": (
        "test", "record", "id order_id found_at found_by decided_at", "decided_by office", "day verdict words",
    ),
    # A clinician's word, beside the cases it makes
    "access.clinical_suspicion": (
        "treatment", "record", "id said_at log_id", "by_officer office", "person_id is_suspected onset_on words",
    ),
}  # fmt: skip
