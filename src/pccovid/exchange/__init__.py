"""Exchange with agencies in FHIR R4: taking in what they send, answering what they ask, telling them what changed.

Who may send, ask and be told what stands in agreements/; this module holds the profiles, the bundles, the searches and
the change feed. web/agency_api is its only door.
"""
