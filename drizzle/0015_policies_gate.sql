INSERT INTO time_zone_names (name) SELECT name FROM pg_timezone_names ON CONFLICT DO NOTHING;
--> statement-breakpoint
GRANT SELECT ON time_zone_names, policy_versions, policy_countries, policy_windows, policy_zones, policy_holidays
  TO contraste_console, contraste_worker, contraste_ingress, contraste_auditor;
--> statement-breakpoint
GRANT INSERT, UPDATE (decision, decided_by, decided_at, effective_at) ON policy_versions TO contraste_console, contraste_worker;
--> statement-breakpoint
GRANT INSERT ON policy_countries, policy_windows, policy_zones, policy_holidays TO contraste_console, contraste_worker;
--> statement-breakpoint
-- The rules of sending that hold at an instant of business time: the last approved whose time has come.
CREATE FUNCTION policy_in_force(p_at timestamptz) RETURNS uuid
  LANGUAGE sql STABLE
  SET search_path = public, pg_temp
AS $$
  SELECT id FROM policy_versions WHERE decision = 'approved' AND effective_at <= p_at ORDER BY effective_at DESC, number DESC LIMIT 1
$$;
--> statement-breakpoint
-- Whether people of a place may be written to, and when next (null: no day of the coming fortnight). The same rule as
-- lib/policies/quiet-hours.ts. A zone that is null is unknown: it must be open in every zone of the country. Nothing is known
-- of the country: closed.
CREATE FUNCTION sending_window(p_version uuid, p_country text, p_zone text, p_at timestamptz,
    OUT is_open boolean, OUT next_open_at timestamptz)
  LANGUAGE plpgsql STABLE
  SET search_path = public, pg_temp
AS $$
DECLARE
  v_rule policy_countries;
  v_zones text[];
  v_candidate timestamptz;
BEGIN
  is_open := false;
  SELECT * INTO v_rule FROM policy_countries c WHERE c.version_id = p_version AND c.country IN (p_country, 'DEFAULT')
  ORDER BY c.country = 'DEFAULT' LIMIT 1;
  IF v_rule.country IS NULL OR p_country IS NULL THEN
    RETURN;
  END IF;
  IF p_zone IS NOT NULL THEN
    v_zones := ARRAY[p_zone];
  ELSE
    SELECT array_agg(z.zone) INTO v_zones FROM policy_zones z WHERE z.version_id = p_version AND z.country =
      CASE WHEN EXISTS (SELECT FROM policy_zones o WHERE o.version_id = p_version AND o.country = p_country) THEN p_country ELSE 'DEFAULT' END;
  END IF;
  IF v_zones IS NULL THEN
    RETURN;
  END IF;
  is_open := is_open_in_all(p_version, v_rule, p_country, v_zones, p_at);
  IF is_open THEN
    next_open_at := p_at;
    RETURN;
  END IF;
  FOR v_candidate IN
    SELECT DISTINCT (((p_at AT TIME ZONE z.zone)::date + d.ahead) + w.opens) AT TIME ZONE z.zone AS opening
    FROM unnest(v_zones) AS z(zone)
    CROSS JOIN generate_series(0, 14) AS d(ahead)
    JOIN policy_windows w ON w.version_id = p_version AND w.country = v_rule.country
      AND w.weekday = extract(isodow FROM (p_at AT TIME ZONE z.zone)::date + d.ahead)
    ORDER BY 1
  LOOP
    IF v_candidate > p_at AND is_open_in_all(p_version, v_rule, p_country, v_zones, v_candidate) THEN
      next_open_at := v_candidate;
      RETURN;
    END IF;
  END LOOP;
END
$$;
--> statement-breakpoint
CREATE FUNCTION is_open_in_all(p_version uuid, p_rule policy_countries, p_country text, p_zones text[], p_at timestamptz) RETURNS boolean
  LANGUAGE sql STABLE
  SET search_path = public, pg_temp
