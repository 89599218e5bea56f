"""Places where people check in: who registered them, of what kind they are, moved, closed or found twice; checking in.

Carried places stay movement's; one that is taken up again keeps its key, so that old and new visits are of one place.
"""
