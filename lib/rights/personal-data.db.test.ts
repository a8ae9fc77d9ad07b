import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import { retentionClasses } from "./retention";
import { type RightsWorld, rightsWorld } from "./testing/people";

/**
 * Every place of the main database where something about a person may lie, and what becomes of it. A column that is here twice
 * or not at all fails the tests below: whoever adds one decides what erasure and retention do with it.
 */
type Erasure =
  /** `erase_people` empties it. */
  | "goes"
  /** Sealed under the person's key, which erasure destroys: nobody can open what stays. */
  | "closes with the key"
  /** Random ids and codes: says nothing about anybody once the contact's row is empty. */
  | "says nothing alone"
  /** A keyed hash that must stay: whoever is erased must not be written to again (GDPR 21.3). */
  | "block"
  /** About our own people, programs and installation, not about people we write to. */
  | "not theirs"
  /** Goes by itself within seven days. */
  | "short-lived";

interface Fate {
  erasure: Erasure;
  /** A class of retention; or why none is needed. */
  retention:
    | (typeof retentionClasses)[number]
    | "while the contact is there"
    | "seven days"
    | "aggregate"
    | "not theirs";
}

const withContact = { erasure: "goes", retention: "while the contact is there" } as const;
const figure = { erasure: "says nothing alone", retention: "aggregate" } as const;
const staff = { erasure: "not theirs", retention: "not theirs" } as const;

const fates: Readonly<Record<string, Fate>> = {
  "api_answers.sealed_body": { erasure: "short-lived", retention: "api_answers" },
  "attempt_outcomes.wamid": { erasure: "goes", retention: "outcomes" },
  "auth_sessions.user_agent": { erasure: "not theirs", retention: "sessions" },
  "campaign_conversions.contact_id": figure,
  "campaign_exclusions.contact_id": figure,
  "clicks.contact_id": figure,
  "clicks.user_agent": { erasure: "goes", retention: "click_agents" },
  "consent_events.contact_id": { erasure: "says nothing alone", retention: "consent_events" },
  "consent_events.evidence_sealed": { erasure: "goes", retention: "consent_evidence" },
  "consent_invalidations.contact_id": figure,
  "consent_invalidations.reason_sealed": { erasure: "closes with the key", retention: "while the contact is there" },
  "consent_state.contact_id": { erasure: "says nothing alone", retention: "consent_events" },
  "contact_identifiers.contact_id": withContact,
  "contact_identifiers.lookup": withContact,
  "contact_identifiers.sealed": withContact,
  "contact_suppressions.contact_id": { erasure: "block", retention: "while the contact is there" },
  "contacts.attributes": withContact,
  "contacts.name_sealed": withContact,
  "conversions.contact_id": figure,
  "conversions.lookups": { erasure: "goes", retention: "conversion_hashes" },
  "gate_refusals.contact_id": { erasure: "says nothing alone", retention: "refusals" },
  "identifier_index.contact_id": withContact,
  "identifier_index.lookup": withContact,
  "import_chunks.sealed": { erasure: "goes", retention: "seven days" },
  "import_rejections.sealed": { erasure: "goes", retention: "seven days" },
  "inbound_media.contact_id": { erasure: "goes", retention: "inbound_media" },
  "inbound_media.sealed": { erasure: "goes", retention: "inbound_media" },
  "inbound_messages.body_sealed": { erasure: "goes", retention: "inbound_bodies" },
  "inbound_messages.contact_id": { erasure: "says nothing alone", retention: "aggregate" },
  "inbound_messages.details_sealed": { erasure: "goes", retention: "inbound_bodies" },
  "inbound_messages.original_wamid": { erasure: "goes", retention: "inbound_bodies" },
  "inbound_messages.wamid": { erasure: "goes", retention: "inbound_bodies" },
  "log_payloads.ciphertext": { erasure: "closes with the key", retention: "while the contact is there" },
  "merged_attempts.contact_id": figure,
  "merged_campaigns.contact_id": figure,
  "message_contents.contact_id": { erasure: "goes", retention: "message_contents" },
  "message_contents.sealed": { erasure: "goes", retention: "message_contents" },
  "message_drafts.contact_id": { erasure: "goes", retention: "message_drafts" },
  "message_drafts.sealed": { erasure: "goes", retention: "message_drafts" },
  "messages.contact_id": figure,
  "messages.wamid": { erasure: "goes", retention: "message_ids" },
  "own_numbers.contact_id": figure,
  "parked_statuses.item": { erasure: "short-lived", retention: "seven days" },
  "parked_statuses.wamid_hash": { erasure: "short-lived", retention: "seven days" },
  "phone_numbers.app_secret_sealed": staff,
  "phone_numbers.token_sealed": staff,
  "portfolio_recipients.contact_id": { erasure: "short-lived", retention: "seven days" },
  "rights_blocked_accesses.contact_id": figure,
  "rights_packages.contact_id": { erasure: "goes", retention: "packages" },
  "rights_packages.sealed": { erasure: "goes", retention: "packages" },
  "rights_requests.contact_id": figure,
  "rights_requests.details_sealed": { erasure: "goes", retention: "request_details" },
  "second_factors.sealed_secret": staff,
  "send_attempts.contact_id": { erasure: "says nothing alone", retention: "attempts" },
  "suppression_lookups.lookup": { erasure: "block", retention: "while the contact is there" },
  "suppression_removals.contact_id": figure,
  "suppression_removals.reason": withContact,
  "users.email": staff,
  "wamids.wamid_hash": { erasure: "goes", retention: "message_ids" },
  "webhook_inbox.raw_sealed": { erasure: "goes", retention: "webhook_bodies" },
  "webhook_inbox_contacts.lookup": { erasure: "goes", retention: "webhook_names" },
};

