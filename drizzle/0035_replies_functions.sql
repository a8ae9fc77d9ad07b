GRANT SELECT, INSERT ON reply_rules TO contraste_console;
--> statement-breakpoint
GRANT SELECT ON reply_rules TO contraste_worker;
--> statement-breakpoint
GRANT UPDATE (stop_opt_out_share, stop_opt_out_after) ON installation TO contraste_console;
--> statement-breakpoint
-- What came before answers were sorted: by the rules, which have not looked yet (number 0). Refusals have taken effect.
UPDATE inbound_messages SET class_by = 'rules', reply_class = CASE classification WHEN 'opt_out' THEN 'opt_out' ELSE 'other' END,
  handled_at = CASE classification WHEN 'opt_out' THEN coalesce(handled_at, received_at) ELSE handled_at END
WHERE classification <> 'system';
--> statement-breakpoint
-- What was answered to these messages of ours, counted again after answers were sorted anew. A refusal or an automatic answer is
-- no engagement; what reads like a refusal counts only once a person has said that it is none. A refusal is never taken back.
CREATE FUNCTION recount_replies(p_lane smallint, p_messages uuid[]) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER
  SET search_path = public, pg_temp
AS $$
  SELECT 1 FROM messages WHERE lane = p_lane AND id = ANY (p_messages) ORDER BY id FOR UPDATE;
  UPDATE messages m SET replied_at = e.replied_at, opted_out_at = least(m.opted_out_at, e.opted_out_at)
  FROM (
    SELECT x.id,
      min(i.provider_at) FILTER (WHERE i.reply_class NOT IN ('opt_out', 'automatic') AND i.classification <> 'opt_out'
        AND (i.classification <> 'review' OR i.class_by = 'person')) AS replied_at,
      min(i.provider_at) FILTER (WHERE i.reply_class = 'opt_out') AS opted_out_at
    FROM unnest(p_messages) AS x(id)
    LEFT JOIN inbound_messages i ON i.message_id = x.id
      AND i.lane IN (SELECT l.n::smallint FROM generate_series(0, 63) AS l(n))
    GROUP BY x.id
  ) e WHERE m.lane = p_lane AND m.id = e.id
    AND (m.replied_at IS DISTINCT FROM e.replied_at OR m.opted_out_at IS DISTINCT FROM least(m.opted_out_at, e.opted_out_at))
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION recount_replies(smallint, uuid[]) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION recount_replies(smallint, uuid[]) TO contraste_console, contraste_worker;
