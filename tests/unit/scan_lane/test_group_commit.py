"""Group commit: nobody is told of a store that did not happen, nobody waits for ever, and a bad row fails alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pccovid.web.scan_lane.group_commit import GroupCommit, LaneIsFull, RowsRefused, StoreIsAway
from pccovid.web.scan_lane.wire import Row

NOW = datetime(2026, 11, 28, tzinfo=UTC)


def row(number: int, content: bytes = b"") -> Row:
    return Row(UUID(int=number), UUID(int=number), UUID(int=1), 1, 0, NOW, NOW, content)


class Memory:
    """A store in memory that refuses bad contents, knows replays, and can be held up or away."""

    def __init__(self) -> None:
        self.groups: list[int] = []
        self.kept: dict[UUID, Row] = {}
        self.is_away = False
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()

    async def put(self, rows: Sequence[Row]) -> Sequence[int]:
        await self.may_go_on.wait()
        if self.is_away:
            raise StoreIsAway("test")
        if any(one.content == b"bad" for one in rows):
            raise RowsRefused("test")
        self.groups.append(len(rows))
        replays = [place for place, one in enumerate(rows) if one.once in self.kept]
        self.kept |= {one.once: one for one in rows}
        return replays


def run(act: Callable[[GroupCommit, Memory], Awaitable[None]], **options: int) -> None:
    async def whole() -> None:
        store = Memory()
        lane = GroupCommit(store, **options)
        lane.start()
        await act(lane, store)
        await lane.stop()

    asyncio.run(asyncio.wait_for(whole(), 20))


def test_what_arrives_during_a_commit_is_stored_by_the_next_one_together() -> None:
    async def act(lane: GroupCommit, store: Memory) -> None:
        store.may_go_on.clear()
        first = lane.add([row(1)])
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        others = [lane.add([row(number)]) for number in range(2, 12)]
        store.may_go_on.set()
        assert await asyncio.gather(first, *others) == [["stored"]] * 11
        assert store.groups == [1, 10]

    run(act, writers=1)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.booleans(), max_size=6), max_size=12), st.integers(1, 5), st.integers(1, 8))
def test_each_bad_row_fails_alone_and_every_other_is_stored(
    requests: list[list[bool]], writers: int, group: int
) -> None:
    async def act(lane: GroupCommit, store: Memory) -> None:
        numbers = iter(range(1000))
        given = [[row(next(numbers), b"bad" if is_bad else b"") for is_bad in one] for one in requests]
        outcomes = await asyncio.gather(*(lane.add(rows) for rows in given))
        assert outcomes == [["refused_by_database" if bad else "stored" for bad in one] for one in requests]
        assert len(store.kept) == sum(not bad for one in requests for bad in one)

    run(act, writers=writers, group=group)


def test_more_than_may_wait_is_told_to_come_again_and_room_is_made_as_rows_are_stored() -> None:
    async def act(lane: GroupCommit, store: Memory) -> None:
        store.may_go_on.clear()
        waiting = [lane.add([row(number)]) for number in range(3)]
        with pytest.raises(LaneIsFull):
            lane.add([row(3), row(4)])
        store.may_go_on.set()
        await asyncio.gather(*waiting)
        await asyncio.sleep(0)
        assert await lane.add([row(3), row(4)]) == ["stored", "stored"]

    run(act, most_waiting=4)


def test_while_the_store_is_away_everybody_is_told_and_afterwards_it_goes_on() -> None:
    async def act(lane: GroupCommit, store: Memory) -> None:
        store.is_away = True
        told = await asyncio.gather(*(lane.add([row(n)]) for n in range(5)), return_exceptions=True)
        assert {type(one) for one in told} == {StoreIsAway}
        store.is_away = False
        assert await lane.add([row(9)]) == ["stored"]

    run(act)


def test_a_replay_is_told_to_its_own_caller() -> None:
    async def act(lane: GroupCommit, store: Memory) -> None:
        assert await lane.add([row(1), row(2)]) == ["stored", "stored"]
        assert await asyncio.gather(lane.add([row(3)]), lane.add([row(2)]), lane.add([row(4)])) == [
            ["stored"], ["replayed"], ["stored"],
        ]  # fmt: skip

    run(act)


def test_a_caller_that_went_away_takes_nobody_with_it() -> None:
    async def act(lane: GroupCommit, store: Memory) -> None:
        store.may_go_on.clear()
        gone, stays = lane.add([row(1)]), lane.add([row(2)])
        gone.cancel()
        store.may_go_on.set()
        assert await stays == ["stored"]

    run(act)
