"""Corrections of facts: a person says that a fact is wrong or missing, the commune's station checks and signs, the
source is told and signs, the program puts a fact in its place. No fact is overwritten.

Owns the states with their deadlines, evidence photos, and the notices to sources. It stands above the fact features,
not beside them as first drawn: its desks ask who holds an office (`officers`). It knows no feature by name; it works on
every registered kind of fact. Identity is corrected at the person's request elsewhere (`rights`); here are the
cases that the verification of identities opens (sql/identity.sql), which station and commune police sign.
"""
