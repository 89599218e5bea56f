"""A made nation: people, households, the exports that earlier apps would have sent about them, and the truth."""
