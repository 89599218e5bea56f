"""What is kept for accountability: when each thing ended, what goes with it, and what outlives its years. Pure data.

A thing goes as a whole, its steps, decisions and sealed values with it, so many years after it ended
(classification.LOG_YEARS); what is still open stays, and so does what something else rests on. Expressions are SQL over
one row named `one`; they are written into the database and evaluated there alone (sql/accountable.sql). The order of
WHOLES is the order of erasing: what rests on something comes before it.
"""

# ruff: noqa: S608 - SQL made of our own names alone
from __future__ import annotations

from typing import NamedTuple


class Part(NamedTuple):
    """A table whose rows go with a whole. `rests_by`: SQL over its row `part`, with $1 the numbers of the wholes."""

    table: str
    rests_by: str


class Whole(NamedTuple):
    """One kind of thing. `ended`: the moment its years count from, NULL while it is open.

    `since`: a moment never later than that and cheaper to ask. `only`: what must hold besides; `stays`: in words, which
    rows that leaves and why. With parts the table's key is the number `id`.
    """

    table: str
    ended: str
    since: str
    parts: tuple[Part, ...] = ()
    only: str = "true"
    stays: str = ""


class Written(NamedTuple):
    """One table's line as the database holds it; `outlives`: why it is kept beyond the years ('' where it is not)."""

    position: int
    table_name: str
    goes_with: str | None
    rests_by: str | None
    since: str | None
    ended: str | None
    only_where: str
    stays: str
    outlives: str


def _of(column: str, *tables: str) -> tuple[Part, ...]:
    return tuple(Part(table, f"part.{column} = ANY ($1)") for table in tables)


def _none(table: str, condition: str) -> str:
    return f"NOT EXISTS (SELECT 1 FROM {table} r WHERE {condition})"


def _last(moment: str, table: str, condition: str) -> str:
    return f"(SELECT max(r.{moment}) FROM {table} r WHERE {condition})"


_NUMBERS = "(n.person_id = one.person_id OR n.person_id IN (SELECT access.numbers_of_person(one.person_id)))"
_PAIR_IS_GONE = (
    "NOT EXISTS (SELECT 1 FROM people_reviewpair r WHERE r.id = one.pair_id) AND NOT EXISTS (SELECT 1"
    " FROM link_review_ruling u JOIN people_recordclaim a ON a.record_id = u.record_id"
    " JOIN people_recordclaim b ON b.record_id = u.other_record_id WHERE u.pair_id = one.pair_id)"
)
_BINDS = "while a pair's records stand, what officers said of it binds linking"

