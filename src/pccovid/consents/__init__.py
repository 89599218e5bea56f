"""Consents: what a person may agree to or not, apart from what the law lets be processed in an epidemic.

A consent widens no purpose: it only lets somebody be in what leaves, where nothing else gives a right (bulk_export).
Texts are dated data; decisions are append-only and stand behind database functions; `access.has_consent` answers for
others.
"""
