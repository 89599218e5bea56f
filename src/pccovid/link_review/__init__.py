"""What officers decide about pairs of records that the linkage would not decide alone.

Opinions are only ever added. What they come to is a ruling: it merges or parts people at once where it can, and binds
every later linkage run (linkage/decided.py).
"""
