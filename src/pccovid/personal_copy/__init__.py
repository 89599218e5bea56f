"""The person's copy of everything held about them: to read and print, as JSON, and as a FHIR document.

Who looked and what was consented to belong to other modules; the page hands them in.
"""
