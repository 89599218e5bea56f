"""Treatment: stays at hospitals and stations and how they ended; diagnoses, vital signs, procedures, drugs given.

As facilities report it. What is ordered of a person stands in quarantine; who is a case, in contact_tracing.
"""
