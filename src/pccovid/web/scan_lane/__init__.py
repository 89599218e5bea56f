"""The hot lane: a small service beside the pages that takes in scans and answers once they are durable.

Its process holds the database role `scan`, which can call two functions and read nobody, and keys that check codes and
open none. Knows no Django.
"""
