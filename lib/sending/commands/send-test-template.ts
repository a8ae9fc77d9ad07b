import { setTimeout as pause } from "node:timers/promises";
import { sql } from "drizzle-orm";
import * as z from "zod";
import { lookupOf } from "@/lib/audience/identifier";
import { recogniseContacts } from "@/lib/consent/commands/recognise-contacts";
import { AppError } from "@/lib/foundation/errors";
import { laneOf, newId } from "@/lib/foundation/ids";
import { parsePhone } from "@/lib/foundation/phone";
import { actorId, systemActor } from "@/lib/identity/actor";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { getInstallation } from "@/lib/identity/queries/get-installation";
import { listNumbers } from "@/lib/numbers/queries/list-numbers";
import { stopOf } from "@/lib/numbers/stops";
import type { ParameterMapping } from "@/lib/templates/parameters";
import { getTemplate, type TemplateView } from "@/lib/templates/queries/get-template";
import { EXAMPLE_CODE } from "@/lib/whatsapp/authentication-texts";
import { planDirect } from "../direct";
import type { MessageState } from "../message";
import { isTestable } from "../testable";

export const SendTestTemplateInput = z.object({
  numberId: z.uuid(),
  templateId: z.uuid(),
  to: z.string().trim().min(5).max(40),
  /** In a live installation the person says that the number is their own and that a real message leaves. */
  confirmed: z.union([z.literal("on").transform(() => true), z.boolean()]).default(false),
});
export type SendTestTemplateInput = z.infer<typeof SendTestTemplateInput>;

export type TestSend =
  | { kind: "accepted"; wamid: string }
  /** Not sent, for sure; `code` is Meta's. `cause`: something that a person must mend at Meta. */
  | { kind: "refused"; code: number; cause: string | null }
  /** Not sent yet: nothing sends at the moment, or the gate holds it back. It leaves within ten minutes, or not at all. */
  | { kind: "waiting" }
  /** The gate did not let it out, for good: `reason` says why. */
  | { kind: "held_back"; reason: string }
  /** It may have been sent, so it is not repeated. */
  | { kind: "unclear" };

const MOST_AN_HOUR = 10;
/** How long the person looks on. Real time, like everything that waits for an answer. */
const LOOK_ON_MS = 10_000;
const LOOK_EVERY_MS = 150;

/**
 * One template message to a number that the person declares to be their own (basis `test`): it proves that number, token and
 * webhooks work. It goes through the gate like every message, and is written down before and after, without the number. It
 * refuses who asked not to be written to, a stopped number, and more than ten an hour.
 */
export async function sendTestTemplate(
  ctx: Context,
  input: SendTestTemplateInput,
  { lookOnMs = LOOK_ON_MS }: { lookOnMs?: number } = {},
): Promise<TestSend> {
  authorize(ctx, "number.manage");
  const { mode, country } = await getInstallation(ctx);
  if (mode === "live" && !input.confirmed)
    throw new AppError("invalid_input", { field: "confirmed", reason: "required" });
  const phone = parsePhone(input.to, country);
  if (!phone) throw new AppError("invalid_input", { field: "to", reason: "phone" });
  const template = await getTemplate(ctx, { templateId: input.templateId });
  const numbers = await listNumbers(ctx);
  const wabaOf = (id: string) => numbers.find((number) => number.id === id)?.wabaId;
  const isUsable = wabaOf(input.numberId) !== undefined && wabaOf(template.numberId) === wabaOf(input.numberId);
  if (!isUsable || !isTestable(template)) throw new AppError("template_not_usable", { field: "templateId" });
  await refuseBlocked(ctx, phone.e164);
  await refuseStopped(ctx, input.numberId);
  const planned = await plan(ctx, input, { template, e164: phone.e164 });
  const result = await lookOn(ctx, planned, lookOnMs);
  const code = result.kind === "refused" ? result.code : null;
  const data = { message: planned.messageId, result: result.kind, code };
  await transaction(ctx, (tx) => audit(tx, "number.test_ended", data, input.numberId));
  return result;
}

interface Planned {
  lane: number;
  messageId: string;
}

/** Commits before anything leaves: who, when, with which template; never to whom. */
async function plan(
  ctx: Context,
  { numberId, templateId }: SendTestTemplateInput,
  { template, e164 }: { template: TemplateView; e164: string },
): Promise<Planned> {
  return transaction(ctx, async (tx) => {
    await countTest(tx);
    // Whose number it is, is for the product to find out: people who manage numbers do not record contacts.
    const [person] = await recogniseContacts({ ...tx, now: () => tx.now(), actor: systemActor("console") }, [
      { waId: e164.slice(1) },
    ]);
    if (!person) throw new AppError("invalid_input", { field: "to", reason: "phone" });
    const { contactId } = person;
    const groundId = await declareOwn(tx, contactId);
    const draft = { kind: "template", parameters: wordsOf(template), payloads: {} } as const;
    const planned = await planDirect(tx, { contactId, numberId, kind: "test", draft, templateId, groundId });
    if (planned.kind !== "planned") throw new AppError("consent_missing", { field: "to", reason: "blocked" });
    const { messageId } = planned;
    await audit(tx, "number.test_started", { message: messageId, basis: "test", template: templateId }, numberId);
    return { lane: laneOf(contactId), messageId };
  });
}

