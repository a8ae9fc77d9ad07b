-- What happened, what was counted and what was compared is only ever added to.
GRANT SELECT, INSERT ON template_events, template_analytics_days, pricing_analytics_days, template_comparisons, media_assets
  TO contraste_console, contraste_worker;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON media_uploads, account_insights TO contraste_console, contraste_worker;
--> statement-breakpoint
-- A draft is gone once Meta has taken it.
GRANT SELECT, INSERT, UPDATE, DELETE ON template_drafts TO contraste_console;
--> statement-breakpoint
GRANT SELECT ON template_drafts TO contraste_worker;
