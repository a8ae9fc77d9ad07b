import { sql } from "drizzle-orm";
import { newId } from "@/lib/foundation/ids";
import { log } from "@/lib/foundation/log";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { raiseNotice } from "@/lib/notices/commands/raise-notice";
import type { Stop } from "../stops";

export type StopSending = Stop & {
  /** The number that met it. */
  numberId: string;
  /** Meta's error code, where one said so. */
  code?: number;
};

/** Key of the notice that tells of a stop. */
export const stopNotice = (numberId: string, cause: string) => `number_stopped ${numberId} ${cause}`;

/**
 * Engages the kill switch of a number by itself (compliance 3.3), or of every number of its account, and tells people why.
 * One that is engaged for the same cause already stays as it is. Nothing waiting is lost; release takes two people.
 */
export async function stopSending(ctx: Context, { numberId, reach, cause, code }: StopSending): Promise<void> {
  authorize(ctx, "kill_switch.engage");
  await transaction(ctx, async (tx) => {
    await tx.db.execute(sql`select pg_advisory_xact_lock(hashtext('contraste stop ' || ${cause}))`);
    const numbers = await tx.db.execute<{ id: string; name: string }>(sql`
      select p.id, p.display_number as name from phone_numbers p join phone_numbers own on own.id = ${numberId}::uuid
      where (p.id = own.id or (${reach} = 'account' and p.waba_id = own.waba_id))
        and not exists (select 1 from kill_switches s
          where s.level = 'number' and s.target_id = p.id and s.cause = ${cause} and s.released_at is null)
      order by p.id`);
    for (const { id: targetId, name } of numbers) {
      const id = newId();
      await tx.db.execute(sql`
        insert into kill_switches (id, level, target_id, reason, cause, engaged_at)
        values (${id}::uuid, 'number', ${targetId}::uuid, ${code === undefined ? cause : `meta_${code}`}, ${cause},
          ${tx.now()}::timestamptz)`);
      await audit(tx, "kill_switch.engaged", { level: "number", targetId, cause, code: code ?? null }, id);
      await raiseNotice(tx, {
        kind: "number_stopped",
        key: stopNotice(targetId, cause),
        subject: { type: "number", id: targetId },
        params: { name, cause },
      });
      log.warn("number.stopped", { numberId: targetId, cause, code });
    }
  });
}
