"""Every table and column classified: what it is about, how sensitive it is, how long it is kept.

A new column must be placed here before it can land; tests/architecture compares this with the real database.
Sensitivity follows Law 91/2025/QH15 and Decree 356/2025: health, location, ethnicity and identity documents are
sensitive; what only names or reaches a person is personal. Rows of RETENTIONS that rest on no document are marked.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from pccovid.foundation.classified_of_exchange import OF_EXCHANGE
from pccovid.foundation.classified_of_quarantine import OF_QUARANTINE
from pccovid.foundation.classified_of_retention import OF_RETENTION

TECHNICAL, PERSONAL, SENSITIVE = "technical", "personal", "sensitive"

SYSTEM, LEDGER, LOG, OFFICER, SIGN_IN = "system", "ledger", "access_log", "officer", "sign_in"
"""Categories beside those of purposes.CATEGORIES: nothing here is read under a purpose."""


class Retention(NamedTuple):
    """How long rows are kept. `days` counts from the event; None: until the event named in `until`."""

    days: int | None
    until: str
    document: str
    verified: bool


RETENTIONS: dict[str, Retention] = {
    "movement": Retention(30, "", "Precedent of the Ministry of Information and Communications, July 2021", True),
    "declaration": Retention(30, "", "Precedent of the Ministry of Information and Communications, July 2021", True),
    "record": Retention(None, "the declared end of the epidemic", "Notice 242/TB-VPCP: epidemic control only", False),
    "provenance": Retention(None, "the facts it explains are erased", "Law 91/2025/QH15, accountability", False),
    "accountability": Retention(None, "five years after it ended", "Law 91/2025/QH15, accountability", False),
    "account": Retention(None, "the account is closed", "", False),
    "momentary": Retention(1, "", "", False),
    "configuration": Retention(None, "replaced", "", False),
}


LOG_YEARS = 5
"""What "five years after it ended" is for the log of access and the officers that it names: our own choice."""
CLOSED_ACCOUNT_DAYS = 30
"""How long after an officer's last office ended what signed them in is kept. Our own choice."""


class Column(NamedTuple):
    """One column's classification."""

    category: str
    sensitivity: str
    retention: str


class _Table(NamedTuple):
    category: str
    retention: str
    technical: str = ""
    personal: str = ""
    sensitive: str = ""


_FACT = "id person_id record_id source_record_id source_system provenance recorded_at superseded_at"

