"""How data leaves in bulk: approved, minimal, encrypted, watermarked exports of rows; statistics without small numbers.

An export is a request that two other officers approve, and that the database holds to (sql/bulk_export.sql).
"""
