-- Business time (decision 10): the database's clock, plus an offset and speed that only a sandbox database has.
-- Stable within a statement, so that one statement sees one instant.
CREATE FUNCTION app_now() RETURNS timestamptz
  LANGUAGE sql STABLE
  SET search_path = public, pg_temp
AS $$
  SELECT coalesce(
    (SELECT anchor_app + (statement_timestamp() - anchor_real) * speed FROM app_clock),
    statement_timestamp())
$$;
--> statement-breakpoint
-- Marks a new database as sandbox or live, once. The other mark is refused for ever (decision 9).
CREATE FUNCTION install(p_mode text, p_name text) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp
AS $$
DECLARE v_mode text;
BEGIN
  INSERT INTO installation (mode, name) VALUES (p_mode, p_name) ON CONFLICT (id) DO NOTHING;
  SELECT mode INTO v_mode FROM installation;
  IF v_mode <> p_mode THEN
    RAISE EXCEPTION 'this database is marked %, not %', v_mode, p_mode USING ERRCODE = 'CT001';
  END IF;
  RETURN v_mode;
END
$$;
--> statement-breakpoint
CREATE FUNCTION set_app_clock(p_app timestamptz, p_speed double precision) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp
AS $$
BEGIN
  IF (SELECT mode FROM installation) IS DISTINCT FROM 'sandbox' THEN
    RAISE EXCEPTION 'only a sandbox database has a clock of its own' USING ERRCODE = 'CT002';
  END IF;
  INSERT INTO app_clock (anchor_real, anchor_app, speed) VALUES (clock_timestamp(), p_app, p_speed)
  ON CONFLICT (id) DO UPDATE SET anchor_real = excluded.anchor_real, anchor_app = excluded.anchor_app, speed = excluded.speed;
END
$$;
--> statement-breakpoint
-- A random 128-bit id in the form of a uuid v7: ordered by the millisecond given, random below it. Messages of one lane get
-- the same millisecond, so that their order of sending is a random permutation across the variants.
CREATE FUNCTION uuid_v7_at(p_at timestamptz) RETURNS uuid
  LANGUAGE sql VOLATILE
  SET search_path = public, pg_temp
