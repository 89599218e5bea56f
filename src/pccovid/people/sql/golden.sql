-- Derive the golden record of every person in the temporary table `touched` from their claims.
-- Best source first (people/sources.py), then a value without doubts, then the fuller one; never averaged or mixed.
-- For a few persons golden.py makes one statement of all of this; there `WHERE TRUE` waits for the deletion above it.
-- A name typed in capitals or in small letters alone is shown with the usual ones; the source keeps its own spelling.
CREATE TEMP TABLE claim_ranked ON COMMIT DROP AS
SELECT c.*, coalesce(s.rank, 9) AS rank
FROM people_recordclaim c JOIN touched t USING (person_id)
    -- An agency's systems are ranked by their standing: facility.cdc-thu as facility.
    LEFT JOIN source_rank s ON s.system = split_part(c.system, '.', 1);
CREATE INDEX ON claim_ranked (person_id);
CREATE INDEX ON claim_ranked (person_id) WHERE system = 'correction';
ANALYZE claim_ranked;

CREATE TEMP TABLE golden ON COMMIT DROP AS
WITH best_name AS (
    SELECT DISTINCT ON (person_id) person_id, name, name_key, system || '/' || record AS source
    FROM claim_ranked WHERE name_key IS NOT NULL
    ORDER BY person_id, rank, (flags && ARRAY['name_mojibake', 'name_single_token', 'not_a_name']),
             (name_full = name_key), (translate(name, 'đĐ', '') = name), (name = upper(name)), length(name) DESC, record
), best_birth AS (
    SELECT DISTINCT ON (person_id) person_id, birth_date, birth_precision, system || '/' || record AS source
    FROM claim_ranked WHERE birth_date IS NOT NULL
    ORDER BY person_id, (birth_precision <> 'day'), rank, ('birth_default' = ANY (flags)), record
), best_sex AS (
    SELECT DISTINCT ON (person_id) person_id, sex, system || '/' || record AS source
    FROM claim_ranked WHERE sex IS NOT NULL ORDER BY person_id, rank, record
), best_nationality AS (
    SELECT DISTINCT ON (person_id) person_id, nationality, system || '/' || record AS source
    FROM claim_ranked WHERE nationality IS NOT NULL ORDER BY person_id, rank, record
), best_residence AS (
    SELECT DISTINCT ON (person_id) person_id, province_code, district_code, commune_code, address,
           system || '/' || record AS source
    FROM claim_ranked WHERE province_code IS NOT NULL
    ORDER BY person_id, (commune_code IS NULL), rank, record
)
SELECT t.person_id, CASE WHEN n.name IN (upper(n.name), lower(n.name)) THEN initcap(n.name) ELSE n.name END AS name,
       n.name_key, b.birth_date, b.birth_precision, s.sex, k.nationality, r.province_code,
       r.district_code, r.commune_code, r.address,
       EXISTS (SELECT 1 FROM claim_ranked v WHERE v.person_id = t.person_id AND v.id_verified) AS is_identity_verified,
       jsonb_strip_nulls(jsonb_build_object('name', n.source, 'birth_date', b.source, 'sex', s.source,
           'nationality', k.source, 'residence', r.source)) AS attribute_sources
FROM touched t LEFT JOIN best_name n USING (person_id) LEFT JOIN best_birth b USING (person_id)
    LEFT JOIN best_sex s USING (person_id) LEFT JOIN best_nationality k USING (person_id)
    LEFT JOIN best_residence r USING (person_id);

UPDATE people_person p SET
    name = g.name, name_key = g.name_key, birth_date = g.birth_date, birth_precision = g.birth_precision, sex = g.sex,
    nationality = g.nationality, province_code = g.province_code, district_code = g.district_code,
    commune_code = g.commune_code, address = g.address, is_identity_verified = g.is_identity_verified,
    attribute_sources = g.attribute_sources
FROM golden g
WHERE p.id = g.person_id
  AND (p.name, p.name_key, p.birth_date, p.birth_precision, p.sex, p.nationality, p.province_code, p.district_code,
       p.commune_code, p.address, p.is_identity_verified, p.attribute_sources)
      IS DISTINCT FROM
      (g.name, g.name_key, g.birth_date, g.birth_precision, g.sex, g.nationality, g.province_code, g.district_code,
       g.commune_code, g.address, g.is_identity_verified, g.attribute_sources);

