"""A person's page on which stewards take that person apart."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from conftest import copy_for_jobs, use_in_django
from integration.console.made_index import AN, AN_RECORD, HA_NOI, NOW, PASSWORD, Console, add_claim
from integration.link_review.test_rulings_take_effect import take_up

PAGE = f"/can-bo/cap-ban-ghi/nguoi/{AN}"
MINH_RECORD, PAIR = UUID(int=7001), UUID(int=7003)
WHY = "hai bản ghi của hai anh em"


@pytest.fixture(autouse=True)
def _joined_wrongly(console: Console) -> Iterator[None]:
    """An has another's record, of which an officer has said so; a second steward; none of it afterwards."""
    from pccovid.officers.operations import appoint, enrol
    from pccovid.officers.sandbox import give_codes

    with console.owner() as owner:
        add_claim(owner, AN, MINH_RECORD, "Nguyễn Văn Minh", HA_NOI, None, "0912000001")
        second = enrol(owner, username="second", full_name="Cán bộ second", password=PASSWORD, now=NOW)
        give_codes(owner, officer=second)
        appoint(owner, officer=second, role="data_steward", area=None, office="Cơ quan second", by="test", now=NOW)
        owner.execute(
            "INSERT INTO link_review_opinion (pair_id, officer_id, office, opinion, reason, given_at)"
            " VALUES (%s, %s, 'Cơ quan đã xem', 'different', 'anh em ruột', now())",
            [PAIR, second],
        )
        owner.execute(
            "INSERT INTO link_review_ruling (pair_id, record_id, other_record_id, standing, ruled_at, note)"
            " VALUES (%s, %s, %s, 'different', now(), 'needs_split')",
            [PAIR, MINH_RECORD, AN_RECORD],
        )
    yield
    with console.owner() as owner:
        owner.execute("ALTER TABLE link_review_opinion DISABLE TRIGGER opinion_is_append_only")
        owner.execute("DELETE FROM link_review_split; DELETE FROM link_review_ruling; DELETE FROM link_review_opinion")
        owner.execute("ALTER TABLE link_review_opinion ENABLE TRIGGER opinion_is_append_only")
        owner.execute("DELETE FROM people_recordclaim WHERE record_id = %s", [MINH_RECORD])


def test_one_steward_asks_and_the_queue_leads_another_to_agree(console: Console) -> None:
    client = console.sign_in("steward")
    queue = client.get("/can-bo/cap-ban-ghi").content.decode()
    assert f"{PAGE}?record={MINH_RECORD}#tach" in queue
    assert "anh em ruột" in queue
    ticked = client.get(f"{PAGE}?record={MINH_RECORD}").content.decode()
    assert f'value="{MINH_RECORD}" checked' in ticked
    assert f'value="{AN_RECORD}" checked' not in ticked
    answer = client.post(PAGE, {"record": [str(MINH_RECORD), str(AN_RECORD)], "reason": WHY})
    assert (answer.status_code, "để lại ít nhất một bản ghi" in answer.content.decode()) == (400, True)
    assert client.post(PAGE, {"record": str(MINH_RECORD), "reason": WHY}).status_code == 302
    own = client.get(PAGE).content.decode()
    assert "Rút lại yêu cầu" in own
    assert "Đồng ý tách" not in own
    with console.owner() as owner:
        (number,) = owner.execute("SELECT id FROM link_review_split").fetchone() or (0,)
    refused = client.post(f"{PAGE}/{number}", {"answer": "agree"})
    assert (refused.status_code, "cần một cán bộ dữ liệu khác" in refused.content.decode()) == (400, True)
    other = console.sign_in("second")
    waiting = other.get("/can-bo/cap-ban-ghi").content.decode()
    assert waiting.index(WHY) < waiting.index("Tiến độ")
    assert "anh em ruột" not in waiting, "who is asked about already waits once"
    assert "Đồng ý tách" in other.get(PAGE).content.decode()
    assert other.post(f"{PAGE}/{number}", {"answer": "agree"}).status_code == 302
    assert "Sẽ được làm sau ít giây" in other.get(PAGE).content.decode()
    assert {("data_steward", "link review queue"), ("data_steward", "tách hồ sơ")} <= {
        (role, case) for role, case, _categories in console.shown_to(AN)
    }


