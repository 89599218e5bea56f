"""Citizen accounts: proving a phone by a code, and finding oneself behind it.

Owns the codes (their phone and network only as keyed hashes), the limits that guard them, and the port through
which messages leave. A phone is a way to reach somebody, never who they are: that is asked every time.
"""
