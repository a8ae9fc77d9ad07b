import { sql } from "drizzle-orm";
import { users } from "@/db/schema/identity";
import type { TestDatabase } from "@/db/testing/database";
import { lookupOf, sealIdentifier } from "@/lib/audience/identifier";
import { bodyPlace } from "@/lib/conversations/inbound";
import { newId } from "@/lib/foundation/ids";
import type { Context } from "@/lib/identity/context";
import { seal } from "@/lib/keystore/cipher";
import { type SentCampaign, sentCampaign } from "@/lib/sending/testing/sent-campaign";

export interface RightsWorld extends SentCampaign {
  /** Two officers: who handles, and who is the second. */
  iria: Context;
  saul: Context;
  contact(index: number): string;
  /** The person writes to us over WhatsApp; answers our id of the message. */
  writes(contactId: string, text: string): Promise<string>;
  /** The person has another identifier. */
  knownBy(contactId: string, kind: "email" | "bsuid", value: string): Promise<void>;
}

/** A campaign that was sent to people who can now ask what we have of them. */
export async function rightsWorld(t: TestDatabase, people = 10): Promise<RightsWorld> {
  const sent = await sentCampaign(t, people);
  const userId = newId();
  await t.db.insert(users).values({
    id: userId,
    name: "Saúl Otero",
    email: `${userId}@example.com`,
    passwordHash: "x",
    roles: ["compliance"],
    createdAt: sent.world.worker.now(),
  });
  const iria = sent.world.people.iria;
  const saul: Context = {
    ...iria,
    now: iria.now,
    actor: { kind: "user", userId, roles: ["compliance"], sessionId: null },
  };
  return {
    ...sent,
    iria,
    saul,
    contact: (index) => sent.contactIds[index] ?? "",
    async writes(contactId, text) {
      const id = newId();
      const key = (await t.keystore.keysOf([contactId])).get(contactId) ?? Buffer.alloc(32);
      await t.db.execute(sql`
        insert into inbound_messages (lane, id, contact_id, number_id, wamid, type, body_sealed, classification, provider_at, received_at)
        values (lane_of(${contactId}), ${id}, ${contactId}, ${sent.world.ids.numberId}, ${`wamid.in.${id}`}, 'text',
          ${seal(key, text, bodyPlace(id))}, 'other', ${iria.now()}::timestamptz, ${iria.now()}::timestamptz)`);
      return id;
    },
    async knownBy(contactId, kind, value) {
      const key = (await t.keystore.keysOf([contactId])).get(contactId) ?? Buffer.alloc(32);
      const lookup = lookupOf(t.secrets.lookupKey, { kind, value });
      await t.db.execute(sql`
        insert into contact_identifiers (lane, contact_id, kind, lookup, sealed, created_at)
        values (lane_of(${contactId}), ${contactId}, ${kind}, ${lookup}, ${sealIdentifier(key, contactId, { kind, value })},
          ${iria.now()}::timestamptz)`);
      await t.db.execute(sql`
        insert into identifier_index (lane, lookup, kind, contact_id, created_at)
        values (lane_of_hash(${lookup}), ${lookup}, ${kind}, ${contactId}, ${iria.now()}::timestamptz)`);
    },
  };
}
