import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { open } from "@/lib/keystore/cipher";
import { type ResolvedValues, resolvedValues } from "@/lib/templates/values";
import { contentsPlace } from "../store";

/**
 * What filled the placeholders of one attempt, in clear: whoever shows it masks it. Null when it is no longer kept or the
 * person was erased. `componentsSha256` names the version of the template, in hex.
 */
export async function getSentValues(
  ctx: Context,
  { lane, contactId, messageId, attemptId }: { lane: number; contactId: string; messageId: string; attemptId: string },
): Promise<{ componentsSha256: string; values: ResolvedValues } | null> {
  authorize(ctx, "proof.read");
  const [row] = await ctx.db.execute<{ sha256: string; sealed: Buffer }>(sql`
    select encode(components_sha256, 'hex') as sha256, sealed from message_contents
    where lane = ${lane}::smallint and message_id = ${messageId}::uuid and attempt_id = ${attemptId}::uuid`);
  const key = (await ctx.keys.keysOf([contactId])).get(contactId);
  if (!row || !key) return null;
  const text = open(key, row.sealed, contentsPlace(attemptId)).toString("utf8");
  return { componentsSha256: row.sha256, values: resolvedValues.parse(JSON.parse(text)) };
}
