-- Row security of the person index.
SELECT access.protect('people_person', 'identity', 'id');
SELECT access.protect('people_identifier', 'identity', 'person_id');
SELECT access.protect('people_link', 'source_record', 'person_id');
SELECT access.protect('people_recordclaim', 'identity', 'person_id');
SELECT access.protect('people_contactpoint', 'contact', 'person_id');
SELECT access.protect('people_address', 'contact', 'person_id');

-- A relationship may be seen from both of its ends.
SELECT access.protect('people_relationship', 'contact', 'person_id');
CREATE POLICY sees_other_end ON people_relationship FOR SELECT TO pccovid_web USING (
    (SELECT access.reads('contact')) AND other_record_id IN (SELECT record_id FROM people_recordclaim));

-- Rows without a person column: a source record follows its claim; the rest needs a scope of all.
ALTER TABLE people_sourcerecord ENABLE ROW LEVEL SECURITY;
CREATE POLICY sees ON people_sourcerecord FOR SELECT TO pccovid_web USING (
    (SELECT access.reads('source_record')) AND (
        (SELECT access.scope_is_all()) OR record_id IN (SELECT c.record_id FROM people_recordclaim c)));
CREATE POLICY jobs_see ON people_sourcerecord FOR SELECT TO pccovid_jobs USING (
    (SELECT access.reads('source_record')) AND (SELECT access.scope_is_all()));
CREATE POLICY jobs_add ON people_sourcerecord FOR INSERT TO pccovid_jobs WITH CHECK (
    (SELECT access.writes('source_record')) AND (SELECT access.scope_is_all()));

ALTER TABLE people_unplacedrow ENABLE ROW LEVEL SECURITY;
ALTER TABLE people_reviewpair ENABLE ROW LEVEL SECURITY;
ALTER TABLE people_merge ENABLE ROW LEVEL SECURITY;
CREATE POLICY sees ON people_unplacedrow FOR SELECT TO pccovid_web USING (
    (SELECT access.reads('source_record')) AND (SELECT access.scope_is_all()));
CREATE POLICY sees ON people_reviewpair FOR SELECT TO pccovid_web USING (
    (SELECT access.reads('source_record')) AND (SELECT access.scope_is_all()));
CREATE POLICY sees ON people_merge FOR SELECT TO pccovid_web USING (
    (SELECT access.reads('source_record')) AND (SELECT access.scope_is_all()));
CREATE POLICY writes ON people_unplacedrow FOR ALL TO pccovid_jobs USING (
    (SELECT access.writes('source_record')) AND (SELECT access.scope_is_all()));
CREATE POLICY writes ON people_reviewpair FOR ALL TO pccovid_jobs USING (
    (SELECT access.writes('source_record')) AND (SELECT access.scope_is_all()));
CREATE POLICY writes ON people_merge FOR ALL TO pccovid_jobs USING (
    (SELECT access.writes('source_record')) AND (SELECT access.scope_is_all()));

GRANT SELECT ON people_sourcerecord, people_unplacedrow, people_reviewpair, people_merge, people_importrun,
    people_importfile, people_importreason TO pccovid_web, pccovid_jobs;
-- Append-only tables give no UPDATE or DELETE to anybody but the owner.
GRANT INSERT ON people_sourcerecord, people_link TO pccovid_jobs;
GRANT INSERT, UPDATE, DELETE ON people_person, people_identifier, people_recordclaim, people_contactpoint,
    people_address, people_relationship, people_unplacedrow, people_reviewpair, people_merge, people_importrun,
    people_importfile, people_importreason TO pccovid_jobs;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO pccovid_jobs;
