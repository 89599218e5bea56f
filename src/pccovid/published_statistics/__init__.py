"""Counts of people by area and day, for anybody: made under a purpose that sees nobody, small numbers left out.

Owns the counts of a week as they stood when it was first published, releases, and their cells.
"""
