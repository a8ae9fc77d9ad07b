-- Meta's id of a message holds the number that it went to. What is told of a message after its person was erased (a late status, the
-- answer to a request that was under way) no longer brings it back (compliance I6).
CREATE OR REPLACE FUNCTION record_outcomes(
  p_lane smallint, p_attempts uuid[], p_kinds text[], p_wamids text[], p_codes integer[], p_reasons text[],
  p_not_before timestamptz[], p_hashes bytea[], p_max_attempts integer, p_at timestamptz, p_entry uuid
) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp
AS $$
DECLARE
  v_now timestamptz := p_at;
  v_count integer;
BEGIN
  -- Always the same lock order as record_statuses, so that outcomes and webhooks cannot wait for each other.
  PERFORM 1 FROM messages m JOIN send_attempts a ON a.lane = m.lane AND a.message_id = m.id
  WHERE m.lane = p_lane AND a.lane = p_lane AND a.id = ANY (p_attempts) ORDER BY m.id FOR UPDATE OF m;

  SELECT array_agg(CASE WHEN k.erased_at IS NULL THEN o.wamid END ORDER BY o.n),
    array_agg(CASE WHEN k.erased_at IS NULL THEN o.hash END ORDER BY o.n) INTO p_wamids, p_hashes
  FROM unnest(p_attempts, p_wamids, p_hashes) WITH ORDINALITY AS o(attempt_id, wamid, hash, n)
  LEFT JOIN send_attempts a ON a.lane = p_lane AND a.id = o.attempt_id
  LEFT JOIN contacts k ON k.lane = p_lane AND k.id = a.contact_id;

  INSERT INTO attempt_outcomes (lane, attempt_id, n, kind, wamid, code, reason, at, entry_id)
  SELECT p_lane, o.attempt_id, (SELECT count(*) + 1 FROM attempt_outcomes x WHERE x.lane = p_lane AND x.attempt_id = o.attempt_id)::smallint,
    o.kind, o.wamid, o.code, o.reason, v_now, p_entry
  FROM unnest(p_attempts, p_kinds, p_wamids, p_codes, p_reasons) AS o(attempt_id, kind, wamid, code, reason);
  GET DIAGNOSTICS v_count = ROW_COUNT;

  UPDATE messages m SET
    state = CASE
      WHEN m.state NOT IN ('sending', 'unknown') THEN m.state
      WHEN o.kind IN ('accepted', 'held', 'reconciled') THEN 'accepted'
      WHEN o.kind = 'rejected' THEN 'rejected'
      WHEN o.kind = 'ambiguous' THEN 'unknown'
      -- That we were too slow to begin says nothing against the message.
      WHEN m.attempts >= p_max_attempts AND o.reason IS DISTINCT FROM 'start_passed' THEN 'rejected'
      ELSE 'queued' END,
    reason = CASE WHEN m.state NOT IN ('sending', 'unknown') OR o.kind IN ('accepted', 'reconciled') THEN m.reason ELSE o.reason END,
    error_code = coalesce(m.error_code, o.code),
    wamid = coalesce(m.wamid, o.wamid),
    accepted_at = CASE WHEN o.kind IN ('accepted', 'held', 'reconciled') THEN coalesce(m.accepted_at, v_now) ELSE m.accepted_at END,
    not_before = CASE WHEN o.kind IN ('unsent', 'retry') THEN coalesce(o.not_before, v_now) ELSE m.not_before END,
    state_at = v_now
  FROM unnest(p_attempts, p_kinds, p_wamids, p_codes, p_reasons, p_not_before) AS o(attempt_id, kind, wamid, code, reason, not_before)
  JOIN send_attempts a ON a.lane = p_lane AND a.id = o.attempt_id
  WHERE m.lane = p_lane AND m.id = a.message_id AND m.attempt_id = a.id;

  INSERT INTO wamids (lane, wamid_hash, message_lane, message_id)
  SELECT lane_of_hash(o.hash), o.hash, p_lane, a.message_id
  FROM unnest(p_attempts, p_hashes) AS o(attempt_id, hash)
  JOIN send_attempts a ON a.lane = p_lane AND a.id = o.attempt_id
  WHERE o.hash IS NOT NULL
  ON CONFLICT DO NOTHING;
  RETURN v_count;
END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION record_statuses(
  p_lane smallint, p_messages uuid[], p_statuses text[], p_at timestamptz[], p_codes integer[], p_details text[],
  p_pricing_types text[], p_pricing_categories text[], p_wamids text[],
  p_inbox_lanes smallint[], p_inbox_ids uuid[]
) RETURNS SETOF integer
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp
  -- Planned once a session: planning these statements anew for each call costs more than running them.
  SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  v_now timestamptz := app_now();
  v_new integer;
