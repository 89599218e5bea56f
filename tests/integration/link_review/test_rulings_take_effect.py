"""From an officer's word to the index: people are merged, told apart, or wait for a second officer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest

from conftest import MadeDatabase
from integration.console.made_index import (
    AN,
    BINH,
    HA_NOI,
    HELD_RECORD,
    NOW,
    add_person,
    make_accounts,
    make_index,
    make_officers,
)

HELD_PAIR, VERIFIED_PAIR, PLAIN_PAIR = UUID(int=5001), UUID(int=5002), UUID(int=5003)
TU, TU_RECORD, TU_ALONE, TU_ALONE_RECORD = UUID(int=3), UUID(int=6001), UUID(int=4), UUID(int=6002)


@pytest.fixture
def index(database: MadeDatabase) -> Iterator[tuple[MadeDatabase, psycopg.Connection]]:
    """The console's made index, and Tú who stands on two persons whom nobody verified."""
    with database.connect("owner", autocommit=True) as owner:
        make_index(owner)
        make_accounts(owner)
        make_officers(owner)
        run = owner.execute("SELECT max(id) FROM people_importrun").fetchone()[0]  # type: ignore[index]
        for person, record in ((TU, TU_RECORD), (TU_ALONE, TU_ALONE_RECORD)):
            add_person(owner, run, person, record, "Lê Văn Tú", HA_NOI, f"00109000{record.int}", "0912000009")
        owner.execute("UPDATE people_person SET is_identity_verified = false WHERE id IN (%s, %s)", [TU, TU_ALONE])
        owner.execute("UPDATE people_recordclaim SET id_verified = false, personal_id = NULL WHERE name = 'Lê Văn Tú'")
        owner.execute("DELETE FROM people_identifier WHERE person_id IN (%s, %s)", [TU, TU_ALONE])
        owner.execute("UPDATE people_recordclaim SET id_verified = false WHERE person_id = %s", [BINH])
        owner.execute(
            "INSERT INTO people_reviewpair (id, record_id, other_record_id, weight, evidence, reason, run_id, decision)"
            " VALUES (%s, %s, %s, 12.0, '{}', 'looks_alike', %s, '')",
            [PLAIN_PAIR, TU_RECORD, TU_ALONE_RECORD, run],
        )
        yield database, owner


def say(made: MadeDatabase, pair: UUID, officer: int, opinion: str) -> None:
    """An officer's word, through the web's connection and an opened access."""
    with made.connect("web") as web, web.transaction():
        web.execute(
            "SELECT access.open('officer', %s, 'data_steward', 'data_repair', 'test', 'all', '{}', NULL, 'pair')",
            [str(officer)],
        )
        web.execute("SELECT access.give_link_opinion(%s, %s, 'vì lý do thử')", [pair, opinion])


def take_up(made: MadeDatabase) -> tuple[UUID, ...]:
    from pccovid.foundation.access import open_for_job
    from pccovid.link_review.operations import apply_rulings

    with made.connect("jobs") as jobs, jobs.transaction():
        open_for_job(jobs, "link_repair", purpose="data_repair", legal_basis="test")
        return apply_rulings(jobs, by="test", now=datetime.now(UTC))


def stewards(owner: psycopg.Connection, count: int) -> list[int]:
    """Accounts of national stewards, as many as wanted."""
    from pccovid.officers.operations import appoint, enrol

    for number in range(count):
        enrol(owner, username=f"extra-{number}", full_name="Thêm", password="một mật khẩu dài, chỉ để thử", now=NOW)
    accounts = [row[0] for row in owner.execute("SELECT id FROM auth_user WHERE username LIKE 'extra-%' ORDER BY id")]
    for account in accounts:
        appoint(owner, officer=account, role="data_steward", area=None, office="Cơ quan thử", by="test", now=NOW)
    return accounts


