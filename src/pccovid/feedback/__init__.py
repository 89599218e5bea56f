"""Feedback ("phản ánh"): something a citizen has seen, with a photo and a place, routed to the commune and answered.

Owns the kinds with the office that answers each, the states, and the desk. The desk sees what was written, never who
wrote it: the answer goes to the person in the app. It stands beside the other modules that ask who holds an office.
"""
