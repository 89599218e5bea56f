"""Quarantine: orders by the rules of their day, daily checks, release on time and test, and the certificate.

Owns orders, their steps, checks and certificates. Everything stands behind functions of the database (quarantine/sql).
"""
