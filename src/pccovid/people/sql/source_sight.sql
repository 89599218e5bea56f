-- A source record follows its claim, and a relationship its other end. Asked record by record, these use the claims'
-- key; asked as "one of all records in sight", each single look would read every claim of the nation.
DROP POLICY sees ON people_sourcerecord;
CREATE POLICY sees ON people_sourcerecord FOR SELECT TO pccovid_web USING (
    (SELECT access.reads('source_record')) AND (
        (SELECT access.scope_is_all())
        OR EXISTS (SELECT 1 FROM people_recordclaim c WHERE c.record_id = people_sourcerecord.record_id)));

DROP POLICY sees_other_end ON people_relationship;
CREATE POLICY sees_other_end ON people_relationship FOR SELECT TO pccovid_web USING (
    (SELECT access.reads('contact')) AND EXISTS (
        SELECT 1 FROM people_recordclaim c WHERE c.record_id = people_relationship.other_record_id));
