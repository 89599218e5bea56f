"""The same linkage on a cluster of Apache Spark: which pairs share a key is Spark's work, what a pair is worth and
whose records are one is decided on its workers by the very expressions and functions that run without it.
"""