AS $$
  SELECT encode(
    set_byte(
      overlay(uuid_send(gen_random_uuid()) PLACING substring(int8send((extract(epoch FROM p_at) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
      6, (112 + floor(random() * 16))::int),
    'hex')::uuid
$$;
--> statement-breakpoint
-- One lane of a campaign's recipients, as allocated. Does nothing the second time (restart of the planner).
CREATE FUNCTION plan_messages(
  p_lane smallint, p_campaign uuid, p_contacts uuid[], p_variants text[], p_excluded uuid[], p_reasons text[],
  p_not_before timestamptz, p_deadline timestamptz
) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp
AS $$
DECLARE
  v_now timestamptz := app_now();
  v_count integer;
BEGIN
  INSERT INTO campaign_planning (campaign_id, lane, recipients, excluded, planned_at)
  VALUES (p_campaign, p_lane, cardinality(p_contacts), cardinality(p_excluded), v_now)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  INSERT INTO campaign_exclusions (lane, campaign_id, contact_id, reason)
  SELECT p_lane, p_campaign, x.contact_id, x.reason FROM unnest(p_excluded, p_reasons) AS x(contact_id, reason);
  INSERT INTO messages (lane, id, campaign_id, contact_id, variant, template_id, number_id, purpose_id, country, state,
    not_before, deadline_at, link_code, planned_at, state_at)
  SELECT p_lane, uuid_v7_at(v_now), p_campaign, r.contact_id, r.variant, v.template_id, c.number_id, c.purpose_id, k.country,
    CASE WHEN r.variant = 'holdout' THEN 'held_out' ELSE 'planned' END,
    p_not_before, p_deadline,
    CASE WHEN v.link_url IS NOT NULL THEN substring(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) FROM 1 FOR 12) END,
    v_now, v_now
  FROM unnest(p_contacts, p_variants) AS r(contact_id, variant)
  JOIN campaigns c ON c.id = p_campaign
  JOIN contacts k ON k.lane = p_lane AND k.id = r.contact_id
  LEFT JOIN campaign_variants v ON v.campaign_id = p_campaign AND v.key = r.variant;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  RETURN v_count;
END
$$;
--> statement-breakpoint
-- The planned messages of one lane become due. Only when the campaign has begun to send.
CREATE FUNCTION release_messages(p_lane smallint, p_campaign uuid) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp
AS $$
DECLARE v_count integer;
BEGIN
  UPDATE messages m SET state = 'queued', state_at = app_now()
  FROM campaigns c
  WHERE c.id = p_campaign AND c.status IN ('sending', 'paused')
    AND m.lane = p_lane AND m.campaign_id = p_campaign AND m.state = 'planned';
  GET DIAGNOSTICS v_count = ROW_COUNT;
  RETURN v_count;
END
$$;
--> statement-breakpoint
CREATE TYPE gate_verdict AS (
  message_id uuid, contact_id uuid, campaign_id uuid, variant text, template_id uuid, number_id uuid, link_code bytea, n smallint,
  basis_event_id uuid, checks integer, not_evaluated integer, failed smallint, outcome text, reason text, not_before timestamptz, attempt_id uuid,
  at timestamptz
);
--> statement-breakpoint
-- The gate (compliance 3.1): the only way from queued to sending. One lane, up to p_limit messages, one transaction, in which the
-- caller also writes the log entry p_entry that attempts and refusals point to (deferred foreign key: without it nothing commits).
-- Lock order: messages SKIP LOCKED, contact rows SKIP LOCKED, then the facts are read. A contact row that was not obtained leaves
-- its message queued. Checks 7-10 are marked not evaluated in a sandbox; a live database refuses to pass anything until they exist.
CREATE FUNCTION gate(p_lane smallint, p_number uuid, p_limit integer, p_worker uuid, p_entry uuid) RETURNS SETOF gate_verdict
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
  c_not_evaluated CONSTANT integer := 64 + 128 + 256 + 512;
BEGIN
  IF (SELECT mode FROM installation) IS DISTINCT FROM 'sandbox' THEN
    RAISE EXCEPTION 'checks 7 to 10 are not evaluated yet: a live database does not send' USING ERRCODE = 'CT003';
  END IF;

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
  WITH facts AS (
    SELECT m.id, m.contact_id, m.campaign_id, m.variant, m.template_id, m.number_id, m.link_code, m.attempts, m.deadline_at,
      c.status, c.content_hash = c.approved_hash AS is_as_approved, p.category AS purpose_category,
      t.status AS template_status, t.category AS template_category,
      EXISTS (SELECT 1 FROM kill_switches s WHERE s.released_at IS NULL AND (s.level = 'installation'
        OR (s.level = 'number' AND s.target_id = m.number_id) OR (s.level = 'campaign' AND s.target_id = m.campaign_id))) AS is_killed,
      k.erased_at, k.restricted_at,
      s.status AS consent_status, s.basis_event_id, s.expires_at, w.revoked_at AS wording_revoked_at,
      (SELECT x.kind FROM contact_suppressions x
        WHERE x.lane = p_lane AND x.contact_id = m.contact_id AND x.lifted_at IS NULL AND (x.until IS NULL OR x.until > v_now)
          AND (x.scope = 'all' OR p.category = 'MARKETING')
        ORDER BY x.kind LIMIT 1) AS suppression,
      EXISTS (SELECT 1 FROM send_attempts a
        WHERE a.lane = p_lane AND a.contact_id = m.contact_id AND a.campaign_id = m.campaign_id AND a.message_id <> m.id) AS is_written_already
    FROM messages m
    JOIN campaigns c ON c.id = m.campaign_id
    JOIN purposes p ON p.id = m.purpose_id
    JOIN contacts k ON k.lane = m.lane AND k.id = m.contact_id
    LEFT JOIN templates t ON t.id = m.template_id AND t.deleted_at IS NULL
    LEFT JOIN consent_state s ON s.lane = m.lane AND s.contact_id = m.contact_id AND s.purpose_id = m.purpose_id
    LEFT JOIN wording_versions w ON w.id = s.wording_version_id
    WHERE m.lane = p_lane AND m.id = ANY (v_messages) AND m.contact_id = ANY (v_contacts)
  ), checked AS (
    SELECT f.*, ARRAY[
      NOT f.is_killed,
      f.status = 'sending' AND f.is_as_approved IS TRUE,
      f.template_status IS NOT DISTINCT FROM 'APPROVED' AND f.template_category IS NOT DISTINCT FROM f.purpose_category,
      f.erased_at IS NULL AND f.restricted_at IS NULL,
      f.consent_status IS NOT DISTINCT FROM 'granted' AND (f.expires_at IS NULL OR f.expires_at > v_now)
        AND f.wording_revoked_at IS NULL AND f.basis_event_id IS NOT NULL,
      f.suppression IS NULL,
      NULL, NULL, NULL, NULL,
      f.deadline_at IS NULL OR f.deadline_at > v_now,
      NOT f.is_written_already
    ]::boolean[] AS results
    FROM facts f
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
      WHEN j.failed = 11 THEN 'missed_deadline'
      ELSE 'skipped'
    END,
    CASE
      WHEN j.failed IS NULL THEN NULL
      WHEN j.failed = 1 THEN 'kill_switch'
      WHEN j.failed = 2 AND j.status = 'sending' THEN 'content_changed'
      WHEN j.failed = 2 THEN 'campaign_' || j.status
      WHEN j.failed = 3 THEN 'template_' || lower(coalesce(j.template_status, 'missing'))
      WHEN j.failed = 4 THEN CASE WHEN j.erased_at IS NOT NULL THEN 'erased' ELSE 'restricted' END
      WHEN j.failed = 5 THEN CASE
        WHEN j.consent_status IS NOT DISTINCT FROM 'granted' AND j.wording_revoked_at IS NOT NULL THEN 'wording_revoked'
        WHEN j.consent_status IS NOT DISTINCT FROM 'granted' THEN 'consent_expired'
        ELSE 'consent_' || coalesce(j.consent_status, 'none') END
      WHEN j.failed = 6 THEN 'suppressed_' || j.suppression
      WHEN j.failed = 11 THEN 'deadline'
      ELSE 'written_already'
    END,
    v_now + interval '30 seconds',
    CASE WHEN j.failed IS NULL THEN uuid_v7_at(v_real) END,
    v_now
  )::gate_verdict) INTO v_rows FROM judged j;

  IF v_rows IS NULL THEN
    RETURN;
  END IF;

  INSERT INTO send_attempts (lane, id, message_id, contact_id, campaign_id, n, basis, basis_event_id, checks, not_evaluated,
    authorised_at, start_before, worker_id, entry_id)
  SELECT p_lane, r.attempt_id, r.message_id, r.contact_id, r.campaign_id, r.n, 'consent', r.basis_event_id, r.checks, c_not_evaluated,
    v_now, v_real + interval '2 seconds', p_worker, p_entry
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
--> statement-breakpoint
-- What became of attempts of one lane. kind: accepted | held | rejected | ambiguous | unsent | retry | reconciled.
-- `unsent` and `retry` are proven not sent: the message is due again at not_before, until its attempts are used up.
-- An outcome that comes after a webhook already told more only fills what is missing.
CREATE FUNCTION record_outcomes(
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
-- Attempts in flight of workers whose lease has run out, or whose outcome never came although no request lasts that long:
-- nobody knows whether they were sent, so nobody sends them again.
CREATE FUNCTION orphaned_attempts(p_lane smallint, p_limit integer)
  RETURNS TABLE (attempt_id uuid, message_id uuid, contact_id uuid)
  LANGUAGE sql VOLATILE SECURITY DEFINER
  SET search_path = public, pg_temp
AS $$
  SELECT a.id, m.id, m.contact_id FROM messages m
  JOIN send_attempts a ON a.lane = m.lane AND a.id = m.attempt_id
  WHERE m.lane = p_lane AND m.state = 'sending'
    AND (a.start_before < clock_timestamp() - interval '5 minutes'
      OR NOT EXISTS (SELECT 1 FROM worker_leases l WHERE l.worker_id = a.worker_id AND l.expires_at > clock_timestamp()))
  ORDER BY m.id LIMIT p_limit FOR UPDATE OF m SKIP LOCKED
$$;
--> statement-breakpoint
-- Statuses of one lane, as Meta reported them: any order, any number of times, same end. A lower status only fills its own time;
-- failed after delivered is kept and does not count; delivered after failed means delivered. Cost is booked once, at delivery
-- (or read standing in for it), from the price list in force then; an unknown price stays unknown.
CREATE FUNCTION record_statuses(
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
  ON CONFLICT DO NOTHING;
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
      WHEN coalesce(m.read_at, s.read_at, m.delivered_at, s.delivered_at) IS NOT NULL THEN NULL
      WHEN coalesce(m.failed_at, s.failed_at) IS NOT NULL THEN 'meta_' || coalesce(m.error_code, s.code, 0)
      ELSE m.reason END,
    pricing_type = coalesce(m.pricing_type, s.pricing_type),
    pricing_category = coalesce(m.pricing_category, s.pricing_category),
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
      min(x.at) AS first_at,
      max(x.code) AS code, max(x.pricing_type) AS pricing_type, max(x.pricing_category) AS pricing_category, max(x.wamid) AS wamid
    FROM unnest(p_messages, p_statuses, p_at, p_codes, p_pricing_types, p_pricing_categories, p_wamids)
      AS x(message_id, status, at, code, pricing_type, pricing_category, wamid)
    GROUP BY x.message_id
  ) s WHERE m.lane = p_lane AND m.id = s.message_id;

  UPDATE messages m SET cost_micros = price.amount_micros, cost_currency = price.currency
  FROM (
    SELECT b.id,
      CASE WHEN b.pricing_type LIKE 'free%' THEN 0 ELSE r.amount_micros END AS amount_micros,
      l.currency
    FROM messages b
    LEFT JOIN LATERAL (
      SELECT id, currency FROM price_lists WHERE effective_at <= b.delivered_at ORDER BY effective_at DESC, id DESC LIMIT 1
    ) l ON true
    LEFT JOIN price_rates r ON r.list_id = l.id AND r.country = b.country
      AND r.category = upper(CASE b.pricing_category WHEN 'marketing_lite' THEN 'marketing' ELSE b.pricing_category END)
    WHERE b.lane = p_lane AND b.id = ANY (p_messages) AND b.delivered_at IS NOT NULL AND b.cost_micros IS NULL
  ) price
  WHERE m.lane = p_lane AND m.id = price.id AND price.amount_micros IS NOT NULL;
  RETURN v_count;
END
$$;
--> statement-breakpoint
-- First human click, first reply, opt-out after a message: kept as the earliest instant, whatever the order they come in.
CREATE FUNCTION record_engagement(p_lane smallint, p_messages uuid[], p_kinds text[], p_at timestamptz[]) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER
  SET search_path = public, pg_temp
AS $$
  SELECT 1 FROM messages WHERE lane = p_lane AND id = ANY (p_messages) ORDER BY id FOR UPDATE;
  UPDATE messages m SET
    clicked_at = least(m.clicked_at, e.clicked_at),
    replied_at = least(m.replied_at, e.replied_at),
    opted_out_at = least(m.opted_out_at, e.opted_out_at)
  FROM (
    SELECT x.message_id,
      min(x.at) FILTER (WHERE x.kind = 'click') AS clicked_at,
      min(x.at) FILTER (WHERE x.kind = 'reply') AS replied_at,
      min(x.at) FILTER (WHERE x.kind = 'opt_out') AS opted_out_at
    FROM unnest(p_messages, p_kinds, p_at) AS x(message_id, kind, at) GROUP BY x.message_id
  ) e WHERE m.lane = p_lane AND m.id = e.message_id
$$;
--> statement-breakpoint
-- Messages of a stopped campaign that had not left: cancelled. In flight ones end by their outcome.
CREATE FUNCTION cancel_messages(p_campaign uuid) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp
AS $$
DECLARE v_count integer;
BEGIN
  UPDATE messages m SET state = 'cancelled', reason = 'campaign_stopped', state_at = app_now()
  FROM (SELECT lane, id FROM messages WHERE campaign_id = p_campaign AND state IN ('planned', 'queued')
    LIMIT 5000 FOR UPDATE SKIP LOCKED) q,
    campaigns c
  WHERE c.id = p_campaign AND c.status IN ('stopped', 'archived') AND m.lane = q.lane AND m.id = q.id;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  RETURN v_count;
END
$$;
--> statement-breakpoint
-- What silence ends as (README, States): past its deadline never sent; unknown for 24 h; accepted or sent and silent past 30 days and a day.
CREATE FUNCTION settle_silence(p_lane smallint) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp
AS $$
DECLARE
  v_now timestamptz := app_now();
  v_ids uuid[];
  v_count integer;
BEGIN
  -- Each branch reads an index of its own (messages_by_deadline, messages_silent), not the whole lane.
  v_ids := ARRAY(
    SELECT id FROM (
      SELECT id FROM messages
      WHERE lane = p_lane AND state IN ('planned', 'queued') AND deadline_at IS NOT NULL AND deadline_at <= v_now
      UNION ALL
      SELECT id FROM messages
      WHERE lane = p_lane AND state IN ('accepted', 'sent', 'unknown') AND state_at < v_now - interval '24 hours'
        AND (state = 'unknown' OR state_at < v_now - interval '31 days')
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
      OR (state = 'unknown' AND state_at < v_now - interval '24 hours')
      OR (state IN ('accepted', 'sent') AND state_at < v_now - interval '31 days'))
    FOR UPDATE SKIP LOCKED
  ) q WHERE m.lane = p_lane AND m.id = q.id;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  RETURN v_count;
END
$$;
--> statement-breakpoint
ALTER TABLE send_attempts ADD CONSTRAINT send_attempts_entry
  FOREIGN KEY (lane, entry_id) REFERENCES log_entries (lane, id) DEFERRABLE INITIALLY DEFERRED;
--> statement-breakpoint
ALTER TABLE attempt_outcomes ADD CONSTRAINT attempt_outcomes_entry
  FOREIGN KEY (lane, entry_id) REFERENCES log_entries (lane, id) DEFERRABLE INITIALLY DEFERRED;
--> statement-breakpoint
ALTER TABLE gate_refusals ADD CONSTRAINT gate_refusals_entry
  FOREIGN KEY (lane, entry_id) REFERENCES log_entries (lane, id) DEFERRABLE INITIALLY DEFERRED;
--> statement-breakpoint
ALTER TABLE consent_events ADD CONSTRAINT consent_events_entry
  FOREIGN KEY (entry_lane, entry_id) REFERENCES log_entries (lane, id) DEFERRABLE INITIALLY DEFERRED;
