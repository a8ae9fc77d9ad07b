import { sql } from "drizzle-orm";
import * as z from "zod";
import { array } from "@/db/client";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

const envelope = z.object({ entry: z.array(z.object({ id: z.coerce.string() })).max(1_000) });

/**
 * A webhook that none of our app secrets signed. Nothing in it is believed; but when it names an account of ours, people are
 * shown that it came, because a wrong app secret looks exactly like this.
 */
export async function noteRefusedWebhook(ctx: Context, raw: Buffer): Promise<void> {
  authorize(ctx, "webhook.receive");
  const parsed = envelope.safeParse(readJson(raw));
  if (!parsed.success) return;
  const accounts = [...new Set(parsed.data.entry.map(({ id }) => id))];
  await ctx.db.execute(sql`
    update phone_numbers set webhook_refused_at = ${ctx.now()}::timestamptz
    where waba_id = any(${array(accounts, "text")})
      and (webhook_refused_at is null or webhook_refused_at < ${ctx.now()}::timestamptz - interval '1 minute')`);
}

function readJson(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString("utf8"));
  } catch {
    return undefined;
  }
}
