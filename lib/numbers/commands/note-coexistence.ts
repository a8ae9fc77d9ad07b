import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { throughputOf } from "../limits";
import { recordNumberEvent } from "../store";

/**
 * Meta echoed what staff wrote in the phone's app, which happens only to numbers that are used there too: they send 20
 * messages a second at most (cloud-api 13), whatever they were set to. Said once; a number that is not ours is nobody's here.
 */
export async function noteCoexistence(
  ctx: Context,
  { wabaId, phoneNumberId }: { wabaId: string; phoneNumberId?: string },
): Promise<void> {
  authorize(ctx, "job.run");
  if (phoneNumberId === undefined) return;
  const messagesPerSecond = throughputOf.COEXISTENCE;
  await transaction(ctx, async (tx) => {
    const changed = await tx.db.execute<{ id: string }>(sql`
      update phone_numbers set throughput_level = 'COEXISTENCE', messages_per_second = ${messagesPerSecond}::int
      where waba_id = ${wabaId} and phone_number_id = ${phoneNumberId} and throughput_level is distinct from 'COEXISTENCE'
      returning id`);
    for (const { id: numberId } of changed)
      await recordNumberEvent(tx, {
        ...{ wabaId, numberId, kind: "phone_quality.COEXISTENCE" },
        summary: { throughputLevel: "COEXISTENCE", messagesPerSecond },
      });
  });
}
