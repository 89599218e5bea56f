"""A lost number replaced in person at the commune: the card, the new phone in hand, and two officers.

Owns the proposals and their steps. The first officer reads the card's code and has the new phone proven by a code; a
second one reads the same card again and agrees; the program then makes the new number the person's only own one. The
person finds it in who looked, and as a correction among their sources.
"""
