-- Business time as it passes within a statement: app_now() stands still from the statement's beginning to its end.
CREATE FUNCTION app_instant() RETURNS timestamptz
  LANGUAGE sql VOLATILE
  SET search_path = public, pg_temp
AS $$
  SELECT coalesce(
    (SELECT anchor_app + (clock_timestamp() - anchor_real) * speed FROM app_clock),
    clock_timestamp())
$$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION app_instant() FROM PUBLIC;
--> statement-breakpoint
-- The gate as it was, and: marketing rests longer each time that Meta refuses it (131049); a purpose has caps and spacing of its own;
-- a campaign keeps its own hours inside the rules; of one person's messages a claim takes one. The instant of the attempts truly
-- comes after the locks: by app_now() it was that of the claim's beginning, and a consent that was recorded meanwhile looked
-- younger than the attempt that rests on it. Everything about a claim's people is found by index, one person at a time, so the
-- cost grows with the claim and not with its square, nor with what the lane holds.
CREATE OR REPLACE FUNCTION gate(p_lane smallint, p_number uuid, p_limit integer, p_worker uuid, p_entry uuid) RETURNS SETOF gate_verdict
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp
  -- Planned once a session: planning these statements anew for each claim costs more than running them. The plan may have been
  -- made when tables were still empty, so that reading one whole must not look cheap.
  SET plan_cache_mode = force_generic_plan
  SET enable_seqscan = off
AS $$
DECLARE
  -- Whole milliseconds: what the log commits to must be exactly what the row says.
  v_now timestamptz := date_trunc('milliseconds', app_now());
  v_real timestamptz := clock_timestamp();
  v_campaigns uuid[];
  v_messages uuid[];
  v_contacts uuid[];
  v_direct uuid[];
  v_rows gate_verdict[];
  -- The rules of sending in force. Without any, checks 7 to 9 fail and everything waits (I8).
  v_policy uuid := policy_in_force(v_now);
