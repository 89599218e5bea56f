"""How many lanes trace at once, as the environment says: a number that can be, or a hint."""

from __future__ import annotations

from pathlib import Path

import pytest

from pccovid.foundation.environment import EnvironmentIsWrong, read_environment


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PCCOVID_HOME", str(tmp_path))
    monkeypatch.delenv("PCCOVID_TRACING_LANES", raising=False)


def test_as_many_as_the_machine_has_processors_but_four_at_most_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for processors, lanes in ((1, 1), (2, 2), (64, 4), (None, 1)):
        monkeypatch.setattr("os.cpu_count", lambda found=processors: found)
        assert read_environment().tracing_lanes == lanes
    monkeypatch.setenv("PCCOVID_TRACING_LANES", "7")
    assert read_environment().tracing_lanes == 7


@pytest.mark.parametrize("wrong", ["0", "65", "-1", "many", "2.5", "²"])
def test_what_is_no_number_of_lanes_is_told_at_start(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("PCCOVID_TRACING_LANES", wrong)
    with pytest.raises(EnvironmentIsWrong, match="PCCOVID_TRACING_LANES"):
        read_environment()
