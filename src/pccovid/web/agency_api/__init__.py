"""Machines of agencies: tokens, FHIR R4, the change feed. Every answer about a person opens an access by agreement."""
