-- What ends without having left is logged like a refusal of the gate: deadlines that passed (check 11) and stopped campaigns (2).
DROP FUNCTION cancel_messages(uuid);
--> statement-breakpoint
-- Messages of a stopped campaign that had not left: cancelled. In flight ones end by their outcome.
CREATE FUNCTION cancel_messages(p_lane smallint, p_campaign uuid, p_entry uuid)
  RETURNS TABLE (message_id uuid, contact_id uuid, campaign_id uuid, check_number smallint, reason text, at timestamptz)
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp
AS $$
DECLARE
  v_now timestamptz := date_trunc('milliseconds', app_now());
BEGIN
  RETURN QUERY
  WITH waiting AS (
    SELECT m.id FROM messages m JOIN campaigns c ON c.id = m.campaign_id
    WHERE m.lane = p_lane AND m.campaign_id = p_campaign AND m.state IN ('planned', 'queued') AND c.status IN ('stopped', 'archived')
    ORDER BY m.id LIMIT 5000 FOR UPDATE OF m SKIP LOCKED
  ), ended AS (
    UPDATE messages m SET state = 'cancelled', reason = 'campaign_stopped', state_at = v_now
    FROM waiting w WHERE m.lane = p_lane AND m.id = w.id
    RETURNING m.id, m.contact_id, m.campaign_id
  ), noted AS (
    INSERT INTO gate_refusals (lane, message_id, campaign_id, contact_id, check_number, reason, at, entry_id)
    SELECT p_lane, e.id, e.campaign_id, e.contact_id, 2, 'campaign_stopped', v_now, p_entry FROM ended e ON CONFLICT DO NOTHING
  )
  SELECT e.id, e.contact_id, e.campaign_id, 2::smallint, 'campaign_stopped'::text, v_now FROM ended e;
END
$$;
--> statement-breakpoint
-- Messages that had not left by their deadline. What is locked is being looked at by the gate, or is met the next time.
CREATE FUNCTION miss_deadlines(p_lane smallint, p_entry uuid)
  RETURNS TABLE (message_id uuid, contact_id uuid, campaign_id uuid, check_number smallint, reason text, at timestamptz)
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp
AS $$
DECLARE
  v_now timestamptz := date_trunc('milliseconds', app_now());
BEGIN
  RETURN QUERY
  WITH waiting AS (
    SELECT m.id FROM messages m
    WHERE m.lane = p_lane AND m.state IN ('planned', 'queued') AND m.deadline_at IS NOT NULL AND m.deadline_at <= v_now
    ORDER BY m.deadline_at LIMIT 5000 FOR UPDATE SKIP LOCKED
  ), ended AS (
    UPDATE messages m SET state = 'missed_deadline', reason = 'deadline', state_at = v_now
    FROM waiting w WHERE m.lane = p_lane AND m.id = w.id
    RETURNING m.id, m.contact_id, m.campaign_id
  ), noted AS (
    INSERT INTO gate_refusals (lane, message_id, campaign_id, contact_id, check_number, reason, at, entry_id)
    SELECT p_lane, e.id, e.campaign_id, e.contact_id, 11, 'deadline', v_now, p_entry FROM ended e ON CONFLICT DO NOTHING
  )
  SELECT e.id, e.contact_id, e.campaign_id, 11::smallint, 'deadline'::text, v_now FROM ended e;
END
$$;
--> statement-breakpoint
-- What silence ends as (README, States) once it has left: unknown for 24 h; accepted or sent and silent past the time for which Meta
-- tries (whatsapp/cloud-api 2.6) and a day more. The template says how long Meta tries, 30 days unless it says otherwise; for
-- marketing that is honoured over the Marketing Messages API alone.
CREATE OR REPLACE FUNCTION settle_silence(p_lane smallint) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp
AS $$
DECLARE
  v_now timestamptz := app_now();
  v_day constant interval := interval '24 hours';
  v_ids uuid[];
  v_count integer;
BEGIN
  v_ids := ARRAY(
    SELECT m.id FROM messages m
    LEFT JOIN campaign_variants v ON v.campaign_id = m.campaign_id AND v.key = m.variant
    LEFT JOIN templates t ON t.id = coalesce(m.template_id, v.template_id)
    LEFT JOIN phone_numbers n ON n.id = m.number_id
    WHERE m.lane = p_lane AND m.state IN ('accepted', 'sent', 'unknown') AND m.state_at < v_now - v_day
      AND (m.state = 'unknown' OR m.state_at < v_now - v_day - make_interval(secs => CASE
        WHEN t.ttl_seconds > 0 AND (t.category <> 'MARKETING' OR n.endpoint = 'marketing_messages') THEN t.ttl_seconds
        ELSE 2592000 END))
    LIMIT 5000);
  UPDATE messages m SET state = CASE m.state WHEN 'unknown' THEN 'unknown_final' ELSE 'no_status' END, state_at = v_now
  FROM (
    -- Under the lock the facts are looked at again: a status may just have come.
    SELECT id FROM messages
    WHERE lane = p_lane AND id = ANY (v_ids) AND state IN ('accepted', 'sent', 'unknown') AND state_at < v_now - v_day
    FOR UPDATE SKIP LOCKED
  ) q WHERE m.lane = p_lane AND m.id = q.id;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  RETURN v_count;
END
$$;
--> statement-breakpoint
-- Which of these messages nobody knows the fate of, held until the caller has written what a status told of them.
CREATE FUNCTION unknown_attempts(p_lane smallint, p_messages uuid[])
  RETURNS TABLE (message_id uuid, attempt_id uuid, contact_id uuid)
  LANGUAGE sql VOLATILE SECURITY DEFINER
  SET search_path = public, pg_temp
AS $$
  SELECT m.id, m.attempt_id, m.contact_id FROM messages m
  WHERE m.lane = p_lane AND m.id = ANY (p_messages) AND m.state IN ('unknown', 'unknown_final') AND m.attempt_id IS NOT NULL
  ORDER BY m.id FOR UPDATE
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION cancel_messages(smallint, uuid, uuid), miss_deadlines(smallint, uuid),
  unknown_attempts(smallint, uuid[]) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION cancel_messages(smallint, uuid, uuid), miss_deadlines(smallint, uuid),
  unknown_attempts(smallint, uuid[]) TO contraste_worker;
