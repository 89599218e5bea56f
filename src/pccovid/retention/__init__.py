"""How long rows are kept, and their erasure: what is due, erasing it, proofs of it, the declared end of the epidemic.

The periods are foundation/classification.py's; the clocks are rules.py's; the database holds both and does the erasing
(sql/retention.sql), so that no process can erase what is not due.
"""
