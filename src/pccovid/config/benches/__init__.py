"""Benchmarks: each measures our work and a reference on the same bytes in one run, and reports ratios."""