BEGIN
  -- What is paused, frozen or under a kill switch is not even claimed; the checks below see what changes after this line.
  SELECT array_agg(c.id) INTO v_campaigns FROM campaigns c
  WHERE c.status = 'sending' AND c.number_id = p_number AND NOT EXISTS (
    SELECT 1 FROM kill_switches s WHERE s.released_at IS NULL AND (s.level = 'installation'
      OR (s.level = 'number' AND s.target_id = c.number_id) OR (s.level = 'campaign' AND s.target_id = c.id)));

  -- One person's message goes before a crowd's. A number that waits for its first release is what a test is for.
  SELECT array_agg(id) INTO v_direct FROM (
    SELECT id FROM messages m
    WHERE lane = p_lane AND state = 'queued' AND campaign_id IS NULL AND not_before <= v_now AND number_id = p_number
      AND NOT EXISTS (SELECT 1 FROM kill_switches s WHERE s.released_at IS NULL
        AND (s.level = 'installation' OR (s.level = 'number' AND s.target_id = p_number))
        AND (m.basis <> 'test' OR s.cause IS DISTINCT FROM 'new_number'))
    ORDER BY not_before, id LIMIT p_limit FOR UPDATE SKIP LOCKED
  ) due;

  IF v_campaigns IS NOT NULL AND coalesce(cardinality(v_direct), 0) < p_limit THEN
    SELECT array_agg(id) INTO v_messages FROM (
      SELECT id FROM messages
      WHERE lane = p_lane AND state = 'queued' AND not_before <= v_now AND campaign_id = ANY (v_campaigns)
      ORDER BY not_before, id LIMIT p_limit - coalesce(cardinality(v_direct), 0) FOR UPDATE SKIP LOCKED
    ) due;
  END IF;
  v_messages := CASE WHEN v_direct IS NULL THEN v_messages ELSE v_direct || coalesce(v_messages, '{}') END;
  IF v_messages IS NULL THEN
    RETURN;
  END IF;

  SELECT array_agg(id) INTO v_contacts FROM (
    SELECT k.id FROM contacts k
    WHERE k.lane = p_lane AND k.id IN (SELECT contact_id FROM messages WHERE lane = p_lane AND id = ANY (v_messages))
    ORDER BY k.id FOR NO KEY UPDATE SKIP LOCKED
  ) held;

  -- One message to a person in a claim: caps, spacing and check 12 count what is committed, and a second one of the same claim is
  -- not. It stays as it is, due, for the next claim.
  v_messages := ARRAY(SELECT DISTINCT ON (m.contact_id) m.id FROM messages m
    WHERE m.lane = p_lane AND m.id = ANY (v_messages) ORDER BY m.contact_id, m.campaign_id IS NOT NULL, m.not_before, m.id);

  -- The instant of the attempts comes after the locks: whatever the checks see had been recorded by then, and whoever waits for
  -- the locks records later. So the log alone tells what came first.
  v_now := date_trunc('milliseconds', app_instant());

  -- A new statement, so that it sees what was committed before the locks were obtained.
  WITH places AS MATERIALIZED (
    SELECT d.country, d.time_zone, w.is_open, w.next_open_at
    FROM (SELECT DISTINCT k.country, z.name AS time_zone FROM contacts k LEFT JOIN time_zone_names z ON z.name = k.time_zone
      WHERE k.lane = p_lane AND k.id = ANY (v_contacts)) d
    CROSS JOIN LATERAL sending_window(v_policy, d.country, d.time_zone, v_now) w
  ), hours AS MATERIALIZED (
    -- A campaign's own weekdays and hours, on the clocks of each place, inside the rules of sending.
    SELECT c.id AS campaign_id, d.country, d.time_zone, w.is_open, w.next_open_at
    FROM campaigns c CROSS JOIN places d
    CROSS JOIN LATERAL campaign_hours(c.schedule -> 'hours', v_policy, d.country, d.time_zone, v_now) w
    WHERE c.id = ANY (v_campaigns) AND c.schedule -> 'hours' <> 'null'
  ), facts AS (
    SELECT m.id, m.contact_id, m.campaign_id, m.variant, m.template_id, m.number_id, m.link_code, m.attempts, m.deadline_at,
      m.kind, m.basis,
      c.status, c.content_hash = c.approved_hash AND (SELECT a.decision = 'approved' AND a.content_hash = c.content_hash
        FROM campaign_approvals a WHERE a.campaign_id = c.id ORDER BY a.at DESC, a.id DESC LIMIT 1) AS is_as_approved,
      p.category AS purpose_category, g.category,
      t.status AS template_status, t.category AS template_category,
      EXISTS (SELECT 1 FROM kill_switches s WHERE s.released_at IS NULL AND (s.level = 'installation'
        OR (s.level = 'number' AND s.target_id = m.number_id) OR (s.level = 'campaign' AND s.target_id = m.campaign_id))
        AND (m.basis <> 'test' OR s.cause IS DISTINCT FROM 'new_number')) AS is_killed,
      k.erased_at, k.restricted_at, k.merged_into,
      s.status AS consent_status, s.expires_at, w.revoked_at AS wording_revoked_at,
      CASE m.basis WHEN 'consent' THEN s.basis_event_id ELSE r.ground_id END AS ground_id,
      CASE m.basis
        WHEN 'consent' THEN s.status IS NOT DISTINCT FROM 'granted' AND (s.expires_at IS NULL OR s.expires_at > v_now)
          AND w.revoked_at IS NULL AND s.basis_event_id IS NOT NULL
        WHEN 'request' THEN s.status IS NOT DISTINCT FROM 'pending' AND (s.pending_until IS NULL OR s.pending_until >= v_now)
          AND r.ground_id IS NOT NULL
        ELSE r.ground_id IS NOT NULL
      END AS has_ground,
      (SELECT x.kind FROM contact_suppressions x
        WHERE x.lane = p_lane AND x.contact_id = m.contact_id AND x.lifted_at IS NULL AND (x.until IS NULL OR x.until > v_now)
          AND (x.scope = 'all' OR g.category = 'MARKETING')
          -- Whoever asks anew by an act of their own may be asked whether they mean it, in spite of their own refusal before.
          AND NOT (m.basis = 'request' AND x.kind = 'withdrawn' AND r.asked_at IS NOT NULL AND x.since < r.asked_at)
        ORDER BY x.kind LIMIT 1) AS suppression,
      CASE m.kind
        WHEN 'campaign' THEN EXISTS (SELECT 1 FROM send_attempts a
            WHERE a.lane = p_lane AND a.contact_id = m.contact_id AND a.campaign_id = m.campaign_id AND a.message_id <> m.id
            ORDER BY a.contact_id, a.authorised_at OFFSET 0)
          OR EXISTS (SELECT 1 FROM merged_campaigns a
            WHERE a.lane = p_lane AND a.contact_id = m.contact_id AND a.campaign_id = m.campaign_id)
        WHEN 'opt_out_confirmation' THEN EXISTS (SELECT 1 FROM send_attempts a
          JOIN messages o ON o.lane = a.lane AND o.id = a.message_id AND o.kind = m.kind AND o.id <> m.id
          WHERE a.lane = p_lane AND a.contact_id = m.contact_id AND a.authorised_at > v_now - interval '24 hours')
        WHEN 'consent_request' THEN EXISTS (SELECT 1 FROM send_attempts a
          WHERE a.lane = p_lane AND a.contact_id = m.contact_id AND a.basis = 'request' AND a.basis_event_id = m.ground_id
            AND a.message_id <> m.id)
      END AS is_written_already,
      y.country IS NOT NULL AS has_rule, NOT g.category = ANY (y.blocked_categories) AS is_market_open,
      k.age_at_least, p.min_age, greatest(coalesce(p.min_age, 0), coalesce(y.consent_age, 0)) AS needed_age,
      l.is_open AND o.is_open IS NOT FALSE AS is_open,
      CASE WHEN o.is_open IS FALSE THEN coalesce(greatest(o.next_open_at, l.next_open_at), v_now + interval '1 day')
        ELSE l.next_open_at END AS next_open_at,
      l.is_open AS is_permitted,
      p.per_day AS own_per_day, p.per_week AS own_per_week, p.per_month AS own_per_month, p.spacing_hours, b.own_times,
      y.per_day, y.per_week, p.category = 'MARKETING' AS is_capped, b.times, b.last_start,
      -- Most people were never refused: asked first, because the answer costs a call.
      CASE WHEN EXISTS (SELECT FROM messages x WHERE x.lane = p_lane AND x.contact_id = m.contact_id
          AND x.state_at > v_now - interval '30 days' AND x.error_code = 131049)
        OR EXISTS (SELECT FROM merged_attempts x WHERE x.lane = p_lane AND x.contact_id = m.contact_id AND x.cooling_until > v_now)
      THEN marketing_rests_until(p_lane, m.contact_id, v_now) END AS cooling_until
    FROM messages m
    LEFT JOIN campaigns c ON c.id = m.campaign_id
    LEFT JOIN purposes p ON p.id = m.purpose_id
    JOIN contacts k ON k.lane = m.lane AND k.id = m.contact_id
    LEFT JOIN templates t ON t.id = m.template_id AND t.deleted_at IS NULL
    LEFT JOIN consent_state s ON s.lane = m.lane AND s.contact_id = m.contact_id AND s.purpose_id = m.purpose_id
    LEFT JOIN wording_versions w ON w.id = s.wording_version_id
    CROSS JOIN LATERAL (SELECT coalesce(p.category, t.category, 'SERVICE') AS category) g
    -- What a message outside of campaigns rests on, found now, whatever was planned.
    LEFT JOIN LATERAL (
      (SELECT i.id AS ground_id, NULL::timestamptz AS asked_at FROM inbound_messages i
        WHERE m.basis = 'service' AND i.lane = p_lane AND i.contact_id = m.contact_id AND i.number_id = m.number_id
          AND i.classification <> 'system' AND least(i.provider_at, i.received_at) > v_now - interval '24 hours'
        ORDER BY i.provider_at DESC, i.id LIMIT 1)
      UNION ALL
      SELECT e.id, CASE e.source_class WHEN 'A' THEN e.occurred_at END FROM consent_events e
        WHERE m.basis = 'request' AND e.lane = p_lane AND e.id = m.ground_id AND e.contact_id = m.contact_id
          AND e.purpose_id = m.purpose_id AND e.type IN ('requested', 'granted')
      UNION ALL
      SELECT o.id, NULL FROM own_numbers o
        WHERE m.basis = 'test' AND o.lane = p_lane AND o.id = m.ground_id AND o.contact_id = m.contact_id AND o.withdrawn_at IS NULL
    ) r ON true
    LEFT JOIN time_zone_names z ON z.name = k.time_zone
    JOIN places l ON l.country IS NOT DISTINCT FROM k.country AND l.time_zone IS NOT DISTINCT FROM z.name
    LEFT JOIN hours o ON o.campaign_id = m.campaign_id AND o.country IS NOT DISTINCT FROM k.country
      AND o.time_zone IS NOT DISTINCT FROM z.name
    LEFT JOIN LATERAL (
      SELECT o.* FROM policy_countries o WHERE o.version_id = v_policy AND o.country IN (k.country, 'DEFAULT')
      ORDER BY o.country = 'DEFAULT' LIMIT 1) y ON k.country IS NOT NULL
    CROSS JOIN LATERAL (
      -- Attempts of the last week that were not proven unsent: of marketing newest first, and when the last of any began. Of the same
      -- purpose as many days back as its own caps ask.
      SELECT array_agg(a.authorised_at ORDER BY a.authorised_at DESC)
          FILTER (WHERE a.is_marketing AND a.authorised_at > v_now - interval '168 hours') AS times,
        array_agg(a.authorised_at ORDER BY a.authorised_at DESC) FILTER (WHERE a.is_own) AS own_times,
        max(a.start_before) AS last_start
      FROM (
        SELECT a.authorised_at, a.start_before, ap.category = 'MARKETING' AS is_marketing, am.purpose_id = m.purpose_id AS is_own
        -- The order is that of the index by contact: a plan made for an empty table must not read the whole lane later.
        FROM (SELECT s.lane, s.id, s.message_id, s.authorised_at, s.start_before FROM send_attempts s
          WHERE s.lane = p_lane AND s.contact_id = m.contact_id
            AND s.authorised_at > v_now - CASE WHEN p.per_month IS NULL AND p.spacing_hours IS NULL THEN interval '168 hours'
              ELSE interval '720 hours' END
          ORDER BY s.contact_id, s.authorised_at DESC OFFSET 0) a
        JOIN messages am ON am.lane = a.lane AND am.id = a.message_id
        LEFT JOIN purposes ap ON ap.id = am.purpose_id
        WHERE NOT EXISTS (SELECT FROM attempt_outcomes u
            WHERE u.lane = a.lane AND u.attempt_id = a.id AND u.kind IN ('unsent', 'retry', 'rejected'))
        UNION ALL
        -- Of what somebody got as another contact only the category is known: marketing counts for every marketing purpose.
        SELECT x.authorised_at, x.start_before, x.is_marketing, x.is_marketing AND p.category = 'MARKETING' FROM merged_attempts x
        WHERE x.lane = p_lane AND x.contact_id = m.contact_id AND x.authorised_at > v_now - interval '720 hours'
      ) a) b
    WHERE m.lane = p_lane AND m.id = ANY (v_messages) AND m.contact_id = ANY (v_contacts)
  ), capped AS (
    SELECT f.*, (SELECT count(*) FROM unnest(f.times) t WHERE t > v_now - interval '24 hours') AS in_day,
      coalesce(cardinality(f.times), 0) AS in_week,
      -- Where a purpose allows so many in so long: when the oldest of them that counts leaves the time. Null: there is room.
      greatest(
        f.own_times[nullif(f.own_per_day, 0)] + interval '24 hours',
        f.own_times[nullif(f.own_per_week, 0)] + interval '168 hours',
        f.own_times[nullif(f.own_per_month, 0)] + interval '720 hours',
        f.own_times[1] + make_interval(hours => f.spacing_hours)
      ) AS own_room_at
    FROM facts f
  ), checked AS (
    SELECT f.*, ARRAY[
      NOT f.is_killed,
      f.status = 'sending' AND f.is_as_approved IS TRUE,
      f.template_status IS NOT DISTINCT FROM 'APPROVED' AND CASE f.basis
        WHEN 'consent' THEN f.template_category IS NOT DISTINCT FROM f.purpose_category
        -- An answer is no way around a consent.
        WHEN 'service' THEN f.template_category <> 'MARKETING'
        ELSE true END,
      f.erased_at IS NULL AND f.restricted_at IS NULL AND f.merged_into IS NULL,
      f.has_ground,
      f.suppression IS NULL,
      f.has_rule AND f.is_market_open AND CASE WHEN f.age_at_least IS NULL THEN f.min_age IS NULL
        ELSE f.age_at_least >= f.needed_age END,
      f.is_open,
      f.has_rule AND (NOT f.is_capped OR (f.in_day < f.per_day AND f.in_week < f.per_week
        AND (f.cooling_until IS NULL OR f.cooling_until <= v_now)))
        AND (f.own_room_at IS NULL OR f.own_room_at <= v_now),
      -- Real time, as Meta counts it: the last attempt began at most two seconds before its start_before.
      f.last_start IS NULL OR f.last_start <= v_real - interval '4 seconds',
      f.deadline_at IS NULL OR f.deadline_at > v_now,
      NOT f.is_written_already
    ]::boolean[] AS results,
    -- Which of them the basis asks. In place of a consent stands the ground of the other bases: where it lacks, 5 refuses.
    ARRAY[
      true, f.basis = 'consent', f.basis = 'consent' OR f.template_id IS NOT NULL, true, f.basis <> 'service' OR NOT f.has_ground,
      f.kind <> 'opt_out_confirmation', true, f.basis IN ('consent', 'request'), f.basis IN ('consent', 'request'),
      true, true, f.kind IN ('campaign', 'opt_out_confirmation', 'consent_request')
    ]::boolean[] AS asked
    FROM capped f
  ), judged AS (
    SELECT k.*, v.mask, v.not_evaluated, v.failed FROM checked k CROSS JOIN LATERAL (
      SELECT coalesce(sum(1 << (x.i::int - 1)) FILTER (WHERE x.asked AND x.ok IS TRUE), 0)::integer AS mask,
        coalesce(sum(1 << (x.i::int - 1)) FILTER (WHERE NOT x.asked), 0)::integer AS not_evaluated,
        -- What cannot be told has not passed (I8).
        (min(x.i) FILTER (WHERE x.asked AND x.ok IS NOT TRUE))::smallint AS failed
      FROM unnest(k.results, k.asked) WITH ORDINALITY AS x(ok, asked, i)
    ) v
  )
  SELECT array_agg(ROW(
    j.id, j.contact_id, j.campaign_id, j.variant, j.template_id, j.number_id, j.link_code, (j.attempts + 1)::smallint,
    j.ground_id, j.mask, j.not_evaluated, j.failed,
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
      WHEN j.failed = 3 AND j.basis = 'service' AND j.template_status = 'APPROVED' THEN 'template_marketing'
      WHEN j.failed = 3 THEN 'template_' || lower(coalesce(j.template_status, 'missing'))
      WHEN j.failed = 4 THEN CASE WHEN j.erased_at IS NOT NULL THEN 'erased'
        WHEN j.merged_into IS NOT NULL THEN 'merged' ELSE 'restricted' END
      WHEN j.failed = 5 AND j.basis = 'service' THEN 'window_closed'
      WHEN j.failed = 5 AND j.basis = 'request' THEN 'not_pending'
      WHEN j.failed = 5 AND j.basis = 'test' THEN 'not_own_number'
      WHEN j.failed = 5 THEN CASE
        WHEN j.consent_status IS NOT DISTINCT FROM 'granted' AND j.wording_revoked_at IS NOT NULL THEN 'wording_revoked'
        WHEN j.consent_status IS NOT DISTINCT FROM 'granted' THEN 'consent_expired'
        ELSE 'consent_' || coalesce(j.consent_status, 'none') END
      WHEN j.failed = 6 THEN 'suppressed_' || j.suppression
      WHEN j.failed = 7 THEN CASE WHEN v_policy IS NULL THEN 'rules_missing' WHEN NOT j.has_rule THEN 'country_unknown'
        WHEN NOT j.is_market_open THEN 'market_blocked' WHEN j.age_at_least IS NULL THEN 'age_unknown' ELSE 'too_young' END
      WHEN j.failed = 8 AND j.is_permitted THEN 'campaign_hours'
      WHEN j.failed = 8 THEN 'quiet_hours'
      WHEN j.failed = 9 AND j.own_room_at > v_now THEN 'purpose_cap'
      WHEN j.failed = 9 AND j.in_day < j.per_day AND j.in_week < j.per_week THEN 'cooling_down'
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
        CASE WHEN j.in_week >= j.per_week THEN coalesce(j.times[nullif(j.per_week, 0)], v_now) + interval '168 hours' END,
        j.cooling_until, j.own_room_at)
      WHEN j.failed = 10 THEN v_now + interval '6 seconds'
      ELSE v_now + interval '30 seconds'
    END,
    CASE WHEN j.failed IS NULL THEN uuid_v7_at(v_real) END,
    v_now, v_policy, j.kind, j.basis
  )::gate_verdict) INTO v_rows FROM judged j;

  IF v_rows IS NULL THEN
    RETURN;
  END IF;

  INSERT INTO send_attempts (lane, id, message_id, contact_id, campaign_id, n, basis, basis_event_id, checks, not_evaluated,
    policy_version_id, authorised_at, start_before, worker_id, entry_id)
  SELECT p_lane, r.attempt_id, r.message_id, r.contact_id, r.campaign_id, r.n, r.basis, r.basis_event_id, r.checks, r.not_evaluated,
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
