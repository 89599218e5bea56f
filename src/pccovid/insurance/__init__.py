"""Health insurance: cards as sources reported them, and later the insurer's own answer."""
