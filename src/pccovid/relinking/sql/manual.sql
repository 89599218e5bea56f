-- What officers have decided about pairs of records: their rulings, and merges and splits made by hand.
WITH newest AS (
    SELECT DISTINCT ON (l.record_id) l.record_id, l.person_id, l.decision, l.decided_at,
           (l.evidence ->> 'person_before')::uuid AS person_left
    FROM people_link l
    WHERE l.record_id IN (SELECT m.record_id FROM people_link m WHERE m.decision = 'manual')
    ORDER BY l.record_id, l.id DESC
), by_hand AS (
    SELECT n.*, g.id AS merge_id, g.moved_records
    FROM newest n LEFT JOIN people_merge g
        ON g.undone_at IS NULL AND g.kept_id = n.person_id AND n.record_id = ANY (g.moved_records)
    WHERE n.decision = 'manual' AND n.person_id IS NOT NULL
), said AS (
    SELECT d.record_id AS one, d.other_record_id AS other, d.standing = 'same' AS is_same
    FROM link_review_ruling d WHERE d.standing IN ('same', 'different')
    -- What was moved together by hand stays together,
    UNION SELECT h.record_id, lead(h.record_id) OVER (PARTITION BY h.person_id, h.decided_at ORDER BY h.record_id), true
    FROM by_hand h
    -- with the person it was merged into,
    UNION SELECT h.record_id, (
        SELECT c.record_id FROM people_recordclaim c
        WHERE c.person_id = h.person_id AND c.record_id <> ALL (h.moved_records) ORDER BY c.record LIMIT 1), true
    FROM by_hand h WHERE h.merge_id IS NOT NULL
    -- or apart from those it was split from.
    UNION SELECT h.record_id, c.record_id, false
    FROM by_hand h JOIN people_recordclaim c ON c.person_id = h.person_left AND c.person_id <> h.person_id
    WHERE h.merge_id IS NULL
)
SELECT a.record, b.record, bool_and(s.is_same)
FROM said s JOIN people_recordclaim a ON a.record_id = s.one JOIN people_recordclaim b ON b.record_id = s.other
GROUP BY 1, 2 ORDER BY 1, 2
