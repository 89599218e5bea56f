"""Contact tracing: cases opened from positive tests, whom they met while infectious, and what tracers do about it.

Owns cases, exposures, contacts and tasks. Everything stands behind functions of the database (contact_tracing/sql); web
and jobs see no table of it. `rules` says in values what those functions do for one pair; the two are held together by a
test.
"""
