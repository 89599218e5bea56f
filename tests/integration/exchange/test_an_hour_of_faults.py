"""An hour in which every agency and process falls sick in its turn: afterwards each message is accounted for once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.mark.slow
def test_after_an_hour_of_faults_each_message_is_accounted_for_exactly_once(prepared_url: str, home: Path) -> None:
    from pccovid.config.benches.faults_bench import run
    from pccovid.foundation.environment import read_environment

    told: dict[str, Any] = run(
        prepared_url, read_environment(), people=60, seed=1, seconds=60, progress=lambda _stage, _share: None
    )
    assert told["facts_standing"] == told["facts_expected"] == told["facts_told_of_in_the_feed"]
    assert told["changes_noted_of_facts"] == told["facts_expected"]
    assert (told["facts_superseded"], told["ledger_unbalanced"], told["messages_dead"]) == (0, 0, 0)
    assert told["persons_with_one_answer"] == told["persons"]
    assert told["cards_written_once"] == told["cards_expected"] > 0
    assert min(told["killed"].values()) >= 1
    assert told["questions_not_reached"] > 0
    for receiver in told["told"].values():
        assert receiver["distinct"] == receiver["messages"] > 0
    assert told["told"]["well"]["seconds_most"] < 10, "who is well does not wait for the sick"
