"""Record linkage as pure functions: normalise, block, compare, score, cluster. No Django, no PostgreSQL."""
