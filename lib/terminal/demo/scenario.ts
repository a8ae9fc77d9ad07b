import { setTimeout as pause } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { approveCampaign } from "@/lib/campaigns/commands/approve-campaign";
import { createCampaign } from "@/lib/campaigns/commands/create-campaign";
import { launchCampaign } from "@/lib/campaigns/commands/launch-campaign";
import { submitForReview } from "@/lib/campaigns/commands/submit-for-review";
import { updateAudience } from "@/lib/campaigns/commands/update-audience";
import { updateGoal } from "@/lib/campaigns/commands/update-goal";
import { updateVariants } from "@/lib/campaigns/commands/update-variants";
import type { Context } from "@/lib/identity/context";
import { approveImport } from "@/lib/imports/commands/approve-import";
import { requestImport } from "@/lib/imports/commands/request-import";
import { uploadImport } from "@/lib/imports/commands/upload-import";
import { getImport } from "@/lib/imports/queries/get-import";
import { importPriceList } from "@/lib/numbers/commands/import-price-list";
import { listNumbers } from "@/lib/numbers/queries/list-numbers";
import { createSegment } from "@/lib/segments/commands/create-segment";
import { createTemplate } from "@/lib/templates/commands/create-template";
import { getTemplate } from "@/lib/templates/queries/get-template";
import type { Cast } from "./cast";
import { type demoVariants, LANDING_PAGE, WINDOW_HOURS } from "./texts";

const POLL_MS = 250;
const SHORT_GRACE_MS = 3_000;
const COST_MICROS = 50_000;

type Variants = ReturnType<typeof demoVariants>;

/** Waits until `read` answers something; `onTick` sees every answer. */
export async function until<T>(read: () => Promise<T | undefined>, limitMs: number, what: string): Promise<T> {
  const end = performance.now() + limitMs;
  for (;;) {
    const value = await read();
    if (value !== undefined) return value;
    if (performance.now() > end) throw new Error(`The demo waited ${limitMs / 1000} s in vain for ${what}.`);
    await pause(POLL_MS);
  }
}

/** Imports the file as the marketer, has the compliance officer approve it, and follows the worker until it is done. */
export async function importPeople(
  cast: Cast,
  csv: string,
  onProgress: (done: number, total: number) => void,
): Promise<{ contacts: number; rejected: number }> {
  const marketer = await cast.as("marketer");
  const { brandId, purposeId } = await brandAndPurpose(marketer);
  const uploaded = await uploadImport(marketer, {
    fileName: "clientes.csv",
    content: chunks(Buffer.from(csv, "utf8")),
    brandId,
    purposeId,
    country: "ES",
    timeZone: "Europe/Madrid",
  });
  if (uploaded.status === "failed" || uploaded.problems.length > 0) {
    throw new Error(`The demo's file was not understood: ${JSON.stringify(uploaded.problems)}`);
  }
  const { importId } = uploaded;
  await requestImport(marketer, { importId });
  const { status } = await getImport(marketer, { importId });
  if (status === "awaiting_approval") await approveImport(await cast.as("compliance"), { importId });
  const done = await until(
    async () => {
      const current = await getImport(await cast.as("marketer"), { importId });
      onProgress(current.rowsRead, current.rowsTotal);
      if (current.status === "failed") throw new Error(`The demo's import failed: ${current.error?.code}`);
      return current.status === "completed" ? current : undefined;
    },
    300_000,
    "the import",
  );
  return { contacts: done.counts.contacts, rejected: done.counts.rejected };
}

async function brandAndPurpose(ctx: Context): Promise<{ brandId: string; purposeId: string }> {
  const [row] = await ctx.db.execute<{ brand_id: string; id: string }>(sql`
    select brand_id, id from purposes where category = 'MARKETING' order by created_at limit 1`);
  if (!row) throw new Error("the installation has no purpose yet");
  return { brandId: row.brand_id, purposeId: row.id };
}

