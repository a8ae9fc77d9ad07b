import { eq } from "drizzle-orm";
import { installation } from "@/db/schema/installation";
import { createFormats } from "@/lib/i18n/formats";
import { translator } from "@/lib/i18n/translator";
import type { Context } from "@/lib/identity/context";
import { latestCheckpoint } from "@/lib/ledger/prove";
import { verifyLog } from "@/lib/ledger/verify-log";
import { verifySends } from "@/lib/reporting/queries/verify-sends";
import type { AnalysisRecord } from "@/lib/results/analysis";
import { getResults } from "@/lib/results/queries/get-results";
import type { createSandboxControl } from "@/lib/whatsapp/sandbox/control";
import type { Cast, SignIn } from "./cast";
import { demoVariants } from "./texts";
import { verdictTexts } from "./verdict-texts";

export interface DemoSeconds {
  import: number;
  plan: number;
  send: number;
  measure: number;
}

/** The one object of `npm run demo -- --json` (README, Commands). Shares and money as the engine computed them. */
export interface DemoJson {
  contacts: number;
  rejected: number;
  recipients: number;
  heldOut: number;
  sent: number;
  variants: {
    key: string;
    assigned: number;
    sent: number;
    delivered: number;
    read: number;
    clicked: number;
    replied: number;
    converted: number;
    revenueMicros: number;
  }[];
  truth: { key: string; conversionPerAssigned: number }[];
  primary: {
    metric: string;
    method: string;
    estimate: number | null;
    lower: number | null;
    upper: number | null;
    verdict: string;
  };
  srm: { p: number | null };
  roi: {
    spendMicros: number;
    incrementalMicros: number | null;
    lower: number | null;
    upper: number | null;
    currency: string;
  };
  compliance: {
    attempts: number;
    withoutConsent: number;
    ledgerSize: number;
    verified: boolean;
    checkpointAt: string | null;
  };
  seconds: DemoSeconds;
}

export interface DemoReport {
  json: DemoJson;
  record: AnalysisRecord;
  campaignName: string;
}

interface Sources {
  terminal: Context;
  cast: Cast;
  control: ReturnType<typeof createSandboxControl>;
}

/** Reads everything back from the product, as its pages do; only the truth comes from the sandbox. */
export async function demoReport(
  { terminal, cast, control }: Sources,
  run: { campaignId: string; imported: { contacts: number; rejected: number }; seconds: DemoSeconds },
): Promise<DemoReport> {
  const results = await getResults(await cast.as("marketer"), { campaignId: run.campaignId });
  if (results.state.kind !== "analysed") throw new Error("The demo's campaign has no analysis yet.");
  const { record } = results.state;
  const proof = await verifySends(await cast.as("compliance"));
  const ledger = await ledgerFacts(terminal);
  const arms = record.arms.filter(({ key }) => key !== "holdout");
  const [first] = record.comparisons;
  const json: DemoJson = {
    ...run.imported,
    recipients: record.arms.reduce((sum, { assigned }) => sum + assigned, 0),
    heldOut: record.arms.find(({ key }) => key === "holdout")?.assigned ?? 0,
    sent: arms.reduce((sum, { sent }) => sum + sent, 0),
    variants: arms.map(({ key, assigned, sent, delivered, read, clicked, replied, converted, revenueMicros }) => ({
      ...{ key, assigned, sent, delivered, read, clicked, replied, converted, revenueMicros },
    })),
    truth: await truth(control),
    primary: {
      metric: record.metric,
      method: first?.test ?? "none",
      estimate: first?.difference?.estimate ?? null,
      lower: first?.difference?.lower ?? null,
      upper: first?.difference?.upper ?? null,
      verdict: record.headline.code,
    },
    srm: { p: record.srm?.p ?? null },
    roi: {
      spendMicros: record.money.spendMicros,
      incrementalMicros: whole(record.money.incremental?.estimate),
      lower: whole(record.money.incremental?.lower),
      upper: whole(record.money.incremental?.upper),
      currency: record.money.currency,
    },
    compliance: { attempts: proof.attempts, withoutConsent: proof.withoutConsent, ...ledger },
    seconds: run.seconds,
  };
  return { json, record, campaignName: results.campaign.name };
}

/** Micros are whole (README, decision 14); an estimate becomes so only where it leaves. */
function whole(micros: number | undefined): number | null {
  return micros === undefined ? null : Math.round(micros);
}

