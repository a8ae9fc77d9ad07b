-- Where a row lives. The lane of a contact is the low 6 bits of its random id, so whoever has the id knows the lane.
CREATE FUNCTION lane_of(p_id uuid) RETURNS smallint
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN (get_byte(uuid_send(p_id), 15) & 63)::smallint;
--> statement-breakpoint
-- Rows that are found by a hash (identifiers, suppressions, wamids, webhooks, conversions) take their lane from its first byte.
CREATE FUNCTION lane_of_hash(p_hash bytea) RETURNS smallint
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN (get_byte(p_hash, 0) & 63)::smallint;
