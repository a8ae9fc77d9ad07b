-- A campaign's own weekdays and hours (half-open, local): the same rule as lib/campaigns/send-time.ts, which plans by it.
CREATE FUNCTION campaign_hours(p_hours jsonb, p_version uuid, p_country text, p_zone text, p_at timestamptz,
    OUT is_open boolean, OUT next_open_at timestamptz)
  LANGUAGE plpgsql STABLE
  SET search_path = public, pg_temp
AS $$
DECLARE
  v_zones text[] := CASE WHEN p_zone IS NOT NULL THEN ARRAY[p_zone] ELSE (
    SELECT array_agg(z.zone) FROM policy_zones z WHERE z.version_id = p_version AND z.country =
      CASE WHEN EXISTS (SELECT FROM policy_zones o WHERE o.version_id = p_version AND o.country = p_country) THEN p_country ELSE 'DEFAULT' END)
    END;
  v_days integer[] := ARRAY(SELECT jsonb_array_elements_text(p_hours -> 'weekdays')::integer);
  v_from time := (p_hours ->> 'from')::time;
  v_to time := (p_hours ->> 'to')::time;
BEGIN
  SELECT min(c.at) FILTER (WHERE c.at > p_at), coalesce(bool_or(c.at = p_at), false) INTO next_open_at, is_open
  FROM (
    SELECT p_at AS at
    UNION
    SELECT ((p_at AT TIME ZONE z.zone)::date + d.ahead + v_from) AT TIME ZONE z.zone
    FROM unnest(v_zones) AS z(zone) CROSS JOIN generate_series(0, 14) AS d(ahead)
  ) c
  WHERE v_zones IS NOT NULL AND (
    SELECT bool_and(extract(isodow FROM l.local)::integer = ANY (v_days) AND l.local::time >= v_from AND l.local::time < v_to)
    FROM unnest(v_zones) AS z(zone) CROSS JOIN LATERAL (SELECT c.at AT TIME ZONE z.zone AS local) l);
  IF is_open THEN
    next_open_at := p_at;
  END IF;
END
$$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION campaign_hours(jsonb, uuid, text, text, timestamptz) FROM PUBLIC;
