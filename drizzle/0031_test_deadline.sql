-- The only way in for a message outside of campaigns: queued, to be taken through the gate like any other. Its basis follows from
-- what it is for; nobody can claim a consent here. Answers `planned`, or why not: `gone` (erased, restricted, merged or unknown),
-- `window_closed` (service: they have not written to this number in the last 24 hours), `already` (a confirmation of the last
-- 24 hours; the same question). A test that cannot leave within ten minutes leaves no more: nobody waits for it by then.
CREATE OR REPLACE FUNCTION plan_direct_message(p_lane smallint, p_id uuid, p_contact uuid, p_number uuid, p_kind text, p_template uuid,
    p_purpose uuid, p_ground uuid) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp
AS $$
DECLARE
  v_now timestamptz := date_trunc('milliseconds', app_now());
  v_contact contacts;
  v_deadline timestamptz;
BEGIN
  IF p_kind NOT IN ('reply', 'opt_out_confirmation', 'consent_request', 'test') THEN
    RAISE EXCEPTION 'a message of a campaign is planned with its campaign' USING ERRCODE = 'CT004';
  END IF;
  SELECT * INTO v_contact FROM contacts WHERE lane = p_lane AND id = p_contact FOR NO KEY UPDATE;
  IF v_contact.id IS NULL OR num_nonnulls(v_contact.erased_at, v_contact.restricted_at, v_contact.merged_into) > 0 THEN
    RETURN 'gone';
  END IF;
  IF p_kind IN ('reply', 'opt_out_confirmation') THEN
    SELECT max(least(provider_at, received_at)) + interval '24 hours' INTO v_deadline FROM inbound_messages
    WHERE lane = p_lane AND contact_id = p_contact AND number_id = p_number AND classification <> 'system';
    IF v_deadline IS NULL OR v_deadline <= v_now THEN
      RETURN 'window_closed';
    END IF;
  END IF;
  IF p_kind = 'test' THEN
    v_deadline := v_now + interval '10 minutes';
  END IF;
  IF p_kind = 'opt_out_confirmation' AND EXISTS (SELECT FROM messages WHERE lane = p_lane AND contact_id = p_contact
      AND kind = p_kind AND planned_at > v_now - interval '24 hours' AND state NOT IN ('skipped', 'missed_deadline')) THEN
    RETURN 'already';
  END IF;
  IF p_kind = 'consent_request' AND EXISTS (SELECT FROM messages WHERE lane = p_lane AND contact_id = p_contact
      AND kind = p_kind AND (ground_id = p_ground OR (purpose_id = p_purpose AND state IN ('queued', 'sending')))) THEN
    RETURN 'already';
  END IF;
  INSERT INTO messages (lane, id, kind, basis, ground_id, contact_id, template_id, number_id, purpose_id, country, state, not_before,
    deadline_at, planned_at, state_at)
  VALUES (p_lane, p_id, p_kind,
    CASE p_kind WHEN 'consent_request' THEN 'request' WHEN 'test' THEN 'test' ELSE 'service' END,
    p_ground, p_contact, p_template, p_number, p_purpose, v_contact.country, 'queued', v_now, v_deadline, v_now, v_now);
  RETURN 'planned';
END
$$;
