"""Whom those infected whom a case infected, and how many of them its contacts of contacts hold."""

from __future__ import annotations

from datetime import UTC, date, datetime

from pccovid.config.benches.outbreak_truth import FoundCase, second_generation
from pccovid.sandbox.outbreak_files import Outbreak, Transmission

DAY = date(2021, 10, 4)
MOMENT = datetime(2021, 10, 4, tzinfo=UTC)


def test_who_was_infected_at_second_remove_counts_whether_f1_or_f2_and_apart_where_nobody_between_was_found() -> None:
    pairs = ((None, "a"), ("a", "b"), ("b", "c"), ("a", "d"), ("d", "e"), ("d", "f"))
    outbreak = Outbreak((), (), (), (), tuple(Transmission(*pair, DAY, "") for pair in pairs), ())
    cases = [FoundCase(name, MOMENT, MOMENT) for name in "ab"]
    told = second_generation(outbreak, cases, {("a", "c"), ("a", "e"), ("a", "z")}, {("a", "b")})
    assert told == {
        "contacts_of_contacts": 3, "infected_at_second_remove": 3, "recall": 0.6667, "through_nobody_found": 2,
        "recall_through_nobody_found": 0.5,
    }  # fmt: skip
