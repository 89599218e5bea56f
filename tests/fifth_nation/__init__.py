"""A fifth made nation, written from the description of the exports alone: families, numbers, and what they typed where.

`making.make` writes a delivery and its truth; nothing in here knows the rules of the linkage or the sandbox.
"""
