-- What the worker and the console know of numbers and their limits; the ingress only marks a webhook it refused.
GRANT SELECT, INSERT ON number_events TO contraste_console, contraste_worker;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON account_calls TO contraste_console, contraste_worker;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON portfolio_recipients, portfolio_usage, portfolio_leases TO contraste_worker;
--> statement-breakpoint
GRANT SELECT ON portfolio_usage TO contraste_console;
--> statement-breakpoint
GRANT UPDATE ON number_tokens TO contraste_console;
--> statement-breakpoint
GRANT UPDATE (webhook_refused_at) ON phone_numbers TO contraste_ingress;
--> statement-breakpoint
-- Meta limits how often one number writes to one person (131056): whatever else waits for these people waits longer, nobody else.
CREATE FUNCTION space_messages(p_lane smallint, p_number uuid, p_contacts uuid[], p_not_before timestamptz[]) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp
AS $$
DECLARE v_count integer;
BEGIN
  WITH waiting AS (
    SELECT m.id, p.not_before FROM messages m
    JOIN unnest(p_contacts, p_not_before) AS p(contact_id, not_before) ON p.contact_id = m.contact_id
    WHERE m.lane = p_lane AND m.number_id = p_number AND m.state = 'queued' AND m.not_before < p.not_before
    ORDER BY m.id FOR UPDATE OF m SKIP LOCKED
  )
  UPDATE messages m SET not_before = w.not_before FROM waiting w WHERE m.lane = p_lane AND m.id = w.id;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  RETURN v_count;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION space_messages(smallint, uuid, uuid[], timestamptz[]) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION space_messages(smallint, uuid, uuid[], timestamptz[]) TO contraste_worker;
