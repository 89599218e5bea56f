"""Each source's freshness and quality: agreement, last success, lag, backlog, errors, match outcomes, completeness.

Owns the rules of how long a source may be silent, what was counted of each, and alerts of those that went stale. It
reads counts that other modules keep (import ledger, agencies' messages, outbox, questions asked) and knows nobody.
"""
