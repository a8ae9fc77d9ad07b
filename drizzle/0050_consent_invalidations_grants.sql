-- Officers ask and decide; what was asked stays, with who decided it.
GRANT SELECT ON consent_invalidations TO contraste_console, contraste_worker, contraste_auditor;
--> statement-breakpoint
GRANT INSERT ON consent_invalidations TO contraste_console;
--> statement-breakpoint
GRANT UPDATE (decision, decided_by, decided_at) ON consent_invalidations TO contraste_console;
