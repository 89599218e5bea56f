"""Everybody unverified is asked about once, whatever befalls the source or us; what came is stored, graded and used."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
import pytest

from conftest import MadeDatabase, database_from
from integration.connectors.agency_process import AgencyProcess, register_file
from integration.identity_verification.unverified import HA_NOI, SAI_GON, add_unverified, derive_all
from pccovid.connectors.calling import Unanswered
from pccovid.connectors.population_database.connecting import population_database
from pccovid.connectors.population_database.register import Entry
from pccovid.foundation.outbox import Delivered, Message, NotTaken, dead_letters, deliver_side_by_side, put
from pccovid.identity_verification import operations
from pccovid.identity_verification.asking import Around

MODULE = "pccovid.connectors.population_database.sandbox_server"
ENDPOINT = "xroad:test"
CAST = {
    "agree": ("Nguyễn Thị Hòa", "1990-03-05", "001190000017"),
    "initials": ("Ngô Thị Hạnh", "1990-03-05", "001190000018"),
    "birth": ("Lê Văn Tám", "1991-01-02", "001091000019"), "no_id": ("Phạm Văn Chín", "1980-01-02", None),
    "unknown": ("Đỗ Văn Mười", "1970-05-06", "001070000020"), "nameless_day": ("Bùi Văn Hai", "", "001070000021"),
    "nowhere": ("Vũ Thị Ba", "1970-05-06", "001170000022"),
}  # fmt: skip
REGISTER = [
    Entry("001190000017", None, "Nguyễn Thị Hoà", "1990-03-05", "female", "00001"),
    Entry("001190000018", None, "Nguyễn Thị Hòa", "1990-03-05", "female", "00001"),
    Entry("001091000019", None, "Lê Văn Tám", "1991-02-01", "male", "00001"),
    Entry("001070000021", None, "Bùi Văn Hai", "1970-05-06", "male", "00001"),
    Entry("001170000022", None, "Trần Thị Tư", "1970-05-06", "female", "00001"),
    Entry("001199000030", "112233445", "Hồ Thị Năm", "1999", "female", "00001"),
]
CROWD = 160


class Campaigning(NamedTuple):
    """One database and one server for the file: the cast, then a crowd."""

    made: MadeDatabase
    owner: psycopg.Connection
    server: AgencyProcess
    persons: dict[str, UUID]


@pytest.fixture(scope="module")
def campaigning(prepared_url: str, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaigning]:
    import django

    django.setup()
    made = database_from(prepared_url, home)
    crowd = [
        Entry(f"0011900{n:05}", None, "Trần Thị Đông", "1990-03-05", "female", "27259")
        for n in range(1000, 1000 + CROWD)
    ]
    server = AgencyProcess(MODULE, register_file(tmp_path_factory.mktemp("register"), [*REGISTER, *crowd]))
    with made.connect("owner", autocommit=True) as owner:
        persons = {
            who: add_unverified(owner, place, *told, area=None if who == "nowhere" else HA_NOI)
            for place, (who, told) in enumerate(CAST.items(), start=1)
        }
        persons["by_old_id"] = add_unverified(owner, 20, "Hồ Thị Năm", "1999", None, old_id="112233445")
        derive_all(owner)
        yield Campaigning(made, owner, server, persons)
    server.stop()


Clock = Callable[[], datetime]


def real() -> datetime:
    return datetime.now(UTC)


def connected(c: Campaigning) -> psycopg.Connection:
    return c.made.connect("jobs", autocommit=True)


def around(c: Campaigning, now: Clock = real, seconds: float = 5.0) -> Around:
    police = population_database(c.server.url, is_sandbox=True, seconds=seconds)
    return Around(lambda: connected(c), "population", police, now, sleep=lambda _: None)


def start(c: Campaigning, per_second: float = 10_000, batch: int = 100) -> int:
    with connected(c) as jobs:
        return operations.start(
            jobs, source="population", endpoint=ENDPOINT, per_second=per_second, by="test", batch=batch
        )


def go_on(c: Campaigning, now: Clock = real, seconds: float = 5.0) -> Delivered:
    with connected(c) as jobs:
        return operations.go_on(jobs, around(c, now, seconds), now=now)


def answers(c: Campaigning, person: UUID | None = None) -> list[tuple[str, dict[str, str]]]:
    return c.owner.execute(
        "SELECT code, grades FROM people_verificationanswer WHERE %(p)s::uuid IS NULL OR person_id = %(p)s ORDER BY id",
        {"p": person},
    ).fetchall()


def totals(c: Campaigning, campaign: int) -> dict[str, int]:
    with connected(c) as jobs:
        return operations.counts(jobs, campaign)


def test_1_each_person_is_asked_about_once_and_falls_into_one_of_four_shares(campaigning: Campaigning) -> None:
    c = campaigning
    campaign = start(c, batch=3)
    assert start(c) == campaign, "the one that runs goes on"
    assert go_on(c).taken == 2
    assert totals(c, campaign) == {"agree": 2, "disagree": 3, "no_id": 1, "not_verifiable": 2}
    codes = {who: [code for code, _ in answers(c, person)] for who, person in c.persons.items()}
    assert codes == {"agree": ["000"], "initials": ["061"], "birth": ["070"], "no_id": [], "unknown": ["050"],
                     "nameless_day": [], "nowhere": ["060"], "by_old_id": ["000"]}  # fmt: skip
    ((_, grades),) = answers(c, c.persons["initials"])
    assert grades == {"name": "initials_agree", "birth_date": "agree", "sex": "missing"}
    assert c.owner.execute(
        "SELECT ended_at IS NOT NULL FROM access.verification_campaign WHERE id = %s", [campaign]
    ).fetchone() == (True,)
    assert go_on(c).taken == 0


def test_2_what_agreed_is_in_the_golden_record_and_names_stay_as_they_were(campaigning: Campaigning) -> None:
    c = campaigning
    verified = dict(c.owner.execute("SELECT id, is_identity_verified FROM people_person").fetchall())
    assert {who for who, person in c.persons.items() if verified[person]} == {"agree", "by_old_id"}
    rows = c.owner.execute(
        "SELECT i.system, i.verified_by, p.name FROM people_identifier i JOIN people_person p ON p.id = i.person_id"
        " WHERE i.is_verified ORDER BY i.system"
    ).fetchall()
    assert rows == [("old_id", "population", "Hồ Thị Năm"), ("personal_id", "population", "Nguyễn Thị Hòa")]
    ledger = c.owner.execute("SELECT sum(received), sum(linked) FROM people_importfile WHERE system = 'population'")
    assert ledger.fetchone() == (2, 2)


def test_3_a_disagreement_is_a_case_of_the_persons_commune_and_where_nobody_lives_there_is_none(
    campaigning: Campaigning,
) -> None:
    c = campaigning
    rows = c.owner.execute(
        "SELECT person_id, kind, area_code, state, words, asked_by FROM access.correction ORDER BY person_id"
    ).fetchall()
    assert [(row[0], row[2]) for row in rows] == [(c.persons["initials"], "00001"), (c.persons["birth"], "00001")]
    assert {(row[1], row[3], row[5]) for row in rows} == {("identity", "received", None)}
    assert "mã 070: ngày sinh khác" in rows[1][4]


def test_4_everybody_asked_about_reads_it_and_the_log_of_messages_holds_nobody(campaigning: Campaigning) -> None:
    c = campaigning
    told = c.owner.execute(
        "SELECT DISTINCT d.person_id FROM access.disclosure d JOIN access.log l ON l.id = d.log_id"
        " WHERE l.purpose = 'identity_verification' AND d.categories = '{identity}'"
    ).fetchall()
    assert {person for (person,) in told} == {
        person for who, person in c.persons.items() if who not in ("no_id", "nameless_day")
    }
    rows = c.owner.execute(
        "SELECT outcome, length(their_hash), question_mark <> answer_mark, m::text FROM foundation_messagelog m"
    ).fetchall()
    assert len(rows) == 6
    assert {row[:3] for row in rows} == {("answered", 88, True)}
    assert not [row for row in rows for name, _, number in CAST.values() if name in row[3] or (number or "?") in row[3]]
    hours = c.owner.execute("SELECT sum(answered), sum(not_reached) FROM foundation_endpointhour").fetchone()
    assert hours == (6, 0)
    for change in ("DELETE FROM foundation_messagelog", "UPDATE foundation_messagelog SET outcome = 'refused'"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            c.owner.execute(change)


def test_5_no_campaign_no_reading(campaigning: Campaigning) -> None:
    from pccovid.foundation.access import AccessRefused, open_for_job
    from pccovid.foundation.purposes import EPIDEMIC_LAW

    for case in (None, "XM-1", "XM-99"):
        with connected(campaigning) as jobs, jobs.transaction(), pytest.raises(AccessRefused):
            open_for_job(
                jobs, "identity_verification", purpose="identity_verification", legal_basis=EPIDEMIC_LAW, case=case
            )


def test_6_a_second_campaign_asks_about_whoever_is_still_unverified_and_opens_no_case_twice(
    campaigning: Campaigning,
) -> None:
    c = campaigning
    campaign = start(c)
    go_on(c)
    assert totals(c, campaign) == {"agree": 0, "disagree": 3, "no_id": 1, "not_verifiable": 2}
    assert c.owner.execute("SELECT count(*) FROM access.correction").fetchone() == (2,)
    assert [code for code, _ in answers(c, c.persons["birth"])] == ["070", "070"], "added to, never changed"


def follow(c: Campaigning) -> int | None:
    with connected(c) as jobs:
        return operations.follow_changes(
            jobs, population_database(c.server.url, is_sandbox=True), source="population", endpoint=ENDPOINT,
            per_second=10_000, by="test",
        )  # fmt: skip


def test_7_who_changes_at_the_police_is_asked_about_anew_verified_or_not(campaigning: Campaigning) -> None:
    c = campaigning
    c.server.post("/sandbox/changes", {"personalId": "001199000030", "name": "Hồ Thị Sáu"})
    assert follow(c) is None, "nobody here has that number as a citizen's"
    assert follow(c) is None, "followed once"
    c.server.post("/sandbox/changes", {"personalId": "001190000017", "name": "Nguyễn Thị Hoàn"})
    c.server.order({"kind": "down"})
    with pytest.raises(Unanswered):
        follow(c)
    c.server.order({"kind": "duplicate"}, {"kind": "reorder"})
    campaign = follow(c)
    assert campaign is not None
    with pytest.raises(operations.CampaignRuns):
        follow(c)
    c.server.order()
    go_on(c)
    assert totals(c, campaign) == {"agree": 1, "disagree": 0, "no_id": 0, "not_verifiable": 0}
    assert [code for code, _ in answers(c, c.persons["agree"])] == ["000", "061"]
    assert named(c, "agree") == ("Nguyễn Thị Hoàn", date(1990, 3, 5), True), "confirmed before: the record follows"
    cases = c.owner.execute("SELECT person_id FROM access.correction WHERE state = 'received'").fetchall()
    assert (c.persons["agree"],) not in cases
    c.server.post("/sandbox/changes", {"personalId": "001190000017", "name": "Nguyễn Thị Hòa"})
    campaign = follow(c)
    assert campaign is not None
    go_on(c)
    assert totals(c, campaign)["agree"] == 1
    assert named(c, "agree")[0] == "Nguyễn Thị Hòa"


def named(c: Campaigning, who: str) -> tuple[str, date, bool]:
    row = c.owner.execute(
        "SELECT name, birth_date, is_identity_verified FROM people_person WHERE id = %s", [c.persons[who]]
    ).fetchone()
    assert row is not None
    return row


def test_8_where_name_and_birth_date_both_change_people_look_and_nothing_is_taken_over(
    campaigning: Campaigning,
) -> None:
    c = campaigning
    c.server.post(
        "/sandbox/changes", {"personalId": "001190000017", "name": "Vương Đình Tú", "birthDate": "1971-12-30"}
    )
    campaign = follow(c)
    assert campaign is not None
    go_on(c)
    assert totals(c, campaign)["disagree"] == 1
    assert named(c, "agree")[0] == "Nguyễn Thị Hòa"
    cases = c.owner.execute("SELECT person_id FROM access.correction WHERE state = 'received' ORDER BY id").fetchall()
    assert cases[-1] == (c.persons["agree"],), "such a change reaches the person's commune"
    c.server.post("/sandbox/changes", {"personalId": "001190000017", "name": "Nguyễn Thị Hòa"})


def test_9_two_persons_with_one_confirmed_number_are_put_before_an_officer(campaigning: Campaigning) -> None:
    c = campaigning
    persons = [add_unverified(c.owner, number, "Hồ Thị Bảy", "1992-05-06", "001192000044") for number in (31, 32)]
    derive_all(c.owner)
    c.server.stop()
    c.server.people.open("a").write('["001192000044", null, "Hồ Thị Bảy", "1992-05-06", "female", "00001", null]\n')
    c.server.start(c.server.port)
    campaign = start(c)
    go_on(c)
    assert totals(c, campaign)["agree"] == 2
    pairs = c.owner.execute(
        "SELECT a.person_id, b.person_id, v.decision FROM people_reviewpair v"
        " JOIN people_recordclaim a ON a.record_id = v.record_id"
        " JOIN people_recordclaim b ON b.record_id = v.other_record_id WHERE v.reason = 'one_verified_number'"
    ).fetchall()
    assert [({one, other}, decision) for one, other, decision in pairs] == [(set(persons), "")]


@pytest.fixture
def crowd(campaigning: Campaigning) -> Iterator[Campaigning]:
    """A crowd that nobody has verified, and a server that answers well again afterwards."""
    c = campaigning
    c.owner.execute("DELETE FROM access.verification_task; DELETE FROM access.verification_count")
    c.owner.execute("DELETE FROM access.verification_campaign; DELETE FROM foundation_outbox")
    c.owner.execute("DELETE FROM foundation_outboxendpoint; DELETE FROM people_verificationanswer")
    for table in ("people_recordclaim", "people_identifier"):
        c.owner.execute(f"DELETE FROM {table}")
    c.owner.execute("DELETE FROM people_person")
    c.owner.execute("ALTER TABLE foundation_messagelog DISABLE TRIGGER ALL; DELETE FROM foundation_messagelog;"
                    " ALTER TABLE foundation_messagelog ENABLE TRIGGER ALL")  # fmt: skip
    for number in range(1000, 1000 + CROWD):
        name = "Trần Thị Đông" if number % 4 else "Lý Văn Tây"
        add_unverified(c.owner, number, name, "1990-03-05", f"0011900{number:05}", area=SAI_GON)
    derive_all(c.owner)
    yield c
    c.server.order()


def until_done(c: Campaigning, campaign: int, seconds: float = 5.0) -> int:
    """Go on, an hour later each time; returns how many rounds it took."""
    for round_ in range(1, 40):
        go_on(c, lambda: real() + timedelta(hours=round_), seconds)  # noqa: B023 (called at once)
        if sum(totals(c, campaign).values()) == CROWD:
            return round_
    raise AssertionError(f"only {totals(c, campaign)} of {CROWD} after many rounds: {dead_letters(connected(c))}")


def test_whatever_the_source_does_each_person_has_exactly_one_answer_in_the_end(crowd: Campaigning) -> None:
    crowd.server.order(
        {"kind": "error", "share": 0.2}, {"kind": "lost", "share": 0.1}, {"kind": "down", "share": 0.1},
        {"kind": "drift", "share": 0.1}, {"kind": "wrong", "share": 0.1}, {"kind": "busy", "share": 0.1},
        {"kind": "slow", "share": 0.02, "seconds": 0.3},
    )  # fmt: skip
    campaign = start(crowd)
    until_done(crowd, campaign, seconds=0.2)
    assert totals(crowd, campaign) == {"agree": CROWD * 3 // 4, "disagree": CROWD // 4, "no_id": 0, "not_verifiable": 0}
    each = crowd.owner.execute("SELECT person_id, count(*) FROM people_verificationanswer GROUP BY 1").fetchall()
    assert Counter(count for _, count in each) == {1: CROWD}
    outcomes = dict(crowd.owner.execute("SELECT outcome, count(*) FROM foundation_messagelog GROUP BY 1").fetchall())
    assert outcomes["answered"] == CROWD
    assert outcomes["drifted"] > 5
    assert outcomes["not_reached"] > 30
    assert crowd.owner.execute("SELECT count(*) FROM people_person WHERE is_identity_verified").fetchone() == (
        CROWD * 3 // 4,
    )


def test_a_version_of_the_payload_that_nobody_knows_holds_the_questions_with_its_reason(crowd: Campaigning) -> None:
    try:
        crowd.server.post("/sandbox/schemas", [3])
        campaign = start(crowd)
        go_on(crowd)
        errors = crowd.owner.execute(
            "SELECT DISTINCT last_error FROM foundation_outbox WHERE state = 'waiting'"
        ).fetchall()
        assert any("asked in schema version 2; the source reads 3" in error for (error,) in errors), errors
        assert answers(crowd) == []
        crowd.server.post("/sandbox/schemas", [1])
        until_done(crowd, campaign)
    finally:
        crowd.server.post("/sandbox/schemas", [1, 2])
    outcomes = dict(crowd.owner.execute("SELECT outcome, count(*) FROM foundation_messagelog GROUP BY 1").fetchall())
    assert outcomes["answered"] == CROWD
    assert 0 < outcomes["refused"] <= 16, "what was asked in the version that is not read stands in the log too"
    assert outcomes["drifted"] > 0


def test_a_source_that_is_down_is_left_alone_and_holds_up_no_other(crowd: Campaigning) -> None:
    crowd.server.order({"kind": "down"})
    start(crowd, batch=20)
    told: list[str] = []

    def send(one: Any) -> None:
        if one.message.endpoint == ENDPOINT:
            raise NotTaken("down")
        told.append(one.message.key)

    with connected(crowd) as jobs:
        before = crowd.server.counts().get("asked", 0)
        operations.go_on(jobs, around(crowd), now=real)
        asked = crowd.server.counts()["asked"] - before
        assert 0 < asked <= 5 * 3 * 4, "of five ranges a few are tried, then the source is left alone"
        state = jobs.execute("SELECT failures, closed_until > now() FROM foundation_outboxendpoint WHERE endpoint = %s",
                             [ENDPOINT]).fetchone()  # fmt: skip
        assert state == (5, True)
        for number in range(30):
            put(jobs, Message("well", "identity_verification", str(number), {}), now=real())
        done = deliver_side_by_side(jobs, send, now=lambda: real() + timedelta(seconds=70), chance=Random(1))
        assert sorted(told, key=int) == [str(number) for number in range(30)]
        assert done.taken == 30


def test_who_restricted_any_of_their_data_is_not_asked_about(crowd: Campaigning) -> None:
    c = crowd
    with c.made.connect("owner", autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")  # the request itself is not asked
        for number, category in ((1001, None), (1002, "contact"), (1003, "test")):
            owner.execute("INSERT INTO access.restriction (request_id, person_id, category) VALUES (1, %s, %s)",
                          [UUID(int=number), category])  # fmt: skip
    campaign = start(c)
    until_done(c, campaign)
    assert totals(c, campaign)["not_verifiable"] == 2
    rows = c.owner.execute("SELECT person_id FROM access.verification_task WHERE code = 'withheld'").fetchall()
    assert {person for (person,) in rows} == {UUID(int=1001), UUID(int=1002)}, "of tests nothing is used here"
    assert answers(c, UUID(int=1001)) == answers(c, UUID(int=1002)) == []
    assert len(answers(c, UUID(int=1003))) == 1
    c.owner.execute("UPDATE access.restriction SET lifted_at = now()")


def test_while_an_import_links_nothing_is_lost(crowd: Campaigning, monkeypatch: pytest.MonkeyPatch) -> None:
    from pccovid.identity_verification import storing

    monkeypatch.setattr(storing, "_LOOKS", 2)
    campaign = start(crowd)
    with crowd.made.connect("owner", autocommit=True) as linking:
        linking.execute("SELECT pg_advisory_lock(hashtext('pccovid carry over'))")
        done = go_on(crowd)
        assert (done.taken, done.unfinished, done.failed) == (0, 2, 0), "that is not the source's fault"
        assert answers(crowd) == []
    until_done(crowd, campaign)
    assert len(answers(crowd)) == CROWD


def test_a_message_that_comes_again_after_its_campaign_has_ended_is_taken_as_it_is(crowd: Campaigning) -> None:
    campaign = start(crowd)
    until_done(crowd, campaign)
    crowd.owner.execute("UPDATE foundation_outbox SET state = 'waiting', ended_at = NULL, next_at = now()")
    done = go_on(crowd, lambda: real() + timedelta(days=9))
    assert (done.taken, done.failed) == (2, 0)
    assert len(answers(crowd)) == CROWD


def test_a_message_that_breaks_us_spoils_no_other(crowd: Campaigning) -> None:
    told: list[str] = []

    def send(one: Any) -> None:
        told.append(str(one.message.body["number"]))

    with connected(crowd) as jobs:
        put(jobs, Message("broken", "test", "0", {}), now=real())
        put(jobs, Message("well", "test", "1", {"number": 1}), now=real())
        done = deliver_side_by_side(jobs, send, now=real, chance=Random(1), topics=["test"])
        (error,) = jobs.execute("SELECT last_error FROM foundation_outbox WHERE endpoint = 'broken'").fetchone() or (
            "",
        )
    assert (done.taken, done.failed, told, error) == (1, 1, ["1"], "fault: KeyError")


def test_a_slow_endpoint_does_not_make_the_others_wait(crowd: Campaigning) -> None:
    ended: dict[str, float] = {}

    def send(one: Any) -> None:
        if one.message.endpoint == "slow":
            time.sleep(1.0)
        ended[f"{one.message.endpoint} {one.message.key}"] = time.monotonic()

    with connected(crowd) as jobs:
        put(jobs, Message("slow", "test", "0", {}), now=real())
        for number in range(10):
            put(jobs, Message("well", "test", str(number), {}), now=real())
        done = deliver_side_by_side(jobs, send, now=real, chance=Random(1), topics=["test"])
    assert done.taken == 11
    assert max(at for name, at in ended.items() if name.startswith("well")) < ended["slow 0"]


def test_the_rate_is_kept_by_all_processes_together(crowd: Campaigning) -> None:
    from pccovid.foundation.asking import take_turns

    at = real()
    with connected(crowd) as one, connected(crowd) as other:
        turns = [take_turns(each, "rated", 5, per_second=10, now=at) for each in (one, other, one, other)]
        assert turns == [at + timedelta(seconds=0.5 * place) for place in range(4)]
        later = at + timedelta(minutes=1)
        assert take_turns(one, "rated", 5, per_second=10, now=later) == later, "turns that nobody took are lost"
    begun = time.monotonic()
    start(crowd, per_second=200)
    with connected(crowd) as jobs:
        police = population_database(crowd.server.url, is_sandbox=True)
        operations.go_on(jobs, Around(lambda: connected(crowd), "population", police, real), now=real)
    assert time.monotonic() - begun >= (CROWD - 40) / 200
    asked = [at for (at,) in crowd.owner.execute("SELECT asked_at FROM foundation_messagelog ORDER BY 1").fetchall()]
    assert len(asked) == CROWD
    assert (
        max(sum(start_ <= at < start_ + timedelta(seconds=0.5) for at in asked) for start_ in asked) <= 0.5 * 200 + 48
    )


def test_a_process_killed_in_the_middle_loses_nothing_and_doubles_nothing(crowd: Campaigning) -> None:
    campaign = start(crowd)
    crowd.server.order({"kind": "slow", "seconds": 0.02})
    script = Path(__file__).parents[2] / "verification_to_be_killed.py"
    process = subprocess.Popen(
        [sys.executable, str(script), crowd.made.url("jobs"), crowd.server.url], stdout=subprocess.PIPE, text=True
    )
    while not 0 < sum(totals(crowd, campaign).values()) < CROWD:
        assert process.poll() is None
        time.sleep(0.02)
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()
    done = sum(totals(crowd, campaign).values())
    assert 0 < done < CROWD
    crowd.server.order()
    until_done(crowd, campaign)
    each = crowd.owner.execute("SELECT person_id, count(*) FROM people_verificationanswer GROUP BY 1").fetchall()
    assert Counter(count for _, count in each) == {1: CROWD}
    assert crowd.owner.execute("SELECT count(*) FROM foundation_outbox WHERE state <> 'delivered'").fetchone() == (0,)


def test_a_source_whose_server_is_killed_and_comes_back_is_asked_on(crowd: Campaigning) -> None:
    campaign = start(crowd, batch=50)
    port = crowd.server.port
    crowd.server.kill()
    assert go_on(crowd).taken == 0
    crowd.server.start(port)
    until_done(crowd, campaign)
    assert totals(crowd, campaign)["agree"] == CROWD * 3 // 4
