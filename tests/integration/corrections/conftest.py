"""Two people and officers on a database of their own, which corrections change."""

from __future__ import annotations

from integration.console.conftest import console
from integration.declaring.conftest import made_console

__all__ = ["console", "made_console"]
