"""Migration steps that make a fact table personal: row security by category, privileges for the import."""

from __future__ import annotations

from django.db import migrations


def protect_facts(category: str, *tables: str) -> migrations.RunSQL:
    """Row security and privileges for fact tables whose rows belong to `person_id`."""
    protect = "".join(f"SELECT access.protect('{table}', '{category}', 'person_id');\n" for table in tables)
    grant = f"GRANT INSERT, UPDATE, DELETE ON {', '.join(tables)} TO pccovid_jobs;"
    return migrations.RunSQL(protect + grant, migrations.RunSQL.noop)
