import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { wamidHash } from "@/lib/sending/commands/record-outcomes";

/** The message that Meta knows by this id; undefined for one that is not ours. */
export async function findMessageByWamid(ctx: Context, { wamid }: { wamid: string }): Promise<string | undefined> {
  authorize(ctx, "proof.read");
  const hash = wamidHash(wamid);
  const [row] = await ctx.db.execute<{ id: string }>(sql`
    select message_id as id from wamids where lane = lane_of_hash(${hash}::bytea) and wamid_hash = ${hash}`);
  return row?.id;
}
