"""Viet Nam Social Security's look-up of a card, KQNhanLichSuKCB2024: client, typed payloads, codes, sandbox server.

Fields and codes are those of the domain handbook, section 2. Where a value stands in the request (all of it in the
body, the token too) is our own choice: no number goes in an address. The insurer logs each look-up with the officer
who made it, and tells of them: the person's own log here is made after that example.
"""
