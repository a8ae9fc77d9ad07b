import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { ensureDefaultBrand } from "@/lib/consent/commands/ensure-default-brand";
import { recordConsentEvents } from "@/lib/consent/commands/record-consent-events";
import { bodyPlace } from "@/lib/conversations/inbound";
import { newContactId, newId } from "@/lib/foundation/ids";
import { createFormats } from "@/lib/i18n/formats";
import { translator } from "@/lib/i18n/translator";
import { systemActor } from "@/lib/identity/actor";
import type { Context } from "@/lib/identity/context";
import { openRuntime } from "@/lib/identity/runtime";
import { seal } from "@/lib/keystore/cipher";
import { packageHtml } from "@/lib/rights/package-html";
import { collectPackage } from "@/lib/rights/queries/collect-package";
import { benchPlace } from "./place";
import { type BenchRow, exponentBetween, type Goal } from "./row";

const SIZES = [1_000, 5_000] as const;
const CHUNK = 500;
const RUNS = 3;
const goal: Goal = { text: "≤ 5 s for 5,000 events", valueAtMost: 5 };

/** Access (P13): everything about one person, opened, as JSON and as a page; half consent events, half messages of theirs. */
export async function benchRights(): Promise<BenchRow[]> {
  const place = await benchPlace();
  const { urls, keystoreUrl, secrets } = place;
  const runtime = await openRuntime({ databaseUrl: urls.owner, keystoreUrl, role: "worker", secrets });
  try {
    const ctx = await runtime.contextFor(systemActor("worker"));
    const terminal = await runtime.contextFor(systemActor("terminal"));
    const { purposeId } = await ensureDefaultBrand(terminal, { name: "Bench", sampleWording: true });
    const measured = [];
    for (const size of SIZES) {
      const contactId = await person(ctx, { purposeId, events: size });
      measured.push({ size, cost: await medianSeconds(() => takeOut(ctx, contactId)) });
    }
    const [small, large] = measured;
    return measured.map(({ size, cost }) => ({
      name: "rights access",
      size,
      value: cost,
      unit: "s",
      reference: null,
      ratio: null,
      goal,
      exponent: small && large && size === large.size ? exponentBetween(small, large) : null,
    }));
  } finally {
    await runtime.close();
    await place.close();
  }
}

async function person(ctx: Context, { purposeId, events }: { purposeId: string; events: number }): Promise<string> {
  const contactId = newContactId();
  const key = (await ctx.keys.createKeys([contactId])).get(contactId);
  if (!key) throw new Error("the key store did not keep the key");
  await ctx.db.execute(sql`
    insert into contacts (lane, id, country, created_at, updated_at)
    values (lane_of(${contactId}), ${contactId}, 'ES', ${ctx.now()}::timestamptz, ${ctx.now()}::timestamptz)`);
  const half = Math.floor(events / 2);
  for (let done = 0; done < half; done += CHUNK) {
    await recordConsentEvents(ctx, {
      events: Array.from({ length: Math.min(CHUNK, half - done) }, (_, index) => ({
        contactId,
        type: done + index === 0 ? ("granted" as const) : ("renewed" as const),
        purposeId,
        scope: "purpose" as const,
        source: "web_form" as const,
        occurredAt: new Date(ctx.now().getTime() - (half - done - index) * 1_000),
        isComplete: true,
        idempotencyKey: newId(),
        evidence: { ip: "192.0.2.7", form: "https://example.com/club", checkbox: "unticked" },
      })),
    });
  }
  const ids = Array.from({ length: events - half }, () => newId());
  await ctx.db.execute(sql`
    insert into inbound_messages (lane, id, contact_id, number_id, wamid, type, body_sealed, classification, provider_at, received_at)
    select lane_of(${contactId}), id, ${contactId}, gen_random_uuid(), 'bench ' || id, 'text', body, 'other',
      ${ctx.now()}::timestamptz, ${ctx.now()}::timestamptz
    from unnest(${array(ids, "uuid")}, ${array(
      ids.map((id) => seal(key, "¿A qué hora abrís mañana?", bodyPlace(id))),
      "bytea",
    )}) as message (id, body)`);
  return contactId;
}

async function takeOut(ctx: Context, contactId: string): Promise<void> {
  const whole = await collectPackage(ctx, contactId);
  JSON.stringify(whole);
  const formats = createFormats({ locale: "es", region: "es-ES", timeZone: "Europe/Madrid", currency: "EUR" });
  packageHtml(whole, { t: translator("es", "rights"), formats, locale: "es" });
}

async function medianSeconds(work: () => Promise<void>): Promise<number> {
  const seconds: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const started = performance.now();
    await work();
    seconds.push((performance.now() - started) / 1_000);
  }
  return seconds.sort((one, other) => one - other)[Math.floor(RUNS / 2)] ?? 0;
}
