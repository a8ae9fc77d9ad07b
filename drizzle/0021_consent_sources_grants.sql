-- The console serves the forms and manages them; the worker reads the keywords. An answer, once counted, stays.
GRANT SELECT ON opt_in_forms, opt_in_form_tags, opt_in_answers, opt_in_keywords TO contraste_console, contraste_worker;
--> statement-breakpoint
GRANT INSERT, UPDATE ON opt_in_forms, opt_in_keywords TO contraste_console;
--> statement-breakpoint
GRANT INSERT ON opt_in_form_tags, opt_in_answers TO contraste_console;
--> statement-breakpoint
GRANT UPDATE (revoked_reason) ON wording_versions TO contraste_console;
--> statement-breakpoint
-- Who may still come is the console's own question; no address can be read from it.
GRANT SELECT, INSERT, UPDATE, DELETE ON rate_buckets TO contraste_console;
