"""An eighth made nation: an eighth generator, written from the formats and the handbook alone.

`making.make` writes `exports/`, `truth.parquet`, `tellable.csv` and `faults.csv`; nobody in it is real. A person is
tellable where a careful human who sees every record could say that all of theirs are one person's and nobody else's
(`telling_apart.py`), by the evidence that is left in the rows. Values count after undoing mere forms.

Never enough are a phone alone, a name alone, name and year, name and full birth date with nothing beside them, name
and year and commune, or anything against two well-formed numbers of one kind that differ by more than a slip. A person
is not tellable either where somebody else of like name has one phone, one house, or birth date and commune with them.
"""
