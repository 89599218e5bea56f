"""How much memory this machine, or the container within it, lets the program have."""

from __future__ import annotations

import os
from pathlib import Path

_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
_MB = 1024 * 1024


def memory_in_bytes(limits: tuple[Path, ...] = _LIMITS) -> int:
    """The machine's memory, or what is allowed of it; `limits` are the files in which a control group says so."""
    allowed = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    for file in limits:
        try:
            allowed.append(int(file.read_text()))
        except (OSError, ValueError):  # not there, or 'max'
            continue
    return min(allowed)


def buffers_in_megabytes(memory: int) -> int:
    """What an embedded database keeps of its pages: a sixteenth of so many bytes, from 256 MB up to 8 GB.

    Less than a server of its own would be given, since imports and pages are made beside it.
    """
    return max(256, min(8 * 1024, memory // _MB // 16))
