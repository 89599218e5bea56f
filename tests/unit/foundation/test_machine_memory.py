"""What the embedded database keeps of its pages grows with the machine, or with what a container may have."""

from __future__ import annotations

from pathlib import Path

import pytest

from pccovid.foundation.machine_memory import buffers_in_megabytes, memory_in_bytes

GB = 1024**3


@pytest.mark.parametrize(
    ("memory", "buffers"), [(1 * GB, 256), (4 * GB, 256), (16 * GB, 1024), (64 * GB, 4096), (512 * GB, 8192)]
)
def test_buffers_are_a_sixteenth_of_the_memory_between_two_bounds(memory: int, buffers: int) -> None:
    assert buffers_in_megabytes(memory) == buffers


def test_a_container_has_what_it_may_have_and_no_more_than_the_machine(tmp_path: Path) -> None:
    small, boundless, absurd = (tmp_path / name for name in ("small", "boundless", "absurd"))
    small.write_text(f"{512 * 1024**2}\n")
    boundless.write_text("max\n")
    absurd.write_text(f"{2**63 - 4096}\n")
    machine = memory_in_bytes(())
    assert memory_in_bytes((small,)) == 512 * 1024**2
    assert memory_in_bytes((boundless, absurd, tmp_path / "nowhere")) == machine
