"""Asking the insurer about people's cards: whoever wished it first, then whoever was not asked about for long.

What it answers stands in the person's record as its own word, with the look-ups that it tells of. What is due is read
off what is stored: a program that is killed asks again about those whose answers it had not stored.
"""
