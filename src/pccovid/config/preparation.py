"""Making a database ready: migrations, the rules of access, the tree of areas. Run as the owner."""

from __future__ import annotations

from datetime import datetime

import django
from django.core.management import call_command
from django.db import connection, transaction
from psycopg import sql

from pccovid.areas.registry import registry
from pccovid.areas.scope_tree import scope_tree
from pccovid.breaches.operations import write_rules as write_breach_rules
from pccovid.bulk_export.exporting import write_rules as write_export_rules
from pccovid.config.prepared_mark import mark_statement
from pccovid.consents.operations import write_texts
from pccovid.contact_tracing.operations import write_rules as write_tracing_rules
from pccovid.corrections.operations import write_rules as write_correction_rules
from pccovid.declaring.operations import write_rules as write_declaration_rules
from pccovid.feedback.operations import write_rules as write_feedback_rules
from pccovid.foundation.closing import close
from pccovid.foundation.environment import read_environment
from pccovid.foundation.purposes import Rule, rules
from pccovid.inspection.operations import write_rules as write_inspection_rules
from pccovid.officers.operations import write_terms
from pccovid.places.operations import write_rules as write_place_rules
from pccovid.published_statistics.operations import write_rules as write_statistics_rules
from pccovid.quarantine.operations import write_rules as write_quarantine_rules
from pccovid.retention.operations import write_rules as write_retention_rules
from pccovid.rights.operations import write_rules as write_right_rules
from pccovid.rights.working_days import VIET_NAM
from pccovid.source_board.operations import write_rules as write_silence_rules

_ADD_RULE = sql.SQL("INSERT INTO access.rule ({}) VALUES ({})").format(
    sql.SQL(", ").join(map(sql.Identifier, Rule._fields)), sql.SQL(", ").join([sql.Placeholder()] * len(Rule._fields))
)


def prepare() -> None:
    """Bring the connected database to this version. Harmless to repeat."""
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        _write_rules()
        _write_areas()
        _forget_sandbox_day()
        write_terms()
        write_retention_rules()
        write_export_rules()
        write_inspection_rules()
        write_breach_rules()
        write_texts()
        write_place_rules()
        write_right_rules()
        write_statistics_rules(today=datetime.now(VIET_NAM).date())
        write_declaration_rules()
        write_correction_rules()
        write_feedback_rules()
        write_tracing_rules()
        write_quarantine_rules()
        write_silence_rules()
        connection.ensure_connection()
        close(connection.connection)
        with connection.cursor() as cursor:
            cursor.execute(mark_statement())


def _write_rules() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access.rule")
        cursor.executemany(_ADD_RULE, rules())


def _write_areas() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access.area")
        with cursor.copy("COPY access.area (code, lies_in) FROM STDIN") as copy:
            for code, units in sorted(scope_tree(registry()).items()):
                copy.write_row((code, list(units)))


def _forget_sandbox_day() -> None:
    """Where real people are served, spans count from the present alone."""
    if not read_environment().is_sandbox:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM access.sandbox_day")