def test_other_offices_neither_see_the_form_nor_ask(console: Console) -> None:
    client = console.sign_in("tracer")
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"record": str(MINH_RECORD), "reason": WHY}).status_code == 403
    assert client.post(f"{PAGE}/1", {"answer": "agree"}).status_code == 403


@pytest.fixture
def apart(console: Console) -> Iterator[Console]:
    """A copy of the index of its own, in which An's and Minh's records have been taken apart by request 1."""
    from pccovid.config.commands.working import take_apart

    with copy_for_jobs(console.made) as made:
        use_in_django(made, "web")
        own = Console(made, console.logged_before)
        assert own.sign_in("steward").post(PAGE, {"record": str(MINH_RECORD), "reason": WHY}).status_code == 302
        with own.owner() as owner:
            owner.execute("UPDATE link_review_split SET id = 1")
            owner.execute(
                "INSERT INTO people_reviewpair (id, record_id, other_record_id, evidence, reason, run_id, decision)"
                " SELECT %s, %s, %s, '{}', 'looks_alike', max(id), '' FROM people_importrun",
                [PAIR, MINH_RECORD, AN_RECORD],
            )
        assert own.sign_in("second").post(f"{PAGE}/1", {"answer": "agree"}).status_code == 302
        assert take_apart(made) == 1  # type: ignore[arg-type]  # it tells its addresses as a session does
        yield own


def persons_of_both(console: Console) -> int:
    with console.owner() as owner:
        return len(
            owner.execute(
                "SELECT DISTINCT person_id FROM people_recordclaim WHERE record_id IN (%s, %s)",
                [AN_RECORD, MINH_RECORD],
            ).fetchall()
        )


def test_a_split_is_taken_back_by_one_steward_and_another_where_one_of_the_two_is_verified(apart: Console) -> None:
    first, second = apart.sign_in("steward"), apart.sign_in("second")
    assert "Rút lại việc tách" in first.get(PAGE).content.decode()
    short = first.post(f"{PAGE}/1/rut", {"reason": "ngắn"})
    assert (short.status_code, "ít nhất 10 ký tự" in short.content.decode()) == (400, True)
    assert first.post(f"{PAGE}/1/rut", {"reason": "cùng một người, gõ sai tên"}).status_code == 302
    take_up(apart.made)
    assert persons_of_both(apart) == 2
    assert "Bạn đã nói đây là cùng một người" in first.get(PAGE).content.decode()
    assert "Một cán bộ đã nói đây là cùng một người" in second.get(PAGE).content.decode()
    assert second.post(f"{PAGE}/1/rut", {"reason": "đã gọi hỏi, cùng một người"}).status_code == 302
    take_up(apart.made)
    assert persons_of_both(apart) == 1
    assert "Rút lại việc tách" not in first.get(PAGE).content.decode()
    late = first.post(f"{PAGE}/1/rut", {"reason": "cùng một người, gõ sai tên"})
    assert (late.status_code, "Không còn gì để rút lại" in late.content.decode()) == (400, True)


def test_a_split_of_somebody_under_a_restriction_is_neither_seen_nor_taken_back(apart: Console) -> None:
    client = apart.sign_in("steward")
    with apart.owner() as owner:
        owner.execute("SET session_replication_role = replica")  # the request itself is not asked
        owner.execute("INSERT INTO access.restriction (request_id, person_id) VALUES (1, %s)", [AN])
    assert client.get(PAGE).status_code == 404
    assert client.post(f"{PAGE}/1/rut", {"reason": "cùng một người, gõ sai tên"}).status_code == 404
    with apart.owner() as owner:
        said = owner.execute("SELECT count(*) FROM link_review_opinion WHERE opinion = 'same'").fetchone()
        owner.execute("UPDATE access.restriction SET lifted_at = now()")
    assert said == (0,)
    assert client.post(f"{PAGE}/1/rut", {"reason": "cùng một người, gõ sai tên"}).status_code == 302
