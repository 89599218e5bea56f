"""Playing the scripted day: sending through the agencies' own processes, and looking where each fact came."""

from __future__ import annotations

import http.client
import json
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from pccovid.border.queries import OWN_ENTRIES
from pccovid.config.commands.day_stage import Fact, Played, Stage
from pccovid.connectors.calling import Line
from pccovid.connectors.population_database.client import SYSTEM as POPULATION
from pccovid.connectors.population_database.register import Entry
from pccovid.connectors.social_insurance.client import SYSTEM as INSURER
from pccovid.connectors.social_insurance.client import SocialInsurance
from pccovid.connectors.social_insurance.payloads import Question, written_birth
from pccovid.connectors.social_insurance.sandbox_server import SANDBOX_ACCOUNT
from pccovid.foundation import access
from pccovid.foundation.purposes import OWN_RIGHT
from pccovid.foundation.reads import Read
from pccovid.insurance.queries import OWN_CARDS
from pccovid.insurance_checks.operations import wish_check
from pccovid.lab_tests.queries import OWN_TESTS
from pccovid.people.queries import OWN_IDENTITY
from pccovid.sandbox.agencies import script
from pccovid.sandbox.agencies.cast import CAST, GATE, HOSPITAL, LABORATORY, SITE
from pccovid.sandbox.agencies.script import NotPlayed
from pccovid.treatment.queries import OWN_TREATMENT
from pccovid.vaccination.queries import OWN_DOSES

PATIENCE_SECONDS = 30.0
_LOOK_SECONDS = 0.02
_QUIET_SECONDS = 6.0
"""Longer than an agency waits before it asks the feed unasked: what is not there by then was not shown."""


def play(stage: Stage, chosen: Sequence[Entry]) -> Played:
    """Play the day about the first of the chosen whose record can be told for sure. Raises NotPlayed.

    Django must act as the web role: the citizen's record is read as the app reads it.
    """
    _wait_for_followers(stage)
    run = secrets.token_hex(5)
    one, person, dose = _dose(stage, chosen, run)
    facts = [dose]
    _look(stage, dose, person)
    # The card before the name: the insurer knows the person by the earlier one.
    for sending in (_result, _admission, _entry, _renewed, _renamed):
        facts.append(sending(stage, one, person, run))
        _look(stage, facts[-1], person)
    time.sleep(_QUIET_SECONDS)
    for fact in facts:
        fact.leaked = [
            made.code for made in CAST if made.code not in fact.entitled and _feed_of(stage, made.code, fact)
        ]
    return Played(person, one.name, tuple(facts))


def _dose(stage: Stage, chosen: Sequence[Entry], run: str) -> tuple[Entry, UUID, Fact]:
    """The dose tells who the person is here: those whose record is held for review are passed over."""
    for place, one in enumerate(chosen):
        letter = _sent(stage, SITE.code, script.dose(one, f"{run}{place}"))
        patient, dose = (_id_of(entry) for entry in letter["answer"]["entry"][:2])
        if patient and dose:
            fact = Fact("dose at a vaccination site", "vaccination", _in_doses(dose), _has_id(dose), letter["taken_at"])
            return one, UUID(patient), fact
    raise NotPlayed("of none of the chosen it could be told for sure who they are")


def _in_doses(dose: str) -> Callable[[UUID], bool]:
    return lambda person: dose in _ids(_own(person, OWN_DOSES))


def _result(stage: Stage, one: Entry, _person: UUID, run: str) -> Fact:
    moment = secrets.randbelow(3600)
    collected = f"08{moment // 60:02}{moment % 60:02}"
    letter = _sent(stage, LABORATORY.code, script.positive_result(one, run, collected))
    at = f"T{collected[:2]}:{collected[2:4]}:{collected[4:]}"
    return Fact(
        "positive result at a laboratory", "test",
        lambda person: any(f"{test.collected_at:%H%M%S}" in (collected, _in_utc(collected))
                           for test in _own(person, OWN_TESTS) if test.collected_at and test.result == "positive"),
        lambda resource: resource.get("resourceType") == "Observation"
        and any(text in str(resource.get("effectiveDateTime")) for text in (at, at.replace("T08", "T01"))),
        letter["taken_at"],
    )  # fmt: skip


def _in_utc(collected: str) -> str:
    return "01" + collected[2:]


def _admission(stage: Stage, one: Entry, person: UUID, run: str) -> Fact:
    letter = _sent(stage, HOSPITAL.code, script.admission(one, run))
    stay = _placed(letter, person)
    return Fact(
        "admission to a hospital", "treatment",
        lambda asked: stay in {str(each.origin.fact) for each in _own(asked, OWN_TREATMENT) if each.origin},
        _has_id(stay), letter["taken_at"],
    )  # fmt: skip


def _entry(stage: Stage, one: Entry, person: UUID, run: str) -> Fact:
    letter = _sent(stage, GATE.code, script.entry(one, run))
    crossing = _placed(letter, person)
    return Fact(
        "entry at an airport", "border", lambda asked: crossing in _ids(_own(asked, OWN_ENTRIES)), _has_id(crossing),
        letter["taken_at"],
    )  # fmt: skip


