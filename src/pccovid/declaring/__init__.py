"""Declaring once: the forms with their versions, what each still has to ask, drafts, sending, and triage on arrival.

Owns the forms and the triage rules as dated data, drafts, and the communes' queue. A declaration written here is a
source record of the system `pccovid`, linked to whom it is about, and a fact in `declarations` (a trip or an entry
beside it). It stands above the fact features because its queue asks who holds an office (`officers`), and everything
it writes stands behind functions of the database (declaring/sql).
"""
