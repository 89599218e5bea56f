"""Test sampling: specimens, pooled or single, and the laboratory's results."""
