"""The linkage as an import calls it, for the bench: claims in a file, answers in files."""

from __future__ import annotations

from pathlib import Path

from pccovid.linkage.engine import link_into
from pccovid.linkage.workspace import Limits


def link_bare(claims: Path, folder: Path, limits: Limits) -> int:
    """Write the answers in `folder`; returns how many pairs were compared."""
    return link_into(folder, claims, limits=limits).counts["pairs"]
