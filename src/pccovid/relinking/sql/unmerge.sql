-- Merges that the swap made are undone, those it took back stand again.
UPDATE people_person p SET merged_into_id = NULL
FROM relinking_change c WHERE c.shadow_id = {shadow} AND 'absorbed' = ANY (c.kinds) AND p.id = c.person_id;
UPDATE people_merge m SET undone_by = {by}, undone_at = {now}
FROM relinking_change c WHERE c.shadow_id = {shadow} AND 'absorbed' = ANY (c.kinds) AND m.id = c.merge_id;
UPDATE people_person p SET merged_into_id = c.other_person
FROM relinking_change c WHERE c.shadow_id = {shadow} AND 'restored' = ANY (c.kinds) AND p.id = c.person_id;
UPDATE people_merge m SET undone_by = '', undone_at = NULL
FROM relinking_change c WHERE c.shadow_id = {shadow} AND 'restored' = ANY (c.kinds) AND m.id = c.merge_id;
