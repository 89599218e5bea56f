"""The states of a card that the insurer tells of. Pure."""

from __future__ import annotations

VALID, ELSEWHERE, REPLACED, OVER, NONE = "valid", "elsewhere", "replaced", "over", "none"
"""In force; run by another authority; a new one was issued, which this is; not in force any more; nothing is said."""
IN_FORCE = (VALID, ELSEWHERE, REPLACED)
