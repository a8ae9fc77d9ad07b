-- Each status is kept with the webhook body that said it first: the body names whom the message went to, so erasure finds it by the
-- person's messages, and the index by identifiers (webhook_inbox_contacts) is left to what no message of theirs tells.
DROP FUNCTION record_statuses(smallint, uuid[], text[], timestamptz[], integer[], text[], text[], text[], text[]);
--> statement-breakpoint
-- Statuses of one lane, as Meta reported them: any order, any number of times, same end. A lower status only fills its own time;
-- failed after delivered is kept and does not count; delivered after failed means delivered. Cost is booked once, at delivery
-- (or read standing in for it), from the price list in force then; an unknown price stays unknown. Answers the positions (from 1)
-- of those that another body had said before.
CREATE FUNCTION record_statuses(
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
END
$$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION record_statuses(smallint, uuid[], text[], timestamptz[], integer[], text[], text[], text[], text[],
  smallint[], uuid[]) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION record_statuses(smallint, uuid[], text[], timestamptz[], integer[], text[], text[], text[], text[],
  smallint[], uuid[]) TO contraste_worker;
--> statement-breakpoint
-- Erasure and retention as before, and now of these files too.

-- What of the main database is about these people (one person: the contact and those merged into it). With p_keeps_sealed the
-- sealed columns stay (blocked data, readable only with the blocked key); all else goes in either case. Safe to repeat.
CREATE OR REPLACE FUNCTION erase_people(p_contacts uuid[], p_keeps_sealed boolean, p_at timestamptz) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_lanes smallint[];
  v_lookups bytea[];
  v_imports uuid[];
  v_identifiers integer;
  v_contents integer;
  v_drafts integer := 0;
  v_inbound integer;
  v_media integer := 0;
  v_evidence integer;
  v_bodies integer;
  v_files integer;
BEGIN
  SELECT array_agg(lane_of(id)) INTO v_lanes FROM unnest(p_contacts) AS id;
  PERFORM 1 FROM contacts c WHERE c.lane = ANY (v_lanes) AND c.id = ANY (p_contacts) ORDER BY c.lane, c.id FOR NO KEY UPDATE;
  SELECT coalesce(array_agg(DISTINCT i.lookup), '{}') INTO v_lookups FROM contact_identifiers i
    WHERE i.lane = ANY (v_lanes) AND i.contact_id = ANY (p_contacts);
  SELECT coalesce(array_agg(DISTINCT x.import_id), '{}') INTO v_imports FROM (
    SELECT import_id FROM contacts WHERE lane = ANY (v_lanes) AND id = ANY (p_contacts)
    UNION SELECT import_id FROM consent_events WHERE lane = ANY (v_lanes) AND contact_id = ANY (p_contacts)
  ) x JOIN imports m ON m.id = x.import_id AND m.status IN ('completed', 'failed', 'cancelled', 'refused');

  DELETE FROM identifier_index x USING unnest(v_lookups) AS l(lookup)
    WHERE x.lane = lane_of_hash(l.lookup) AND x.lookup = l.lookup AND x.contact_id = ANY (p_contacts);
  DELETE FROM wamids w USING messages m
    WHERE m.lane = ANY (v_lanes) AND m.contact_id = ANY (p_contacts) AND m.wamid IS NOT NULL
      AND w.lane = lane_of_hash(sha256(convert_to(m.wamid, 'UTF8'))) AND w.wamid_hash = sha256(convert_to(m.wamid, 'UTF8'));
  UPDATE messages SET wamid = NULL, link_code = NULL WHERE lane = ANY (v_lanes) AND contact_id = ANY (p_contacts)
    AND (wamid IS NOT NULL OR link_code IS NOT NULL);
  UPDATE attempt_outcomes o SET wamid = NULL FROM send_attempts a
    WHERE a.lane = ANY (v_lanes) AND a.contact_id = ANY (p_contacts) AND o.lane = a.lane AND o.attempt_id = a.id AND o.wamid IS NOT NULL;
  UPDATE clicks k SET user_agent = NULL FROM messages m
    WHERE m.lane = ANY (v_lanes) AND m.contact_id = ANY (p_contacts) AND k.lane = m.lane AND k.message_id = m.id
      AND k.user_agent IS NOT NULL;
  UPDATE conversions SET lookups = '{}' WHERE lookups <> '{}' AND (contact_id = ANY (p_contacts) OR lookups && v_lookups);

  WITH named AS (
    DELETE FROM webhook_inbox_contacts n USING unnest(v_lookups) AS l(lookup)
      WHERE n.lane = lane_of_hash(l.lookup) AND n.lookup = l.lookup RETURNING n.inbox_lane, n.inbox_id
  ), bodies AS (
    SELECT inbox_lane, inbox_id FROM named
    UNION SELECT s.inbox_lane, s.inbox_id FROM messages m JOIN message_statuses s ON s.lane = m.lane AND s.message_id = m.id
      WHERE m.lane = ANY (v_lanes) AND m.contact_id = ANY (p_contacts)
  )
  UPDATE webhook_inbox w SET raw_sealed = NULL FROM bodies n
    WHERE w.lane = n.inbox_lane AND w.id = n.inbox_id AND w.raw_sealed IS NOT NULL;
  GET DIAGNOSTICS v_bodies = ROW_COUNT;

  DELETE FROM import_rejections WHERE import_id = ANY (v_imports);
  DELETE FROM import_chunks WHERE import_id = ANY (v_imports);
  GET DIAGNOSTICS v_files = ROW_COUNT;

  UPDATE consent_events SET idempotency_key = 'erased:' || id,
      evidence_sealed = CASE WHEN p_keeps_sealed THEN evidence_sealed END
    WHERE lane = ANY (v_lanes) AND contact_id = ANY (p_contacts);
  GET DIAGNOSTICS v_evidence = ROW_COUNT;
  UPDATE inbound_messages SET wamid = 'erased:' || id, original_wamid = NULL,
      body_sealed = CASE WHEN p_keeps_sealed THEN body_sealed END,
      details_sealed = CASE WHEN p_keeps_sealed THEN details_sealed END
    WHERE lane = ANY (v_lanes) AND contact_id = ANY (p_contacts);
  GET DIAGNOSTICS v_inbound = ROW_COUNT;
  IF p_keeps_sealed THEN
    v_contents := 0;
    v_identifiers := 0;
    UPDATE inbound_media SET state = 'gone', ended_at = p_at
      WHERE lane = ANY (v_lanes) AND contact_id = ANY (p_contacts) AND state = 'waiting';
  ELSE
    DELETE FROM inbound_media WHERE lane = ANY (v_lanes) AND contact_id = ANY (p_contacts);
    GET DIAGNOSTICS v_media = ROW_COUNT;
    DELETE FROM message_contents t USING messages m
      WHERE m.lane = ANY (v_lanes) AND m.contact_id = ANY (p_contacts) AND t.lane = m.lane AND t.message_id = m.id;
    GET DIAGNOSTICS v_contents = ROW_COUNT;
    DELETE FROM message_drafts WHERE lane = ANY (v_lanes) AND contact_id = ANY (p_contacts);
    GET DIAGNOSTICS v_drafts = ROW_COUNT;
    DELETE FROM contact_identifiers WHERE lane = ANY (v_lanes) AND contact_id = ANY (p_contacts);
    GET DIAGNOSTICS v_identifiers = ROW_COUNT;
  END IF;

  UPDATE rights_links l SET revoked_at = p_at FROM rights_requests r
    WHERE r.id = l.request_id AND r.contact_id = ANY (p_contacts) AND l.revoked_at IS NULL;
  DELETE FROM rights_packages WHERE contact_id = ANY (p_contacts);
  UPDATE rights_requests SET details_sealed = NULL WHERE contact_id = ANY (p_contacts) AND details_sealed IS NOT NULL;

  UPDATE own_numbers SET withdrawn_at = p_at
    WHERE lane = ANY (v_lanes) AND contact_id = ANY (p_contacts) AND withdrawn_at IS NULL;
  -- What officers wrote about the person, in words of their own.
  UPDATE suppression_removals SET reason = '' WHERE lane = ANY (v_lanes) AND contact_id = ANY (p_contacts) AND reason <> '';

  UPDATE contacts SET name_sealed = CASE WHEN p_keeps_sealed THEN name_sealed END, attributes = '{}', country = NULL,
      language = NULL, time_zone = NULL, age_at_least = NULL, import_id = NULL, erased_at = coalesce(erased_at, p_at),
      updated_at = p_at
    WHERE lane = ANY (v_lanes) AND id = ANY (p_contacts);
  RETURN jsonb_build_object('identifiers', v_identifiers, 'messageContents', v_contents, 'messageDrafts', v_drafts,
    'inbound', v_inbound, 'inboundMedia', v_media,
    'evidence', v_evidence, 'webhookBodies', v_bodies, 'importFiles', v_files);
END
$$;
