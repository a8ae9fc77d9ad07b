-- Files that people sent. The worker notes, fetches and keeps them; the console shows them.
ALTER TABLE inbound_media ALTER COLUMN sealed SET STORAGE EXTERNAL; -- what is sealed does not get smaller
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON inbound_media TO contraste_worker;
--> statement-breakpoint
GRANT SELECT ON inbound_media TO contraste_console;
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
  )
  UPDATE webhook_inbox w SET raw_sealed = NULL FROM (SELECT DISTINCT inbox_lane, inbox_id FROM named) n
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
--> statement-breakpoint
-- How long each class is kept (design, section 4), and since when it is too old.
CREATE OR REPLACE FUNCTION retention_terms() RETURNS TABLE (what text, kept text, before timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT t.what, t.kept, app_now() - t.kept::interval FROM (VALUES
    ('message_contents', '13 months'), ('message_drafts', '13 months'), ('inbound_bodies', '13 months'), ('inbound_media', '13 months'),
    ('outcomes', '3 years'), ('attempts', '3 years'),
    ('refusals', '3 years'), ('consent_evidence', '12 months'), ('consent_events', '3 years'), ('webhook_bodies', '30 days'),
    ('webhook_names', '30 days'), ('sessions', '12 months'), ('sign_in_failures', '12 months'), ('packages', '7 days'),
    ('message_ids', '3 years'), ('click_agents', '12 months'), ('conversion_hashes', '13 months'),
    ('request_details', '3 years'), ('api_answers', '1 day')
  ) AS t(what, kept)
$$;
--> statement-breakpoint
-- One class: how many rows are too old (p_removes false), or up to 10,000 of them removed and written down. The terms are not the
-- caller's: whoever may call this can remove nothing that is not due.
CREATE OR REPLACE FUNCTION retention(p_what text, p_removes boolean, p_id uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_before timestamptz;
  v_table text;
  v_due text;
  v_act text := 'DELETE FROM %1$I t';
  v_count integer;
  -- Since when the last consent of the event's person has ended.
  v_ended constant text := 't.recorded_at < $1 AND NOT EXISTS (SELECT FROM consent_state s WHERE s.lane = t.lane
    AND s.contact_id = t.contact_id AND (CASE s.status WHEN ''granted'' THEN coalesce(s.expires_at, ''infinity'')
    WHEN ''pending'' THEN coalesce(s.pending_until, ''infinity'') ELSE s.last_occurred_at END) >= $1)';
BEGIN
  SELECT t.before INTO v_before FROM retention_terms() t WHERE t.what = p_what;
  IF v_before IS NULL THEN RAISE EXCEPTION 'unknown class %', p_what; END IF;
  CASE p_what
    WHEN 'message_contents' THEN
      v_table := 'message_contents';
      v_due := 'EXISTS (SELECT FROM messages m WHERE m.lane = t.lane AND m.id = t.message_id AND m.state_at < $1)';
    WHEN 'message_drafts' THEN
      v_table := 'message_drafts';
      v_due := 'EXISTS (SELECT FROM messages m WHERE m.lane = t.lane AND m.id = t.message_id AND m.state_at < $1)';
    WHEN 'inbound_bodies' THEN -- Meta's id of a message holds the number that wrote it
      v_table := 'inbound_messages';
      v_due := 't.provider_at < $1 AND t.wamid NOT LIKE ''erased:%''';
      v_act := 'UPDATE %1$I t SET body_sealed = NULL, details_sealed = NULL, wamid = ''erased:'' || t.id, original_wamid = NULL';
    WHEN 'inbound_media' THEN
      v_table := 'inbound_media';
      v_due := 't.received_at < $1';
    WHEN 'message_ids' THEN
      v_table := 'messages';
      v_due := 't.state_at < $1 AND (t.wamid IS NOT NULL OR t.link_code IS NOT NULL)';
      v_act := 'UPDATE %1$I t SET wamid = NULL, link_code = NULL';
    WHEN 'click_agents' THEN
      v_table := 'clicks';
      v_due := 't.at < $1 AND t.user_agent IS NOT NULL';
      v_act := 'UPDATE %1$I t SET user_agent = NULL';
    WHEN 'conversion_hashes' THEN
      v_table := 'conversions';
      v_due := 't.received_at < $1 AND t.lookups <> ''{}''';
      v_act := 'UPDATE %1$I t SET lookups = ''{}''';
    WHEN 'request_details' THEN
      v_table := 'rights_requests';
      v_due := 't.closed_at < $1 AND t.details_sealed IS NOT NULL';
      v_act := 'UPDATE %1$I t SET details_sealed = NULL';
    WHEN 'api_answers' THEN -- kept in real time, whatever a sandbox's clock says
      v_table := 'api_answers';
      v_due := 't.at < least($1, now() - interval ''1 day'')';
    WHEN 'outcomes' THEN
      v_table := 'attempt_outcomes';
      v_due := 'EXISTS (SELECT FROM send_attempts a WHERE a.lane = t.lane AND a.id = t.attempt_id AND a.authorised_at < $1)';
    WHEN 'attempts' THEN
      v_table := 'send_attempts';
      v_due := 't.authorised_at < $1';
    WHEN 'refusals' THEN
      v_table := 'gate_refusals';
      v_due := 't.at < $1';
    WHEN 'consent_evidence' THEN
      v_table := 'consent_events';
      v_due := 't.evidence_sealed IS NOT NULL AND ' || v_ended;
      v_act := 'UPDATE %1$I t SET evidence_sealed = NULL, evidence_removed_at = app_now()';
    WHEN 'consent_events' THEN
      v_table := 'consent_events';
      v_due := v_ended || ' AND NOT EXISTS (SELECT FROM send_attempts a WHERE a.lane = t.lane AND a.contact_id = t.contact_id)';
    WHEN 'webhook_bodies' THEN
      v_table := 'webhook_inbox';
      v_due := 't.received_at < $1 AND t.raw_sealed IS NOT NULL AND t.status <> ''new''';
      v_act := 'UPDATE %1$I t SET raw_sealed = NULL';
    WHEN 'webhook_names' THEN
      v_table := 'webhook_inbox_contacts';
      v_due := 'EXISTS (SELECT FROM webhook_inbox w WHERE w.lane = t.inbox_lane AND w.id = t.inbox_id AND w.received_at < $1)';
    WHEN 'sessions' THEN
      v_table := 'auth_sessions';
      v_due := 't.last_seen_at < $1';
    WHEN 'sign_in_failures' THEN
      v_table := 'sign_in_failures';
      v_due := 't.last_at < $1';
    WHEN 'packages' THEN
      v_table := 'rights_packages';
      v_due := 't.built_at < $1 AND NOT EXISTS (SELECT FROM rights_links l WHERE l.request_id = t.request_id
        AND l.revoked_at IS NULL AND l.expires_at > app_now())';
  END CASE;
  IF NOT p_removes THEN
    EXECUTE format('SELECT count(*) FROM %I t WHERE %s', v_table, v_due) INTO v_count USING v_before;
    RETURN v_count;
  END IF;
  IF p_what = 'consent_evidence' THEN -- the log's own copy of what was kept as proof, by entry and by item of a batch
    EXECUTE format('WITH due AS (SELECT t.entry_lane, t.entry_id, t.id FROM consent_events t WHERE %s ORDER BY t.lane, t.id LIMIT 10000)
      DELETE FROM log_payloads p USING due WHERE p.lane = due.entry_lane AND p.row_id IN (due.entry_id, due.id)', v_due)
      USING v_before;
  END IF;
  IF p_what = 'message_ids' THEN -- by which a message is found from its id
    EXECUTE format('WITH due AS (SELECT sha256(convert_to(t.wamid, ''UTF8'')) AS hash FROM messages t
      WHERE %s ORDER BY t.lane, t.id LIMIT 10000)
      DELETE FROM wamids w USING due WHERE w.lane = lane_of_hash(due.hash) AND w.wamid_hash = due.hash', v_due) USING v_before;
  END IF;
  IF p_what = 'consent_events' THEN -- the projection of nothing is nothing
    EXECUTE format('DELETE FROM consent_state c USING (SELECT DISTINCT lane, contact_id FROM (SELECT t.lane, t.contact_id
      FROM consent_events t WHERE %s ORDER BY t.lane, t.id LIMIT 10000) d) due
      WHERE c.lane = due.lane AND c.contact_id = due.contact_id', v_due) USING v_before;
  END IF;
  EXECUTE format('WITH due AS (SELECT t.ctid FROM %1$I t WHERE %2$s ' ||
    CASE WHEN p_what LIKE 'consent%' OR p_what = 'message_ids' THEN 'ORDER BY t.lane, t.id ' ELSE '' END || 'LIMIT 10000) ' || v_act ||
    CASE WHEN v_act LIKE 'DELETE%' THEN ' USING due' ELSE ' FROM due' END || ' WHERE t.ctid = due.ctid', v_table, v_due)
    USING v_before;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  IF v_count > 0 THEN
    INSERT INTO retention_removals (id, what, before, removed, at) VALUES (p_id, p_what, v_before, v_count, app_now());
  END IF;
  RETURN v_count;
END
$$;
