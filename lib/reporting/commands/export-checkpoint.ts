import { sql } from "drizzle-orm";
import { log } from "@/lib/foundation/log";
import type { SendMail } from "@/lib/foundation/mail";
import { type Locale, readPreferences } from "@/lib/i18n/locales";
import { translator } from "@/lib/i18n/translator";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { archiveCheckpoint } from "@/lib/ledger/checkpoint-archive";
import { cosignedNote } from "@/lib/ledger/cosignatures";
import { logOrigin } from "@/lib/ledger/origin";
import { latestCheckpoint } from "@/lib/ledger/prove";
import { raiseNotice } from "@/lib/notices/commands/raise-notice";
import { resolveNotice } from "@/lib/notices/commands/resolve-notice";

export interface CheckpointTargets {
  /** Append-only: `archiveCheckpoint` says what it may be. */
  folder: string;
  /** Undefined: without a mail server the checkpoint waits in the console to be copied. */
  sendMail: SendMail | undefined;
}

/**
 * Takes the newest signed checkpoint out of the house: into the append-only folder, and to every compliance officer by mail
 * (compliance 2.4). Whoever has one can tell later that the log was changed since. Of what fails the officers are told.
 */
export async function exportCheckpoint(ctx: Context, { folder, sendMail }: CheckpointTargets): Promise<void> {
  authorize(ctx, "ledger.read");
  const checkpoint = await latestCheckpoint(ctx.db);
  if (!checkpoint) return;
  const { size } = checkpoint;
  const [origin, note] = await Promise.all([logOrigin(ctx.db), cosignedNote(ctx.db, size)]);
  const kept = await attempt(ctx, "folder", () => archiveCheckpoint(folder, { origin, size }, note));
  const officers = sendMail ? await officersOf(ctx) : [];
  const mailed: string[] = [];
  await attempt(ctx, "mail", async () => {
    const failures: unknown[] = [];
    // An address that does not work costs the others nothing.
    for (const { email, locale } of officers) {
      const text = mailText(locale, { origin, size });
      try {
        await sendMail?.({ to: email, ...text, attachment: { name: nameOf(size), text: note } });
        mailed.push(email);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  });
  if (!kept && mailed.length === 0) return;
  await transaction(ctx, async (tx) => {
    await audit(tx, "checkpoint.exported", { size, file: kept?.name ?? null, mailed: mailed.length });
  });
}

const nameOf = (size: number) => `checkpoint-${size}.txt`;

function mailText(locale: Locale, { origin, size }: { origin: string; size: number }) {
  const t = translator(locale, "compliance");
  return {
    subject: t("checkpointMail.subject", { origin, size: String(size) }),
    text: t("checkpointMail.text", { origin, size: String(size) }),
  };
}

async function officersOf(ctx: Context): Promise<{ email: string; locale: Locale }[]> {
  const rows = await ctx.db.execute<{ email: string; locale: string }>(sql`
    select email, locale from users where 'compliance' = any(roles) and disabled_at is null and password_hash is not null
    order by email`);
  return rows.map(({ email, locale }) => ({ email, locale: readPreferences({ locale }).locale }));
}

/** One target that fails keeps the other from nothing. Undefined: it failed, and people are told. */
async function attempt<T>(ctx: Context, where: "folder" | "mail", work: () => Promise<T>): Promise<T | undefined> {
  const key = `checkpoint_not_exported ${where}`;
  try {
    const result = await work();
    await resolveNotice(ctx, key);
    return result;
  } catch (error) {
    log.error("ledger.export_failed", { where, error: error instanceof Error ? error.message : String(error) });
    await raiseNotice(ctx, { kind: "checkpoint_not_exported", key, params: { where } });
    return undefined;
  }
}