BEGIN
  -- Always the same lock order, so that two dispatchers of one lane cannot wait for each other.
  PERFORM 1 FROM messages WHERE lane = p_lane AND id = ANY (p_messages) ORDER BY id FOR UPDATE;

  INSERT INTO message_statuses (lane, message_id, status, provider_at, recorded_at, error_code, detail, inbox_lane, inbox_id)
  SELECT DISTINCT ON (s.message_id, s.status) p_lane, s.message_id, s.status, s.at, v_now, s.code, s.detail, s.inbox_lane, s.inbox_id
  FROM unnest(p_messages, p_statuses, p_at, p_codes, p_details, p_inbox_lanes, p_inbox_ids)
    AS s(message_id, status, at, code, detail, inbox_lane, inbox_id)
  JOIN messages m ON m.lane = p_lane AND m.id = s.message_id
  ORDER BY s.message_id, s.status, s.at
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS v_new = ROW_COUNT;

  IF v_new < cardinality(p_messages) THEN -- some were told before
    -- Of two reports of one status the earlier stands, whichever came first.
    UPDATE message_statuses t SET provider_at = s.at, error_code = s.code, detail = s.detail
    FROM (
      SELECT DISTINCT ON (x.message_id, x.status) x.* FROM unnest(p_messages, p_statuses, p_at, p_codes, p_details)
        AS x(message_id, status, at, code, detail) ORDER BY x.message_id, x.status, x.at
    ) s
    WHERE t.lane = p_lane AND t.message_id = s.message_id AND t.status = s.status AND s.at < t.provider_at;
    RETURN QUERY SELECT s.n::integer
      FROM unnest(p_messages, p_statuses, p_inbox_ids) WITH ORDINALITY AS s(message_id, status, inbox_id, n)
      LEFT JOIN message_statuses t ON t.lane = p_lane AND t.message_id = s.message_id AND t.status = s.status
      WHERE t.inbox_id IS DISTINCT FROM s.inbox_id;
  END IF;

  UPDATE messages m SET
    -- The earliest of each, so that the order of arrival cannot be seen in the end.
    sent_at = least(m.sent_at, s.sent_at),
    delivered_at = least(m.delivered_at, s.delivered_at, s.read_at),
    read_at = least(m.read_at, s.read_at),
    failed_at = least(m.failed_at, s.failed_at),
    accepted_at = coalesce(m.accepted_at, s.first_at),
    wamid = coalesce(m.wamid, CASE WHEN EXISTS (SELECT FROM contacts k
      WHERE k.lane = p_lane AND k.id = m.contact_id AND k.erased_at IS NULL) THEN s.wamid END),
    error_code = CASE WHEN s.failed_at IS NOT NULL THEN coalesce(m.error_code, s.code) ELSE m.error_code END,
    reason = CASE
      WHEN m.state IN ('held_out', 'planned', 'cancelled', 'missed_deadline', 'skipped') THEN m.reason
      WHEN coalesce(m.delivered_at, s.delivered_at, s.read_at) IS NOT NULL THEN NULL
      WHEN coalesce(m.failed_at, s.failed_at) IS NOT NULL THEN 'meta_' || coalesce(m.error_code, s.code, 0)
      ELSE m.reason END,
    pricing_type = greatest(m.pricing_type, s.pricing_type),
    pricing_category = greatest(m.pricing_category, s.pricing_category),
    -- Booked once: what was booked stands until an earlier delivery or another price turns up.
    (cost_micros, cost_currency) = (
      SELECT
        CASE WHEN b.is_booked THEN m.cost_micros WHEN b.pricing_type LIKE 'free%' THEN 0 ELSE p.amount_micros END,
        CASE WHEN b.is_booked THEN m.cost_currency WHEN b.pricing_type LIKE 'free%' OR p.amount_micros IS NOT NULL THEN p.currency END
      FROM (
        SELECT n.*, n.delivered_at IS NULL OR (m.cost_micros IS NOT NULL AND n.delivered_at = m.delivered_at
          AND n.pricing_type IS NOT DISTINCT FROM m.pricing_type AND n.pricing_category IS NOT DISTINCT FROM m.pricing_category
        ) AS is_booked
        FROM (SELECT least(m.delivered_at, s.delivered_at, s.read_at) AS delivered_at,
          greatest(m.pricing_type, s.pricing_type) AS pricing_type,
          greatest(m.pricing_category, s.pricing_category) AS pricing_category) n
      ) b
      LEFT JOIN LATERAL (
        SELECT l.currency, r.amount_micros FROM (
          SELECT id, currency FROM price_lists WHERE effective_at <= b.delivered_at ORDER BY effective_at DESC, id DESC LIMIT 1
        ) l
        LEFT JOIN price_rates r ON r.list_id = l.id AND r.country = m.country
          AND r.category = upper(CASE b.pricing_category WHEN 'marketing_lite' THEN 'marketing' ELSE b.pricing_category END)
      ) p ON NOT b.is_booked
    ),
    state = CASE
      WHEN m.state IN ('held_out', 'planned', 'cancelled', 'missed_deadline', 'skipped') THEN m.state
      WHEN coalesce(m.read_at, s.read_at) IS NOT NULL THEN 'read'
      WHEN coalesce(m.delivered_at, s.delivered_at) IS NOT NULL THEN 'delivered'
      WHEN coalesce(m.failed_at, s.failed_at) IS NOT NULL THEN 'failed'
      WHEN coalesce(m.sent_at, s.sent_at) IS NOT NULL THEN 'sent'
      ELSE 'accepted' END,
    state_at = v_now
  FROM (
    SELECT x.message_id,
      min(x.at) FILTER (WHERE x.status = 'sent') AS sent_at,
      min(x.at) FILTER (WHERE x.status = 'delivered') AS delivered_at,
      min(x.at) FILTER (WHERE x.status IN ('read', 'played')) AS read_at,
      min(x.at) FILTER (WHERE x.status = 'failed') AS failed_at,
      min(x.at) AS first_at, max(x.code) FILTER (WHERE x.status = 'failed') AS code, max(x.wamid) AS wamid,
      -- Charged on delivery, never on sent (cloud-api 9.3).
      max(x.pricing_type) FILTER (WHERE x.status IN ('delivered', 'read', 'played')) AS pricing_type,
      max(x.pricing_category) FILTER (WHERE x.status IN ('delivered', 'read', 'played')) AS pricing_category
    FROM unnest(p_messages, p_statuses, p_at, p_codes, p_pricing_types, p_pricing_categories, p_wamids)
      AS x(message_id, status, at, code, pricing_type, pricing_category, wamid)
    GROUP BY x.message_id
  ) s WHERE m.lane = p_lane AND m.id = s.message_id;
END
$$;
