"""A person's requests about their data: asking, the clock, deciding, carrying out, and going to the inspectorate.

Owns the kinds of request with their deadlines, the states a request goes through, why one may be refused, and the
restrictions that come of it. Everything stands behind functions of the database (rights/sql); web and jobs see no table
of it.
"""