async function truth(control: Sources["control"]): Promise<DemoJson["truth"]> {
  const known = await control.truth();
  const names = new Map(demoVariants("").map(({ key, name }) => [name, key]));
  return [
    ...known.arms.map(({ key, conversionPerAssigned }) => ({ key: names.get(key) ?? key, conversionPerAssigned })),
    { key: "holdout", conversionPerAssigned: known.holdout.conversionPerAssigned },
  ];
}

async function ledgerFacts(
  ctx: Context,
): Promise<Pick<DemoJson["compliance"], "ledgerSize" | "verified" | "checkpointAt">> {
  const [row] = await ctx.db.select().from(installation).where(eq(installation.id, true));
  const verification = await verifyLog(ctx.db, row?.logVerifierKey ? [row.logVerifierKey] : []);
  const checkpoint = await latestCheckpoint(ctx.db);
  return {
    ledgerSize: verification.size,
    verified: verification.problems.length === 0,
    checkpointAt: checkpoint?.signedAt.toISOString() ?? null,
  };
}

const REGION = { es: "es-ES", en: "en-GB" } as const;

/** The report for people: the table, the sentence with its interval, the money, the consent, and where to go on. */
export function printReport(
  output: NodeJS.WriteStream,
  { json, record, campaignName }: DemoReport,
  where: { consoleUrl: string; signIns: readonly SignIn[]; isRunning: boolean },
): void {
  const locale = terminalLocale();
  const t = translator(locale, "demo");
  const formats = createFormats({
    locale,
    region: REGION[locale],
    timeZone: "Europe/Madrid",
    currency: json.roi.currency,
  });
  const line = (text = "") => void output.write(`${text}\n`);
  const count = (value: number) => formats.integer(value);
  const money = (micros: number | null) =>
    micros === null ? "–" : formats.money({ micros: Math.round(micros), currency: json.roi.currency });

  line();
  line(t("title", { campaign: campaignName }));
  line(
    t("imported", {
      contacts: count(json.contacts),
      rejected: count(json.rejected),
      recipients: count(json.recipients),
      heldOut: count(json.heldOut),
    }),
  );
  line();
  const heads = (
    ["variant", "assigned", "sent", "delivered", "read", "clicked", "replied", "converted", "rate", "revenue"] as const
  ).map((key) => t(`head.${key}`));
  const holdout = record.arms.find(({ key }) => key === "holdout");
  const rows = [...json.variants, ...(holdout ? [{ ...holdout, key: t("holdout") }] : [])].map((arm) => [
    arm.key,
    ...[arm.assigned, arm.sent, arm.delivered, arm.read, arm.clicked, arm.replied, arm.converted].map(count),
    formats.percent(arm.assigned === 0 ? 0 : arm.converted / arm.assigned),
    money(arm.revenueMicros),
  ]);
  for (const row of table([heads, ...rows])) line(row);
  line();
  for (const text of verdictTexts(record, locale, formats)) line(text);
  if (json.primary.estimate !== null && json.primary.lower !== null && json.primary.upper !== null) {
    const interval = { estimate: json.primary.estimate, lower: json.primary.lower, upper: json.primary.upper };
    line(t("primary", { interval: formats.pointsWithInterval(interval) }));
  }
  line(
    t("truth", {
      rates: json.truth
        .map(({ key, conversionPerAssigned }) => `${key} ${formats.percent(conversionPerAssigned)}`)
        .join(" · "),
    }),
  );
  line(
    t("roi", {
      spend: money(json.roi.spendMicros),
      incremental: money(json.roi.incrementalMicros),
      lower: money(json.roi.lower),
      upper: money(json.roi.upper),
    }),
  );
  line(
    t("compliance", {
      without: count(json.compliance.withoutConsent),
      attempts: count(json.compliance.attempts),
      size: count(json.compliance.ledgerSize),
      verified: json.compliance.verified ? "yes" : "no",
    }),
  );
  const { seconds } = json;
  const s = (value: number) => formats.decimal(value, 1);
  line(
    t("seconds", {
      import: s(seconds.import),
      plan: s(seconds.plan),
      send: s(seconds.send),
      measure: s(seconds.measure),
    }),
  );
  line();
  if (!where.isRunning) return;
  line(t("console", { url: where.consoleUrl }));
  for (const { role, email, password } of where.signIns) line(`  ${role.padEnd(11)} ${email.padEnd(36)} ${password}`);
  line(t("stop"));
}

function terminalLocale(): "es" | "en" {
  return Intl.DateTimeFormat().resolvedOptions().locale.startsWith("es") ? "es" : "en";
}

/** Columns of equal width: the first to the left, figures to the right. */
function table(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  "),
  );
}
