"""Checking everybody whose identity is unverified with the population database, within its rate.

Owns campaigns and their tasks (sql/verification.sql): who is to be asked about, what came of it, and the four shares:
agree, disagree, no id, not verifiable. Answers and golden records are the people module's, cases of disagreement are
the corrections module's. The outbox carries a campaign's work as ranges of task numbers, so that a process may be
killed at any moment and a source that is down is left alone.
"""
