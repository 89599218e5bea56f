"""Vaccination: doses given, any number of them, with product, lot, site and source; duplicates recognised."""