-- Identifiers: every number any source gives, once a person, with the sources that gave it. `value` is the number's
-- keyed hash, equal for equal numbers; `sealed` is what people/numbers.py reads the number from. Only the population
-- database's own word makes one verified; of two verified personal numbers (an error upstream) none is. Where an authority
-- corrected a kind of number at the person's request, only that number and verified ones are theirs.
CREATE TEMP TABLE identifier_now ON COMMIT DROP AS
WITH named AS (
    SELECT person_id, 'personal_id' AS system, personal_id AS value, sealed ->> 'personal_id' AS sealed, id_verified,
           record FROM claim_ranked
    UNION ALL SELECT person_id, 'old_id', old_id, sealed ->> 'old_id', id_verified, record FROM claim_ranked
    UNION ALL SELECT person_id, 'passport', passport, sealed ->> 'passport', false, record FROM claim_ranked
    UNION ALL SELECT person_id, 'insurance_no', insurance_no, sealed ->> 'insurance_no', false, record
        FROM claim_ranked
), grouped AS (
    SELECT person_id, system, value, max(sealed) AS sealed, bool_or(id_verified) AS is_verified,
           min(split_part(record, ':', 1)) FILTER (WHERE id_verified) AS verified_by,
           array_agg(record ORDER BY record) AS sources
    FROM named n WHERE value IS NOT NULL AND (id_verified OR NOT EXISTS (
        SELECT 1 FROM claim_ranked c WHERE c.person_id = n.person_id AND c.system = 'correction' AND c.record <> n.record
          AND CASE n.system WHEN 'personal_id' THEN c.personal_id WHEN 'old_id' THEN c.old_id WHEN 'passport' THEN c.passport
                            WHEN 'insurance_no' THEN c.insurance_no END IS NOT NULL))
    GROUP BY person_id, system, value
)
SELECT md5(person_id::text || system || value)::uuid AS id, person_id, system, value, sealed, sources, verified_by,
       is_verified AND (system <> 'personal_id'
                        OR count(*) FILTER (WHERE is_verified) OVER (PARTITION BY person_id, system) = 1)
           AND count(*) FILTER (WHERE is_verified) OVER (PARTITION BY system, value) = 1
           AND NOT EXISTS (SELECT 1 FROM people_identifier o WHERE o.system = grouped.system AND o.value = grouped.value
                           AND o.is_verified AND o.person_id NOT IN (SELECT person_id FROM touched)) AS is_verified
FROM grouped;
CREATE UNIQUE INDEX ON identifier_now (id);
DELETE FROM people_identifier i USING touched t
WHERE i.person_id = t.person_id AND NOT EXISTS (SELECT 1 FROM identifier_now n WHERE n.id = i.id);
INSERT INTO people_identifier (id, person_id, system, value, sealed, is_verified, verified_by, sources)
SELECT id, person_id, system, value, sealed, is_verified, CASE WHEN is_verified THEN verified_by ELSE '' END, sources
FROM identifier_now WHERE TRUE
-- What is no longer verified gives way before another may be.
ORDER BY is_verified
ON CONFLICT (id) DO UPDATE SET is_verified = excluded.is_verified, verified_by = excluded.verified_by,
    sources = excluded.sources, sealed = excluded.sealed
WHERE (people_identifier.is_verified, people_identifier.sources, people_identifier.sealed)
      IS DISTINCT FROM (excluded.is_verified, excluded.sources, excluded.sealed);

CREATE TEMP TABLE contact_now ON COMMIT DROP AS
WITH named AS (
    SELECT person_id, 'phone' AS system, phone AS value, sealed ->> 'phone' AS sealed, phone_is_own AS is_own, record
    FROM claim_ranked
    UNION ALL SELECT person_id, 'email', email, sealed ->> 'email', true, record FROM claim_ranked
)
SELECT md5(person_id::text || system || value)::uuid AS id, person_id, system, value, max(sealed) AS sealed,
       bool_or(is_own) AS is_own, array_agg(record ORDER BY record) AS sources
FROM named n WHERE value IS NOT NULL
  -- What an authority corrected at the person's request is the only number, or address, that is their own.
  AND NOT (is_own AND EXISTS (
      SELECT 1 FROM claim_ranked c WHERE c.person_id = n.person_id AND c.system = 'correction' AND c.record <> n.record
        AND CASE n.system WHEN 'phone' THEN c.phone ELSE c.email END IS NOT NULL))
GROUP BY person_id, system, value;
CREATE UNIQUE INDEX ON contact_now (id);
DELETE FROM people_contactpoint i USING touched t
WHERE i.person_id = t.person_id AND NOT EXISTS (SELECT 1 FROM contact_now n WHERE n.id = i.id);
INSERT INTO people_contactpoint (id, person_id, system, value, sealed, is_own, sources)
SELECT id, person_id, system, value, sealed, is_own, sources FROM contact_now WHERE TRUE
ON CONFLICT (id) DO UPDATE SET is_own = excluded.is_own, sources = excluded.sources, sealed = excluded.sealed
WHERE (people_contactpoint.is_own, people_contactpoint.sources, people_contactpoint.sealed)
      IS DISTINCT FROM (excluded.is_own, excluded.sources, excluded.sealed);