_TABLES: dict[str, _Table] = {
    # The person index
    "people_person": _Table(
        "identity", "record",
        "id name_key birth_precision is_identity_verified attribute_sources created_at merged_into_id",
        personal="name birth_date sex", sensitive="nationality province_code district_code commune_code address",
    ),
    "people_identifier": _Table(
        "identity", "record", "id person_id system is_verified verified_by valid_from valid_to sources",
        sensitive="value sealed",
    ),
    "people_recordclaim": _Table(
        "identity", "record",
        "record_id record system kind source_record_id content_hash version person_id is_about_nobody birth_precision"
        " id_verified phone_is_own account household flags",
        personal="name name_full name_key name_sorted birth_date birth_swapped sex phone email",
        sensitive="personal_id old_id passport insurance_no insurance_card qid id_tail province_code district_code"
        " commune_code address nationality dose sealed",
    ),
    "people_verificationanswer": _Table(
        "identity", "record", "id person_id record_id source code asked_at recorded_at recorded_by", personal="grades",
    ),
    "people_contactpoint": _Table(
        "contact", "record", "id person_id system is_own sources", personal="value sealed",
    ),
    "people_address": _Table(
        "contact", "record", f"{_FACT} kind", sensitive="commune_code district_code province_code line"
    ),
    "people_relationship": _Table(
        "contact", "record", f"{_FACT} other_system other_kind other_key other_record_id", personal="kind role"
    ),
    "people_sourcerecord": _Table(
        "source_record", "provenance", "id record_id system kind key version content_hash received_at run_id",
        sensitive="payload",
    ),
    "people_unplacedrow": _Table(
        "source_record", "provenance",
        "id file_name row_no system kind key record_id outcome reason resolved_at resolution run_id",
        sensitive="payload evidence",
    ),
    "people_link": _Table(
        "source_record", "provenance",
        "id record_id person_id decision weight reason model_version decided_by decided_at", personal="evidence",
    ),
    "people_reviewpair": _Table(
        "source_record", "provenance",
        "id record_id other_record_id weight reason decided_at decision run_id", personal="evidence",
    ),
    "people_merge": _Table(
        "source_record", "provenance",
        "id kept_id absorbed_id moved_records reason merged_by merged_at undone_by undone_at", personal="evidence",
    ),
    "link_review_opinion": _Table(
        "source_record", "accountability", "id pair_id officer_id office opinion given_at", personal="reason",
    ),
    "link_review_ruling": _Table(
        "source_record", "accountability",
        "pair_id record_id other_record_id standing ruled_at merge_id note told_apart_at",
    ),
    "link_review_split": _Table(
        "source_record", "accountability",
        "id person_id record_ids asked_by asked_office asked_at answered_by answered_office answered_at agrees done_at"
        " outcome note opened_id",
        personal="reason answer",
    ),
    # Linking anew: models, shadows, what they would change
    "relinking_model": _Table(LEDGER, "accountability", "print version trained_on content added_by added_at"),
    "relinking_modelchange": _Table(
        LEDGER, "accountability", "id model_print shadow_id changed_by changed_at",
    ),
    "relinking_shadow": _Table(
        "source_record", "accountability",
        "id model_print model_version software stage made_by started_at stood counts ready_at swapped_by swapped_at"
        " run_id stood_after logged_to rolled_back_by rolled_back_at",
    ),
    "relinking_approval": _Table(
        "source_record", "accountability", "id shadow_id officer_id office approved_at",
    ),
    "relinking_move": _Table(
        "source_record", "provenance",
        "id shadow_id record_id system kind reason person_before person_after decision weight link_before",
        personal="evidence",
    ),
    "relinking_change": _Table(
        "source_record", "provenance",
        "id shadow_id person_id kinds records_before records_after is_verified other_person merge_id",
    ),
    "relinking_pair": _Table(
        "source_record", "provenance", "id shadow_id pair_id record_id other_record_id weight reason",
        personal="evidence",
    ),
    "relinking_undo": _Table(
        "source_record", "provenance", "id shadow_id table_name row_id", personal="was",
    ),
    # The import ledger counts rows and knows nobody
    "people_importrun": _Table(
        LEDGER, "accountability",
        "id folder fingerprint stage started_at published_at published_by model_version",
    ),
    "people_importfile": _Table(
        LEDGER, "accountability",
        "id name system kind received linked new held rejected unchanged repeated notes run_id",
    ),
    "people_importreason": _Table(LEDGER, "accountability", "id outcome reason field rows file_id"),
    # Facts
    "vaccination_dose": _Table(
        "vaccination", "record", f"{_FACT} duplicate_of",
        sensitive="product product_text lot_number occurred_on dose_number site_code site_name reaction_note"
        " entered_at",
    ),
    "lab_tests_test": _Table(
        "test", "record", _FACT,
        sensitive="tube_barcode is_pooled collected_at site_name method result ct_value resulted_at laboratory"
        " received_at",
    ),
    "declarations_declaration": _Table(
        "declaration", "declaration", f"{_FACT} form source_key declared_at is_for_other",
        sensitive="symptoms symptom_note travel_note chronic_diseases answers",
    ),
    "insurance_card": _Table(
        "insurance", "record", _FACT,
        sensitive="insurance_no card_number state valid_from valid_to registered_at look_ups",
    ),
    "movement_visit": _Table("movement", "movement", _FACT, sensitive="place_key entered_at left_at via day"),
    "movement_trip": _Table(
        "movement", "movement", f"{_FACT} trip_key",
        sensitive="departure_place destination_place departure_commune destination_commune transport vehicle_number"
        " seat departed_at valid_until day",
    ),
    "movement_scan": _Table("movement", "movement", f"{_FACT} trip_key", sensitive="scanned_at checkpoint day"),
    "movement_place": _Table(
        "movement", "record",
        "id record_id source_record_id place_key name kind commune_code address registered_at recorded_at",
        personal="registrant_name registrant_phone",
    ),
    "border_entry": _Table(
        "border", "movement", _FACT,
        sensitive="gate vehicle_kind vehicle_number seat departed_on entered_on departure_country departure_province"
        " destination_province places_passed vaccines_used",
    ),
    # Access
    "access.rule": _Table(
        SYSTEM, "configuration", "purpose category actor_kind role may_write widest_scope legal_basis max_days"
    ),
    "access.sandbox_day": _Table(SYSTEM, "configuration", "is_the_one day"),
    "access.area": _Table(SYSTEM, "configuration", "code lies_in"),
    "access.appointment": _Table(
        OFFICER, "accountability", "id role area_code valid_from valid_to is_head appointed_through",
        personal="officer_id office appointed_by",
    ),
    "access.office_term": _Table(SYSTEM, "configuration", "role longest_days needs_area"),
    "access.officer_account": _Table(
        OFFICER, "account", "enrol_until epoch must_change_password", personal="officer_id"
    ),
    "access.officer_act": _Table(
        OFFICER, "accountability", "id done_at act appointment_id", personal="by_officer officer_id detail"
    ),
    "access.officer_factor": _Table(
        OFFICER, "account", "id kind uses added_at confirmed_at used_at removed_at",
        personal="officer_id label secret credential_id credential",
    ),
    "access.officer_recovery_code": _Table(
        OFFICER, "account", "made_at used_at", personal="officer_id code_hash"
    ),
    "access.break_glass": _Table(
        LOG, "accountability", "id appointment_id broken_at ends_at reviewed_at outcome",
        personal="officer_id person_id reason reviewed_by review_note",
    ),
    "access.turn": _Table(SIGN_IN, "momentary", "id kind taken_at", personal="key_hash"),
    "access.log": _Table(
        LOG, "accountability",
        "id opened_at transaction_id actor_kind role purpose legal_basis scope_kind readable writable connected_as",
        personal="actor office scope_persons scope_area case_reference",
    ),
    "access.announcement": _Table(
        LOG, "momentary",
        "id announced_at transaction_id actor_kind role purpose legal_basis scope_kind connected_as",
        personal="actor scope_persons scope_area case_reference",
    ),
    "access.left_open": _Table(LOG, "accountability", "log_id noted_at"),
    "access.chain": _Table(LOG, "accountability", "position log_id content hash"),
    "access.chain_run": _Table(LOG, "accountability", "last_position horizon chained_at server"),
    "access.anchoring": _Table(LOG, "accountability", "position hash noted_at"),
    "access.disclosure": _Table(LOG, "accountability", "log_id categories", personal="person_id"),
    "access.inspection_kind": _Table(
        SYSTEM, "configuration",
        "kind due_hours shows_names floor factor alone_floor days_back fewest_peers purposes from_hour to_hour",
    ),
    "access.withholding": _Table(
        SYSTEM, "configuration", "id purpose category effect valid_from valid_to days legal_basis is_verified"
    ),
    "access.inspection_case": _Table(
        LOG, "accountability",
        "id kind opened_at due_at state role appointment_id log_id glass_id starts_at ends_at evidence",
        personal="subject officer_id office area_code person_id words",
    ),
    "access.inspection_decision": _Table(
        LOG, "accountability", "id case_id decided_at log_id outcome term", personal="by_officer office reason answer"
    ),
    "access.inspected_to": _Table(LOG, "accountability", "is_the_one position"),
    "access.reading_day": _Table(
        LOG, "accountability",
        "role day readings persons odd_persons outside_persons without_case own_name own_household",
        personal="officer_id",
    ),
    "access.program_day": _Table(
        LOG, "accountability", "program purpose day legal_basis runs first_at last_at"
    ),
    "access.officer_sign_in": _Table(SIGN_IN, "momentary", "id tried_at name_hash succeeded", personal="address"),
    # Published counts
    "access.statistics_theme": _Table(
        SYSTEM, "configuration", "theme category table_name day_of only_where threshold wait_days rows_of area_of"
    ),
    "access.statistics_week": _Table(LEDGER, "accountability", "theme week counted_at log_id"),
    "access.statistics_count": _Table(LEDGER, "accountability", "theme week area day people"),
    "published_statistics_release": _Table(
        LEDGER, "accountability", "id theme week provinces threshold released_at released_by log_id"
    ),
    "published_statistics_cell": _Table(LEDGER, "accountability", "release_id area day people"),
    # Exports
    "access.export_rule": _Table(SYSTEM, "configuration", "purpose column_name category askers consent"),
    "access.export_request": _Table(
        OFFICER, "accountability",
        "id purpose columns area_code organisation certificate certificate_print asked_through asked_at made_at rows"
        " people digest failed",
        personal="reason recipient asked_by asked_office",
    ),
    "access.export_opinion": _Table(
        OFFICER, "accountability", "request_id appointment_id approves given_at",
        personal="asked_by officer_id office note",
    ),
    "access.export_file": _Table(OFFICER, "momentary", "request_id kept_until", personal="content"),
    "access.export_download": _Table(
        OFFICER, "accountability", "id request_id downloaded_at", personal="officer_id office"
    ),
    # Breaches
    "access.breach_period": _Table(SYSTEM, "configuration", "hours valid_from valid_to issuer document verified"),
    "access.breach_move": _Table(SYSTEM, "configuration", "step from_state to_state needs_two needs_words roles"),
    "access.breach": _Table(
        LOG, "accountability",
        "id source subject happened_from happened_to discovered_at due_at period kinds opened_at opened_through"
        " case_id",
        personal="words opened_by opened_office",
    ),
    "access.breach_step": _Table(
        LOG, "accountability",
        "id breach_id taken_at step through role from_state to_state is_first agrees_with kinds categories persons"
        " persons_basis happened_from happened_to told_at",
        personal="by_officer first_officer office words consequences measures advice reference",
    ),
    "access.breach_source": _Table(
        LOG, "accountability", "id breach_id drawn_at kind from_at to_at export_id case_id",
        personal="by_officer office officer_id",
    ),
    "access.breach_person": _Table(LOG, "accountability", "breach_id source_id categories", personal="person_id"),
    # Consents
    "access.consent_text": _Table(
        SYSTEM, "accountability",
        "purpose version language title body valid_from valid_to issuer document is_verified digest",
    ),
    "access.consent_decision": _Table(
        LOG, "accountability", "id version language shown_digest log_id",
        personal="person_id purpose gives decided_at",
    ),
    # Agreements with agencies, whose machines have keys and tokens
    "access.agency": _Table(SYSTEM, "accountability", "code name standing named_at"),
    "access.agreement": _Table(
        LOG, "accountability",
        "id agency_code purpose categories written area_code valid_until document reason notify_url asked_through"
        " asked_at",
        personal="asked_by asked_office",
    ),
    "access.agreement_opinion": _Table(
        LOG, "accountability", "agreement_id appointment_id approves note given_at",
        personal="asked_by officer_id office",
    ),
    "access.agreement_end": _Table(
        LOG, "accountability", "agreement_id appointment_id reason ended_at", personal="officer_id office"
    ),
    "access.agreement_key": _Table(
        LOG, "accountability", "agreement_id kid jwk added_at ended_at", personal="added_by"
    ),
    "access.agency_assertion": _Table(SIGN_IN, "momentary", "agreement_id digest expires_at"),
    "access.agency_token": _Table(SIGN_IN, "momentary", "digest agreement_id kid scopes issued_at expires_at"),
    # The exchange with agencies: messages counted, never what they said
    "access.exchange_message": _Table(
        LEDGER, "accountability",
        "id agency_code agreement_id kind digest received_at received linked new held rejected unchanged"
        " transaction_id",
    ),
    "access.message_key": _Table(LEDGER, "accountability", "kid x since introduced"),
    "access.message_seal": _Table(
        LEDGER, "accountability", "number statement signature horizon server is_drained"),
    "access.sealed_message": _Table(LEDGER, "accountability", "log entry_id seal place leaf"),
    # What changed, for agencies that keep copies; messages that tell them to come and fetch it
    "access.change": _Table(
        LEDGER, "provenance", "transaction_id id noted_at kind act", personal="subject person_id"
    ),
    "access.feed_notice": _Table(SYSTEM, "configuration", "agreement_id transaction_id change_id"),
    "foundation_outbox": _Table(
        SYSTEM, "momentary", "id endpoint topic key body created_at next_at attempts state ended_at last_error"
    ),
    "foundation_outboxendpoint": _Table(SYSTEM, "configuration", "endpoint failures closed_until next_turn_at"),
    "foundation_messagelog": _Table(
        LEDGER, "accountability", personal="their_hash",
        technical="id endpoint topic reference case_reference asked_at answered_at outcome question_mark answer_mark"
        " transaction_id"),
    "foundation_endpointhour": _Table(
        LEDGER, "accountability", "endpoint hour answered not_reached refused drifted milliseconds last_answer_at"),
    # Requests of persons about their data
    "access.special_day": _Table(SYSTEM, "configuration", "day occasion is_off document is_verified"),
    "access.right_period": _Table(
        SYSTEM, "configuration",
        "kind valid_from valid_to acknowledge_working_days finish_days longest_extension_days issuer document"
        " is_verified",
    ),
    "access.right_state": _Table(SYSTEM, "configuration", "code clock meaning"),
    "access.right_transition": _Table(SYSTEM, "configuration", "state act actor next_state"),
    "access.right_desk": _Table(SYSTEM, "configuration", "kind about role is_by_area"),
    "access.right_refusal": _Table(SYSTEM, "configuration", "code kinds text text_en legal_basis is_verified"),
    "access.erasable": _Table(SYSTEM, "configuration", "category table_name provenances"),
    "access.restriction_exempt": _Table(SYSTEM, "configuration", "purpose actor_kind reason is_verified"),
    "access.right_request": _Table(
        LOG, "accountability",
        "id kind about asked_at log_id categories attribute fact_table fact_id needs_two state acknowledge_due"
        " finish_due escalation_due",
        personal="person_id asked_by words area_code",
    ),
    "access.right_step": _Table(
        LOG, "accountability",
        "id request_id done_at act actor role log_id state_before state_after refusal days granted",
        personal="officer_id office told note",
    ),
    "access.right_part": _Table(LOG, "accountability", "step_id category is_done rows refusal"),
    "access.right_value": _Table(LOG, "accountability", "id request_id kind", personal="sealed"),
    "access.restriction": _Table(
        LOG, "accountability", "id request_id category since lifted_at", personal="person_id"
    ),
    # Cases and whom they met
    "access.case_definition": _Table(
        SYSTEM, "configuration", "code method needs valid_from valid_to issuer document verified"
    ),
    "access.infectious_rule": _Table(
        SYSTEM, "configuration",
        "valid_from valid_to days_before ct_above longest_days joined_days contact_latent_days contact_days issuer"
        " document verified",
    ),
    "access.contact_rule": _Table(
        SYSTEM, "configuration",
        "kind least_minutes weight scale_minutes near_rows valid_from valid_to issuer document verified",
    ),
    "access.place_class": _Table(SYSTEM, "configuration", "place_kind is_unmasked weight verified"),
    "access.trace_case": _Table(
        "test", "record", "id opened_by_test opened_at joined_into traced_at",
        sensitive="person_id definition first_at last_at onset_on starts_at ends_at ends_because commune_residence"
        " commune_stay",
    ),
    "access.trace_case_test": _Table("test", "record", "test_id case_id"),
    "access.trace_period": _Table(
        "test", "record", "id case_id edited_at log_id", personal="by_officer office reason",
        sensitive="onset_on starts_at ends_at",
    ),
    "access.trace_accepted": _Table(
        "movement", "record", "id case_id accepted_at log_id", personal="by_officer office reason",
        sensitive="person_id starts_at ends_at",
    ),
    "access.trace_declared": _Table(
        "movement", "record", "id case_id declared_at log_id", personal="by_officer office words",
        sensitive="person_id first_on last_on",
    ),
    "access.trace_exposure": _Table(
        "movement", "movement", "id case_id level is_guessed",
        sensitive="person_id via_person kind subject day started_at ended_at minutes score",
    ),
    "access.trace_contact": _Table(
        "movement", "record", "id case_id found_at outcome_at",
        personal="outcome_by outcome_words",
        sensitive="person_id level score exposures first_at last_at isolated_at outcome",
    ),
    "access.trace_task": _Table(
        "test", "record", "id kind subject case_id contact_id order_id opened_at due_at handed_at done_at",
        sensitive="person_id owner_area handed_to handed_words done_words said",
    ),
    "access.trace_task_step": _Table(
        "test", "record", "id task_id done_at step", personal="by_officer office words", sensitive="from_area to_area"
    ),
    # Scans as they arrive
    "access.scan_device": _Table(
        SYSTEM, "account",
        "id kind place_key name commune_code key_hash registered_at registered_by ends_at revoked_at",
    ),
    "access.code_revocation": _Table("movement", "momentary", "since", personal="person_id"),
    "access.scan_inbox": _Table(
        "movement", "movement", "once scan_id device_id kind way received_at folded_at outcome",
        sensitive="place_key device_at happened_at person_id vehicle seat content",
    ),
    # Places
    "access.place_kind": _Table(
        SYSTEM, "configuration", "code title title_en air crowd valid_from valid_to issuer document is_verified",
    ),
    "access.place": _Table(
        SYSTEM, "record",
        "id place_key name kind commune_code address print registered_by registered_at closed_at same_as",
        personal="registrant_id",
    ),
    "access.place_step": _Table(
        LOG, "accountability",
        "id place_id step done_at by_kind appointment_id commune_before address_before log_id",
    ),
    # Declaring
    "access.declaration_form": _Table(
        SYSTEM, "accountability", "code version valid_from valid_to issuer document is_verified"
    ),
    "access.triage_transition": _Table(SYSTEM, "configuration", "state act next_state"),
    "access.declaration_draft": _Table(
        LOG, "momentary", "id form version tie_id saved_at sent_at fact_id triage_id",
        personal="person_id by_person sealed level reasons",
    ),
    "access.triage": _Table(
        LOG, "declaration", "id fact_id form rules arrived_at due_at state",
        personal="person_id by_person area_code level reasons",
    ),
    "access.triage_step": _Table(
        LOG, "declaration", "id triage_id done_at act log_id state_before state_after",
        personal="officer_id office told note",
    ),
    "access.declaration_withdrawal": _Table(
        LOG, "declaration", "fact_id withdrawn_at reason log_id", personal="person_id told officer_id office",
    ),
    # Corrections of facts
    "access.correction_state": _Table(SYSTEM, "configuration", "code turn"),
    "access.correction_transition": _Table(SYSTEM, "configuration", "state act actor next_state needs_words"),
    "access.correction_period": _Table(
        SYSTEM, "configuration", "state working_days valid_from valid_to issuer document is_verified"
    ),
    "access.correction_table": _Table(SYSTEM, "configuration", "table_name columns blank"),
    "access.correction": _Table(
        LOG, "accountability",
        "id kind asked_at log_id fact_table fact_id system state due_at outcome new_fact_id",
        personal="person_id asked_by words area_code",
    ),
    "access.correction_step": _Table(
        LOG, "accountability", "id correction_id done_at act actor log_id state_before state_after",
        personal="officer_id office told note",
    ),
    "access.correction_value": _Table(LOG, "accountability", "id correction_id kind", personal="sealed"),
    "access.correction_photo": _Table(LOG, "accountability", "id correction_id added_at", personal="sealed"),
    "access.correction_notice": _Table(LOG, "accountability", "id correction_id kind at handed_on_at"),
    # Feedback
    "access.feedback_transition": _Table(SYSTEM, "configuration", "state act next_state"),
    "access.feedback_kind": _Table(SYSTEM, "configuration", "code role working_days"),
    "access.feedback": _Table(
        LOG, "accountability", "id kind sent_at role state due_at", personal="by_person area_code place words"
    ),
    "access.feedback_photo": _Table(LOG, "accountability", "id feedback_id", personal="sealed"),
    "access.feedback_step": _Table(
        LOG, "accountability", "id feedback_id done_at act", personal="officer_id office told note"
    ),
    # Re-binding of a lost number
    "access.rebinding": _Table(
        LOG, "accountability", "id challenge proposed_at log_id proven_at approved_at done_at",
        personal="person_id area_code card sealed_phone proposed_by proposed_office approved_by approved_office",
    ),
    # Passkeys of citizens
    "access.own_passkey": _Table(
        SIGN_IN, "account", "id credential uses level added_at used_at", personal="person_id credential_id label"
    ),
    # Notices
    "access.notice": _Table(
        LOG, "accountability", "id kind subject made_at read_at sent_at", personal="person_id about_id"
    ),
    "access.push_subscription": _Table(
        SIGN_IN, "account", "id since failures", personal="person_id endpoint_hash sealed"
    ),
    "access.notice_choice": _Table(SIGN_IN, "account", "since", personal="person_id sealed_phone"),
    "access.mass_notice": _Table(
        OFFICER, "accountability", "id area_code text proposed_at counted approved_at withdrawn_at sent",
        personal="proposed_by proposed_office approved_by approved_office",
    ),
    # Signing in
    "accounts_signincode": _Table(
        SIGN_IN, "momentary", "id code_hash asked_at expires_at tries_left proven_at names_left used_at",
        personal="phone_hash network_hash",
    ),
    "accounts_sandboxmessage": _Table(SIGN_IN, "momentary", "id sent_at", personal="phone text"),
    "auth_user": _Table(
        OFFICER, "account", "id last_login is_superuser is_staff is_active date_joined password",
        personal="username first_name last_name email",
    ),
    "django_session": _Table(SIGN_IN, "momentary", "session_key expire_date", personal="session_data"),
    # Django's own
    "auth_group": _Table(SYSTEM, "configuration", "id name"),
    "auth_group_permissions": _Table(SYSTEM, "configuration", "id group_id permission_id"),
    "auth_permission": _Table(SYSTEM, "configuration", "id name content_type_id codename"),
    "auth_user_groups": _Table(SYSTEM, "configuration", "id user_id group_id"),
    "auth_user_user_permissions": _Table(SYSTEM, "configuration", "id user_id permission_id"),
    "django_content_type": _Table(SYSTEM, "configuration", "id app_label model"),
    "django_migrations": _Table(SYSTEM, "configuration", "id app name applied"),
}  # fmt: skip
_TABLES |= {
    name: _Table(*(part.format(fact=_FACT) for part in parts))
    for name, parts in (OF_EXCHANGE | OF_QUARANTINE | OF_RETENTION).items()
}


@cache
def columns() -> Mapping[str, Column]:
    """'table.column' → its classification; tables of the schema public without the schema's name."""
    named = {
        f"{table}.{name}": Column(of.category, sensitivity, of.retention)
        for table, of in _TABLES.items()
        for sensitivity in (TECHNICAL, PERSONAL, SENSITIVE)
        for name in getattr(of, sensitivity).split()
    }
    return MappingProxyType(named)


def category_of(table: str) -> str:
    """The category a table's rows are read under. Raises KeyError for a table that is not classified."""
    return _TABLES[table].category
