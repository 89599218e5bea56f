"""A wrongly joined person is taken apart: who may ask, who must agree, and what holds afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
import pytest

from carry_over_importing import import_delivery
from conftest import MadeDatabase, database_from, use_in_django
from integration.console.made_index import AN, AN_RECORD, BINH, HA_NOI, NOW, add_claim, make_index
from integration.link_review.test_rulings_take_effect import say, stewards, take_up

MINH_RECORD, MAI_RECORD = UUID(int=7001), UUID(int=7002)
WHY = "hai bản ghi của hai anh em"


class Index(NamedTuple):
    """The console's made index, where An has by mistake the records of two more people, and two stewards."""

    made: MadeDatabase
    owner: psycopg.Connection
    one: int
    other: int

    def one_value(self, statement: str, *values: object) -> Any:
        return (self.owner.execute(statement, values).fetchone() or (None,))[0]  # type: ignore[call-overload]

    def person_of(self, record: UUID) -> UUID:
        return self.one_value("SELECT person_id FROM people_recordclaim WHERE record_id = %s", record)

    def standing(self, *records: UUID) -> list[str]:
        """What the rulings between these records and An's own one say."""
        rows = self.owner.execute(
            "SELECT standing FROM link_review_ruling WHERE (record_id = ANY (%(all)s) AND other_record_id = %(an)s)"
            " OR (other_record_id = ANY (%(all)s) AND record_id = %(an)s) ORDER BY pair_id",
            {"all": list(records), "an": AN_RECORD},
        )
        return [standing for (standing,) in rows]

    def state(self, request: int) -> tuple[str, str]:
        return self.owner.execute("SELECT outcome, note FROM link_review_split WHERE id = %s", [request]).fetchone()  # type: ignore[return-value]


@pytest.fixture(scope="module")
def joined_wrongly(prepared_url: str, home: Path) -> MadeDatabase:
    """The database that each test begins with a copy of."""
    made = database_from(prepared_url, home)
    use_in_django(made, "jobs")  # facts are registered by the apps
    with made.connect("owner", autocommit=True) as owner:
        make_index(owner)
        stewards(owner, 2)
        for record, name in ((MINH_RECORD, "Nguyễn Văn Minh"), (MAI_RECORD, "Nguyễn Thị Mai")):
            add_claim(owner, AN, record, name, HA_NOI, None, "0912000001")
            owner.execute(
                "INSERT INTO people_link (record_id, person_id, decision, evidence, reason, model_version, decided_by,"
                " decided_at) VALUES (%s, %s, 'probabilistic', '{}', '', 'model-7', 'operator', now())",
                [record, AN],
            )
            owner.execute(
                "INSERT INTO lab_tests_test (id, person_id, record_id, source_record_id, source_system, provenance,"
                " recorded_at, is_pooled) VALUES (%s, %s, %s, %s, 'sampling', 'facility', now(), false)",
                [UUID(int=record.int + 500), AN, record, record],
            )
    return made


@pytest.fixture
def index(joined_wrongly: MadeDatabase, home: Path) -> Iterator[Index]:
    made = database_from(joined_wrongly.owner_url, home)
    with made.connect("owner", autocommit=True) as owner:
        one, other = (row[0] for row in owner.execute("SELECT id FROM auth_user ORDER BY id").fetchall())
        yield Index(made, owner, one, other)


def unverified(index: Index) -> None:
    index.owner.execute("UPDATE people_recordclaim SET id_verified = false WHERE person_id = %s", [AN])
    index.owner.execute("UPDATE people_person SET is_identity_verified = false WHERE id = %s", [AN])


def at_web(index: Index, officer: int, statement: str, *values: object, role: str = "data_steward",
           scope: str = "all", area: str | None = None) -> Any:  # fmt: skip
    """One call through the web's connection and an opened access."""
    with index.made.connect("web") as web, web.transaction():
        web.execute(
            "SELECT access.open('officer', %s, %s, 'data_repair', 'test', %s, '{}', %s, 'split')",
            [str(officer), role, scope, area],
        )
        return web.execute(statement, values).fetchone()[0]  # type: ignore[call-overload, index]


def ask(index: Index, officer: int, *records: UUID, person: UUID = AN, why: str = WHY, **open_as: Any) -> int:
    return int(at_web(index, officer, "SELECT access.ask_for_split(%s, %s, %s)", person, list(records), why, **open_as))


def answer(index: Index, officer: int, request: int, *, agrees: bool, words: str = "") -> None:
    at_web(index, officer, "SELECT access.answer_split(%s, %s, %s, %s)::text", AN, request, agrees, words)


def work(index: Index) -> int:
    """What `pccovid work` does."""
    from pccovid.config.commands.working import take_apart

    return take_apart(index.made)  # type: ignore[arg-type]  # a made database tells its addresses as a session does


