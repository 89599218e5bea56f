"""Officers of the console: accounts, second factors, the offices they hold and give on, break-glass, their limits.

Accounts are Django's users; everything else stands in tables of the schema `access` that the web role neither reads nor
writes: it calls the functions of officers/sql, which check, log and refuse.
"""
