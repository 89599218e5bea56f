"""A second made nation, written from the exports description alone.

It shares no code, no word list and no habit with the project's own sandbox: another team's idea of what the
earlier apps deliver, to test the carry-over against data it was not built on. Start: `other_nation.make`.
"""