def be_killed_at_work(index: Index) -> int:
    """The same, ended before it was settled."""
    from pccovid.foundation.access import open_for_job
    from pccovid.link_review.splitting import carry_out_splits

    with index.made.connect("jobs") as jobs:
        open_for_job(jobs, "link_repair", purpose="data_repair", legal_basis="test")
        done = carry_out_splits(jobs, by="test", now=datetime.now(UTC))
        jobs.rollback()
    return done


def refusal(call: Callable[[], object]) -> str | None:
    with pytest.raises(psycopg.Error) as refused:
        call()
    return refused.value.sqlstate


def test_records_of_an_unverified_person_go_with_their_facts_once_and_links_are_only_added(index: Index) -> None:
    unverified(index)
    links = index.owner.execute("SELECT l::text FROM people_link l ORDER BY id").fetchall()
    request = ask(index, index.one, MINH_RECORD, MAI_RECORD)
    assert (be_killed_at_work(index), index.person_of(MINH_RECORD), index.state(request)) == (1, AN, ("", ""))
    assert (work(index), work(index)) == (1, 0)
    opened = index.one_value("SELECT opened_id FROM link_review_split WHERE id = %s", request)
    assert {index.person_of(MINH_RECORD), index.person_of(MAI_RECORD)} == {opened} != {AN}
    assert index.person_of(AN_RECORD) == AN
    moved = index.owner.execute("SELECT person_id FROM lab_tests_test ORDER BY id").fetchall()
    assert moved == [(opened,), (opened,)]
    after = index.owner.execute("SELECT l::text FROM people_link l ORDER BY id").fetchall()
    assert after[: len(links)] == links
    added = index.owner.execute("SELECT decision, reason FROM people_link ORDER BY id").fetchall()[len(links) :]
    assert added == [("manual", "split"), ("manual", "split")]
    assert index.state(request) == ("split", "")
    assert index.standing(MINH_RECORD, MAI_RECORD) == ["different", "different"]


def test_a_verified_person_is_taken_apart_only_after_another_steward_agrees(index: Index) -> None:
    request = ask(index, index.one, MINH_RECORD)
    assert work(index) == 0
    assert refusal(lambda: answer(index, index.one, request, agrees=True)) == "PC496"
    assert refusal(lambda: answer(index, index.other, request, agrees=False, words="không")) == "PC491"
    answer(index, index.other, request, agrees=True)
    assert refusal(lambda: answer(index, index.other, request, agrees=False, words=WHY)) == "PC495"
    assert work(index) == 1
    assert (index.person_of(MINH_RECORD) == AN, index.person_of(MAI_RECORD)) == (False, AN)