WHOLES: tuple[Whole, ...] = (
    Whole(
        "access.breach", f"CASE WHEN access.breach_state(one.id) = 'closed' THEN"
        f" {_last('taken_at', 'access.breach_step', 'r.breach_id = one.id')} END", "one.opened_at",
        _of("breach_id", "access.breach_person", "access.breach_source", "access.breach_step"),
        only="one.source <> 'audit'",
        stays="what verifying found broken is found again each day: its entry stays with the chain it is about",
    ),
    Whole(
        "access.inspection_case", "CASE WHEN one.state = 'decided' THEN"
        f" {_last('decided_at', 'access.inspection_decision', 'r.case_id = one.id')} END", "one.opened_at",
        _of("case_id", "access.inspection_decision"),
        only=_none("access.breach", "r.case_id = one.id")
        + " AND " + _none("access.breach_source", "r.case_id = one.id"),
        stays="a case stays while the register of breaches names it",
    ),
    Whole(
        "access.break_glass", "one.reviewed_at", "one.broken_at",
        only=_none("access.inspection_case", "r.glass_id = one.id"),
        stays="an emergency opening stays with the case about it",
    ),
    Whole(
        "access.export_request",
        "CASE WHEN access.export_state(one) = 'lapsed' THEN one.asked_at + interval '14 days'"
        " WHEN access.export_state(one) IN ('made', 'failed', 'refused') THEN greatest(one.asked_at, one.made_at,"
        f" {_last('given_at', 'access.export_opinion', 'r.request_id = one.id')},"
        f" {_last('downloaded_at', 'access.export_download', 'r.request_id = one.id')}) END", "one.asked_at",
        _of("request_id", "access.export_download", "access.export_opinion"),
        only=_none("access.export_file", "r.request_id = one.id")
        + " AND " + _none("access.breach_source", "r.export_id = one.id"),
        stays="a request stays while its file is there or the register of breaches names it",
    ),
    Whole(
        "access.right_request",
        "CASE WHEN (SELECT s.clock = '' FROM access.right_state s WHERE s.code = one.state) THEN"
        f" {_last('done_at', 'access.right_step', 'r.request_id = one.id')} END", "one.asked_at",
        (
            Part("access.right_part", "part.step_id IN (SELECT s.id FROM access.right_step s"
                 " WHERE s.request_id = ANY ($1))"),
            *_of("request_id", "access.right_value", "access.restriction", "access.right_step"),
        ),
        only=_none("access.restriction", "r.request_id = one.id AND r.lifted_at IS NULL"),
        stays="a request to restrict stays while the restriction holds",
    ),
    Whole(
        "access.correction", "CASE WHEN (SELECT s.turn = '' FROM access.correction_state s WHERE s.code = one.state)"
        f" THEN {_last('done_at', 'access.correction_step', 'r.correction_id = one.id')} END", "one.asked_at",
        _of("correction_id", "access.correction_notice", "access.correction_photo", "access.correction_value",
            "access.correction_step"),
    ),
    Whole(
        "access.feedback", "CASE WHEN one.state = 'answered' THEN"
        f" {_last('done_at', 'access.feedback_step', 'r.feedback_id = one.id')} END", "one.sent_at",
        _of("feedback_id", "access.feedback_photo", "access.feedback_step"),
    ),
    Whole(
        "access.rebinding",
        "CASE WHEN one.approved_at IS NULL THEN one.proposed_at + interval '1 day' ELSE one.done_at END",
        "one.proposed_at",
    ),
    Whole(
        "access.consent_decision",
        "coalesce((SELECT min(n.decided_at) FROM access.consent_decision n WHERE n.purpose = one.purpose"
        f" AND n.id > one.id AND {_NUMBERS}), CASE WHEN NOT one.gives THEN one.decided_at END)", "one.decided_at",
        stays="a consent in force is what its processing rests on",
    ),
    Whole(
        "access.laboratory_upload", "one.taken_at", "one.uploaded_at",
        _of("upload_id", "access.laboratory_upload_row"),
    ),
    Whole("access.exchange_message", "one.received_at", "one.received_at"),
    Whole(
        "access.agreement", "CASE WHEN access.agreement_state(one) NOT IN ('waiting', 'granted') THEN coalesce("
        f"{_last('ended_at', 'access.agreement_end', 'r.agreement_id = one.id')},"
        f" {_last('given_at', 'access.agreement_opinion', 'r.agreement_id = one.id AND NOT r.approves')},"
        " greatest(one.valid_until, one.asked_at + interval '14 days')) END", "one.asked_at",
        _of("agreement_id", "access.agency_token", "access.agency_assertion", "access.feed_notice",
            "access.agreement_key", "access.agreement_opinion", "access.agreement_end"),
        only=_none("access.laboratory_upload", "r.agreement_id = one.id")
        + " AND " + _none("access.exchange_message", "r.agreement_id = one.id"),
        stays="an agreement stays while what was sent under it is kept",
    ),
    Whole("access.notice", "one.made_at", "one.made_at"),
    Whole(
        "access.mass_notice", "coalesce(one.approved_at, one.withdrawn_at)", "one.proposed_at",
        only=_none("access.notice", "r.kind = 'mass' AND r.subject = one.id"),
    ),
    Whole("link_review_opinion", "one.given_at", "one.given_at", only=_PAIR_IS_GONE, stays=_BINDS),
    Whole("link_review_ruling", "one.ruled_at", "one.ruled_at", only=_PAIR_IS_GONE, stays=_BINDS),
    Whole("link_review_split", "one.done_at", "one.asked_at"),
    Whole(
        "relinking_approval", "(SELECT CASE s.stage WHEN 'swapped' THEN s.swapped_at WHEN 'rolled_back' THEN"
        " s.rolled_back_at WHEN 'discarded' THEN one.approved_at END FROM relinking_shadow s"
        " WHERE s.id = one.shadow_id)",
        "one.approved_at",
    ),
    Whole(
        "relinking_shadow", "CASE WHEN one.stage = 'discarded' THEN coalesce(one.ready_at, one.started_at) END",
        "one.started_at",
        _of("shadow_id", "relinking_move", "relinking_change", "relinking_pair", "relinking_undo"),
        only=_none("relinking_modelchange", "r.shadow_id = one.id")
        + " AND " + _none("relinking_approval", "r.shadow_id = one.id"),
        stays="a shadow that was swapped in explains the links it made, and is needed to go back",
    ),
    Whole(
        "people_importrun", "coalesce(one.published_at, one.started_at + interval '30 days')", "one.started_at",
        (
            Part("people_importreason",
                 "part.file_id IN (SELECT f.id FROM people_importfile f WHERE f.run_id = ANY ($1))"),
            *_of("run_id", "people_importfile"),
        ),
        only=" AND ".join(_none(rests, "r.run_id = one.id") for rests in (
            "people_sourcerecord", "people_unplacedrow", "people_reviewpair")),
        stays="an import stays while rows that it brought are kept",
    ),
    Whole(
        "access.verification_campaign", "one.ended_at", "one.started_at",
        _of("campaign_id", "access.verification_count"),
        only=_none("access.verification_task", "r.campaign_id = one.id"),
        stays="a campaign stays while its persons' answers are kept",
    ),
    Whole("access.source_alert", "one.ended_at", "one.noticed_at"),
    Whole("foundation_messagelog", "one.answered_at", "one.asked_at"),
    Whole("foundation_endpointhour", "one.hour", "one.hour"),
    Whole("access.reading_day", "access.end_of_day(one.day)", "one.day::timestamptz"),
    Whole("access.program_day", "access.end_of_day(one.day)", "one.day::timestamptz"),
    Whole("access.officer_act", "one.done_at", "one.done_at"),
    Whole("access.place_step", "one.done_at", "one.done_at"),
    Whole(
        "access.epidemic_end", "one.withdrawn_at", "one.proposed_at",
        (Part("access.epidemic_end_approval", "part.end_id = ANY ($1)"),),
        stays="an end that stands is what all erasing after it rests on",
    ),
    Whole("access.left_open", "one.noted_at", "one.noted_at"),
    Whole(
        "access.appointment", "one.valid_to", "one.valid_from",
        only="EXISTS (SELECT 1 FROM auth_user u WHERE u.id = one.officer_id AND u.username = 'erased-' || u.id)"
        " AND " + _none("access.break_glass", "r.appointment_id = one.id")
        + " AND " + _none("access.appointment", "r.appointed_through = one.id")
        + " AND " + _none("access.inspection_case", "r.appointment_id = one.id"),
        stays="an appointment stays while its officer has a name, or another appointment or a case rests on it",
    ),
)  # fmt: skip

