-- The ingress remembers the writes of programs and rations them, as the console does.
GRANT SELECT, INSERT, UPDATE, DELETE ON api_answers, rate_buckets TO contraste_ingress;
