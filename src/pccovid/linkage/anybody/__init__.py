"""People of any country in files of any agency: who in a file is the same person, or who of one file is in another.

For data stewards. Nothing here knows the index or its guards; what it answers is for people to look at and use.
"""
