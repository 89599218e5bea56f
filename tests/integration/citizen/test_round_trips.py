"""How often a page goes to the database, counted on the wire; and that one trip is one transaction in one access."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import pytest
from django.test import Client, override_settings

from conftest import MadeDatabase, use_in_django
from integration.citizen.conftest import _PLAIN_FILES
from integration.citizen.made_people import Index
from journeys.citizen.test_every_page_of_the_app import PAGES

AT_MOST = 3
"""The session, the announcement of the opening, and everything else."""
NOBODYS = ("/ngoai-mang", "/may-dung-chung")
"""Pages of the walk that read no record."""
READS_NOTHING = ("/quet",)
"""Pages of one's own that need the session alone."""


@pytest.fixture
def lan(index: Index, database: MadeDatabase) -> Iterator[Client]:
    """Lan's browser, signed in, with one fact of several kinds."""
    use_in_django(database, "web")
    from pccovid.config.benches.asking_pages import citizens_browser

    lan = index.person("Nguyễn Thị Lan", date(1990, 5, 17), "0912345678")
    index.identified_by(lan, "001190029317")
    index.fact("vaccination_dose", lan, system="sskdt", provenance="facility", occurred_on=date(2021, 9, 1))
    with override_settings(STORAGES=_PLAIN_FILES):
        yield citizens_browser(lan)


def trips_of(pages: Sequence[str], browser: Client, database: MadeDatabase) -> dict[str, int]:
    """Page → how many times it went to the database."""
    from django.db import close_old_connections

    from pccovid.config.benches.asking_pages import Lanes
    from pccovid.config.benches.counted_trips import counted_trips

    taken = {}
    with counted_trips(database.url("web")) as relay:
        lanes = Lanes(web=relay.url)
        with lanes.in_use():
            lanes.take("web")
            browser.get("/ho-so")  # the connection is made
            for page in pages:
                before = relay.trips
                close_old_connections()
                assert browser.get(page).status_code == 200, page
                taken[page] = relay.trips - before
    return taken


def test_every_page_of_ones_own_takes_three_round_trips(lan: Client, database: MadeDatabase) -> None:
    pages = [page for page in PAGES if page not in (*NOBODYS, *READS_NOTHING)]
    assert trips_of(pages, lan, database) == dict.fromkeys(pages, AT_MOST)
    assert trips_of(READS_NOTHING, lan, database) == dict.fromkeys(READS_NOTHING, 1)


def test_a_page_about_something_of_ones_own_takes_no_more(lan: Client, database: MadeDatabase) -> None:
    place = {"name": "Quán nước", "kind": "shop", "address": "12 phường Hàng Bạc, quận Hoàn Kiếm, Hà Nội"}
    said = {"words": "Mũi này chưa có trong hồ sơ của tôi.", "product": "Moderna", "occurred_on": "2021-10-05",
            "site_name": "Trạm y tế xã"}  # fmt: skip
    made = [
        lan.post(page, given).headers["Location"]
        for page, given in (
            ("/khai-bao", {"form": "daily", "whom": ""}), ("/dia-diem", place), ("/sua-sai/thieu/my-doses", said),
            ("/quyen-cua-toi/han-che", {"words": "Tôi muốn tạm dừng xử lý dữ liệu."}),
        )
    ]  # fmt: skip
    with database.connect("owner") as owner:
        (looked_at,) = owner.execute("SELECT id FROM access.place ORDER BY registered_at DESC LIMIT 1").fetchone() or ()
    from pccovid.personal_codes.keys import code_keys
    from pccovid.personal_codes.rules import poster_code

    made.append(f"/d/{poster_code(code_keys(), looked_at)}")
    assert trips_of(made, lan, database) == dict.fromkeys(made, AT_MOST)


def test_a_sheet_of_wallet_cards_with_children_takes_no_more(lan: Client, index: Index, database: MadeDatabase) -> None:
    from integration.citizen.test_places import child_of

    with database.connect("owner") as owner:
        (parent,) = owner.execute("SELECT id FROM people_person").fetchone() or ()
    for number in ("001319012345", "001319012346"):
        index.identified_by(child_of(index, database, parent), number)
    assert lan.get("/ma-qr/the-bo-vi").text.count('class="wallet"') == 3
    assert trips_of(["/ma-qr/the-bo-vi"], lan, database) == {"/ma-qr/the-bo-vi": AT_MOST}


def test_noting_that_a_session_is_in_use_takes_one_trip_more(lan: Client, database: MadeDatabase) -> None:
    from pccovid.config.benches.asking_pages import Lanes
    from pccovid.config.benches.counted_trips import counted_trips

    session = lan.session
    session["citizen"] = {**session["citizen"], "seen": session["citizen"]["seen"] - 61}
    session.save()
    with counted_trips(database.url("web")) as relay:
        lanes = Lanes(web=relay.url)
        with lanes.in_use():
            lanes.take("web").ensure_connection()
            before = relay.trips
            assert lan.get("/ma-qr").status_code == 200
            assert relay.trips - before == AT_MOST + 1
    assert lan.session["citizen"]["seen"] > session["citizen"]["seen"] + 60


def test_statements_of_one_trip_are_one_transaction(lan: Client) -> None:
    from pccovid.foundation.one_trip import send_together

    ((first,),), ((second,),), ((third,),) = send_together([("SELECT pg_current_xact_id()", [])] * 3)
    assert first == second == third
    ((fourth,),) = send_together([("SELECT pg_current_xact_id()", [])])[0:1][0:1][0]
    assert fourth != first


def test_the_first_refusal_undoes_the_whole_trip_and_the_connection_lives_on(lan: Client) -> None:
    from django.db.utils import DataError

    from pccovid.foundation.one_trip import send_together

    with pytest.raises(DataError):
        send_together([("SELECT 1", []), ("SELECT 1 / %s::int", [0]), ("SELECT 2", [])])
    assert send_together([("SELECT 3", [])]) == [[(3,)]]


def test_nobody_elses_record_is_read_in_one_trip(lan: Client, index: Index) -> None:
    from pccovid.foundation import access
    from pccovid.foundation.purposes import OWN_RIGHT
    from pccovid.people.queries import OWN_IDENTITY
    from pccovid.vaccination.queries import OWN_DOSES

    hoa, mai = index.person("Trần Thị Hoa", date(1991, 1, 2)), index.person("Lê Mai", date(1992, 1, 2))
    index.fact("vaccination_dose", mai, system="sskdt", provenance="facility", occurred_on=date(2021, 9, 1))
    given = {"purpose": "own_record", "legal_basis": OWN_RIGHT}
    found = access.open_and_read(access.citizen(hoa), [OWN_IDENTITY, OWN_DOSES], of=mai, scope=access.own(hoa), **given)
    assert found == [None, ()]
    with pytest.raises(access.AccessRefused):
        access.open_and_read(access.citizen(hoa), [OWN_IDENTITY], of=mai, scope=access.own(mai), **given)


def test_a_connection_that_the_server_closed_is_seen_without_asking(lan: Client, database: MadeDatabase) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    assert connection.is_usable()
    with database.connect("owner", autocommit=True) as owner:
        assert owner.execute("SELECT pg_terminate_backend(%s, 5000)", [process]).fetchone() == (True,)
    assert not connection.is_usable()
    connection.close()
