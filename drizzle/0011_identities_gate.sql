-- The gate, which now also knows people who turned out to be one: who was merged away is refused (check 4), and nobody is
-- written to by a campaign that wrote to them as somebody else (check 12).
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
      k.erased_at, k.restricted_at, k.merged_into,
      s.status AS consent_status, s.basis_event_id, s.expires_at, w.revoked_at AS wording_revoked_at,
      (SELECT x.kind FROM contact_suppressions x
        WHERE x.lane = p_lane AND x.contact_id = m.contact_id AND x.lifted_at IS NULL AND (x.until IS NULL OR x.until > v_now)
          AND (x.scope = 'all' OR p.category = 'MARKETING')
        ORDER BY x.kind LIMIT 1) AS suppression,
      EXISTS (SELECT 1 FROM send_attempts a
        WHERE a.lane = p_lane AND a.contact_id = m.contact_id AND a.campaign_id = m.campaign_id AND a.message_id <> m.id)
        OR EXISTS (SELECT 1 FROM merged_campaigns a
        WHERE a.lane = p_lane AND a.contact_id = m.contact_id AND a.campaign_id = m.campaign_id) AS is_written_already
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
      f.erased_at IS NULL AND f.restricted_at IS NULL AND f.merged_into IS NULL,
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
      WHEN j.failed = 4 THEN CASE WHEN j.erased_at IS NOT NULL THEN 'erased'
        WHEN j.merged_into IS NOT NULL THEN 'merged' ELSE 'restricted' END
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
GRANT SELECT ON merged_campaigns TO contraste_console, contraste_worker;
--> statement-breakpoint
GRANT INSERT ON merged_campaigns TO contraste_worker;
--> statement-breakpoint
-- Who writes from a number that somebody gave up is a person of their own; who comes back to one has it again.
GRANT UPDATE (contact_id, kind, created_at) ON identifier_index TO contraste_ingress;
--> statement-breakpoint
GRANT UPDATE (former_at) ON contact_identifiers TO contraste_ingress;
