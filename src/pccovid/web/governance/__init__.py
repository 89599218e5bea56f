"""What is processed, why, how long, at which risk: one content, for the reference pages and for the console's page."""
