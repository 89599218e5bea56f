"""Who read whom: the person's own view, their complaints, unusual reading found in the log, what inspectors decide.

Owns the cases of inspection and the rules by which they are opened. Everything stands behind functions of the database
(inspection/sql); web and jobs see no table of it.
"""
