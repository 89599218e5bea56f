"""Administrative units of Viet Nam with their dates, the 2025 reform, and free text to unit."""
