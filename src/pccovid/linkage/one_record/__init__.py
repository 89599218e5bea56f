"""One arriving record against the few records that share a key with it: the batch's answer, in milliseconds.

The rules are not written again. What the batch says in SQL about a record or a pair is compiled to Python
(`expressions`) from the same text; clusters, guards and tiers are the batch's own functions.
"""
