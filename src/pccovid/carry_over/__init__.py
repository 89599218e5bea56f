"""Carrying everybody over: a delivery of an earlier system's files becomes source records, links, people and facts.

Three stages, each resumable: reading (files → staging tables by COPY), linking (claims → assignments), publishing
(one transaction that swaps everything in and closes the ledger).
"""
