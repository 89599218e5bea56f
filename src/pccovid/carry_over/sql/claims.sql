-- The claims that take part: incoming ones (those held earlier among them) and their neighbours'.
SELECT r.record, r.system, r.kind, NULL AS person, {claim_values_of_row}
FROM {stage}_incoming i JOIN {stage}_row r USING (file_no, row_no)
WHERE i.has_claim
UNION ALL
SELECT c.record, c.system, c.kind, c.person_id::text AS person, {claim_values_of_claim}
FROM people_recordclaim c JOIN {stage}_neighbour n USING (person_id)
WHERE NOT EXISTS (SELECT 1 FROM {stage}_incoming i WHERE i.record_id = c.record_id)
