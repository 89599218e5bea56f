"""From when each table's period counts, and what goes at the declared end of the epidemic. Pure data.

The periods themselves stand in foundation/classification.py. A clock is an SQL expression over one row that gives the
moment from which the period counts; it is written into the database by periods.py and evaluated there alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pccovid.foundation.classification import RETENTIONS, columns

UNTIL_THE_END = ("movement", "declaration", "record", "provenance")
"""Retentions whose rows are erased when a declared end of the epidemic comes, whatever period they have besides."""

MOVEMENT_KINDS = ("qr_visits", "tokhaiyte_movement", "tokhaiyte_entry", "tokhaiyte_domestic")
"""Kinds of received rows that are movement or a declaration as a whole: a held row of these has their period."""

_IMPORTED = "(SELECT coalesce(r.published_at, r.started_at) FROM people_importrun r WHERE r.id = run_id)"


class Clock(NamedTuple):
    """From when the rows of one table are counted.

    `recorded`: the column of the moment we received the fact; an event dated more than thirty days after it is taken
    as misread, and counts from there. `only`: SQL condition of the rows that have the period at all.
    """

    starts: str
    key: str = "id"
    recorded: str | None = None
    only: str = "true"


CLOCKS: dict[str, Clock] = {
    "movement_visit": Clock("coalesce(left_at, entered_at, recorded_at)", recorded="recorded_at"),
    "movement_trip": Clock("coalesce(departed_at, valid_until, recorded_at)", recorded="recorded_at"),
    "movement_scan": Clock("coalesce(scanned_at, recorded_at)", recorded="recorded_at"),
    "border_entry": Clock(
        "coalesce(coalesce(entered_on, departed_on)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh', recorded_at)",
        recorded="recorded_at",
    ),
    "declarations_declaration": Clock("coalesce(declared_at, recorded_at)", recorded="recorded_at"),
    "people_unplacedrow": Clock(_IMPORTED, only=f"kind IN {MOVEMENT_KINDS!r}"),
    "accounts_signincode": Clock("asked_at"),
    "accounts_sandboxmessage": Clock("sent_at"),
    "django_session": Clock("expire_date", key="session_key"),
    "access.export_file": Clock("kept_until", key="request_id"),
    "access.turn": Clock("taken_at"),
    "access.scan_inbox": Clock("received_at", key="once"),
    "access.code_revocation": Clock("since + interval '2 days'", key="person_id"),
    "access.officer_sign_in": Clock("tried_at"),
    "access.declaration_draft": Clock("saved_at"),
    "access.triage": Clock("arrived_at"),
    "access.triage_step": Clock("done_at"),
    "access.declaration_withdrawal": Clock("withdrawn_at", key="fact_id"),
    "access.trace_exposure": Clock("ended_at"),
}
DAYS_OF_OTHERS = {"people_unplacedrow": "movement"}
"""Tables whose clocked rows have another retention's period than the table's own."""

KEYS = {
    "people_recordclaim": "record_id", "access.left_to_forget": "record_id",
    "link_review_ruling": "pair_id", "django_session": "session_key", "access.trace_case_test": "test_id",
}  # fmt: skip
"""Key columns that are not `id`, of tables that are erased."""

ORDER = (
    "access.trace_task_step", "access.trace_task",
    "access.quarantine_stay", "access.quarantine_need", "access.quarantine_breach",
    "access.quarantine_check", "access.quarantine_step", "access.quarantine_certificate", "access.quarantine_order",
    "access.quarantine_room", "access.quarantine_facility",
    "access.trace_exposure", "access.trace_contact", "access.trace_accepted", "access.trace_declared",
    "access.trace_period",
    "access.trace_case_test", "access.trace_case",
    "movement_scan", "movement_trip", "movement_visit", "border_entry", "declarations_declaration", "lab_tests_test",
    "vaccination_dose", "treatment_medication", "treatment_procedure", "treatment_vitalsign", "treatment_condition",
    "treatment_stay", "insurance_card", "people_relationship", "people_address", "people_unplacedrow",
    "people_reviewpair", "people_merge", "people_link", "people_sourcerecord", "people_contactpoint",
    "people_verificationanswer", "people_identifier", "people_recordclaim", "people_person", "movement_place",
)  # fmt: skip
"""What is erased first: facts, then what explains them, then the persons. Tables not named here come last."""

_WITHOUT_RECORDS = frozenset({"movement_place"})


class Rule(NamedTuple):
    """One table's rule as the database holds it. `days` None: no period; `starts` None: no clock."""

    position: int
    table_name: str
    key_column: str
    retention: str
    days: int | None
    starts: str | None
    recorded: str | None
    only_where: str
    ends_with_epidemic: bool
    is_fact: bool
    until: str
    document: str
    verified: bool


def rules() -> tuple[Rule, ...]:
    """Every classified table, in the order of erasure."""
    named = columns()
    tables = {name.rpartition(".")[0]: column.retention for name, column in named.items()}
    order = {table: place for place, table in enumerate(ORDER)}
    ordered = sorted(tables, key=lambda table: (order.get(table, len(order)), table))
    return tuple(_rule(place, table, tables[table], named) for place, table in enumerate(ordered))


def _rule(position: int, table: str, name: str, named: Mapping[str, object]) -> Rule:
    clock = CLOCKS.get(table)
    period = RETENTIONS[DAYS_OF_OTHERS.get(table, name)]
    is_fact = f"{table}.source_record_id" in named and f"{table}.person_id" in named and table != "people_recordclaim"
    return Rule(
        position, table, clock.key if clock else KEYS.get(table, "id"), name, period.days if clock else None,
        clock.starts if clock else None, clock.recorded if clock else None, clock.only if clock else "true",
        name in UNTIL_THE_END, is_fact and table not in _WITHOUT_RECORDS, RETENTIONS[name].until,
        RETENTIONS[name].document, RETENTIONS[name].verified,
    )  # fmt: skip
