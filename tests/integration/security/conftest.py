"""The console's made index, with a citizen's session as well: what the sweeps over all addresses stand on."""

from __future__ import annotations

from integration.console.conftest import console, made_console

__all__ = ["console", "made_console"]
