-- Planning one lane. Everybody's message has an id of the planner's choice, whose order is the seeded order in which a wave leaves,
-- and a wave: the instant at which people of a place are written to. The holdout has one too, and gets nothing.
DROP FUNCTION plan_messages(smallint, uuid, uuid[], text[], uuid[], text[], timestamptz, timestamptz);
--> statement-breakpoint
CREATE FUNCTION plan_messages(
  p_lane smallint, p_campaign uuid, p_contacts uuid[], p_ids uuid[], p_variants text[], p_waves integer[],
  p_times timestamptz[], p_countries text[], p_zones text[], p_excluded uuid[], p_reasons text[], p_deadline timestamptz
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
  SELECT p_lane, r.id, p_campaign, r.contact_id, r.variant, v.template_id, c.number_id, c.purpose_id, w.country,
    CASE WHEN r.variant = 'holdout' THEN 'held_out' ELSE 'planned' END,
    w.send_at, p_deadline,
    CASE WHEN v.link_url IS NOT NULL THEN substring(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) FROM 1 FOR 12) END,
    v_now, v_now
  FROM unnest(p_contacts, p_ids, p_variants, p_waves) AS r(contact_id, id, variant, wave)
  JOIN unnest(p_times, p_countries, p_zones) WITH ORDINALITY AS w(send_at, country, zone, n) ON w.n = r.wave
  JOIN campaigns c ON c.id = p_campaign
  LEFT JOIN campaign_variants v ON v.campaign_id = p_campaign AND v.key = r.variant;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  INSERT INTO campaign_waves (campaign_id, lane, send_at, country, zone, people, held_out)
  SELECT p_campaign, p_lane, w.send_at, coalesce(w.country, ''), coalesce(w.zone, ''),
    count(*) FILTER (WHERE r.variant <> 'holdout'), count(*) FILTER (WHERE r.variant = 'holdout')
  FROM unnest(p_variants, p_waves) AS r(variant, wave)
  JOIN unnest(p_times, p_countries, p_zones) WITH ORDINALITY AS w(send_at, country, zone, n) ON w.n = r.wave
  GROUP BY 3, 4, 5;
  RETURN v_count;
END
$$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION plan_messages(smallint, uuid, uuid[], uuid[], text[], integer[], timestamptz[], text[], text[], uuid[], text[], timestamptz) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION plan_messages(smallint, uuid, uuid[], uuid[], text[], integer[], timestamptz[], text[], text[], uuid[], text[], timestamptz) TO contraste_worker;
--> statement-breakpoint
GRANT SELECT ON campaign_waves TO contraste_console, contraste_worker, contraste_auditor;
