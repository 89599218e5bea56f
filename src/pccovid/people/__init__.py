"""The person index: source records, claims, links, golden records with provenance, merges, the ledger."""
