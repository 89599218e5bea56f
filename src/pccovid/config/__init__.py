"""Settings, URLs, the WSGI door and the wiring of events and connectors. Imports all, imported by none."""
