import { sql } from "drizzle-orm";
import * as z from "zod";
import { AppError } from "@/lib/foundation/errors";
import { laneOf } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { open } from "@/lib/keystore/cipher";
import { filePlace } from "../media";

export const InboundMediaInput = z.object({ contactId: z.uuid(), messageId: z.uuid() });

/**
 * A file that somebody sent us, in clear. `contactId` is whom the message came from, merged or not.
 *
 * @throws AppError("not_found"), also for a file that is not kept, and for whoever was erased
 */
export async function getInboundMedia(
  ctx: Context,
  { contactId, messageId }: z.infer<typeof InboundMediaInput>,
): Promise<{ bytes: Buffer; mimeType: string }> {
  authorize(ctx, "conversation.read");
  const [row] = await ctx.db.execute<{ sealed: Buffer; type: string }>(sql`
    select sealed, mime_type as type from inbound_media where lane = ${laneOf(contactId)}::smallint
      and message_id = ${messageId}::uuid and contact_id = ${contactId}::uuid and state = 'kept' and sealed is not null`);
  const key = (await ctx.keys.keysOf([contactId])).get(contactId);
  if (!row || !key) throw new AppError("not_found", { messageId });
  return { bytes: open(key, row.sealed, filePlace(messageId)), mimeType: row.type };
}