AS $$
  SELECT coalesce(bool_and(
    EXISTS (SELECT FROM policy_windows w WHERE w.version_id = p_version AND w.country = p_rule.country
      AND w.weekday = extract(isodow FROM l.local) AND w.opens <= l.local::time AND l.local::time < w.closes)
    AND NOT (p_rule.closes_on_holidays AND EXISTS (SELECT FROM policy_holidays h
      WHERE h.version_id = p_version AND h.country = p_country AND h.day = l.local::date))), false)
  FROM unnest(p_zones) AS z(zone) CROSS JOIN LATERAL (SELECT p_at AT TIME ZONE z.zone AS local) l
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION policy_in_force(timestamptz), sending_window(uuid, text, text, timestamptz),
  is_open_in_all(uuid, policy_countries, text, text[], timestamptz) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION policy_in_force(timestamptz), sending_window(uuid, text, text, timestamptz),
  is_open_in_all(uuid, policy_countries, text, text[], timestamptz) TO contraste_console, contraste_worker;
--> statement-breakpoint
ALTER TYPE gate_verdict ADD ATTRIBUTE policy_version_id uuid;
--> statement-breakpoint
-- The gate with all twelve checks: market and age (7), quiet hours (8) and caps (9) go by the rules in force, the pair rate (10)
-- by real time; and an approval counts only as the row that somebody signed, not as a hash that is written beside it.
CREATE OR REPLACE FUNCTION gate(p_lane smallint, p_number uuid, p_limit integer, p_worker uuid, p_entry uuid) RETURNS SETOF gate_verdict
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp
AS $$
DECLARE
  -- Whole milliseconds: what the log commits to must be exactly what the row says.
  v_now timestamptz := date_trunc('milliseconds', app_now());
  v_real timestamptz := clock_timestamp();
  v_campaigns uuid[];
  v_messages uuid[];
  v_contacts uuid[];
  v_rows gate_verdict[];
  -- The rules of sending in force. Without any, checks 7 to 9 fail and everything waits (I8).
  v_policy uuid := policy_in_force(v_now);
  c_not_evaluated CONSTANT integer := 0;