async function* chunks(bytes: Buffer): AsyncGenerator<Buffer> {
  const SIZE = 64 * 1024;
  for (let start = 0; start < bytes.length; start += SIZE) yield bytes.subarray(start, start + SIZE);
}

/** Invented prices, named so: what Meta asks is another question. */
export function inventPrices(terminal: Context): Promise<string> {
  return importPriceList(terminal, {
    name: "Precios inventados de la demostración",
    source: "Invented for the demo; not Meta's prices",
    currency: "EUR",
    effectiveAt: new Date(0),
    isInvented: true,
    rates: [
      { country: "ES", category: "MARKETING", amountMicros: COST_MICROS },
      { country: "ES", category: "UTILITY", amountMicros: COST_MICROS / 2 },
    ],
  });
}

/** Sends both texts to review, and waits until Meta, played by the sandbox, has approved them. */
export async function prepareTemplates(cast: Cast, variants: Variants): Promise<Map<string, string>> {
  const marketer = await cast.as("marketer");
  const [number] = await listNumbers(marketer);
  if (!number) throw new Error("no number is connected");
  const ids = new Map<string, string>();
  for (const { key, name, components } of variants) {
    const created = await createTemplate(marketer, {
      numberId: number.id,
      name,
      language: "es",
      category: "MARKETING",
      parameterFormat: "POSITIONAL",
      components: components as Parameters<typeof createTemplate>[1]["components"], // plain JSON from texts.ts
    });
    if (created.kind === "invalid") throw new Error(`template ${name}: ${JSON.stringify(created.problems)}`);
    ids.set(key, created.templateId);
  }
  for (const templateId of ids.values()) {
    await until(
      async () => {
        const { status } = await getTemplate(await cast.as("marketer"), { templateId });
        return status === "APPROVED" ? status : undefined;
      },
      60_000,
      "the review of the templates",
    );
  }
  return ids;
}

/** Builds the campaign, has it approved by a second person, and launches it. */
export async function launchDemoCampaign(cast: Cast, templateIds: ReadonlyMap<string, string>): Promise<string> {
  const marketer = await cast.as("marketer");
  const { purposeId } = await brandAndPurpose(marketer);
  const [number] = await listNumbers(marketer);
  const { segmentId } = await createSegment(marketer, {
    name: "Clientes en España",
    rule: { kind: "country", operator: "in", values: ["ES"] },
  });
  const { campaignId, version } = await createCampaign(marketer, { name: "Rebajas de otoño" });
  let edited = await updateGoal(marketer, {
    campaignId,
    version,
    name: "Rebajas de otoño",
    goal: {
      hypothesis: {
        change: "decir que el descuento está reservado para la persona",
        outcome: "compre más gente",
        reason: "lo que ya es de uno se deja pasar con menos facilidad",
      },
      metric: "conversion",
      minimumEffectPoints: 0.5,
      minimumEffectMicros: null,
      baselinePoints: 3.3,
      windowHours: WINDOW_HOURS,
      method: "looks",
      guardrails: { optOutPoints: 0.5, failurePoints: 5 },
      spendCapMicros: 2_000_000_000,
      strata: "country",
    },
  });
  edited = await updateAudience(marketer, {
    campaignId,
    version: edited.version,
    segmentId,
    purposeId,
    holdoutBasisPoints: 1_000,
  });
  await updateVariants(marketer, {
    campaignId,
    version: edited.version,
    numberId: number?.id ?? null,
    variants: [...templateIds].map(([key, templateId]) => ({
      key: key === "A" ? "A" : "B",
      templateId,
      weight: 5_000,
      parameters: { "body.1": { source: "name", fallback: "cliente" } },
      linkUrl: LANDING_PAGE,
    })),
  });
  const { contentHash } = await submitForReview(marketer, { campaignId });
  await approveCampaign(await cast.as("approver"), { campaignId, contentHash });
  await launchCampaign(await cast.as("marketer"), { campaignId }, { graceMs: SHORT_GRACE_MS });
  return campaignId;
}
