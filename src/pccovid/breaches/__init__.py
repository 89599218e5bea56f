"""The register of personal-data breaches: what happened, the hours that run, who is told, two persons for what ends it.

Owns breaches, their steps, and the persons drawn from the log of access. Everything stands behind functions of the
database (breaches/sql); web and jobs see no table of it.
"""
