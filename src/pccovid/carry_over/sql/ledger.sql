-- One line a file; rows taken up again from earlier runs (file numbers below zero) were not received in this one.
INSERT INTO people_importfile (run_id, name, system, kind, received, linked, new, held, rejected, unchanged, repeated, notes)
SELECT {run}, f.name, f.system, f.kind, count(o.row_no),
       count(*) FILTER (WHERE o.outcome = 'linked'), count(*) FILTER (WHERE o.outcome = 'new'),
       count(*) FILTER (WHERE o.outcome = 'held'), count(*) FILTER (WHERE o.outcome = 'rejected'),
       count(*) FILTER (WHERE o.is_unchanged AND o.outcome = 'linked'), count(*) FILTER (WHERE o.is_repeated), f.notes
FROM {stage}_file f LEFT JOIN {stage}_outcome o USING (file_no)
WHERE f.file_no >= 0 OR f.file_no = -2
GROUP BY f.file_no, f.name, f.system, f.kind, f.notes
ORDER BY f.file_no;

INSERT INTO people_importreason (file_id, outcome, reason, field, rows)
SELECT l.id, c.outcome, c.reason, c.field, sum(c.rows)
FROM (
    SELECT o.file_no, o.outcome, o.reason, '' AS field, count(*) AS rows
    FROM {stage}_outcome o WHERE o.outcome IN ('held', 'rejected') GROUP BY 1, 2, 3
    UNION ALL
    SELECT p.file_no, 'value', p.reason, p.field, p.rows FROM {stage}_problem p
    UNION ALL
    SELECT o.file_no, 'repeated', CASE WHEN o.is_replaced THEN 'replaced_by_later_row' ELSE 'repeated_in_delivery' END,
           '', count(*)
    FROM {stage}_outcome o WHERE o.is_repeated GROUP BY 1, 2, 3
) c
    JOIN {stage}_file f USING (file_no)
    JOIN people_importfile l ON l.run_id = {run} AND l.name = f.name
GROUP BY l.id, c.outcome, c.reason, c.field
ORDER BY 1, 2, 3, 4;
