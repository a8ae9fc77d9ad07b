import { sql } from "drizzle-orm";
import { openName } from "@/lib/audience/contact";
import { openIdentifier } from "@/lib/audience/identifier";
import { bodyPlace } from "@/lib/conversations/inbound";
import { AppError } from "@/lib/foundation/errors";
import { laneOf } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { requireRecentFactor } from "@/lib/identity/recent-factor";
import { open } from "@/lib/keystore/cipher";

const REPLIES = 20;

export interface RevealedPerson {
  name: string | null;
  /** Of every kind: phone, wa_id, bsuid, e-mail, external id. */
  identifiers: { kind: string; value: string; isFormer: boolean }[];
}

/**
 * Who somebody is, in clear. Asked for with a reason and a recent code; who asked, for whom and why is an event of its own.
 *
 * @throws AppError("contact_erased") the key is gone, nobody can open it
 */
export async function revealPerson(
  ctx: Context,
  { contactId, reason }: { contactId: string; reason: string },
): Promise<RevealedPerson> {
  authorize(ctx, "contact.unmask");
  await requireRecentFactor(ctx);
  return transaction(ctx, async (tx) => {
    const key = await keyOf(tx, contactId);
    const [row] = await tx.db.execute<{ name: Buffer | null }>(sql`
      select name_sealed as name from contacts where lane = ${laneOf(contactId)}::smallint and id = ${contactId}::uuid`);
    const rows = await tx.db.execute<{ kind: string; sealed: Buffer; former: boolean }>(sql`
      select kind, sealed, former_at is not null as former from contact_identifiers
      where lane = ${laneOf(contactId)}::smallint and contact_id = ${contactId}::uuid order by former_at is not null, kind`);
    await audit(tx, "contact.unmasked", { what: "identity", reason }, contactId);
    return {
      name: row?.name ? openName(key, contactId, row.name).full : null,
      identifiers: rows.map(({ kind, sealed, former }) => ({
        kind,
        value: openIdentifier(key, contactId, { kind, sealed }),
        isFormer: former,
      })),
    };
  });
}

export interface RevealedReply {
  text: string;
  /** ISO, UTC. */
  at: string;
  isUnclear: boolean;
}

/** What somebody wrote to us last, in clear, with the same conditions. */
export async function revealReplies(
  ctx: Context,
  { contactId, reason }: { contactId: string; reason: string },
): Promise<RevealedReply[]> {
  authorize(ctx, "contact.unmask");
  await requireRecentFactor(ctx);
  return transaction(ctx, async (tx) => {
    const key = await keyOf(tx, contactId);
    const rows = await tx.db.execute<{ id: string; body: Buffer; at: string; classification: string }>(sql`
      select id, body_sealed as body, provider_at as at, classification from inbound_messages
      where lane = ${laneOf(contactId)}::smallint and contact_id = ${contactId}::uuid and body_sealed is not null
      order by classification = 'review' desc, provider_at desc limit ${REPLIES}::int`);
    await audit(tx, "contact.unmasked", { what: "replies", reason }, contactId);
    return rows.map(({ id, body, at, classification }) => ({
      text: open(key, body, bodyPlace(id)).toString("utf8"),
      at: new Date(at).toISOString(),
      isUnclear: classification === "review",
    }));
  });
}

async function keyOf(tx: Context, contactId: string): Promise<Buffer> {
  const key = (await tx.keys.keysOf([contactId])).get(contactId);
  if (!key) throw new AppError("contact_erased", { contactId });
  return key;
}
