-- The claims that take part: incoming ones (those held earlier among them) and their neighbours'. Numbers leave as
-- hashes with their seals beside them.
SELECT r.record, r.system, r.kind, NULL AS person, {claim_values_of_row}, r.sealed
FROM {stage}_incoming i JOIN {stage}_row r USING (file_no, row_no)
WHERE i.has_claim
UNION ALL
SELECT c.record, c.system, c.kind, CASE WHEN o.record_id IS NULL THEN c.person_id::text END AS person,
       {claim_values_of_claim}, c.sealed
FROM people_recordclaim c JOIN {stage}_neighbour n ON n.person_id = c.person_id
    LEFT JOIN {stage}_reopened o ON o.record_id = c.record_id
WHERE NOT EXISTS (SELECT 1 FROM {stage}_incoming i WHERE i.record_id = c.record_id)
  -- A correction says one thing of a person who is known, a record of our own app none; neither is compared, both go
  -- with that person.
  AND c.system NOT IN ('correction', 'pccovid', 'repair', 'population')
