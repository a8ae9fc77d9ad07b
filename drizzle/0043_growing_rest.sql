-- Until when marketing to somebody rests because Meta refused it (131049): a day, and twice as long each time that it refuses
-- again before any was delivered, up to a week (cloud-api 16: at least 24 hours, growing). `marketingRestHours` says the same.
CREATE FUNCTION marketing_rests_until(p_lane smallint, p_contact uuid, p_now timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT greatest(
    (SELECT max(r.at) + least(24 * power(2, count(*) - 1), 168) * interval '1 hour' FROM (
      SELECT coalesce(x.failed_at, x.state_at) AS at FROM messages x
      WHERE x.lane = p_lane AND x.contact_id = p_contact AND x.state_at > p_now - interval '30 days'
        AND x.error_code = 131049 AND x.state IN ('failed', 'rejected')
    ) r WHERE r.at > coalesce((
      SELECT max(d.delivered_at) FROM messages d JOIN purposes p ON p.id = d.purpose_id AND p.category = 'MARKETING'
      WHERE d.lane = p_lane AND d.contact_id = p_contact AND d.state_at > p_now - interval '30 days'), '-infinity')),
    (SELECT max(x.cooling_until) FROM merged_attempts x WHERE x.lane = p_lane AND x.contact_id = p_contact))
$$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION marketing_rests_until(smallint, uuid, timestamptz) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION marketing_rests_until(smallint, uuid, timestamptz) TO contraste_console, contraste_worker, contraste_ingress;
