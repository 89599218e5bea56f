"""Laboratory tests: specimens in tubes, single or pooled, and their results."""
