"use server";

import { revalidatePath } from "next/cache";
import * as z from "zod";
import { action, formAction } from "@/app/_server/action";
import { currentInstallation } from "@/app/_server/context";
import { instantOf } from "@/lib/foundation/time";
import type { Context } from "@/lib/identity/context";
import { closeBreach, recordBreach } from "@/lib/rights/commands/record-breach";
import { saveRecord } from "@/lib/rights/commands/save-record";
import { recordKinds } from "@/lib/rights/records";

const refresh = () => revalidatePath("/compliance/records", "layout");

const SaveInput = z.object({ kind: z.enum(recordKinds) }).catchall(z.unknown());

export const save = formAction(
  SaveInput,
  (ctx: Context, { kind, ...given }) => {
    const written = Object.entries(given).flatMap(([field, value]) =>
      typeof value === "string" ? [[field, value] as const] : [],
    );
    return saveRecord(ctx, { kind, texts: Object.fromEntries(written) });
  },
  refresh,
);

const words = z.string().trim().min(1).max(5_000);
const maybe = z.string().trim().max(5_000).default("");
/** `2026-12-01T10:00`, as the browser's own field gives it: the organisation's time. */
const local = z.union([z.literal(""), z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/)]);
const count = z.union([z.literal(""), z.coerce.number().int().min(0).max(2_000_000_000)]);

const BreachForm = z.object({
  breachId: z.union([z.literal(""), z.uuid()]),
  detectedAt: z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/),
  nature: words,
  categories: words,
  peopleCount: count,
  recordsCount: count,
  consequences: words,
  measures: words,
  authorityNotifiedAt: local,
  authorityReason: maybe,
  peopleNotifiedAt: local,
  peopleReason: maybe,
});

export const writeBreach = formAction(
  BreachForm,
  async (ctx: Context, form) => {
    const { timeZone } = await currentInstallation();
    const at = (given: string) => (given === "" ? null : localInstant(given, timeZone));
    const detectedAt = localInstant(form.detectedAt, timeZone);
    return recordBreach(ctx, {
      ...form,
      breachId: form.breachId === "" ? undefined : form.breachId,
      detectedAt,
      peopleCount: form.peopleCount === "" ? null : form.peopleCount,
      recordsCount: form.recordsCount === "" ? null : form.recordsCount,
      authorityNotifiedAt: at(form.authorityNotifiedAt),
      peopleNotifiedAt: at(form.peopleNotifiedAt),
    });
  },
  refresh,
);

function localInstant(given: string, zone: string): Date {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = given.split(/[-T:]/).map(Number);
  return instantOf({ year, month, day, hour, minute, second: 0 }, zone);
}

export const endBreach = action(z.object({ breachId: z.uuid() }), closeBreach, refresh);
