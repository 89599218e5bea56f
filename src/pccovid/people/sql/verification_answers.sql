-- What sources answered about a person: read like the identity it is about, added by jobs, changed by nobody.
SELECT access.protect('people_verificationanswer', 'identity', 'person_id');
GRANT INSERT ON people_verificationanswer TO pccovid_jobs;
GRANT USAGE ON SEQUENCE people_verificationanswer_id_seq TO pccovid_jobs;
