"""Addresses asked in turn by wrk, which costs the machine next to nothing beside a loader in Python."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

# One of wrk's threads asks; the last function runs in a world of its own and reads that thread's counters.
_SCRIPT = """
local file, asked, at = "%s", {}, 0
local asking = nil
refused = 0
function setup(thread) asking = thread end
function init(args)
  for line in io.lines(file) do
    local path, cookie = line:match("^(%%S+) ?(.*)$")
    local headers = { ["User-Agent"] = "bench" }
    if cookie ~= "" then headers["Cookie"] = cookie end
    asked[#asked + 1] = wrk.format("GET", path, headers)
  end
end
function request() at = at %% #asked + 1; return asked[at] end
function response(status) if status ~= 200 then refused = refused + 1 end end
function done(summary)
  local e = summary.errors
  local lost = string.format("%%d %%d %%d %%d", e.connect, e.read, e.write, e.timeout)
  local seconds, refused = summary.duration / 1e6, asking:get("refused")
  print(string.format("told %%d %%f %%d lost %%s", summary.requests, seconds, refused, lost))
end
"""
_TOLD = re.compile(r"^told (\d+) ([\d.]+) (\d+) lost (.*)$", re.MULTILINE)


def is_there() -> bool:
    """Whether wrk is installed (Debian: wrk)."""
    return shutil.which("wrk") is not None


def ask(folder: Path, host: str, asked: Sequence[tuple[str, str]], *, seconds: float, connections: int) -> float:
    """Answers a second to (path, cookies or '') in turn. Raises AssertionError when one was not a page."""
    lines, script = folder / "asked.txt", folder / "asked.lua"
    lines.write_text("".join(f"{path} {cookie}\n" for path, cookie in asked))
    script.write_text(_SCRIPT % lines)
    command = [
        "wrk",
        "-t",
        "1",
        "-c",
        str(connections),
        "-d",
        f"{seconds:g}s",
        "--timeout",
        "60s",
        "-s",
        str(script),
        f"http://{host}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told = _TOLD.search(done.stdout)
    if told is None:
        raise AssertionError(f"wrk did not tell: {done.stdout[-300:]}")
    answers, took, failed = int(told[1]), float(told[2]), int(told[3])
    if failed or told[4] != "0 0 0 0":
        raise AssertionError(f"{failed} answers were not pages; connect, read, write, timeout: {told[4]}")
    return answers / took