BEGIN
  -- What is paused, frozen or under a kill switch is not even claimed; the checks below see what changes after this line.
  SELECT array_agg(c.id) INTO v_campaigns FROM campaigns c
  WHERE c.status = 'sending' AND c.number_id = p_number AND NOT EXISTS (
    SELECT 1 FROM kill_switches s WHERE s.released_at IS NULL AND (s.level = 'installation'
      OR (s.level = 'number' AND s.target_id = c.number_id) OR (s.level = 'campaign' AND s.target_id = c.id)));
  IF v_campaigns IS NULL THEN
    RETURN;
  END IF;

  SELECT array_agg(id) INTO v_messages FROM (
    SELECT id FROM messages
    WHERE lane = p_lane AND state = 'queued' AND not_before <= v_now AND campaign_id = ANY (v_campaigns)
    ORDER BY not_before, id LIMIT p_limit FOR UPDATE SKIP LOCKED
  ) due;
  IF v_messages IS NULL THEN
    RETURN;
  END IF;

  SELECT array_agg(id) INTO v_contacts FROM (
    SELECT k.id FROM contacts k
    WHERE k.lane = p_lane AND k.id IN (SELECT contact_id FROM messages WHERE lane = p_lane AND id = ANY (v_messages))
    ORDER BY k.id FOR NO KEY UPDATE SKIP LOCKED
  ) held;

  -- A new statement, so that it sees what was committed before the locks were obtained.
  WITH held AS MATERIALIZED (
    SELECT k.id, k.country, z.name AS time_zone FROM contacts k LEFT JOIN time_zone_names z ON z.name = k.time_zone
    WHERE k.lane = p_lane AND k.id = ANY (v_contacts)
  ), places AS MATERIALIZED (
    SELECT d.country, d.time_zone, w.is_open, w.next_open_at
    FROM (SELECT DISTINCT country, time_zone FROM held) d
    CROSS JOIN LATERAL sending_window(v_policy, d.country, d.time_zone, v_now) w
  ), facts AS (
    SELECT m.id, m.contact_id, m.campaign_id, m.variant, m.template_id, m.number_id, m.link_code, m.attempts, m.deadline_at,
      c.status, c.content_hash = c.approved_hash AND (SELECT a.decision = 'approved' AND a.content_hash = c.content_hash
        FROM campaign_approvals a WHERE a.campaign_id = c.id ORDER BY a.at DESC, a.id DESC LIMIT 1) AS is_as_approved, p.category AS purpose_category,
      t.status AS template_status, t.category AS template_category,
      EXISTS (SELECT 1 FROM kill_switches s WHERE s.released_at IS NULL AND (s.level = 'installation'
        OR (s.level = 'number' AND s.target_id = m.number_id) OR (s.level = 'campaign' AND s.target_id = m.campaign_id))) AS is_killed,
      k.erased_at, k.restricted_at, k.merged_into,
      s.status AS consent_status, s.basis_event_id, s.expires_at, w.revoked_at AS wording_revoked_at,
      (SELECT x.kind FROM contact_suppressions x
        WHERE x.lane = p_lane AND x.contact_id = m.contact_id AND x.lifted_at IS NULL AND (x.until IS NULL OR x.until > v_now)
          AND (x.scope = 'all' OR p.category = 'MARKETING')
        ORDER BY x.kind LIMIT 1) AS suppression,
      EXISTS (SELECT 1 FROM send_attempts a
        WHERE a.lane = p_lane AND a.contact_id = m.contact_id AND a.campaign_id = m.campaign_id AND a.message_id <> m.id)
        OR EXISTS (SELECT 1 FROM merged_campaigns a
        WHERE a.lane = p_lane AND a.contact_id = m.contact_id AND a.campaign_id = m.campaign_id) AS is_written_already,
      y.country IS NOT NULL AS has_rule, NOT p.category = ANY (y.blocked_categories) AS is_market_open,
      k.age_at_least, p.min_age, greatest(coalesce(p.min_age, 0), coalesce(y.consent_age, 0)) AS needed_age,
      l.is_open, l.next_open_at, y.per_day, y.per_week, p.category = 'MARKETING' AS is_capped, b.times, b.last_start
    FROM messages m
    JOIN campaigns c ON c.id = m.campaign_id
    JOIN purposes p ON p.id = m.purpose_id
    JOIN contacts k ON k.lane = m.lane AND k.id = m.contact_id
    LEFT JOIN templates t ON t.id = m.template_id AND t.deleted_at IS NULL
    LEFT JOIN consent_state s ON s.lane = m.lane AND s.contact_id = m.contact_id AND s.purpose_id = m.purpose_id
    LEFT JOIN wording_versions w ON w.id = s.wording_version_id
    JOIN held h ON h.id = m.contact_id
    JOIN places l ON l.country IS NOT DISTINCT FROM h.country AND l.time_zone IS NOT DISTINCT FROM h.time_zone
    LEFT JOIN LATERAL (
      SELECT o.* FROM policy_countries o WHERE o.version_id = v_policy AND o.country IN (k.country, 'DEFAULT')
      ORDER BY o.country = 'DEFAULT' LIMIT 1) y ON k.country IS NOT NULL
    CROSS JOIN LATERAL (
      -- Attempts of the last week that were not proven unsent: of marketing newest first, and when the last of any began.
      SELECT array_agg(a.authorised_at ORDER BY a.authorised_at DESC) FILTER (WHERE ap.category = 'MARKETING') AS times,
        max(a.start_before) AS last_start
      FROM send_attempts a
      JOIN messages am ON am.lane = a.lane AND am.id = a.message_id
      JOIN purposes ap ON ap.id = am.purpose_id
      WHERE a.lane = p_lane AND a.contact_id = m.contact_id AND a.authorised_at > v_now - interval '168 hours'
        AND NOT EXISTS (SELECT FROM attempt_outcomes u
          WHERE u.lane = a.lane AND u.attempt_id = a.id AND u.kind IN ('unsent', 'retry', 'rejected'))) b
    WHERE m.lane = p_lane AND m.id = ANY (v_messages) AND m.contact_id = ANY (v_contacts)
  ), capped AS (
    SELECT f.*, (SELECT count(*) FROM unnest(f.times) t WHERE t > v_now - interval '24 hours') AS in_day,
      coalesce(cardinality(f.times), 0) AS in_week
    FROM facts f
  ), checked AS (
    SELECT f.*, ARRAY[
      NOT f.is_killed,
      f.status = 'sending' AND f.is_as_approved IS TRUE,
      f.template_status IS NOT DISTINCT FROM 'APPROVED' AND f.template_category IS NOT DISTINCT FROM f.purpose_category,
      f.erased_at IS NULL AND f.restricted_at IS NULL AND f.merged_into IS NULL,
      f.consent_status IS NOT DISTINCT FROM 'granted' AND (f.expires_at IS NULL OR f.expires_at > v_now)
        AND f.wording_revoked_at IS NULL AND f.basis_event_id IS NOT NULL,
      f.suppression IS NULL,
      f.has_rule AND f.is_market_open AND CASE WHEN f.age_at_least IS NULL THEN f.min_age IS NULL
        ELSE f.age_at_least >= f.needed_age END,
      f.is_open,
      f.has_rule AND (NOT f.is_capped OR (f.in_day < f.per_day AND f.in_week < f.per_week)),
      -- Real time, as Meta counts it: the last attempt began at most two seconds before its start_before.
      f.last_start IS NULL OR f.last_start <= v_real - interval '4 seconds',
      f.deadline_at IS NULL OR f.deadline_at > v_now,
      NOT f.is_written_already
    ]::boolean[] AS results
    FROM capped f
  ), judged AS (
    SELECT k.*,
      (SELECT coalesce(sum(CASE WHEN r.ok THEN 1 << (r.i::int - 1) ELSE 0 END), 0)::integer
        FROM unnest(k.results) WITH ORDINALITY AS r(ok, i)) AS mask,
      (SELECT min(r.i)::smallint FROM unnest(k.results) WITH ORDINALITY AS r(ok, i) WHERE r.ok IS FALSE) AS failed
    FROM checked k
  )
  SELECT array_agg(ROW(
    j.id, j.contact_id, j.campaign_id, j.variant, j.template_id, j.number_id, j.link_code, (j.attempts + 1)::smallint,
    j.basis_event_id, j.mask, c_not_evaluated, j.failed,
    CASE
      WHEN j.failed IS NULL THEN 'send'
      WHEN j.failed = 1 THEN 'wait'
      WHEN j.failed = 2 AND j.status IN ('stopped', 'archived', 'measuring', 'concluded') THEN 'cancelled'
      WHEN j.failed = 2 THEN 'wait'
      WHEN j.failed = 3 AND j.template_status IN ('PAUSED', 'PENDING', 'FLAGGED', 'IN_APPEAL') THEN 'wait'
      WHEN j.failed = 7 AND v_policy IS NULL THEN 'wait'
      WHEN j.failed IN (8, 9, 10) THEN 'wait'
      WHEN j.failed = 11 THEN 'missed_deadline'
      ELSE 'skipped'
    END,
    CASE
      WHEN j.failed IS NULL THEN NULL
      WHEN j.failed = 1 THEN 'kill_switch'
      WHEN j.failed = 2 AND j.status = 'sending' THEN 'content_changed'
      WHEN j.failed = 2 THEN 'campaign_' || j.status
      WHEN j.failed = 3 THEN 'template_' || lower(coalesce(j.template_status, 'missing'))
      WHEN j.failed = 4 THEN CASE WHEN j.erased_at IS NOT NULL THEN 'erased'
        WHEN j.merged_into IS NOT NULL THEN 'merged' ELSE 'restricted' END
      WHEN j.failed = 5 THEN CASE
        WHEN j.consent_status IS NOT DISTINCT FROM 'granted' AND j.wording_revoked_at IS NOT NULL THEN 'wording_revoked'
        WHEN j.consent_status IS NOT DISTINCT FROM 'granted' THEN 'consent_expired'
        ELSE 'consent_' || coalesce(j.consent_status, 'none') END
      WHEN j.failed = 6 THEN 'suppressed_' || j.suppression
      WHEN j.failed = 7 THEN CASE WHEN v_policy IS NULL THEN 'rules_missing' WHEN NOT j.has_rule THEN 'country_unknown'
        WHEN NOT j.is_market_open THEN 'market_blocked' WHEN j.age_at_least IS NULL THEN 'age_unknown' ELSE 'too_young' END
      WHEN j.failed = 8 THEN 'quiet_hours'
      WHEN j.failed = 9 THEN 'frequency_cap'
      WHEN j.failed = 10 THEN 'pair_rate'
      WHEN j.failed = 11 THEN 'deadline'
      ELSE 'written_already'
    END,
    CASE
      WHEN j.failed = 8 THEN coalesce(j.next_open_at, v_now + interval '1 day')
      -- When as many of the counted ones have left the window as must; a cap of none is looked at again tomorrow.
      WHEN j.failed = 9 THEN greatest(
        CASE WHEN j.in_day >= j.per_day THEN coalesce(j.times[nullif(j.per_day, 0)], v_now) + interval '24 hours' END,
        CASE WHEN j.in_week >= j.per_week THEN coalesce(j.times[nullif(j.per_week, 0)], v_now) + interval '168 hours' END)
      WHEN j.failed = 10 THEN v_now + interval '6 seconds'
      ELSE v_now + interval '30 seconds'
    END,
    CASE WHEN j.failed IS NULL THEN uuid_v7_at(v_real) END,
    v_now, v_policy
  )::gate_verdict) INTO v_rows FROM judged j;

  IF v_rows IS NULL THEN
    RETURN;
  END IF;

  INSERT INTO send_attempts (lane, id, message_id, contact_id, campaign_id, n, basis, basis_event_id, checks, not_evaluated,
    policy_version_id, authorised_at, start_before, worker_id, entry_id)
  SELECT p_lane, r.attempt_id, r.message_id, r.contact_id, r.campaign_id, r.n, 'consent', r.basis_event_id, r.checks, c_not_evaluated,
    v_policy, v_now, v_real + interval '2 seconds', p_worker, p_entry
  FROM unnest(v_rows) r WHERE r.outcome = 'send';

  INSERT INTO gate_refusals (lane, message_id, campaign_id, contact_id, check_number, reason, at, entry_id)
  SELECT p_lane, r.message_id, r.campaign_id, r.contact_id, r.failed, r.reason, v_now, p_entry
  FROM unnest(v_rows) r WHERE r.outcome IN ('skipped', 'cancelled', 'missed_deadline')
  ON CONFLICT DO NOTHING;

  UPDATE messages m SET
    state = CASE WHEN r.outcome = 'send' THEN 'sending' WHEN r.outcome = 'wait' THEN 'queued' ELSE r.outcome END,
    reason = CASE WHEN r.outcome = 'send' THEN NULL ELSE r.reason END,
    -- What made the attempt before this one wait says nothing about this one.
    error_code = CASE WHEN r.outcome = 'send' THEN NULL ELSE m.error_code END,
    attempts = CASE WHEN r.outcome = 'send' THEN r.n ELSE m.attempts END,
    attempt_id = coalesce(r.attempt_id, m.attempt_id),
    not_before = CASE WHEN r.outcome = 'wait' THEN r.not_before ELSE m.not_before END,
    state_at = v_now
  FROM unnest(v_rows) r WHERE m.lane = p_lane AND m.id = r.message_id;

  -- A changed text must not go out: the campaign freezes, all variants of it (compliance 3.1, outcomes of a refusal).
  UPDATE campaigns c SET status = 'frozen', resumes_as = c.status, frozen_reason = 'content_changed', updated_at = v_now
  WHERE c.status = 'sending' AND c.id IN (SELECT r.campaign_id FROM unnest(v_rows) r WHERE r.reason = 'content_changed');

  RETURN QUERY SELECT * FROM unnest(v_rows) r WHERE r.outcome <> 'wait';
END
$$;
