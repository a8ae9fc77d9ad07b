import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { newId } from "@/lib/foundation/ids";
import { log } from "@/lib/foundation/log";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { enqueue } from "@/lib/jobs/enqueue";
import { raiseNotice } from "@/lib/notices/commands/raise-notice";
import { resolveNotice } from "@/lib/notices/commands/resolve-notice";
import { readNumberJob } from "../jobs";
import { type ChangeEffect, effectOf, type NumberChangeItem } from "../number-change";
import { setLimit, setNumberValues } from "../store";
import { stopSending } from "./stop-sending";

interface NamedNumber extends Record<string, unknown> {
  id: string;
  name: string;
  is_named: boolean;
}

/**
 * Takes what Meta tells about a number or its account: keeps it, applies it, and tells people where they must act
 * (cloud-api 11). The same telling twice is one; one that is older than what was told before is kept and not applied. What
 * concerns an account that is not ours is nobody's here.
 */
export async function recordNumberChange(ctx: Context, item: NumberChangeItem): Promise<void> {
  authorize(ctx, "job.run");
  const effect = effectOf(item);
  await transaction(ctx, async (tx) => {
    const numbers = await numbersOf(tx, item.wabaId, effect);
    const [anyNumber] = numbers;
    if (!anyNumber) return;
    const isNamed = effect.displayPhoneNumber !== undefined || effect.phoneNumberId !== undefined;
    const concerned = isNamed ? numbers.filter(({ is_named: isOne }) => isOne) : numbers;
    const numberId = isNamed ? (concerned[0]?.id ?? null) : null;
    const told = "at" in item ? item.at : undefined;
    const news = await keep(tx, { wabaId: item.wabaId, numberId, told, effect });
    if (news !== "new") return;
    log.info("number.change", { wabaId: item.wabaId, numberId, kind: effect.kind });
    const { set, limit, stop } = effect;
    const ids = concerned.map(({ id }) => id);
    if (set && ids.length > 0) await setNumberValues(tx, ids, set);
    if (limit) await setLimit(tx, anyNumber.id, limit);
    const [first] = concerned;
    if (stop && first) await stopSending(tx, { numberId: first.id, ...stop });
    await tell(tx, item.wabaId, { effect, numberId, name: (first ?? anyNumber).name, anyId: anyNumber.id });
    if (effect.reads)
      for (const id of ids) await enqueue(tx.db, readNumberJob, { numberId: id }, { key: `read ${id}` });
  });
}

/** Every number of the account, and whether the change names it: by its digits or by its id. */
async function numbersOf(tx: Context, wabaId: string, effect: ChangeEffect): Promise<NamedNumber[]> {
  const digits = effect.displayPhoneNumber?.replace(/\D/g, "") ?? null;
  return tx.db.execute<NamedNumber>(sql`
    select id, display_number as name,
      coalesce(regexp_replace(display_number, '[^0-9]', '', 'g') = ${digits}, false)
        or coalesce(phone_number_id = ${effect.phoneNumberId ?? null}, false) as is_named
    from phone_numbers where waba_id = ${wabaId} order by created_at, id for no key update`);
}

interface Kept {
  wabaId: string;
  numberId: string | null;
  /** When it happened, where Meta says so. */
  told: Date | undefined;
  effect: ChangeEffect;
}

/** `new` to be applied; `known` told before; `old` something later of this kind was told already. */
async function keep(tx: Context, { wabaId, numberId, told, effect }: Kept): Promise<"new" | "known" | "old"> {
  const at = told ?? tx.now();
  // Without a time of its own, the same telling counts once a day.
  const when = told?.toISOString() ?? at.toISOString().slice(0, 10);
  const facts = JSON.stringify([wabaId, numberId, effect.kind, when, effect.summary]);
  const fingerprint = createHash("sha256").update(facts).digest();
  const [topic = effect.kind] = effect.kind.split(".");
  const [row] = await tx.db.execute<{ is_old: boolean }>(sql`
    insert into number_events (id, waba_id, number_id, kind, at, recorded_at, summary, fingerprint)
    values (${newId()}::uuid, ${wabaId}, ${numberId}::uuid, ${effect.kind}, ${at}::timestamptz, ${tx.now()}::timestamptz,
      ${JSON.stringify(effect.summary)}::jsonb, ${fingerprint})
    on conflict (fingerprint) do nothing
    returning exists (select 1 from number_events e where e.waba_id = ${wabaId}
      and e.number_id is not distinct from ${numberId}::uuid and split_part(e.kind, '.', 1) = ${topic}
      and e.at > ${at}::timestamptz) as is_old`);
  if (!row) return "known";
  return row.is_old ? "old" : "new";
}

async function tell(
  tx: Context,
  wabaId: string,
  { effect, numberId, name, anyId }: { effect: ChangeEffect; numberId: string | null; name: string; anyId: string },
): Promise<void> {
  const place = numberId ?? wabaId;
  if (effect.resolves) await resolveNotice(tx, `${effect.resolves} ${place}`);
  if (!effect.notice) return;
  await raiseNotice(tx, {
    kind: effect.notice.kind,
    key: `${effect.notice.kind} ${place}`,
    subject: { type: "number", id: numberId ?? anyId },
    params: { name, ...effect.notice.params },
  });
}
