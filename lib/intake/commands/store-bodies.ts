import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

/** A body, sealed, on its way into the inbox. */
export interface NewBody {
  id: string;
  sha256: Buffer;
  sealed: Buffer;
  keyId: string;
  /** Meta's ids of the numbers that it is about. */
  phoneNumberIds: readonly string[];
}

export type Stored = "stored" | "duplicate";

/** Stores bodies, each once by its hash, and notes at most once a minute that their numbers are heard. */
export async function storeBodies(ctx: Context, bodies: readonly NewBody[]): Promise<Stored[]> {
  authorize(ctx, "webhook.receive");
  if (bodies.length === 0) return [];
  const column = <Key extends keyof NewBody>(key: Key) => bodies.map((body) => body[key]);
  const heard = [...new Set(bodies.flatMap((body) => body.phoneNumberIds))];
  const inserted = await ctx.db.execute<{ id: string }>(sql`
    with heard as (
      update phone_numbers set last_webhook_at = ${ctx.now()}::timestamptz
      where phone_number_id = any(${array(heard, "text")})
        and (last_webhook_at is null or last_webhook_at < ${ctx.now()}::timestamptz - interval '1 minute')
    )
    insert into webhook_inbox (lane, id, sha256, raw_sealed, key_id, status, received_at)
    select lane_of_hash(b.sha256), b.id, b.sha256, b.sealed, b.key_id, 'new', ${ctx.now()}::timestamptz
    from unnest(${array(column("id"), "uuid")}, ${array(column("sha256"), "bytea")}, ${array(column("sealed"), "bytea")},
      ${array(column("keyId"), "uuid")}) as b(id, sha256, sealed, key_id)
    on conflict (lane, sha256) do nothing returning id`);
  const ids = new Set(inserted.map(({ id }) => id));
  return bodies.map(({ id }) => (ids.has(id) ? "stored" : "duplicate"));
}
