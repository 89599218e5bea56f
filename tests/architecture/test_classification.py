"""No table or column of the real database is without category, sensitivity and retention."""

from __future__ import annotations

from conftest import MadeDatabase
from pccovid.foundation.classification import PERSONAL, RETENTIONS, SENSITIVE, columns
from pccovid.foundation.purposes import CATEGORIES

_COLUMNS = """
    SELECT CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname || '.' || a.attname
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
      AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'staging')
"""
# What the database's own rules protect each table as, from the policies it really has.
_PROTECTED_AS = """
    SELECT c.relname, (regexp_match(pg_get_expr(p.polqual, p.polrelid), '(?:reads|persons_seen)\\(''([a-z_]+)''')) [1]
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE p.polname = 'sees'
"""


def test_every_column_of_the_database_is_classified_and_none_that_is_not_there(database: MadeDatabase) -> None:
    with database.connect("owner") as owner:
        real = {row[0] for row in owner.execute(_COLUMNS)}
    assert set(columns()) == real


def test_every_retention_and_category_named_is_one_that_is_defined() -> None:
    beside_purposes = {"system", "ledger", "access_log", "officer", "sign_in"}
    for name, column in columns().items():
        assert column.retention in RETENTIONS, name
        assert column.category in beside_purposes.union(CATEGORIES), name


def test_tables_are_classified_as_the_database_protects_them(database: MadeDatabase) -> None:
    with database.connect("owner") as owner:
        protected = dict(owner.execute(_PROTECTED_AS).fetchall())
    assert len(protected) >= 15
    classified = {name.rpartition(".")[0]: column.category for name, column in columns().items()}
    assert {table: classified[table] for table in protected} == protected


def test_tables_with_sensitive_columns_are_behind_row_security(database: MadeDatabase) -> None:
    with database.connect("owner") as owner:
        secured = {row[0] for row in owner.execute("SELECT oid::regclass::text FROM pg_class WHERE relrowsecurity")}
    sensitive = {name.rpartition(".")[0] for name, column in columns().items() if column.sensitivity == SENSITIVE}
    assert sensitive - secured == set()


def test_web_reads_personal_columns_outside_row_security_only_where_signing_in_needs_it(
    database: MadeDatabase,
) -> None:
    with database.connect("owner") as owner:
        secured = {row[0] for row in owner.execute("SELECT relname FROM pg_class WHERE relrowsecurity")}
        open_to_web = {
            name
            for name, column in columns().items()
            if column.sensitivity == PERSONAL
            and name.rpartition(".")[0] not in secured
            and owner.execute(
                "SELECT has_column_privilege('pccovid_web', %s, %s, 'SELECT')", list(name.rpartition(".")[::2])
            ).fetchone()
            == (True,)
        }
    assert {name.rpartition(".")[0] for name in open_to_web} <= {
        "auth_user", "django_session", "accounts_signincode", "accounts_sandboxmessage",
    }  # fmt: skip
