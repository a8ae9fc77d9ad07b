import { eq } from "drizzle-orm";
import type * as z from "zod";
import { phoneNumbers } from "@/db/schema/numbers";
import { log } from "@/lib/foundation/log";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { raiseNotice } from "@/lib/notices/commands/raise-notice";
import { resolveNotice } from "@/lib/notices/commands/resolve-notice";
import type { phoneNumber } from "@/lib/whatsapp/graph";
import { failureOf, type Health } from "../health";
import { readThroughput, throughputOf } from "../limits";
import type { NumberValues } from "../number-change";
import { stopOfStatus } from "../stops";
import { loadNumber, type NumberRow, recordNumberEvent, setLimit } from "../store";
import { callAccount } from "./call-account";
import { stopSending } from "./stop-sending";

/**
 * Reads a number at Meta, the cheapest call there is, and brings our row up to date. A failure is kept as the number's
 * health and told; what was known before stays. A number that Meta stopped, or whose quality fell to RED, stops sending.
 */
export async function readNumberHealth(ctx: Context, { numberId }: { numberId: string }): Promise<Health> {
  authorize(ctx, "number.manage");
  const result = await callAccount(ctx, numberId, (api, number) => api.getPhoneNumber(number.phoneNumberId));
  const failure = failureOf(result);
  await transaction(ctx, async (tx) => {
    const row = await loadNumber(tx, numberId);
    const told = { health: failure ?? "ok", checkedAt: tx.now() };
    await tx.db.update(phoneNumbers).set(told).where(eq(phoneNumbers.id, numberId));
    if (result.kind === "ok") await apply(tx, row, result.value);
    if (!failure) return resolveNotice(tx, `number_unhealthy ${numberId}`);
    log.warn("number.read_failed", { numberId, failure, code: result.kind === "refused" ? result.code : null });
    await raiseNotice(tx, {
      kind: "number_unhealthy",
      key: `number_unhealthy ${numberId}`,
      subject: { type: "number", id: numberId },
      params: { name: row.displayNumber, cause: failure },
    });
  });
  return failure ?? "ok";
}

type PhoneNumber = z.output<typeof phoneNumber>;

async function apply(tx: Context, row: NumberRow, told: PhoneNumber): Promise<void> {
  const values = changedValues(row, told);
  if (Object.keys(values).length > 0) {
    await tx.db.update(phoneNumbers).set(values).where(eq(phoneNumbers.id, row.id));
    await recordNumberEvent(tx, { wabaId: row.wabaId, numberId: row.id, kind: "read", summary: { ...values } });
  }
  const limit = told.whatsapp_business_manager_messaging_limit;
  if (limit && limit !== row.messagingLimit) await setLimit(tx, row.id, limit);
  // Only what is new stops: a stop that two people released must not come back by itself every hour.
  const stop = values.status && stopOfStatus(values.status);
  if (stop) await stopSending(tx, { numberId: row.id, ...stop });
  if (values.qualityRating === "RED") await stopSending(tx, { numberId: row.id, reach: "number", cause: "quality" });
  if (values.qualityRating) await tellQuality(tx, row, values.qualityRating);
}

/** What the number says now, where that is not what we knew. A level of throughput brings its messages a second. */
function changedValues(row: NumberRow, told: PhoneNumber): NumberValues {
  const level = readThroughput(told.throughput?.level);
  const now: NumberValues = {
    status: told.status,
    qualityRating: told.quality_rating === "NA" ? "UNKNOWN" : told.quality_rating,
    nameStatus: told.name_status,
    verifiedName: told.verified_name,
    // Coexistence is a setting of ours: Meta calls it STANDARD.
    ...(level && !(level === "STANDARD" && row.throughputLevel === "COEXISTENCE") && { throughputLevel: level }),
  };
  const changed = Object.fromEntries(
    Object.entries(now).filter(([key, value]) => value !== undefined && value !== row[key as keyof NumberValues]),
  ) as NumberValues; // a part of `now`
  if (changed.throughputLevel) changed.messagesPerSecond = throughputOf[changed.throughputLevel];
  return changed;
}

async function tellQuality(tx: Context, row: NumberRow, quality: string): Promise<void> {
  const key = `number_quality ${row.id}`;
  if (quality !== "YELLOW" && quality !== "RED") return resolveNotice(tx, key);
  await raiseNotice(tx, {
    kind: "number_quality",
    key,
    subject: { type: "number", id: row.id },
    params: { name: row.displayNumber, quality },
  });
}