_THE_LOG = "erased by itself, from its beginning and held to its anchors (access.erase_log)"
_CHAIN = "hashes and counts alone: without them neither the log nor its erasure could be verified"
_WORDS = "words in force once, of nobody; what was decided or declared by them rests on them"
_COUNTED = "counts of a week, of nobody: counted again later they would tell who came in between"

OUTLIVES: dict[str, str] = {
    "access.log": _THE_LOG,
    "access.disclosure": _THE_LOG,
    "access.chain": _CHAIN,
    "access.chain_run": _CHAIN,
    "access.anchoring": _CHAIN,
    "access.message_key": _CHAIN,
    "access.message_seal": _CHAIN,
    "access.sealed_message": _CHAIN,
    "access.erasure": "proofs of erasure, which name nobody: a proof that went would look like one cut off",
    "access.log_erasure": "summaries of what was erased of the log, which name nobody: verifying needs them",
    "access.inspected_to": "one line: up to where the log has been looked through",
    "access.consent_text": _WORDS,
    "access.declaration_form": _WORDS,
    "access.agency": "the names of agencies: what they sent is kept under them",
    "relinking_model": "how records are compared, of nobody: links made by a model are explained by it",
    "relinking_modelchange": "which model was in force when: the last line says which one is",
    "access.statistics_week": _COUNTED,
    "access.statistics_count": _COUNTED,
    "published_statistics_release": "published: what is out stays comparable with what is released later",
    "published_statistics_cell": "published: what is out stays comparable with what is released later",
}
"""Tables kept for accountability that are not erased after its years, and why."""


def written() -> tuple[Written, ...]:
    """Every table with a rule, in the order of erasing: parts before the whole they go with."""
    lines: list[tuple[str, str | None, str | None, Whole | None, str]] = []
    for whole in WHOLES:
        lines += [(part.table, whole.table, part.rests_by, None, "") for part in whole.parts]
        lines.append((whole.table, None, None, whole, ""))
    lines += [(table, None, None, None, why) for table, why in OUTLIVES.items()]
    return tuple(
        Written(
            position, table, goes_with, rests_by, whole.since if whole else None, whole.ended if whole else None,
            whole.only if whole else "true", whole.stays if whole else "", outlives,
        )
        for position, (table, goes_with, rests_by, whole, outlives) in enumerate(lines)
    )  # fmt: skip
