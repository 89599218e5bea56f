"""A sixth made nation, written from the formats and the facts alone by somebody who had not seen the linkage.

`making.make` writes `exports/`, `truth.csv` and `tellable.csv`; nobody in it is real. A person is tellable where every
record of theirs is anchored and the records hang together (`telling_apart.py`). Values count after undoing mere forms:
capitals, blanks, missing diacritics, word order, old encodings, prefixes of phones, a lost leading zero. A name is
near where it has one slip: a wrong letter, a wrong mark, a missing middle word.

A record is anchored where one of these holds:

A  it has a right number of the person, whole, and the name is right, or near with no wrong birth year, or a machine
   read the card and there is no name at all;
B  name and full birth date are right, and so is a phone (even a shared one) or the commune, and nobody else of the
   nation has that name and birth date in that commune or on that phone;
C  the name is right, the birth year is right or day and month are in doubt, and nobody of the same name and birth
   year uses the phone in any record;
D  the name is right, there is no birth date, and no record of anybody else has the phone;
E  it names the person's own anchored registration.

A record with somebody else's number, or under somebody else's registration, is anchored by B alone. A name and a
shared phone alone, a phone alone, or somebody else's name anchor nothing.

Two anchored records hang together where they have one number in common; or one names the other; or the names agree
(one may be near), no birth date is wrong and the phone is the same (an own phone, or both have at least the year
right); or names and full birth dates are right and the commune is the same. All of a person's records must be one
connected piece.
"""
