"""Bluezone: the registrations of the contact-detection app."""
