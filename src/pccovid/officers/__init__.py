"""Officers of the console: their accounts, the offices they hold, and how they sign in.

Owns no tables of its own: accounts are Django's users, offices are `access.appointment`, tried sign-ins are
`access.officer_sign_in`. Everything that gives power is written by the database's owner only.
"""
