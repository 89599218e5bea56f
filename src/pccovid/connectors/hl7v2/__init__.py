"""HL7 v2 messages of laboratories: frames (MLLP), messages with typed access, results as FHIR resources, and answers.

What a message says becomes the very resources that a laboratory would send in FHIR, so that both are taken in alike.
"""
