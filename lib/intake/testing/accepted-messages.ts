import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { newId } from "@/lib/foundation/ids";

/** What Meta knows our number by, in what these messages were sent from. */
export const META_IDS = { wabaId: "900000000000001", phoneNumberId: "800000000000001" };

export interface AcceptedMessages {
  campaignId: string;
  numberId: string;
  /** Evenly over all lanes, in the order of lane and id. */
  wamids: string[];
}

/**
 * Messages that Meta has accepted and told nothing about yet, straight into the tables as the owner: what intake has to do
 * with starts there, and there may be hundreds of thousands.
 */
export async function acceptedMessages(db: Db, { count }: { count: number }): Promise<AcceptedMessages> {
  const [brandId, purposeId, numberId, campaignId] = [newId(), newId(), newId(), newId()];
  await db.execute(sql`insert into brands values (${brandId}, 'Olmo', 'Olmo S. L.', now())`);
  await db.execute(sql`
    insert into purposes (id, brand_id, key, name, category, created_at) values (${purposeId}, ${brandId}, 'news', 'News', 'MARKETING', now())`);
  await db.execute(sql`
    insert into phone_numbers (id, brand_id, waba_id, phone_number_id, display_number, verified_name, base_url, token_sealed,
      app_secret_sealed, verify_token_hash, is_sandbox, created_at)
    values (${numberId}, ${brandId}, ${META_IDS.wabaId}, ${META_IDS.phoneNumberId}, '+1 555-010-0100', 'Olmo', 'http://127.0.0.1:1',
      '\\x00', '\\x00', '\\x00', true, now())`);
  await db.execute(sql`
    insert into campaigns (id, brand_id, number_id, purpose_id, name, status, goal, created_at, updated_at)
    values (${campaignId}, ${brandId}, ${numberId}, ${purposeId}, 'Enero', 'sending', '{}', now(), now())`);
  await db.execute(sql`
    insert into contacts (lane, id, country, created_at, updated_at)
    select lane_of(c.id), c.id, 'ES', now(), now() from (
      -- a random id whose last byte says the lane, so that every lane has as many
      select (left(gen_random_uuid()::text, 34) || lpad(to_hex(n % 64), 2, '0'))::uuid as id from generate_series(1, ${count}::int) n
    ) c`);
  await db.execute(sql`
    insert into messages (lane, id, campaign_id, contact_id, variant, number_id, purpose_id, country, state, not_before, planned_at,
      state_at, accepted_at, attempts, wamid)
    select c.lane, m.id, ${campaignId}, c.id, 'A', ${numberId}, ${purposeId}, 'ES', 'accepted', now(), now(), now(), now(), 1,
      'wamid.' || encode(decode(replace(m.id::text, '-', ''), 'hex'), 'base64')
    from contacts c, lateral (select gen_random_uuid() as id where c.id is not null) m`);
  await db.execute(sql`
    insert into wamids (lane, wamid_hash, message_lane, message_id)
    select lane_of_hash(h.hash), h.hash, m.lane, m.id
    from messages m, lateral (select sha256(convert_to(m.wamid, 'utf8')) as hash) h where m.campaign_id = ${campaignId}`);
  const rows = await db.execute<{ wamid: string }>(sql`
    select wamid from messages where campaign_id = ${campaignId} order by lane, id`);
  return { campaignId, numberId, wamids: rows.map(({ wamid }) => wamid) };
}

/** Back to "accepted", as if no status had come. */
export async function forgetStatuses(db: Db, campaignId: string): Promise<void> {
  await db.execute(sql`
    delete from message_statuses s using messages m where m.lane = s.lane and m.id = s.message_id and m.campaign_id = ${campaignId}`);
  await db.execute(sql`
    update messages set state = 'accepted', reason = null, error_code = null, sent_at = null, delivered_at = null, read_at = null,
      failed_at = null, cost_micros = null, cost_currency = null, pricing_type = null, pricing_category = null
    where campaign_id = ${campaignId}`);
}
