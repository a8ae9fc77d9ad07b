-- Statuses of one lane, as Meta reported them: any order, any number of times, same end. A lower status only fills its own time;
-- failed after delivered is kept and does not count; delivered after failed means delivered. Cost is booked once, at delivery
-- (or read standing in for it), from the price list in force then; an unknown price stays unknown.
CREATE OR REPLACE FUNCTION record_statuses(
  p_lane smallint, p_messages uuid[], p_statuses text[], p_at timestamptz[], p_codes integer[], p_details text[],
  p_pricing_types text[], p_pricing_categories text[], p_wamids text[]
) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp
  -- Planned once a session: planning these statements anew for each call costs more than running them.
  SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  v_now timestamptz := app_now();
  v_count integer;
BEGIN
  -- Always the same lock order, so that two dispatchers of one lane cannot wait for each other.
  PERFORM 1 FROM messages WHERE lane = p_lane AND id = ANY (p_messages) ORDER BY id FOR UPDATE;

  INSERT INTO message_statuses (lane, message_id, status, provider_at, recorded_at, error_code, detail)
  SELECT DISTINCT ON (s.message_id, s.status) p_lane, s.message_id, s.status, s.at, v_now, s.code, s.detail
  FROM unnest(p_messages, p_statuses, p_at, p_codes, p_details) AS s(message_id, status, at, code, detail)
  JOIN messages m ON m.lane = p_lane AND m.id = s.message_id
  ORDER BY s.message_id, s.status, s.at
  -- Of two reports of one status the earlier stands, whichever came first.
  ON CONFLICT (lane, message_id, status) DO UPDATE
    SET provider_at = EXCLUDED.provider_at, error_code = EXCLUDED.error_code, detail = EXCLUDED.detail
    WHERE EXCLUDED.provider_at < message_statuses.provider_at;
  GET DIAGNOSTICS v_count = ROW_COUNT;

  UPDATE messages m SET
    -- The earliest of each, so that the order of arrival cannot be seen in the end.
    sent_at = least(m.sent_at, s.sent_at),
    delivered_at = least(m.delivered_at, s.delivered_at, s.read_at),
    read_at = least(m.read_at, s.read_at),
    failed_at = least(m.failed_at, s.failed_at),
    accepted_at = coalesce(m.accepted_at, s.first_at),
    wamid = coalesce(m.wamid, s.wamid),
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
  RETURN v_count;
END
$$;
