import { sql } from "drizzle-orm";
import * as z from "zod";
import { lookupOf } from "@/lib/audience/identifier";
import { AppError } from "@/lib/foundation/errors";
import { newId } from "@/lib/foundation/ids";
import { parsePhone } from "@/lib/foundation/phone";
import { actorId } from "@/lib/identity/actor";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { getInstallation } from "@/lib/identity/queries/get-installation";
import { getNumberCredentials } from "@/lib/numbers/queries/get-number-credentials";
import { listNumbers } from "@/lib/numbers/queries/list-numbers";
import { stopOf } from "@/lib/numbers/stops";
import { type ParameterMapping, resolveParameters } from "@/lib/templates/parameters";
import { getTemplate, type TemplateView } from "@/lib/templates/queries/get-template";
import { valuesForMeta } from "@/lib/templates/values";
import { createCloudApi, type SendOutcome } from "@/lib/whatsapp/client";
import { type MessageRequest, templateRequest } from "@/lib/whatsapp/requests";
import { sendVia } from "../send-via";
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
  | { kind: "unsent" }
  /** It may have been sent, so it is not repeated. */
  | { kind: "unclear" };

const MOST_AN_HOUR = 10;
const SAMPLE_LINK = "prueba";

/**
 * One template message to one number that the person typed for themself, outside of any campaign and so outside of the
 * gate: it proves that number, token and webhooks work. It is written down before it leaves (basis `test`) and after; it
 * refuses who asked not to be written to, a stopped number, and more than ten an hour.
 */
export async function sendTestTemplate(ctx: Context, input: SendTestTemplateInput): Promise<TestSend> {
  authorize(ctx, "number.manage");
  const { mode, country } = await getInstallation(ctx);
  if (mode === "live" && !input.confirmed)
    throw new AppError("invalid_input", { field: "confirmed", reason: "required" });
  const phone = parsePhone(input.to, country);
  if (!phone) throw new AppError("invalid_input", { field: "to", reason: "phone" });
  const template = await getTemplate(ctx, { templateId: input.templateId });
  const number = await getNumberCredentials(ctx, { numberId: input.numberId });
  const [origin] = await listNumbers(ctx, { numberId: template.numberId });
  if (origin?.wabaId !== number.wabaId) throw new AppError("template_not_usable", { field: "templateId" });
  await refuseBlocked(ctx, phone.e164);
  await refuseStopped(ctx, input.numberId);
  const request = testRequest(template, phone.e164);
  if (!request) throw new AppError("template_not_usable", { field: "templateId" });
  const testId = await writeDown(ctx, input);
  const api = createCloudApi({ ...number, connections: 1 });
  const send = sendVia(api, number);
  const isMarketing = template.category === "MARKETING";
  const outcome = await send(request, { mayStart: () => true, isMarketing }).finally(() => api.close());
  const result = resultOf(outcome);
  const code = result.kind === "refused" ? result.code : null;
  await transaction(ctx, (tx) => audit(tx, "number.test_ended", { testId, result: result.kind, code }, input.numberId));
  return result;
}

/** Everything that the template leaves open says that it is a test. Undefined for templates that need more than words. */
function testRequest(template: TemplateView, to: string): MessageRequest | undefined {
  if (!isTestable(template)) return undefined;
  const text = template.language.startsWith("es") ? "ejemplo" : "example";
  const mapping: ParameterMapping = Object.fromEntries(
    template.needs.places.map((place) => [place, { source: "text" as const, text }]),
  );
  const { components, parameterFormat, name, language } = template;
  const subject = { name: null, attributes: {} };
  const resolution = resolveParameters({ components, parameterFormat, mapping }, subject, SAMPLE_LINK);
  const values = resolution.kind === "resolved" ? valuesForMeta(resolution.values, new Map()) : undefined;
  return values && templateRequest({ to, template: name, language, ...values });
}

/** Commits before anything leaves: who, when, with which template; never to whom. */
async function writeDown(ctx: Context, { numberId, templateId }: SendTestTemplateInput): Promise<string> {
  const testId = newId();
  await transaction(ctx, async (tx) => {
    const person = actorId(tx.actor);
    await tx.db.execute(sql`select pg_advisory_xact_lock(hashtext('test send ' || ${person}))`);
    const [row] = await tx.db.execute<{ n: number }>(sql`
      select count(*)::int as n from audit_events where type = 'number.test_started' and actor_id = ${person}
        and at > ${tx.now()}::timestamptz - interval '1 hour'`);
    if ((row?.n ?? 0) >= MOST_AN_HOUR) throw new AppError("too_many_requests");
    await audit(tx, "number.test_started", { testId, basis: "test", template: templateId }, numberId);
  });
  return testId;
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

function resultOf(outcome: SendOutcome): TestSend {
  switch (outcome.kind) {
    case "accepted":
    case "held":
      return { kind: "accepted", wamid: outcome.wamid };
    case "retry":
    case "rejected":
      return { kind: "refused", code: outcome.code, cause: stopOf(outcome.code)?.cause ?? null };
    case "unsent":
      return { kind: "unsent" };
    case "ambiguous":
      return { kind: "unclear" };
  }
}
