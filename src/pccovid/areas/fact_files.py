"""Reads the compact files in `facts/`: tab-separated, one comment line with the source, one line of column names."""

from __future__ import annotations

from importlib import resources


def fact_rows(name: str) -> list[list[str]]:
    """The rows of `facts/<name>.tsv` as lists of texts. Raises FileNotFoundError for an unknown name."""
    text = resources.files("pccovid.areas").joinpath("facts", f"{name}.tsv").read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()[2:]]
