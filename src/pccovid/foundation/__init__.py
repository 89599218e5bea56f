"""The ground floor: access by purpose, staged facts, database cluster, clock. Imports no feature."""
