"""One injection entered twice: found, marked, never deleted.

Rule: doses of one person with the same product (or one unnamed), at most three days apart, and the same lot or the
same site (by code or name) or the same claimed number are one injection. Lots are the same whatever
their letter case and the signs in them. The one entered by the better-known source stands; the
citizen is told about the other, not shown a second dose. Three days is our reading of late entry (source: the
handbook names person, product, date ± n, site and lot, but no n).
"""

from __future__ import annotations

import psycopg

MARK = """
WITH standing AS (
    SELECT d.*, nullif(upper(regexp_replace(d.lot_number, '[^[:alnum:]]', '', 'g')), '') AS lot,
        nullif(lower(btrim(d.site_name)), '') AS site
    FROM vaccination_dose d JOIN touched USING (person_id)
    WHERE d.superseded_at IS NULL AND d.occurred_on IS NOT NULL
), twin AS (
    SELECT DISTINCT ON (later.id) later.id, earlier.id AS first_id
    FROM standing later JOIN standing earlier ON earlier.person_id = later.person_id AND earlier.id <> later.id
        AND abs(later.occurred_on - earlier.occurred_on) <= 3
        AND (earlier.product = later.product OR earlier.product IS NULL OR later.product IS NULL)
        AND (earlier.lot = later.lot OR earlier.site_code = later.site_code OR earlier.site = later.site
             OR earlier.dose_number = later.dose_number OR earlier.occurred_on = later.occurred_on)
        AND (coalesce(earlier.entered_at, 'infinity'), earlier.occurred_on, earlier.id)
            < (coalesce(later.entered_at, 'infinity'), later.occurred_on, later.id)
    ORDER BY later.id, coalesce(earlier.entered_at, 'infinity'), earlier.occurred_on, earlier.id
)
UPDATE vaccination_dose d SET duplicate_of = t.first_id
FROM standing s LEFT JOIN twin t USING (id)
WHERE d.id = s.id AND d.duplicate_of IS DISTINCT FROM t.first_id
"""


def mark_duplicate_doses(connection: psycopg.Connection) -> None:
    """Mark repeated doses of the persons in the temporary table `touched`; a mark that no longer holds is removed."""
    connection.execute(MARK)
