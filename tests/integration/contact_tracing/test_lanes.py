"""Several connections trace at once: the same rows as one, and who breaks off harms nobody else's cases."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from integration.contact_tracing.made_outbreak import CONTACTS, EXPOSURES, Outbreak, fill_of_every_kind
from pccovid.contact_tracing import in_lanes
from pccovid.contact_tracing.in_lanes import Lanes, trace_these
from pccovid.contact_tracing.operations import trace
from pccovid.foundation.access import AccessRefused, open_for_job
from pccovid.foundation.purposes import EPIDEMIC_LAW


@pytest.fixture(autouse=True)
def every_case_is_worth_a_lane(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_lanes, "CASES_WORTH_A_LANE", 1)


def lanes_of(outbreak: Outbreak, most: int) -> Lanes:
    return Lanes(lambda: outbreak.made.connect("jobs", autocommit=True), most)


@contextlib.contextmanager
def opened(outbreak: Outbreak) -> Iterator[psycopg.Connection]:
    with outbreak.made.connect("jobs", autocommit=True) as jobs, jobs.transaction():
        open_for_job(jobs, "contact_tracing", purpose="contact_tracing", legal_basis=EPIDEMIC_LAW)
        jobs.execute("SET LOCAL lock_timeout = '300ms'")
        yield jobs


def traced_on_one(outbreak: Outbreak) -> list[list[tuple[object, ...]]]:
    """Six cases traced on one connection, and made to be traced anew; what was written of them."""
    fill_of_every_kind(outbreak)
    # Cases are infectious until now, which must be the same moment for both.
    outbreak.owner.execute("INSERT INTO access.sandbox_day (day) VALUES (now())")
    assert outbreak.trace().opened == 6
    rows = [outbreak.rows(statement) for statement in (EXPOSURES, CONTACTS)]
    outbreak.owner.execute("TRUNCATE access.trace_exposure, access.trace_contact")
    outbreak.owner.execute("UPDATE access.trace_case SET traced_at = NULL")
    return rows


def cases(outbreak: Outbreak) -> list[int]:
    return [number for (number,) in outbreak.rows("SELECT id FROM access.trace_case ORDER BY id")]


@pytest.mark.parametrize("most", [2, 4])
def test_several_lanes_write_the_same_rows_as_one(outbreak: Outbreak, most: int) -> None:
    alone = traced_on_one(outbreak)
    assert {row[1] for row in alone[0]} == {1, 2}
    lanes = lanes_of(outbreak, most)
    with lanes.connect() as jobs:
        done = trace(jobs, lanes=lanes)
    assert (done.traced, done.contacts > 0, done.contacts_of_contacts > 0) == (6, True, True)
    assert [outbreak.rows(statement) for statement in (EXPOSURES, CONTACTS)] == alone


def test_lanes_do_not_wait_for_one_another_and_who_opens_cases_waits_for_all(outbreak: Outbreak) -> None:
    traced_on_one(outbreak)
    first, second, *_ = cases(outbreak)
    with opened(outbreak) as one, opened(outbreak) as other:
        trace_these(one, [first])
        trace_these(other, [second])
        with opened(outbreak) as opening, pytest.raises(psycopg.errors.LockNotAvailable):
            opening.execute("SELECT access.open_cases()")
        with opened(outbreak) as same, pytest.raises(psycopg.errors.LockNotAvailable):
            trace_these(same, [second])


def test_a_case_traced_by_two_at_once_is_written_once(outbreak: Outbreak) -> None:
    alone = traced_on_one(outbreak)
    numbers = cases(outbreak)

    def traced(order: list[int]) -> None:
        with opened(outbreak) as jobs:
            jobs.execute("SET LOCAL lock_timeout = '30s'")
            trace_these(jobs, order)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(traced, [numbers, numbers[::-1]]))
    assert [outbreak.rows(statement) for statement in (EXPOSURES, CONTACTS)] == alone


def test_a_lane_that_breaks_off_leaves_its_cases_to_the_next_pass(outbreak: Outbreak) -> None:
    alone = traced_on_one(outbreak)
    broken = Lanes(lambda: outbreak.made.connect("analysis", autocommit=True), 2)  # which may trace nothing
    with outbreak.made.connect("jobs", autocommit=True) as jobs:
        with pytest.raises(AccessRefused):
            trace(jobs, lanes=broken)
        left = outbreak.rows("SELECT count(*) FROM access.trace_case WHERE traced_at IS NULL")
        assert left == [(3,)]
        assert trace(jobs, lanes=lanes_of(outbreak, 2)).traced == 3
    assert [outbreak.rows(statement) for statement in (EXPOSURES, CONTACTS)] == alone
