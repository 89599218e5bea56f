"""Entry and exit: what a traveller declared at a gate."""
