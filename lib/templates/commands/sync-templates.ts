import { and, eq, isNull, lt, notInArray } from "drizzle-orm";
import { phoneNumbers } from "@/db/schema/numbers";
import { templates } from "@/db/schema/templates";
import { log } from "@/lib/foundation/log";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { callAccount } from "@/lib/numbers/commands/call-account";
import type { Template } from "@/lib/whatsapp/graph";
import { answered, changeTemplate, storeTemplate, type TemplateFacts } from "../store";
import { normaliseLanguage } from "../template";

export interface Synchronised {
  found: number;
  added: number;
  /** Known templates whose text is another one now. */
  changed: number;
  /** Gone at Meta. */
  deleted: number;
}

/**
 * Reads all templates of every account that our numbers belong to, and stores status, quality, category and text as they
 * are at Meta. Old texts stay as versions. Runs as often as one likes; an account that does not answer is told and the
 * others are done.
 *
 * @throws AppError("whatsapp_refused" | "whatsapp_unreachable") of the last account that failed, after all were tried
 */
export async function syncTemplates(ctx: Context): Promise<Synchronised> {
  authorize(ctx, "template.edit");
  const total: Synchronised = { found: 0, added: 0, changed: 0, deleted: 0 };
  let failure: unknown;
  for (const number of await accounts(ctx)) {
    try {
      const askedAt = ctx.now();
      const list = answered(await callAccount(ctx, number.id, (api) => api.listTemplates(number.wabaId)));
      const done = await transaction(ctx, (tx) => storeAccount(tx, number, { list, askedAt }));
      for (const key of ["found", "added", "changed", "deleted"] as const) total[key] += done[key];
    } catch (error) {
      failure = error;
      log.warn("templates.sync_failed", { numberId: number.id, error: error instanceof Error ? error.message : "?" });
    }
  }
  if (failure) throw failure;
  return total;
}

/** One number for each account: any token of it lists the same templates. */
async function accounts(ctx: Context) {
  const numbers = await ctx.db.select().from(phoneNumbers).orderBy(phoneNumbers.createdAt);
  return [...new Map(numbers.map((number) => [number.wabaId, number])).values()];
}

async function storeAccount(
  tx: Context,
  number: { id: string; wabaId: string },
  { list, askedAt }: { list: readonly Template[]; askedAt: Date },
): Promise<Synchronised> {
  let [added, changed] = [0, 0];
  const present: string[] = [];
  for (const template of list) {
    const stored = await storeTemplate(tx, number, factsOf(template), "sync");
    present.push(stored.templateId);
    if (stored.isNew) added++;
    else if (stored.hasNewText) changed++;
  }
  // One that was created while the list was on its way is not in it, and not gone.
  const ofAccount = and(
    eq(templates.wabaId, number.wabaId),
    isNull(templates.deletedAt),
    lt(templates.createdAt, askedAt),
  );
  const gone = await tx.db
    .select()
    .from(templates)
    .where(present.length > 0 ? and(ofAccount, notInArray(templates.id, present)) : ofAccount)
    .for("update");
  for (const row of gone) await changeTemplate(tx, row, { status: "DELETED" }, { source: "sync" });
  return { found: list.length, added, changed, deleted: gone.length };
}

/** A template as Meta answers it, in our words. */
export function factsOf(template: Template): TemplateFacts {
  const rejectedReason = template.rejected_reason;
  const category = template.category.toUpperCase();
  // A webhook also tells when; this finds what it missed.
  const nextCategory = template.correct_category?.toUpperCase();
  return {
    metaId: template.id,
    name: template.name,
    language: normaliseLanguage(template.language),
    category,
    status: template.status,
    quality: template.quality_score?.score.toUpperCase(),
    rejectedReason: !rejectedReason || rejectedReason === "NONE" ? null : rejectedReason,
    parameterFormat: template.parameter_format?.toUpperCase() === "NAMED" ? "NAMED" : "POSITIONAL",
    components: template.components,
    ttlSeconds: template.message_send_ttl_seconds,
    ...(nextCategory !== category && { nextCategory }),
  };
}
