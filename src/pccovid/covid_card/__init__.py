"""The COVID card: its colour by the rule of a province, dated, with every condition that was looked at.

Owns the rules of the provinces as dated data. Where no rule is in force the card is neutral, never green. It reads
doses and tests of one person inside that person's opened access and decides purely; nothing is stored.
"""
