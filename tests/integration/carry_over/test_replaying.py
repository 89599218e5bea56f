"""Rows that found no place are taken up again when news comes or an operator asks, and never for nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from carry_over_importing import fingerprint, import_delivery, replay_held
from conftest import MadeDatabase, database_from
from pccovid.carry_over import replaying
from pccovid.carry_over.ledger import RunLedger
from pccovid.connectors.rows import ParsedRow
from pccovid.sandbox.nation import create
from sealed_rows import numbers_in, shown_payload

PEOPLE = "personId,registeredAt,fullName,dob,sex,phone,idNumber,bhytNumber,occupation,ethnicity,nationality,priorityGroup,provinceCode,districtCode,communeCode,address"  # noqa: E501
DOSES = "doseId,personId,fullName,dob,sex,phone,idNumber,doseNumber,product,lotNumber,injectedAt,siteCode,siteName,reactionNote,enteredAt"  # noqa: E501
DOMESTIC = "id,createdAt,otherUser,fullName,passport,birthYear,gender,nation,provinceId,districtId,wardId,address,phone"
USERS = "userId,registeredAt,phone,fullName,address"
AREAS = "id,level,name,parentId"
NATIONS = "id,name,iso2"

LAN = "p1,2021-07-01 08:00:00,Nguyễn Thị Lan,12/03/1984,2,0912345670,079184012345,,,Kinh,VN,,01,001,00001,5 phố Huế"
LANS_DOSE = "d1,p1,,,,,,1,AstraZeneca,ABV123,2021-08-01 09:00:00,,Trạm y tế,,2021-08-02 09:00:00"
LAN_DECLARES = "t1,2021-07-05 08:00:00,0,NGUYEN THI LAN,079184012345,1984,Nu,,{0}1,{0}2,{0}3,5 phố Huế,0912345670"
HEX = "5f0c1de0aa11bb22cc33dd4"
HANOI = f"{HEX}1,province,Thành phố Hà Nội,\n{HEX}2,district,Quận Ba Đình,{HEX}1\n{HEX}3,ward,Phường Phúc Xá,{HEX}2"

Deliver = Callable[..., RunLedger]


@pytest.fixture
def deliver(database: MadeDatabase, tmp_path: Path) -> Deliver:
    """Carry over a delivery of files given as name → text."""
    numbers = iter(range(100))

    def deliver(**files: str) -> RunLedger:
        folder = tmp_path / f"delivery-{next(numbers)}"
        folder.mkdir()
        for kind, text in files.items():
            (folder / f"{kind}.csv").write_text(text + "\n")
        return import_delivery(database, folder, tmp_path / "work")

    return deliver


@pytest.fixture
def replay(database: MadeDatabase, tmp_path: Path) -> Callable[..., RunLedger]:
    return lambda reason=None: replay_held(database, tmp_path / "work", reason=reason)


def rows(database: MadeDatabase, query: str) -> list[tuple[object, ...]]:
    with database.connect("owner") as owner:
        return owner.execute(query).fetchall()


def unplaced(database: MadeDatabase) -> list[tuple[object, ...]]:
    """(outcome, reason, resolved or not) of every row that found no place."""
    return rows(database, "SELECT outcome, reason, resolved_at IS NOT NULL FROM people_unplacedrow ORDER BY 3, 1, 2")


def test_a_held_dose_finds_its_person_as_soon_as_the_account_arrives(database: MadeDatabase, deliver: Deliver) -> None:
    first = deliver(sskdt_doses=f"{DOSES}\n{LANS_DOSE}")
    assert (first.total("held"), unplaced(database)) == (1, [("held", "account_not_found", False)])
    deliver(sskdt_people=f"{PEOPLE}\n{LAN}")
    assert unplaced(database) == [("held", "account_not_found", True)]
    doses = rows(database, "SELECT p.name FROM vaccination_dose d JOIN people_person p ON p.id = d.person_id")
    assert doses == [("Nguyễn Thị Lan",)]


def test_a_replay_without_news_changes_nothing_and_balances(
    database: MadeDatabase, deliver: Deliver, replay: Callable[..., RunLedger]
) -> None:
    deliver(sskdt_doses=f"{DOSES}\n{LANS_DOSE}\nd2,,,,,,,1\nd3", bluezone_users="anything,at all\n1,2")
    before, waiting = fingerprint(database, without=("people_importfile",)), unplaced(database)
    assert len(waiting) == 5
    for _ in range(2):
        ledger = replay()
        assert all(file.balances for file in ledger.files)
        assert ledger.total("received") == ledger.total("held") + ledger.total("rejected") == 5
        assert fingerprint(database, without=("people_importfile",)) == before


def test_a_replay_of_one_reason_takes_up_no_other_rows(deliver: Deliver, replay: Callable[..., RunLedger]) -> None:
    deliver(sskdt_doses=f"{DOSES}\n{LANS_DOSE}", bluezone_users="anything,at all\n1,2")
    assert replay("wrong_header").total("rejected") == replay("wrong_header").total("received") == 2
    assert replay("account_not_found").total("held") == 1


def test_a_list_of_areas_that_comes_later_explains_the_rows_that_came_without_it(
    database: MadeDatabase, deliver: Deliver
) -> None:
    where = "SELECT c.commune_code, a.commune_code FROM people_recordclaim c JOIN people_address a USING (record_id)"
    deliver(tokhaiyte_domestic=f"{DOMESTIC}\n{LAN_DECLARES.format(HEX)}")
    assert rows(database, where) == [(None, None)]
    deliver(tokhaiyte_areas=f"{AREAS}\n{HANOI}")
    assert rows(database, where) == [("00001", "00001")]
    assert rows(database, "SELECT commune_code FROM people_person") == [("00001",)]


def test_a_list_of_areas_still_holds_for_later_deliveries_without_one(
    database: MadeDatabase, deliver: Deliver, replay: Callable[..., RunLedger]
) -> None:
    deliver(tokhaiyte_areas=f"{AREAS}\n{HANOI}")
    deliver(tokhaiyte_domestic=f"{DOMESTIC}\n{LAN_DECLARES.format(HEX)}")
    where = "SELECT commune_code FROM people_recordclaim WHERE kind = 'tokhaiyte_domestic'"
    assert rows(database, where) == [("00001",)]
    replay()
    assert rows(database, where) == [("00001",)]


def test_a_held_list_row_is_resolved_by_its_correction_and_never_comes_back(
    database: MadeDatabase, deliver: Deliver, replay: Callable[..., RunLedger]
) -> None:
    deliver(tokhaiyte_nations=f"{NATIONS}\n{HEX}9,Việt Nam,")
    assert unplaced(database) == [("held", "incomplete_mapping", False)]
    deliver(tokhaiyte_nations=f"{NATIONS}\n{HEX}9,Việt Nam,VN")
    assert unplaced(database) == [("held", "incomplete_mapping", True)]
    assert replay().total("received") == 0
    assert rows(database, "SELECT max(version) FROM people_sourcerecord") == [(1,)]


def test_a_damaged_row_stays_in_sight_beside_a_good_row_of_the_same_key(
    database: MadeDatabase, deliver: Deliver
) -> None:
    deliver(sskdt_people=f"{PEOPLE}\n{LAN}\np1,moved,columns")
    assert unplaced(database) == [("held", "column_count", False)]
    later = LAN.replace("5 phố Huế", "7 phố Huế")
    deliver(sskdt_people=f"{PEOPLE}\n{later}")
    assert unplaced(database) == [("held", "column_count", True)], "a later version of the record has come"


def test_a_row_that_was_resolved_is_open_again_when_it_comes_again(database: MadeDatabase, deliver: Deliver) -> None:
    damaged = f"{PEOPLE}\np1,moved,columns"
    deliver(sskdt_people=damaged)
    deliver(sskdt_people=f"{PEOPLE}\n{LAN}")
    assert unplaced(database) == [("held", "column_count", True)]
    deliver(sskdt_people=damaged)
    assert unplaced(database) == [("held", "column_count", False)]


def read_by_a_newer_reader(monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    """From now on a stored line under an unknown header is read by these columns."""
    of_today = replaying.read_payload

    def newer(system: str, kind: str, key: str, payload: str, **context: object) -> list[ParsedRow]:
        cells = json.loads(payload).get("_raw", "").split(",")
        values = dict(zip(columns.split(","), cells, strict=False))
        return of_today(system, kind, key, json.dumps(values, ensure_ascii=False), **context)  # type: ignore[arg-type]

    monkeypatch.setattr(replaying, "read_payload", newer)


def test_a_rejected_row_that_a_newer_reader_understands_is_resolved(
    database: MadeDatabase, deliver: Deliver, replay: Callable[..., RunLedger], monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(bluezone_users="ma,ngay,so,ten,noi\nu1,2021-05-05 10:00:00,0912345670,Nguyễn Thị Lan,Hà Nội")
    assert unplaced(database) == [("rejected", "wrong_header", False)] * 2
    read_by_a_newer_reader(monkeypatch, USERS)
    ledger = replay("wrong_header")
    assert ledger.total("received") == 2
    ((name, sealed),) = rows(database, "SELECT name, sealed FROM people_recordclaim")
    assert (name, numbers_in(sealed)) == ("Nguyễn Thị Lan", {"phone": "0912345670"})  # type: ignore[arg-type]
    resolved = rows(
        database,
        "SELECT payload, record_id FROM people_unplacedrow WHERE resolved_at IS NOT NULL AND reason = 'wrong_header'",
    )
    assert ["Nguyễn Thị Lan" in shown_payload(*stored) for stored in resolved].count(True) == 1  # type: ignore[arg-type]


def test_a_row_read_at_last_but_about_nobody_known_waits_under_its_own_name(
    database: MadeDatabase, deliver: Deliver, replay: Callable[..., RunLedger], monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(sskdt_doses=f"ma,nguoi\n{LANS_DOSE}")
    read_by_a_newer_reader(monkeypatch, DOSES)
    replay()
    waiting = rows(database, "SELECT key, reason FROM people_unplacedrow WHERE resolved_at IS NULL AND key = 'd1'")
    assert waiting == [("d1", "account_not_found")]
    monkeypatch.undo()
    deliver(sskdt_people=f"{PEOPLE}\n{LAN}")
    assert rows(database, "SELECT count(*) FROM vaccination_dose WHERE person_id IS NOT NULL") == [(1,)]
    assert rows(database, "SELECT count(*) FROM people_unplacedrow WHERE key = 'd1' AND resolved_at IS NULL") == [(0,)]


def test_a_whole_nation_replayed_without_news_stays_as_it_is(prepared_url: str, home: Path, tmp_path: Path) -> None:
    create(people=200, seed=1, out=tmp_path)
    for areas in tmp_path.rglob("tokhaiyte_areas*"):
        areas.unlink()
    made = database_from(prepared_url, home)
    ledger = import_delivery(made, tmp_path / "exports", tmp_path / "work")
    before = fingerprint(made, without=("people_importfile",))
    replayed = replay_held(made, tmp_path / "work")
    assert replayed.total("received") == ledger.total("held") + ledger.total("rejected") > 20
    assert all(file.balances for file in replayed.files)
    assert fingerprint(made, without=("people_importfile",)) == before


def test_accounts_that_looked_like_one_person_part_when_two_such_people_turn_up(
    database: MadeDatabase, deliver: Deliver, replay: Callable[..., RunLedger]
) -> None:
    account = "{},2021-05-05 10:00:00,0348509670,Trần Văn Cường,12 Lê Lợi"
    deliver(bluezone_users=f"{USERS}\n{account.format('u1')}\n{account.format('u2')}")
    deliver(sskdt_people=f"{PEOPLE}\n{FATHER}\n{SON.format('0348509670')}")
    together = rows(
        database, "SELECT 1 FROM people_recordclaim WHERE kind = 'bluezone_users' AND person_id IS NOT NULL"
        " GROUP BY person_id HAVING count(*) > 1"
    )  # fmt: skip
    assert together == []


FATHER = "p1,2021-07-01 08:00:00,Trần Văn Cường,31/10/1977,1,0348509670,082077463734,,,Kinh,VN,,82,815,28420,"
SON = "p2,2021-07-01 08:00:00,Trần Văn Cường,17/09/1998,1,{},082098111606,,,Kinh,VN,,82,815,28420,"
VISITS = "visitId,placeId,scannedAt,leftAt,via,qrText,cccd,bhyt,phone,fullName"


def test_a_visit_stands_with_nobody_while_two_could_have_made_it_and_again_once_only_one_can(
    database: MadeDatabase, deliver: Deliver
) -> None:
    standing = "SELECT count(*) FROM movement_visit WHERE superseded_at IS NULL"
    deliver(qr_visits=f"{VISITS}\nv1,q1,2021-06-01 10:00:00,,phone,,,,0348509670,Trần Văn Cường")
    assert rows(database, standing) == [(1,)]
    deliver(sskdt_people=f"{PEOPLE}\n{FATHER}\n{SON.format('0348509670')}")
    assert rows(database, standing) == [(0,)]
    deliver(
        sskdt_people=f"{PEOPLE}\n{SON.format('0987654321')}",
        sskdt_doses=f"{DOSES}\nd1,p1,Trần Văn Cường,31/10/1977,1,0348509670,082077463734,1,,,2021-08-01,,,,",
    )
    assert rows(
        database,
        f"{standing} AND person_id = (SELECT person_id FROM people_recordclaim WHERE record = 'sskdt:sskdt_people:p1')",
    ) == [(1,)]
    assert unplaced(database) == [("held", "ambiguous", True)]
