-- Cosignatures and keys are evidence: the worker adds to them, everybody who shows the log reads them.
GRANT SELECT ON log_cosignatures, log_keys TO contraste_console, contraste_worker, contraste_ingress, contraste_auditor;
--> statement-breakpoint
GRANT INSERT ON log_cosignatures, log_keys TO contraste_worker;
--> statement-breakpoint
GRANT UPDATE (ends_at) ON log_keys TO contraste_worker;
--> statement-breakpoint
-- The console asks for an audit and for its end; only the worker says what came of it.
GRANT SELECT ON log_audits TO contraste_console, contraste_worker, contraste_auditor;
--> statement-breakpoint
GRANT INSERT ON log_audits TO contraste_console, contraste_worker;
--> statement-breakpoint
GRANT UPDATE (cancel_asked_at) ON log_audits TO contraste_console;
--> statement-breakpoint
GRANT UPDATE ON log_audits TO contraste_worker;
--> statement-breakpoint
-- The public process serves the log to auditors with a key (tlog-tiles): hashes, leaves and signatures, never a payload.
GRANT SELECT ON log_sequence, log_tiles, log_checkpoints TO contraste_ingress;
