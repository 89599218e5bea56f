"""The national population database (Ministry of Public Security): verify, look up, changes since; over X-Road REST.

The payloads are a draft of our own, since no description of the real service is public: typed in payloads.py, and the
only place that changes when the real one is known. Numbers and names go in bodies, never in an address.
"""
