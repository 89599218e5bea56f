"""The console's made index and officers, with a campaign and a hospital that may send."""

from __future__ import annotations

from integration.console.conftest import console, made_console

__all__ = ["console", "made_console"]