const t = await testDatabase();
afterAll(() => t.close());

/** Columns that by their name or kind hold or point at something of a person's. */
async function personalColumns(): Promise<string[]> {
  const rows = await t.db.execute<{ name: string }>(sql`
    select table_name || '.' || column_name as name from information_schema.columns
    where table_schema = 'public' and (
      (data_type = 'bytea' and (column_name ~ 'sealed|ciphertext|encrypted|body|payload' or column_name ~ 'wamid'))
      or column_name ~ '(^|_)(contact_id|lookups?|wamid|wa_id|bsuid|phone|email|ip|user_agent|attributes)$'
      or column_name in ('subject_contact_id', 'item'))
    order by 1`);
  return rows.map(({ name }) => name);
}

test("every column that may hold something of a person's has its place in erasure and in retention", async () => {
  const written = Object.keys(fates).filter((name) => name !== "suppression_removals.reason");
  expect(await personalColumns()).toEqual(written.sort());
});

test("every class of retention that is named exists, and the database has a term for each that the job knows", async () => {
  const terms = await t.db.execute<{ what: string }>(sql`select what from retention_terms()`);
  expect(terms.map(({ what }) => what).sort()).toEqual([...retentionClasses].sort());
});

describe("after an erasure without a blocking term", () => {
  let world: RightsWorld;
  let contactId: string;
  beforeAll(async () => {
    world = await rightsWorld(t, 4);
    contactId = world.contact(0);
    await fill();
    await t.db.execute(sql`select erase_people(array[${contactId}::uuid], false, ${world.iria.now()}::timestamptz)`);
  });

  /** What the campaign did not leave behind by itself. */
  async function fill(): Promise<void> {
    await world.writes(contactId, "Hola");
    const [message] = await t.db.execute<{ id: string }>(sql`select id from messages where contact_id = ${contactId}`);
    const sealed = Buffer.from("sealed");
    await t.db.execute(sql`
      insert into message_drafts (lane, message_id, contact_id, sealed)
      values (lane_of(${contactId}), ${message?.id ?? null}, ${contactId}, ${sealed})`);
    await t.db.execute(sql`
      insert into inbound_media (lane, message_id, contact_id, number_id, state, next_at, received_at, sealed)
      values (lane_of(${contactId}), ${newId()}, ${contactId}, ${newId()}, 'kept', ${world.iria.now()}::timestamptz,
        ${world.iria.now()}::timestamptz, ${sealed})`);
    await t.db.execute(sql`
      insert into clicks (lane, id, message_id, campaign_id, contact_id, at, method, user_agent, is_human, verdict)
      values (lane_of(${contactId}), ${newId()}, ${message?.id ?? null}, ${world.campaignId}, ${contactId},
        ${world.iria.now()}::timestamptz, 'GET', 'Firefox of theirs', true, 'human')`);
    await t.db.execute(sql`
      insert into conversions (lane, id, source, order_id, contact_id, lookups, amount_micros, currency, occurred_at, received_at)
      values (3, ${newId()}, 'shop', 'order-1', ${contactId}, array[${sealed}::bytea], 1000000, 'EUR',
        ${world.iria.now()}::timestamptz, ${world.iria.now()}::timestamptz)`);
    await t.db.execute(sql`
      insert into rights_requests (id, lane, contact_id, kind, status, received_at, due_at, details_sealed)
      values (${newId()}, lane_of(${contactId}), ${contactId}, 'rectification', 'opened', ${world.iria.now()}::timestamptz,
        ${world.iria.now()}::timestamptz, ${sealed})`);
    await t.db.execute(sql`update contacts set attributes = '{"city": "Soria"}' where id = ${contactId}`);
  }

  /** Tables that hold both the person's id and something that goes: all but the id must be empty. */
  const emptied = Object.entries(fates).flatMap(([name, { erasure }]) => {
    const [table = "", column = ""] = name.split(".");
    return erasure === "goes" && column !== "contact_id" && fates[`${table}.contact_id`]
      ? [[table, column] as const]
      : [];
  });

  test.each(emptied)("nothing of theirs is left in %s.%s", async (table, column) => {
    const [left] = await t.db.execute<{ text: string | null }>(sql`
      select string_agg(${sql.identifier(column)}::text, ' ') as text from ${sql.identifier(table)}
      where contact_id = ${contactId} and ${sql.identifier(column)} is not null`);
    // Meta's id of what they wrote is replaced, because it must be unique.
    expect(left?.text ?? "").toMatch(/^(\{\}|(erased:[0-9a-f-]+ ?)*)$/);
  });

  test("nor in their contact, in the index of identifiers, nor by the ids of their messages", async () => {
    const [row] = await t.db.execute(sql`
      select c.attributes, c.name_sealed as name, c.country, c.erased_at is not null as "isErased",
        (select count(*)::int from wamids w join messages m on m.lane = w.message_lane and m.id = w.message_id
          where m.contact_id = c.id) as "wamids",
        (select count(*)::int from attempt_outcomes o join send_attempts a on a.lane = o.lane and a.id = o.attempt_id
          where a.contact_id = c.id and o.wamid is not null) as "outcomeIds"
      from contacts c where c.id = ${contactId}`);
    expect(row).toEqual({ attributes: {}, name: null, country: null, isErased: true, wamids: 0, outcomeIds: 0 });
  });

  test("and everybody else is as they were", async () => {
    const [row] = await t.db.execute<{ wamids: number; known: number }>(sql`
      select (select count(*)::int from contact_identifiers where contact_id = ${world.contact(1)}) as identifiers,
        (select count(*)::int from contacts where erased_at is not null) as erased,
        (select count(*)::int from wamids) as wamids,
        (select count(*)::int from messages where wamid is not null) as known`);
    expect(row).toMatchObject({ erased: 1, identifiers: 1 });
    expect(row?.wamids).toBe(row?.known);
  });
});
