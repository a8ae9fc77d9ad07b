import { createHash } from "node:crypto";
import type { Context } from "@/lib/identity/context";

/**
 * Raw webhook bodies are sealed under the key of their day (compliance 2.5), kept in the key store under an id made from
 * the date: destroying it makes that day's bodies unreadable.
 */
export function dayKeyId(at: Date): string {
  const hex = createHash("sha256")
    .update(`webhook day ${at.toISOString().slice(0, 10)}`)
    .digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The key of a day, made when it is the first body of that day. */
export async function dayKey(ctx: Context, keyId: string): Promise<Buffer> {
  const key = (await ctx.keys.keysOf([keyId])).get(keyId) ?? (await ctx.keys.createKeys([keyId])).get(keyId);
  if (!key) throw new Error("the key store did not keep the key of the day");
  return key;
}

/** Where a sealed body belongs, as additional authenticated data. */
export function rawPlace(inboxId: string): string {
  return `webhook_inbox|raw_sealed|${inboxId}`;
}
