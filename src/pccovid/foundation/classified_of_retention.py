"""Classes of the tables that say how long rows are kept, prove what was erased, and hold the declared end.

Table → category, retention, and its technical, personal and sensitive columns.
"""

OF_RETENTION: dict[str, tuple[str, str, str, str, str]] = {
    "access.retention_rule": (
        "system", "configuration",
        ("position table_name key_column retention days starts recorded only_where ends_with_epidemic is_fact until"
         " document verified"), "", "",
    ),
    "access.accountable": (
        "system", "configuration",
        "position table_name goes_with rests_by since ended only_where stays outlives", "", "",
    ),
    "access.erasing": ("system", "momentary", "transaction_id", "", ""),
    "access.left_to_forget": ("ledger", "provenance", "record_id source_record_id cut_off", "", ""),
    "access.retention_due": ("ledger", "configuration", "table_name due kept because counted_at", "", ""),
    "access.erasure": (
        "ledger", "accountability", "position run batch table_name because rows cut_off erased_at commitment hash",
        "", "",
    ),
    "access.log_period": ("system", "configuration", "is_the_one years account_days document verified", "", ""),
    "access.log_erasure": (
        "ledger", "accountability",
        "last_position first_position last_log_id hash cut_off erased_at summary transaction_id", "", "",
    ),
    "access.epidemic_end": (
        "ledger", "accountability", "id ends_on decision proposed_at withdrawn_at withdrawn_why",
        "proposed_by withdrawn_by", "",
    ),
    "access.epidemic_end_approval": (
        "officer", "accountability", "end_id appointment_id office approved_at", "officer_id", "",
    ),
}  # fmt: skip
