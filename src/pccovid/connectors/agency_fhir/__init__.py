"""FHIR R4 resources that agencies send: what each claims about its person, and the fact it carries.

A received resource is kept in an envelope (envelopes.py): the resource as sent, and whose it is, which inside a
bundle stands in another entry. From the envelope alone it can be read again.
"""
