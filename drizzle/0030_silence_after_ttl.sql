-- What silence ends as (README, States): past its deadline never sent; unknown for 24 h; accepted or sent and silent past the time
-- for which Meta tries (whatsapp/cloud-api 2.6) and a day more. The template says how long Meta tries, 30 days unless it says
-- otherwise; for marketing that is honoured over the Marketing Messages API alone.
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
  -- Each branch reads an index of its own (messages_by_deadline, messages_silent), not the whole lane.
  v_ids := ARRAY(
    SELECT id FROM (
      SELECT id FROM messages
      WHERE lane = p_lane AND state IN ('planned', 'queued') AND deadline_at IS NOT NULL AND deadline_at <= v_now
      UNION ALL
      SELECT m.id FROM messages m
      LEFT JOIN campaign_variants v ON v.campaign_id = m.campaign_id AND v.key = m.variant
      LEFT JOIN templates t ON t.id = coalesce(m.template_id, v.template_id)
      LEFT JOIN phone_numbers n ON n.id = m.number_id
      WHERE m.lane = p_lane AND m.state IN ('accepted', 'sent', 'unknown') AND m.state_at < v_now - v_day
        AND (m.state = 'unknown' OR m.state_at < v_now - v_day - make_interval(secs => CASE
          WHEN t.ttl_seconds > 0 AND (t.category <> 'MARKETING' OR n.endpoint = 'marketing_messages') THEN t.ttl_seconds
          ELSE 2592000 END))
    ) silent LIMIT 5000);
  UPDATE messages m SET
    state = CASE m.state WHEN 'queued' THEN 'missed_deadline' WHEN 'planned' THEN 'missed_deadline'
      WHEN 'unknown' THEN 'unknown_final' ELSE 'no_status' END,
    reason = CASE WHEN m.state IN ('queued', 'planned') THEN 'deadline' ELSE m.reason END,
    state_at = v_now
  FROM (
    -- Under the lock the facts are looked at again: a status may just have come.
    SELECT id FROM messages
    WHERE lane = p_lane AND id = ANY (v_ids) AND (
      (state IN ('planned', 'queued') AND deadline_at <= v_now)
      OR (state IN ('accepted', 'sent', 'unknown') AND state_at < v_now - v_day))
    FOR UPDATE SKIP LOCKED
  ) q WHERE m.lane = p_lane AND m.id = q.id;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  RETURN v_count;
END
$$;
