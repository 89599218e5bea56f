"""NCOVI: one account declares for a household; account and members are records of their own."""
