"""Officers judge pairs of records: what they see, what they may, and what others learn of it."""

from __future__ import annotations

from uuid import UUID

import pytest

from integration.console.made_index import AN, BINH, Console

QUEUE = "/can-bo/cap-ban-ghi"
PAIR = f"{QUEUE}/{UUID(int=5002)}"


@pytest.fixture(autouse=True)
def _without_opinions(console: Console) -> None:
    """Opinions are append-only: each test begins with none by the trigger's own switch, as the owner."""
    with console.owner() as owner:
        owner.execute("ALTER TABLE link_review_opinion DISABLE TRIGGER opinion_is_append_only")
        owner.execute("DELETE FROM link_review_opinion")
        owner.execute("ALTER TABLE link_review_opinion ENABLE TRIGGER opinion_is_append_only")


def test_the_queue_lists_every_pair_that_waits(console: Console) -> None:
    page = console.sign_in("steward").get(QUEUE).content.decode()
    assert page.count(f"{QUEUE}/0000") == 2


def test_a_pair_shows_both_records_and_tells_both_people_who_looked(console: Console) -> None:
    page = console.sign_in("steward").get(PAIR).content.decode()
    for shown in ("Nguyễn Văn An", "Trần Thị Bình", "001090000001", "079190000002", "giống khi bỏ dấu"):
        assert shown in page
    for person in (AN, BINH):
        assert [role for role, _case, _categories in console.shown_to(person)] == ["data_steward"]


def test_an_answer_is_taken_down_and_the_next_pair_shown(console: Console) -> None:
    client = console.sign_in("steward")
    answer = client.post(PAIR, {"opinion": "different", "reason": "Cùng tên nhưng khác người"})
    assert (answer.status_code, answer["Location"]) == (302, f"{QUEUE}/tiep")
    assert client.get(answer["Location"])["Location"] != PAIR
    with console.owner() as owner:
        given = owner.execute("SELECT opinion, reason, office FROM link_review_opinion").fetchall()
    assert given == [("different", "Cùng tên nhưng khác người", "Cơ quan steward")]


@pytest.mark.parametrize("posted", [{"opinion": "same"}, {"reason": "x"}, {"opinion": "maybe", "reason": "x"}])
def test_an_answer_without_reason_or_choice_is_asked_again(console: Console, posted: dict[str, str]) -> None:
    answer = console.sign_in("steward").post(PAIR, posted)
    assert answer.status_code == 400
    assert "Hãy chọn một trong ba ý kiến" in answer.content.decode()


@pytest.mark.parametrize("username", ["tracer", "police", "station"])
def test_other_offices_see_neither_queue_nor_pair(console: Console, username: str) -> None:
    client = console.sign_in(username)
    for path in (QUEUE, PAIR, f"{QUEUE}/tiep"):
        assert client.get(path).status_code == 403
    assert client.post(PAIR, {"opinion": "same", "reason": "x"}).status_code == 403


def test_an_unknown_pair_is_not_in_sight(console: Console) -> None:
    assert console.sign_in("steward").get(f"{QUEUE}/{UUID(int=99)}").status_code == 404
