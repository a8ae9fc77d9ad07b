GRANT SELECT, INSERT, UPDATE ON notices TO contraste_console, contraste_worker;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON notices TO contraste_ingress;
