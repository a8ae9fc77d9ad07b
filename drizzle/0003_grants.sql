-- Least rights (compliance 5.1). The owner role migrates and is not used at run time. Roles are created by db/provision.ts before
-- migrations run, since they belong to the whole server; here they are made when missing, without a way to log in.
DO $$
DECLARE v_role text;
BEGIN
  FOREACH v_role IN ARRAY ARRAY['contraste_console', 'contraste_ingress', 'contraste_worker', 'contraste_auditor', 'contraste_reporting'] LOOP
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = v_role) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', v_role);
    END IF;
  END LOOP;
END
$$;
--> statement-breakpoint
REVOKE ALL ON SCHEMA public FROM PUBLIC;
--> statement-breakpoint
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
--> statement-breakpoint
GRANT USAGE ON SCHEMA public TO contraste_console, contraste_ingress, contraste_worker, contraste_auditor;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION lane_of(uuid), lane_of_hash(bytea), app_now()
  TO contraste_console, contraste_ingress, contraste_worker, contraste_auditor;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION set_app_clock(timestamptz, double precision) TO contraste_console, contraste_worker;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION
  plan_messages(smallint, uuid, uuid[], text[], uuid[], text[], timestamptz, timestamptz),
  release_messages(smallint, uuid),
  gate(smallint, uuid, integer, uuid, uuid),
  record_outcomes(smallint, uuid[], text[], text[], integer[], text[], timestamptz[], bytea[], integer, timestamptz, uuid),
  orphaned_attempts(smallint, integer),
  record_statuses(smallint, uuid[], text[], timestamptz[], integer[], text[], text[], text[], text[]),
  record_engagement(smallint, uuid[], text[], timestamptz[]),
  cancel_messages(uuid),
  settle_silence(smallint)
  TO contraste_worker;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION record_engagement(smallint, uuid[], text[], timestamptz[]) TO contraste_ingress;
--> statement-breakpoint

-- Both read all that pages and jobs show; passwords and sessions are the console's alone.
GRANT SELECT ON ALL TABLES IN SCHEMA public TO contraste_console, contraste_worker;
--> statement-breakpoint
REVOKE SELECT ON auth_sessions, access_links, sign_in_failures FROM contraste_worker;
--> statement-breakpoint
GRANT INSERT, UPDATE ON users, auth_sessions, access_links, sign_in_failures, api_keys TO contraste_console;
--> statement-breakpoint
GRANT DELETE ON sign_in_failures TO contraste_console;
--> statement-breakpoint

-- The log and everything that is evidence: insert and select, nothing else, for everybody.
GRANT INSERT ON log_entries, log_pending, log_batch_items, log_payloads, consent_events, audit_events
  TO contraste_console, contraste_ingress, contraste_worker;
--> statement-breakpoint
GRANT INSERT ON log_sequence, log_tiles, log_checkpoints TO contraste_worker;
--> statement-breakpoint
GRANT DELETE ON log_pending TO contraste_worker;
--> statement-breakpoint
GRANT UPDATE (log_verifier_key) ON installation TO contraste_worker;
--> statement-breakpoint

-- People and their consent: the console (forms, officers), the worker (imports, expiry), the ingress (opt-outs).
GRANT INSERT, UPDATE ON contacts, contact_identifiers, identifier_index, consent_state, contact_suppressions, suppression_lookups
  TO contraste_console, contraste_worker;
--> statement-breakpoint
GRANT INSERT ON contacts, contact_identifiers, identifier_index TO contraste_ingress;
--> statement-breakpoint
GRANT UPDATE (updated_at) ON contacts TO contraste_ingress;
--> statement-breakpoint
GRANT INSERT, UPDATE ON consent_state, contact_suppressions, suppression_lookups TO contraste_ingress;
--> statement-breakpoint
GRANT INSERT, UPDATE ON attribute_definitions, purposes, segments, brands, phone_numbers, kill_switches, price_lists, price_rates
  TO contraste_console, contraste_worker;
--> statement-breakpoint
GRANT INSERT ON wording_versions TO contraste_console, contraste_worker;
--> statement-breakpoint
GRANT UPDATE (revoked_at) ON wording_versions TO contraste_console;
--> statement-breakpoint
GRANT INSERT, UPDATE ON imports, import_chunks, import_rejections TO contraste_console, contraste_worker;
--> statement-breakpoint
GRANT DELETE ON import_chunks, import_rejections TO contraste_console, contraste_worker;
--> statement-breakpoint
GRANT INSERT, UPDATE ON templates, template_versions, campaigns, campaign_variants TO contraste_console, contraste_worker;
--> statement-breakpoint
GRANT DELETE ON campaign_variants TO contraste_console;
--> statement-breakpoint
GRANT INSERT ON campaign_approvals, campaign_plans, campaign_history TO contraste_console, contraste_worker;
--> statement-breakpoint
GRANT UPDATE (plan, plan_hash, frozen_at) ON campaign_plans TO contraste_console;
--> statement-breakpoint
GRANT INSERT ON decisions, looks TO contraste_console, contraste_worker;
--> statement-breakpoint

-- Message state is written by the functions above alone: no runtime role has INSERT, UPDATE or DELETE on messages, attempts,
-- outcomes, refusals, statuses, exclusions.
GRANT INSERT, UPDATE, DELETE ON worker_leases, number_tokens TO contraste_worker;
--> statement-breakpoint
GRANT INSERT, DELETE ON message_contents TO contraste_worker;
--> statement-breakpoint
GRANT INSERT, UPDATE ON inbound_messages, conversions, campaign_conversions, webhook_dead_items, webhook_unknowns TO contraste_worker;
--> statement-breakpoint
GRANT INSERT, DELETE ON parked_statuses TO contraste_worker;
--> statement-breakpoint
GRANT UPDATE ON webhook_inbox TO contraste_worker, contraste_console;
--> statement-breakpoint
GRANT UPDATE ON inbound_messages, webhook_dead_items TO contraste_console;
--> statement-breakpoint

-- The ingress answers the internet: it stores what comes and reads only what that takes.
GRANT SELECT ON installation, app_clock, api_keys, brands, phone_numbers, purposes, wording_versions, contacts, contact_identifiers,
  identifier_index, consent_events, consent_state, contact_suppressions, suppression_lookups, campaigns, campaign_variants, messages,
  wamids, webhook_inbox, clicks, conversions, log_entries, log_pending, log_batch_items, log_payloads TO contraste_ingress;
--> statement-breakpoint
GRANT INSERT ON webhook_inbox, clicks, conversions TO contraste_ingress;
--> statement-breakpoint
GRANT UPDATE (last_used_at) ON api_keys TO contraste_ingress;
--> statement-breakpoint
GRANT UPDATE (last_webhook_at) ON phone_numbers TO contraste_ingress;
--> statement-breakpoint
GRANT SELECT ON installation, log_entries, log_batch_items, log_sequence, log_tiles, log_checkpoints, consent_events, consent_state,
  send_attempts, attempt_outcomes, gate_refusals, audit_events TO contraste_auditor;
