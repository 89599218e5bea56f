"""The person index: source records, claims, links, golden records with provenance, merge and split, the import ledger."""
