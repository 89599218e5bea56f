"""Migration steps that make a fact table personal: row security by category, spans, privileges for the import."""

from __future__ import annotations

from django.db import migrations


def protect_facts(category: str, *tables: str) -> migrations.RunSQL:
    """Row security and privileges for fact tables whose rows belong to `person_id`."""
    protect = "".join(f"SELECT access.protect('{table}', '{category}', 'person_id');\n" for table in tables)
    grant = f"GRANT INSERT, UPDATE, DELETE ON {', '.join(tables)} TO pccovid_jobs;"
    return migrations.RunSQL(protect + grant, migrations.RunSQL.noop)


def limit_spans(category: str, moments: dict[str, str]) -> migrations.RunSQL:
    """Rows are seen no further back than the rules' `max_days`. `moments`: table → the column that dates its rows."""
    statements = "".join(
        f"SELECT access.limit_span('{table}', '{category}', '{moment}');\n" for table, moment in moments.items()
    )
    return migrations.RunSQL(statements, migrations.RunSQL.noop)
