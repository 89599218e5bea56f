"""Notices: in the app always; by web push and SMS for those who asked for it, with nothing personal in either.

Owns what a person is told of (by triggers on the steps of other modules), quiet hours, push subscriptions, and mass
notices, which need a counted dry run and a second officer. A push carries no content at all; the SMS says only that
there is something new.
"""
