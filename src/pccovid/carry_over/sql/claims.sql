-- The claims that take part: incoming ones, their neighbours', and those held earlier.
SELECT r.record, r.system, r.kind, '' AS person, {claim_values_of_row}
FROM {stage}_incoming i JOIN {stage}_row r USING (file_no, row_no)
WHERE i.has_claim
UNION ALL
SELECT c.record, c.system, c.kind, coalesce(c.person_id::text, '') AS person, {claim_values_of_claim}
FROM people_recordclaim c
WHERE NOT c.is_about_nobody
  AND (c.person_id IS NULL OR EXISTS (SELECT 1 FROM {stage}_neighbour n WHERE n.person_id = c.person_id))
  AND NOT EXISTS (SELECT 1 FROM {stage}_incoming i WHERE i.record_id = c.record_id)