def _renamed(stage: Stage, one: Entry, person: UUID, _run: str) -> Fact:
    """The police correct a name: of a person whom they had confirmed, the record follows."""
    if not _own(person, OWN_IDENTITY).is_verified:
        _post(stage.agencies[POPULATION], "/sandbox/changes", {"personalId": one.personal_id})
        stage.follow()
    name = script.other_name(one)
    _post(stage.agencies[POPULATION], "/sandbox/changes", {"personalId": one.personal_id, "name": name})
    since = time.time()
    stage.follow()
    return Fact(
        "name corrected at the police", "identity", lambda asked: _own(asked, OWN_IDENTITY).name == name,
        lambda resource: resource.get("id") == str(person)
        and any(each.get("text") == name for each in resource.get("name", [])), since,
    )  # fmt: skip


def _renewed(stage: Stage, one: Entry, person: UUID, _run: str) -> Fact:
    """The insurer issues a new card; the citizen asks what it says, and reads who else had looked."""
    assert one.insurance_no is not None
    _post(stage.agencies[INSURER], "/sandbox/cards", {"insuranceNo": one.insurance_no, "code": "003"})
    _looked_up(stage, one)
    with access.open(
        access.citizen(person), purpose="own_record", legal_basis=OWN_RIGHT, scope=access.own(person), case="insurer"
    ):
        wish_check(person=person)
    since = time.time()
    stage.check()
    return Fact(
        "card renewed at the insurer", "insurance",
        lambda asked: any(card.state == "replaced" and card.look_ups for card in _own(asked, OWN_CARDS)),
        lambda resource: resource.get("resourceType") == "Coverage" and str(person) in json.dumps(resource)
        and resource.get("status") == "active", since,
    )  # fmt: skip


def _looked_up(stage: Stage, one: Entry) -> None:
    """Somebody of a hospital looks the card up, without us: the person reads of it afterwards."""
    insurer = SocialInsurance(Line(stage.agencies[INSURER], plain_http=True), SANDBOX_ACCOUNT)
    asked = Question(one.insurance_no or "", one.name, written_birth(one.birth))
    insurer.look_up(asked, officer=stage.receptionist)


def _look(stage: Stage, fact: Fact, person: UUID) -> None:
    """Look until the fact is wherever it must be, or patience ends."""
    while time.time() - fact.since < PATIENCE_SECONDS:
        if fact.record is None and fact.in_record(person):
            fact.record = max(0.0, time.time() - fact.since)
        for code in fact.entitled - fact.seen.keys():
            seen_at = _feed_of(stage, code, fact)
            if seen_at:
                fact.seen[code] = max(0.0, seen_at - fact.since)
        if fact.record is not None and not fact.missing:
            return
        time.sleep(_LOOK_SECONDS)


def _feed_of(stage: Stage, code: str, fact: Fact) -> float | None:
    """When the agency's copy of the feed first had the fact."""
    entries = _get(stage.agencies[code], "/sandbox/feed")["entries"]
    return next((one["seenAt"] for one in entries if one["resource"] and fact.in_feed(one["resource"])), None)


def _wait_for_followers(stage: Stage) -> None:
    _until(lambda: all(_get(stage.agencies[one.code], "/sandbox/feed")["isFollowing"] for one in CAST),
           "an agency cannot follow the feed")  # fmt: skip


def _sent(stage: Stage, code: str, message: object) -> dict[str, Any]:
    """Let an agency send, and wait until the hub has taken it. Raises NotPlayed."""
    number = _post(stage.agencies[code], "/sandbox/send", message)["number"]
    _until(lambda: _is_settled(_letter(stage, code, number)), f"{code} could not send")
    letter = _letter(stage, code, number)
    if letter["refused"]:
        raise NotPlayed(f"{code} was refused: {letter['refused']}")
    return letter


def _letter(stage: Stage, code: str, number: int) -> dict[str, Any]:
    found: dict[str, Any] = _get(stage.agencies[code], "/sandbox/sent")[number]
    return found


def _is_settled(letter: Mapping[str, Any]) -> bool:
    return letter["taken_at"] is not None or bool(letter["refused"])


def _until(is_so: Callable[[], bool], otherwise: str) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        if time.monotonic() > ends:
            raise NotPlayed(otherwise)
        time.sleep(_LOOK_SECONDS)


def _placed(letter: Mapping[str, Any], person: UUID) -> str:
    """The id of the fact in a bundle's answer, which must be about this very person. Raises NotPlayed."""
    patient, fact = (_id_of(entry) for entry in letter["answer"]["entry"][:2])
    if patient != str(person) or not fact:
        raise NotPlayed("a message about the person was written to somebody else's record")
    return fact


def _id_of(entry: Mapping[str, Any]) -> str:
    location = entry["response"].get("location", "")
    return location.split("/")[1] if "/" in location else ""


def _has_id(number: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda resource: resource.get("id") == number


def _own(person: UUID, read: Read[Any]) -> Any:
    (found,) = access.open_and_read(
        access.citizen(person), [read], of=person, purpose="own_record", legal_basis=OWN_RIGHT, scope=access.own(person)
    )
    return found


def _ids(facts: Iterable[Any]) -> set[str]:
    """Ids of facts and of their repeats."""
    return {str(each.origin.fact) for one in facts for each in (one, *getattr(one, "repeats", ()))}


def _get(address: str, path: str) -> Any:
    return _called(address, "GET", path, None)


def _post(address: str, path: str, content: object) -> Any:
    return _called(address, "POST", path, json.dumps(content).encode())


def _called(address: str, method: str, path: str, body: bytes | None) -> Any:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE_SECONDS)
    try:
        connection.request(method, path, body)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status >= 400:
            raise NotPlayed(f"{path}: status {answer.status}")
        return json.loads(text) if text else None
    finally:
        connection.close()