def test_a_restriction_goes_with_both_persons_and_nobody_asks_meanwhile(index: Index) -> None:
    unverified(index)
    request = ask(index, index.one, MINH_RECORD)
    with index.made.connect("owner", autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")  # the request itself is not asked
        owner.execute("INSERT INTO access.restriction (request_id, person_id) VALUES (1, %s)", [AN])
    assert at_web(index, index.one, "SELECT count(*) FROM link_review_split") == 0
    assert refusal(lambda: answer(index, index.other, request, agrees=False, words=WHY)) == "P0002"
    assert refusal(lambda: ask(index, index.one, MAI_RECORD)) == "P0002"
    with index.made.connect("owner", autocommit=True) as owner:
        owner.execute("ALTER TABLE access.restriction DROP CONSTRAINT restriction_request_id_fkey")
    assert work(index) == 1
    assert index.person_of(MINH_RECORD) != AN
    claims = "SELECT count(*) FROM people_recordclaim WHERE record_id = ANY (%s)"
    assert at_web(index, index.one, claims, [MINH_RECORD, MAI_RECORD, AN_RECORD]) == 0
    index.owner.execute("UPDATE access.restriction SET lifted_at = now() WHERE request_id = 1")
    assert at_web(index, index.one, claims, [MINH_RECORD, MAI_RECORD, AN_RECORD]) == 3


def test_what_another_steward_declines_stays_and_may_be_asked_again(index: Index) -> None:
    request = ask(index, index.one, MINH_RECORD)
    assert refusal(lambda: ask(index, index.other, MAI_RECORD)) == "PC494"
    answer(index, index.other, request, agrees=False, words="cùng một người, gõ sai tên")
    assert (work(index), index.state(request)) == (0, ("declined", ""))
    assert index.person_of(MINH_RECORD) == AN
    assert ask(index, index.one, MAI_RECORD) > request


def test_nobody_else_asks_and_nobody_for_what_cannot_be(index: Index) -> None:
    from pccovid.officers.operations import appoint, enrol

    police = enrol(
        index.owner, username="police", full_name="Công an", password="một mật khẩu dài, chỉ để thử", now=NOW
    )
    appoint(index.owner, officer=police, role="commune_police", area="00001", office="x", by="test", now=NOW)
    forbidden = psycopg.errors.InsufficientPrivilege.sqlstate
    for officer, opened in (
        (police, {"role": "commune_police", "scope": "area", "area": "00001"}),
        (index.one, {"scope": "area", "area": "01"}),
    ):
        assert refusal(lambda o=officer, a=opened: ask(index, o, MINH_RECORD, **a)) == forbidden  # type: ignore[misc]
    for why, records, code in (
        ("ngắn", [MINH_RECORD], "PC491"), (WHY, [MINH_RECORD, UUID(int=2001)], "PC492"), (WHY, [], "PC493"),
        (WHY, [AN_RECORD, MINH_RECORD, MAI_RECORD], "PC493"),
    ):  # fmt: skip
        assert refusal(lambda r=records, w=why: ask(index, index.one, *r, why=w)) == code  # type: ignore[misc]
    assert refusal(lambda: ask(index, index.one, MINH_RECORD, person=UUID(int=99))) == "P0002"
    with index.made.connect("web") as web:
        assert web.execute("SELECT count(*) FROM link_review_split").fetchone() == (0,), "nothing without an access"
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute("UPDATE link_review_split SET agrees = true")
    assert index.one_value("SELECT count(*) FROM link_review_split") == 0


def test_a_request_about_records_that_went_elsewhere_is_closed_and_touches_nobody(index: Index) -> None:
    request = ask(index, index.one, MINH_RECORD)
    answer(index, index.other, request, agrees=True)
    index.owner.execute("UPDATE people_recordclaim SET person_id = %s WHERE record_id = %s", [BINH, MINH_RECORD])
    before = index.owner.execute("SELECT c::text FROM people_recordclaim c ORDER BY record_id").fetchall()
    assert (work(index), index.state(request)) == (0, ("refused", "SplitRefused"))
    assert index.owner.execute("SELECT c::text FROM people_recordclaim c ORDER BY record_id").fetchall() == before
    assert index.standing(MINH_RECORD) == []


def test_stewards_join_again_what_was_split_and_part_it_again(index: Index) -> None:
    unverified(index)
    ask(index, index.one, MINH_RECORD, MAI_RECORD)
    work(index)
    pair = index.one_value("SELECT id FROM people_reviewpair WHERE reason = 'split'")
    say(index.made, pair, index.one, "same")
    take_up(index.made)
    assert index.person_of(MINH_RECORD) == index.person_of(MAI_RECORD) == index.person_of(AN_RECORD)
    assert sorted(index.standing(MINH_RECORD, MAI_RECORD)) == ["open", "same"]
    say(index.made, pair, index.one, "different")
    take_up(index.made)
    assert index.person_of(MINH_RECORD) == index.person_of(MAI_RECORD) != index.person_of(AN_RECORD)
    assert index.standing(MINH_RECORD, MAI_RECORD) == ["different", "different"]


def test_what_was_said_of_a_pair_before_the_split_counts_no_more_after_it(index: Index) -> None:
    pair = UUID(int=7003)
    index.owner.execute(
        "INSERT INTO people_reviewpair (id, record_id, other_record_id, evidence, reason, run_id, decision)"
        " SELECT %s, %s, %s, '{}', 'looks_alike', max(id), '' FROM people_importrun",
        [pair, MINH_RECORD, AN_RECORD],
    )
    for officer in (index.one, index.other):
        say(index.made, pair, officer, "same")
    take_up(index.made)
    answer(index, index.other, ask(index, index.one, MINH_RECORD), agrees=True)
    work(index)
    take_up(index.made)
    assert (index.person_of(MINH_RECORD) == AN, index.standing(MINH_RECORD)) == (False, ["different"])
    say(index.made, pair, index.one, "same")
    take_up(index.made)
    assert (index.person_of(MINH_RECORD) == AN, index.standing(MINH_RECORD)) == (False, ["second_needed"])


PEOPLE = "personId,registeredAt,fullName,dob,sex,phone,idNumber,bhytNumber,occupation,ethnicity,nationality,priorityGroup,provinceCode,districtCode,communeCode,address"  # noqa: E501
LAN = "{},2021-07-01 08:00:00,Nguyễn Thị Lan,12/03/1984,2,0912345670,079184012345,,{},Kinh,VN,,01,001,00001,5 phố Huế"


def test_a_later_delivery_keeps_apart_what_was_split(database: MadeDatabase, tmp_path: Path) -> None:
    def deliver(number: int, *rows: str) -> dict[str, UUID]:
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "sskdt_people.csv").write_text("\n".join([PEOPLE, *rows]) + "\n")
        import_delivery(database, folder, tmp_path / "work")
        return dict(owner.execute("SELECT split_part(record, ':', 3), person_id FROM people_recordclaim").fetchall())

    with database.connect("owner", autocommit=True) as owner:
        before = deliver(1, LAN.format("p1", ""), LAN.format("p2", ""))
        assert before["p1"] == before["p2"]
        index = Index(database, owner, *stewards(owner, 2))
        record = index.one_value("SELECT record_id FROM people_recordclaim WHERE record LIKE '%%:p2'")
        ask(index, index.one, record, person=before["p1"])
        assert work(index) == 1
        after = deliver(2, LAN.format("p1", ""), LAN.format("p2", "giáo viên"), LAN.format("p3", ""))
        assert after["p1"] == before["p1"] != after["p2"]
