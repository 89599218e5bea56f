"""Forms ask only what is open, answers are read or refused with a reason, and danger is seen on arrival."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from pccovid.declaring.answers import IDENTITY, asked, read
from pccovid.declaring.claims import claimed
from pccovid.declaring.forms import DAILY, DOMESTIC, ENTRY, FORMS, MOVEMENT, form_on, version_of
from pccovid.declaring.states import CLOSED, OPEN, TRANSITIONS
from pccovid.declaring.triage import EMERGENCY, LEVELS, NONE, QUEUED, SIGNS, TODAY, WATCH, Sign, triage

NOW = datetime(2021, 10, 5, 3, 0, tzinfo=UTC)
WELL = {"symptoms": ["none"], "contact_case": ["no"], "contact_from_sick_country": ["no"], "contact_sick": ["no"],
        "has_travelled": ["no"]}  # fmt: skip
EVERYTHING = frozenset({*IDENTITY, "vaccines", "chronic_diseases"})


def level_of(**answers: object) -> str:
    return triage(answers, age=30, has_disease=False, on=NOW.date()).level


@pytest.mark.parametrize("code", [DOMESTIC, DAILY, MOVEMENT, ENTRY])
def test_a_form_asks_nothing_that_the_index_knows(code: str) -> None:
    form = form_on(code, NOW.date())
    open_now = {
        question.known for section in asked(form, EVERYTHING, of_others=False) for question in section.questions
    }
    assert open_now == {""}
    for known in EVERYTHING:
        still = {q.known for s in asked(form, EVERYTHING - {known}, of_others=False) for q in s.questions}
        assert still <= {"", known}


@pytest.mark.parametrize("form", FORMS)
def test_nobody_is_asked_for_what_is_anothers_to_tell(form: object) -> None:
    sections = asked(form, frozenset(), of_others=True)  # type: ignore[arg-type]
    assert sections
    assert {question.known for section in sections for question in section.questions} == {""}


def test_a_newer_version_is_in_force_from_its_day_and_the_older_can_still_be_read() -> None:
    first = form_on(DAILY, NOW.date())
    ends = first._replace(valid_to=date(2021, 11, 30))
    second = first._replace(version=2, valid_from=date(2021, 12, 1))
    assert form_on(DAILY, date(2021, 11, 30), (ends, second)).version == 1
    assert form_on(DAILY, date(2021, 12, 1), (ends, second)).version == 2
    assert version_of(DAILY, 1, (ends, second)) == ends
    with pytest.raises(LookupError):
        form_on(DAILY, date(2021, 1, 1), (ends, second))


def test_answers_are_read_and_what_was_not_asked_is_left_aside() -> None:
    form = form_on(DOMESTIC, NOW.date())
    answered = read(asked(form, EVERYTHING, of_others=False), form.symptoms, {**WELL, "name": ["X"]}, now=NOW)
    assert answered.faults == ()
    assert answered.values == {
        "has_travelled": "no", "symptoms": [], "contact_case": "no", "contact_from_sick_country": "no",
        "contact_sick": "no",
    }  # fmt: skip


@pytest.mark.parametrize(("given", "question", "why"), [
    ({"symptoms": []}, "symptoms", "missing"),
    ({"symptoms": ["none", "fever"]}, "symptoms", "contradicts"),
    ({"symptoms": ["plague"]}, "symptoms", "unreadable"),
    ({"contact_case": ["perhaps"]}, "contact_case", "unreadable"),
    ({"contact_case": []}, "contact_case", "missing"),
    ({"has_travelled": ["yes"]}, "travel_note", "missing"),
    ({"has_travelled": ["yes"], "travel_note": ["x" * 1001]}, "travel_note", "too_long"),
])  # fmt: skip
def test_a_blank_or_impossible_answer_is_never_guessed(given: dict[str, list[str]], question: str, why: str) -> None:
    form = form_on(DOMESTIC, NOW.date())
    answered = read(asked(form, EVERYTHING, of_others=False), form.symptoms, {**WELL, **given}, now=NOW)
    assert [(fault.question, fault.why) for fault in answered.faults] == [(question, why)]


@pytest.mark.parametrize(("text", "value"), [("36,8", 36.8), ("39.5", 39.5), ("20", None), ("nóng", None)])
def test_a_temperature_is_a_temperature_or_a_fault(text: str, value: float | None) -> None:
    form = form_on(DAILY, NOW.date())
    given = {"symptoms": ["none"], "contact_case": ["no"], "temperature": [text]}
    answered = read(asked(form, EVERYTHING, of_others=False), form.symptoms, given, now=NOW)
    assert answered.values.get("temperature") == value
    assert [fault.question for fault in answered.faults] == ([] if value else ["temperature"])


def test_dates_of_an_entry_are_read_as_browsers_and_as_people_write_them() -> None:
    form = form_on(ENTRY, NOW.date())
    given = {
        "gate": ["Nội Bài"], "vehicle_kind": ["máy bay"], "departed_on": ["4/10/2021"], "entered_on": ["2021-10-05"],
        "departure_country": ["KR"], "destination_province": ["Hà Nội"], "symptoms": ["none"], "contact_sick": ["no"],
        "contact_animals": ["no"],
    }  # fmt: skip
    sections = asked(form, EVERYTHING, of_others=False)
    answered = read(sections, form.symptoms, given, now=NOW)
    assert (answered.values["departed_on"], answered.values["entered_on"]) == ("2021-10-04", "2021-10-05")
    far = read(sections, form.symptoms, {**given, "entered_on": ["2031-10-05"]}, now=NOW)
    assert [(fault.question, fault.why) for fault in far.faults] == [("entered_on", "out_of_range")]


def test_an_address_claims_its_commune_and_one_that_names_none_is_a_fault() -> None:
    found = claimed({"residence": "12 Hàng Bạc, phường Hàng Bạc, quận Hoàn Kiếm, Hà Nội", "sex": "female"})
    assert (found.claim.province_code, found.claim.district_code, found.claim.sex) == ("01", "002", "female")
    assert found.claim.commune_code
    assert found.faults == ()
    assert [fault.question for fault in claimed({"residence": "ở nhà", "document": "không có"}).faults] == [
        "document", "residence",
    ]  # fmt: skip


@pytest.mark.parametrize(("answers", "level"), [
    ({"symptoms": ["dyspnoea"]}, EMERGENCY), ({"symptoms": ["cough", "chest_pain"]}, EMERGENCY),
    ({"symptoms": [], "spo2": 93.0}, EMERGENCY), ({"symptoms": [], "spo2": 95.0}, TODAY),
    ({"symptoms": ["fever"]}, TODAY), ({"symptoms": [], "contact_case": "yes"}, TODAY),
    ({"symptoms": ["cough"]}, WATCH), ({"symptoms": [], "temperature": 37.8}, WATCH),
    ({"symptoms": [], "temperature": 39.0}, TODAY), ({"symptoms": [], "spo2": 98.0, "temperature": 36.8}, NONE),
])  # fmt: skip
def test_signs_of_danger_give_the_most_urgent_level(answers: dict[str, object], level: str) -> None:
    assert level_of(**answers) == level


def test_age_and_disease_make_a_light_symptom_more_urgent() -> None:
    cough = {"symptoms": ["cough"]}
    assert triage(cough, age=64, has_disease=False, on=NOW.date()).level == WATCH
    assert triage(cough, age=65, has_disease=False, on=NOW.date()).reasons == ("ill_at_an_age",)
    assert triage(cough, age=None, has_disease=True, on=NOW.date()).level == TODAY
    assert triage({**cough, "chronic_diseases": ["ung thư"]}, age=30, has_disease=False, on=NOW.date()).level == TODAY


def test_a_rule_counts_only_while_it_is_in_force() -> None:
    sign = Sign("tired", "symptoms", TODAY, "fatigue", valid_from=date(2022, 1, 1), valid_to=date(2022, 1, 31))
    for day, level in ((date(2021, 12, 31), NONE), (date(2022, 1, 31), TODAY), (date(2022, 2, 1), NONE)):
        assert triage({"symptoms": ["fatigue"]}, age=30, has_disease=False, on=day, signs=(sign,)).level == level


def test_every_level_but_the_last_two_is_queued_and_every_rule_is_marked_as_our_reading() -> None:
    assert LEVELS[:2] == QUEUED
    assert [sign.code for sign in SIGNS if sign.is_verified or not sign.document] == []


def test_every_open_state_leads_to_every_end() -> None:
    for state in OPEN:
        assert set(CLOSED) <= {one.next_state for one in TRANSITIONS if one.state == state}
