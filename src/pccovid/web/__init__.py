"""What people and machines see: the citizen app, the officers' console, the agencies' interface.

Owns the design system (templates, styles, icons), the languages, and the headers that every answer carries.
"""
