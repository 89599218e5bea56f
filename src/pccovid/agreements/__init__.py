"""Which agency's machines may read and write what, of whom, for what and until when; their keys and short tokens.

An agreement is asked by one officer and granted by another (sql/agreements.sql), and every reading under it opens an
access that the database holds to it.
"""
