"""What each database role may do with each table: the list that the real grants must equal.

A test compares it with the catalogue, so a grant that nobody meant to give cannot land. Who adds a table adds it here.
Rows are another matter: on a personal table SELECT shows nothing without an opened access.
"""

from __future__ import annotations

import psycopg

from pccovid.foundation.roles import ANALYSIS, GROUPS, JOBS, SCAN, WEB

READ, ADD = frozenset({"SELECT"}), frozenset({"SELECT", "INSERT"})
KEEP = ADD | {"UPDATE"}
ADD_AND_DROP = ADD | {"DELETE"}
ALL = KEEP | {"DELETE"}

_FACTS = (
    "border_entry declarations_declaration insurance_card lab_tests_test movement_scan movement_trip movement_visit"
    " people_address people_relationship vaccination_dose"
    " treatment_stay treatment_condition treatment_vitalsign treatment_procedure treatment_medication"
)
_INDEX = "people_person people_identifier people_recordclaim people_contactpoint"
_PLACEMENT = "people_unplacedrow people_reviewpair people_merge"
_LEDGER = "people_importrun people_importfile people_importreason"

_DECLARED: dict[str, tuple[tuple[frozenset[str], str], ...]] = {
    WEB: (
        (READ, f"{_FACTS} {_INDEX} {_PLACEMENT} {_LEDGER} people_sourcerecord people_link"),
        (READ, "link_review_opinion link_review_ruling link_review_split people_verificationanswer"),
        (READ, "published_statistics_release published_statistics_cell"),
        (READ, "relinking_shadow relinking_approval relinking_move relinking_change"),
        # Signing in: sessions, codes, and officers' accounts as Django knows them.
        (ALL, "django_session"),
        (ADD_AND_DROP, "accounts_signincode accounts_sandboxmessage"),
        (READ, "auth_user auth_group auth_user_groups auth_permission auth_group_permissions"),
        (READ, "auth_user_user_permissions django_content_type"),
    ),
    JOBS: (
        (ALL, f"{_FACTS} {_INDEX} {_PLACEMENT} {_LEDGER} movement_place"),
        # What a source sent and what was decided about it is added to, never changed.
        (ADD, "people_sourcerecord people_link people_verificationanswer"),
        (READ, "link_review_opinion access.chain access.epidemic_end access.erasure access.retention_rule"),
        (READ, "link_review_split access.message_seal access.sealed_message"),
        (KEEP, "link_review_ruling"),
        # Shadows and what they would change; models and the history of the one in force are only added to.
        (KEEP, "relinking_shadow"),
        (ALL, "relinking_move relinking_change relinking_pair relinking_undo"),
        (ADD, "relinking_model relinking_modelchange"),
        (READ, "relinking_approval published_statistics_release published_statistics_cell"),
        (KEEP, "foundation_outbox foundation_outboxendpoint foundation_endpointhour"),
        (ADD, "foundation_messagelog"),
    ),
    # Nobody's rows: how many rows each file of each delivery had. Statistics come as their own views.
    ANALYSIS: ((READ, "people_importfile people_importreason published_statistics_release published_statistics_cell"),),
    # The hot lane stores scans by a function and reads nobody.
    SCAN: (),
}

COLUMN_PRIVILEGES: dict[tuple[str, str, str], str] = {
    (WEB, "movement_place", "SELECT"): "id record_id place_key name kind commune_code address registered_at",
    (WEB, "auth_user", "UPDATE"): "last_login password",
    (WEB, "accounts_signincode", "UPDATE"): "tries_left proven_at names_left used_at",
    (JOBS, "link_review_split", "UPDATE"): "done_at outcome note opened_id",
    (ANALYSIS, "people_importrun", "SELECT"): "id stage started_at published_at model_version",
}
"""(role, table, privilege) → the columns it is given for, where it is not given for the whole table."""


def table_privileges(role: str) -> dict[str, frozenset[str]]:
    """Table → what the role may do with it as a whole; a table that is not there, it may not touch."""
    return {table: privileges for privileges, tables in _DECLARED[role] for table in tables.split()}


_GRANTED = """
    SELECT CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname, array_agg(k.kind)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
         unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS k (kind)
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'staging')
      AND n.nspname NOT LIKE 'pg%%temp%%'
      AND has_table_privilege(%s, c.oid, k.kind)
    GROUP BY 1
"""


def granted_tables(connection: psycopg.Connection, role: str) -> dict[str, frozenset[str]]:
    """Table → what the role really may do with it as a whole, in whatever way it got there. As the owner."""
    return {name: frozenset(kinds) for name, kinds in connection.execute(_GRANTED, [GROUPS[role]])}


def strays(connection: psycopg.Connection, role: str) -> list[str]:
    """Where the real grants and the declared list differ, each in words. As the owner."""
    granted, declared = granted_tables(connection, role), table_privileges(role)
    return [
        f"{name}: may {_told(granted.get(name))}, declared {_told(declared.get(name))}"
        for name in sorted(granted.keys() | declared.keys())
        if granted.get(name) != declared.get(name)
    ]


def _told(kinds: frozenset[str] | None) -> str:
    return "/".join(sorted(kinds)) if kinds else "nothing"
