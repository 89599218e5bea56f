"""One package for each outside system: how its files and messages look, and what their values mean."""
