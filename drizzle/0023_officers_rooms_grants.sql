-- Officers ask and decide; what was asked stays, with who decided it.
GRANT SELECT ON suppression_removals, exclusion_lists, send_verifications TO contraste_console, contraste_worker, contraste_auditor;
--> statement-breakpoint
GRANT INSERT ON suppression_removals, exclusion_lists TO contraste_console;
--> statement-breakpoint
GRANT UPDATE (decision, decided_by, decided_at) ON suppression_removals TO contraste_console;
--> statement-breakpoint
GRANT UPDATE (file_sha256, row_count, added_count, unreadable_count, contact_count, completed_at) ON exclusion_lists TO contraste_console;
--> statement-breakpoint
-- The console asks for a verification; only the worker says what came of it.
GRANT INSERT ON send_verifications TO contraste_console, contraste_worker;
--> statement-breakpoint
GRANT UPDATE ON send_verifications TO contraste_worker;
