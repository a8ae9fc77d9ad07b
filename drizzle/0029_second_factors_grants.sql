-- Only the console signs people in and answers programs. A code once confirmed is replaced, never read by another process.
GRANT SELECT, INSERT, UPDATE, DELETE ON second_factors, api_answers TO contraste_console;
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON recovery_codes TO contraste_console;
--> statement-breakpoint
GRANT UPDATE (used_at) ON recovery_codes TO contraste_console;