def ruling(owner: psycopg.Connection, pair: UUID) -> tuple[str, str] | None:
    return owner.execute("SELECT standing, note FROM link_review_ruling WHERE pair_id = %s", [pair]).fetchone()


def merged_into(owner: psycopg.Connection, person: UUID) -> UUID | None:
    return owner.execute("SELECT merged_into_id FROM people_person WHERE id = %s", [person]).fetchone()[0]  # type: ignore[index]


def test_one_word_joins_two_unverified_persons_and_another_takes_it_back(
    index: tuple[MadeDatabase, psycopg.Connection],
) -> None:
    made, owner = index
    (steward,) = stewards(owner, 1)
    say(made, PLAIN_PAIR, steward, "same")
    take_up(made)
    assert ruling(owner, PLAIN_PAIR) == ("same", "")
    assert {merged_into(owner, TU), merged_into(owner, TU_ALONE)} & {TU, TU_ALONE}
    say(made, PLAIN_PAIR, steward, "different")
    take_up(made)
    assert ruling(owner, PLAIN_PAIR) == ("different", "")
    assert (merged_into(owner, TU), merged_into(owner, TU_ALONE)) == (None, None)


def test_a_verified_person_is_merged_only_after_a_second_officer_agrees(
    index: tuple[MadeDatabase, psycopg.Connection],
) -> None:
    made, owner = index
    first, second = stewards(owner, 2)
    say(made, VERIFIED_PAIR, first, "same")
    say(made, VERIFIED_PAIR, first, "same")
    take_up(made)
    assert ruling(owner, VERIFIED_PAIR) == ("second_needed", "")
    assert (merged_into(owner, AN), merged_into(owner, BINH)) == (None, None)
    say(made, VERIFIED_PAIR, second, "same")
    take_up(made)
    assert ruling(owner, VERIFIED_PAIR)[0] == "same"  # type: ignore[index]
    assert {merged_into(owner, AN), merged_into(owner, BINH)} & {AN, BINH}


def test_two_verified_ids_are_not_merged_whatever_officers_say(
    index: tuple[MadeDatabase, psycopg.Connection],
) -> None:
    made, owner = index
    owner.execute("UPDATE people_recordclaim SET id_verified = true WHERE person_id = %s", [BINH])
    for officer in stewards(owner, 2):
        say(made, VERIFIED_PAIR, officer, "same")
    take_up(made)
    assert ruling(owner, VERIFIED_PAIR) == ("same", "VerifiedIdsDiffer")
    assert (merged_into(owner, AN), merged_into(owner, BINH)) == (None, None)


def test_a_held_record_waits_for_the_next_linking_with_its_ruling(
    index: tuple[MadeDatabase, psycopg.Connection],
) -> None:
    made, owner = index
    for officer in stewards(owner, 2):
        say(made, HELD_PAIR, officer, "same")
    assert take_up(made) == (HELD_RECORD,)
    assert ruling(owner, HELD_PAIR) == ("same", "waits_for_linking")
    assert take_up(made) == (HELD_RECORD,), "a worker that was stopped finds it again"


@pytest.mark.parametrize("role", ["tracer", "health_station", "commune_police"])
def test_other_offices_cannot_decide_about_pairs(index: tuple[MadeDatabase, psycopg.Connection], role: str) -> None:
    made, owner = index
    username = {"tracer": "tracer", "health_station": "station", "commune_police": "police"}[role]
    account = owner.execute("SELECT id FROM auth_user WHERE username = %s", [username]).fetchone()[0]  # type: ignore[index]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        say(made, PLAIN_PAIR, account, "same")


def test_an_opinion_can_be_neither_changed_nor_removed(index: tuple[MadeDatabase, psycopg.Connection]) -> None:
    made, owner = index
    (steward,) = stewards(owner, 1)
    say(made, PLAIN_PAIR, steward, "same")
    for statement in ("UPDATE link_review_opinion SET opinion = 'different'", "DELETE FROM link_review_opinion"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute(statement)