/** Everything that the template leaves open says that it is a test; a code is Meta's own example, and opens nothing. */
function wordsOf({ language, needs }: TemplateView): ParameterMapping {
  const words = language.startsWith("es") ? "ejemplo" : "example";
  const text = needs.hasAccessCode ? EXAMPLE_CODE : words;
  return Object.fromEntries(needs.places.map((place) => [place, { source: "text" as const, text }]));
}

async function countTest(tx: Context): Promise<void> {
  const person = actorId(tx.actor);
  await tx.db.execute(sql`select pg_advisory_xact_lock(hashtext('test send ' || ${person}))`);
  const [row] = await tx.db.execute<{ n: number }>(sql`
    select count(*)::int as n from audit_events where type = 'number.test_started' and actor_id = ${person}
      and at > ${tx.now()}::timestamptz - interval '1 hour'`);
  if ((row?.n ?? 0) >= MOST_AN_HOUR) throw new AppError("too_many_requests");
}

/** The number is written down as one of our own people's, by who says so: the gate lets tests to no other out. */
async function declareOwn(tx: Context, contactId: string): Promise<string> {
  const lane = laneOf(contactId);
  const id = newId();
  const [added] = await tx.db.execute<{ id: string }>(sql`
    insert into own_numbers (lane, id, contact_id, declared_by, declared_at)
    values (${lane}::smallint, ${id}::uuid, ${contactId}::uuid, ${actorId(tx.actor)}::uuid, ${tx.now()}::timestamptz)
    on conflict (lane, contact_id) where withdrawn_at is null do nothing returning id`);
  if (added) {
    await audit(tx, "own_number.declared", { own: id }, id);
    return id;
  }
  const [known] = await tx.db.execute<{ id: string }>(sql`
    select id from own_numbers where lane = ${lane}::smallint and contact_id = ${contactId}::uuid and withdrawn_at is null`);
  return known?.id ?? id;
}

interface Outcome extends Record<string, unknown> {
  state: MessageState;
  reason: string | null;
  error_code: number | null;
  wamid: string | null;
  attempts: number;
}

async function lookOn(ctx: Context, { lane, messageId }: Planned, lookOnMs: number): Promise<TestSend> {
  const until = performance.now() + lookOnMs;
  for (;;) {
    const [row] = await ctx.db.execute<Outcome>(sql`
      select state, reason, error_code, wamid, attempts from messages
      where lane = ${lane}::smallint and id = ${messageId}::uuid`);
    const result = row && resultOf(row);
    if (result) return result;
    if (performance.now() >= until) return { kind: row?.state === "sending" ? "unclear" : "waiting" };
    await pause(LOOK_EVERY_MS);
  }
}

/** Undefined: not known yet. */
function resultOf({ state, reason, error_code: code, wamid, attempts }: Outcome): TestSend | undefined {
  if (code !== null && (state === "queued" || state === "rejected" || state === "failed"))
    return { kind: "refused", code, cause: stopOf(code)?.cause ?? null };
  switch (state) {
    case "queued":
      return attempts > 0 ? { kind: "waiting" } : undefined;
    case "planned":
    case "sending":
      return undefined;
    case "unknown":
    case "unknown_final":
      return { kind: "unclear" };
    case "rejected":
    case "skipped":
    case "cancelled":
    case "held_out":
    case "missed_deadline":
      return { kind: "held_back", reason: reason ?? state };
    default:
      return { kind: "accepted", wamid: wamid ?? "" };
  }
}

async function refuseBlocked(ctx: Context, e164: string): Promise<void> {
  const lookup = lookupOf(ctx.secrets.lookupKey, { kind: "phone", value: e164 });
  const rows = await ctx.db.execute(sql`
    select 1 from suppression_lookups where lane = lane_of_hash(${lookup}) and lookup = ${lookup} and lifted_at is null
      and (until is null or until > ${ctx.now()}::timestamptz) limit 1`);
  if (rows.length > 0) throw new AppError("consent_missing", { field: "to", reason: "blocked" });
}

/** A number that waits for its first release is what a test is for; every other stop holds here too. */
async function refuseStopped(ctx: Context, numberId: string): Promise<void> {
  const rows = await ctx.db.execute(sql`
    select 1 from kill_switches where released_at is null and cause is distinct from 'new_number'
      and (level = 'installation' or (level = 'number' and target_id = ${numberId}::uuid)) limit 1`);
  if (rows.length > 0) throw new AppError("number_not_usable", { reason: "stopped" });
}
