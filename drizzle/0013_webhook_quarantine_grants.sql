GRANT SELECT ON webhook_counts TO contraste_console, contraste_worker;
--> statement-breakpoint
GRANT INSERT, UPDATE ON webhook_counts TO contraste_worker;
--> statement-breakpoint
-- Statuses of one lane, as Meta reported them: any order, any number of times, same end. A lower status only fills its own time;
-- failed after delivered is kept and does not count; delivered after failed means delivered. Cost is booked once, at delivery
-- (or read standing in for it), from the price list in force then; an unknown price stays unknown.
CREATE OR REPLACE FUNCTION record_statuses(
  p_lane smallint, p_messages uuid[], p_statuses text[], p_at timestamptz[], p_codes integer[], p_details text[],
  p_pricing_types text[], p_pricing_categories text[], p_wamids text[]
) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp
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
    sent_at = n.sent_at, delivered_at = n.delivered_at, read_at = n.read_at, failed_at = n.failed_at,
    accepted_at = coalesce(m.accepted_at, n.first_at),
    wamid = coalesce(m.wamid, n.wamid),
    error_code = n.error_code,
    reason = CASE
      WHEN m.state IN ('held_out', 'planned', 'cancelled', 'missed_deadline', 'skipped') THEN m.reason
      WHEN n.delivered_at IS NOT NULL THEN NULL
      WHEN n.failed_at IS NOT NULL THEN 'meta_' || coalesce(n.error_code, 0)
      ELSE m.reason END,
    pricing_type = n.pricing_type,
    pricing_category = n.pricing_category,
    cost_micros = CASE WHEN n.is_booked THEN m.cost_micros WHEN n.pricing_type LIKE 'free%' THEN 0 ELSE n.amount_micros END,
    cost_currency = CASE WHEN n.is_booked THEN m.cost_currency
      WHEN n.pricing_type LIKE 'free%' OR n.amount_micros IS NOT NULL THEN n.currency END,
    state = CASE
      WHEN m.state IN ('held_out', 'planned', 'cancelled', 'missed_deadline', 'skipped') THEN m.state
      WHEN n.read_at IS NOT NULL THEN 'read'
      WHEN n.delivered_at IS NOT NULL THEN 'delivered'
      WHEN n.failed_at IS NOT NULL THEN 'failed'
      WHEN n.sent_at IS NOT NULL THEN 'sent'
      ELSE 'accepted' END,
    state_at = v_now
  FROM (
    SELECT f.*, l.currency, r.amount_micros,
      -- Booked once: what was booked stands until an earlier delivery or another price turns up.
      f.delivered_at IS NULL OR (f.old_cost IS NOT NULL AND f.delivered_at = f.old_delivered_at
        AND f.pricing_type IS NOT DISTINCT FROM f.old_pricing_type
        AND f.pricing_category IS NOT DISTINCT FROM f.old_pricing_category) AS is_booked
    FROM (
      SELECT b.id, b.country, s.first_at, s.wamid,
        b.delivered_at AS old_delivered_at, b.cost_micros AS old_cost,
        b.pricing_type AS old_pricing_type, b.pricing_category AS old_pricing_category,
        -- The earliest of each, so that the order of arrival cannot be seen in the end.
        least(b.sent_at, s.sent_at) AS sent_at,
        least(b.delivered_at, s.delivered_at, s.read_at) AS delivered_at,
        least(b.read_at, s.read_at) AS read_at,
        least(b.failed_at, s.failed_at) AS failed_at,
        CASE WHEN s.failed_at IS NOT NULL THEN coalesce(b.error_code, s.code) ELSE b.error_code END AS error_code,
        greatest(b.pricing_type, s.pricing_type) AS pricing_type,
        greatest(b.pricing_category, s.pricing_category) AS pricing_category
      FROM messages b
      JOIN (
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
      ) s ON s.message_id = b.id
      WHERE b.lane = p_lane AND b.id = ANY (p_messages)
    ) f
    LEFT JOIN LATERAL (
      SELECT id, currency FROM price_lists WHERE effective_at <= f.delivered_at ORDER BY effective_at DESC, id DESC LIMIT 1
    ) l ON true
    LEFT JOIN price_rates r ON r.list_id = l.id AND r.country = f.country
      AND r.category = upper(CASE f.pricing_category WHEN 'marketing_lite' THEN 'marketing' ELSE f.pricing_category END)
  ) n WHERE m.lane = p_lane AND m.id = n.id;
  RETURN v_count;
END
$$;
