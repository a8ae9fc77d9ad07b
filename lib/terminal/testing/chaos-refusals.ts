import { setTimeout as pause } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { request } from "undici";
import { findContactByIdentifier } from "@/lib/audience/queries/find-contact-by-identifier";
import { recordConsentEvents } from "@/lib/consent/commands/record-consent-events";
import { withdrawConsent } from "@/lib/consent/commands/withdraw-consent";
import { newId } from "@/lib/foundation/ids";
import { loadSecrets } from "@/lib/foundation/secrets";
import { applyRestriction } from "@/lib/rights/commands/carry-out";
import { openRequest } from "@/lib/rights/commands/open-request";
import { signBody } from "@/lib/whatsapp/signature";
import type { World } from "./world";

// P1 and P2 of the compliance specification with the whole product: eight writers refuse, agree and restrict while a campaign is
// sent at a steady pace; what the sandbox took is compared with what had been refused, and when.

const WRITERS = 8;
/** Meta's allowance, of which three quarters are used: 150 messages a second. */
const ALLOWED_PER_SECOND = 200;
/** I2: no request begins later than this after a refusal has committed. */
const WINDOW_MS = 2_000;
/** How exactly two clocks of one machine are compared, the sandbox's own delay included. */
const INEXACT_MS = 60;

type Kind = "keyword" | "phrase" | "button" | "officer" | "restriction" | "agreement";

export interface Act {
  phone: string;
  kind: Kind;
  /** Real time, ms: sent to us; committed. */
  begun: number;
  committed: number;
}

export interface RefusalFigures {
  /** That reached us as webhooks. */
  stops: number;
  /** From receipt to commit, ms; the promise is p99 ≤ 250. */
  p50Ms: number;
  p99Ms: number;
  /** Every act of the eight writers. */
  acts: number;
  /** Requests that began more than two seconds after a refusal had committed. */
  late: number;
}

/** As the promise has it: at 150 messages a second, and however many refuse, the campaign does not stop by itself. */
export async function slowDown({ terminal }: World): Promise<void> {
  await terminal.db.execute(sql`update phone_numbers set messages_per_second = ${ALLOWED_PER_SECOND}`);
  await terminal.db.execute(sql`update installation set stop_opt_out_share = 1`);
}

/** Eight writers, each with its share, spread over the time that the sending takes; they act on whoever is drawn. */
export async function refuseWhileSending(
  world: World,
  { phones, count, random }: { phones: readonly string[]; count: number; random: () => number },
): Promise<Act[]> {
  const spreadMs = (phones.length / ((ALLOWED_PER_SECOND * 3) / 4)) * 1_000;
  const wording = await wordingInUse(world);
  const acts: Act[] = [];
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      const share = Math.ceil((count - writer) / WRITERS);
      for (let n = 0; n < share; n++) {
        await pause((spreadMs / share) * 2 * random());
        const phone = phones[Math.floor(random() * phones.length)];
        if (phone) acts.push(await act(world, { phone, kind: kindOf(random()), wording }));
      }
    }),
  );
  return acts;
}

/** Most refuse by a message; the others keep the rest of the product busy with the same people. */
function kindOf(drawn: number): Kind {
  if (drawn < 0.5) return "keyword";
  if (drawn < 0.65) return "phrase";
  if (drawn < 0.75) return "button";
  if (drawn < 0.82) return "officer";
  return drawn < 0.87 ? "restriction" : "agreement";
}

interface Wording {
  id: string;
  purposeId: string;
}

async function act(
  world: World,
  { phone, kind, wording }: { phone: string; kind: Kind; wording: Wording },
): Promise<Act> {
  const messages: Partial<Record<Kind, object>> = {
    keyword: { type: "text", text: { body: "BAJA" } },
    phrase: { type: "text", text: { body: "Por favor, no me escribáis más mensajes" } },
    button: { type: "button", button: { payload: "OPT_OUT", text: "No quiero más" } },
  };
  const message = messages[kind];
  if (message) return { phone, kind, ...(await timed(() => write(world, phone, message))) };
  const contactId = (await findContactByIdentifier(world.terminal, { text: phone }))?.contactId ?? "";
  const occurredAt = world.terminal.now();
  const idempotencyKey = `chaos ${newId()}`;
  const about = { contactId, occurredAt, idempotencyKey };
  if (kind === "officer") {
    const officer = await world.cast.as("compliance");
    const withdrawal = { ...about, source: "agent_attest" as const, by: null };
    return { phone, kind, ...(await timed(() => withdrawConsent(officer, { withdrawals: [withdrawal] }))) };
  }
  if (kind === "restriction") {
    const officer = await world.cast.as("compliance");
    const { requestId } = await openRequest(officer, { contactId, kind });
    return { phone, kind, ...(await timed(() => applyRestriction(officer, { requestId }))) };
  }
  const granted = { type: "granted", scope: "purpose", source: "web_form", isComplete: true } as const;
  const event = { ...about, ...granted, purposeId: wording.purposeId, wordingVersionId: wording.id };
  return { phone, kind, ...(await timed(() => recordConsentEvents(world.terminal, { events: [event] }))) };
}

async function timed(work: () => Promise<unknown>): Promise<{ begun: number; committed: number }> {
  const begun = performance.timeOrigin + performance.now();
  await work();
  return { begun, committed: performance.timeOrigin + performance.now() };
}

/** The person writes to us: Meta's webhook, signed. What refuses has committed when it is answered. */
async function write({ env, product, terminal }: World, phone: string, message: object): Promise<void> {
  const { wabaId = "", phoneNumberId = "" } = product.sandbox ?? {};
  const waId = phone.slice(1);
  const timestamp = String(Math.floor(terminal.now().getTime() / 1_000));
  const value = {
    messaging_product: "whatsapp",
    metadata: { display_phone_number: "15550100100", phone_number_id: phoneNumberId },
    contacts: [{ wa_id: waId, profile: { name: "Ana" } }],
    messages: [{ from: waId, id: `wamid.chaos.${newId()}`, timestamp, ...message }],
  };
  const entry = [{ id: wabaId, changes: [{ field: "messages", value }] }];
  const body = JSON.stringify({ object: "whatsapp_business_account", entry });
  const { sandboxAppSecret } = loadSecrets(env.DATA_DIR, env);
  const answer = await request(`http://127.0.0.1:${env.INGRESS_PORT}/webhooks/whatsapp`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-hub-signature-256": signBody(body, sandboxAppSecret) },
    body,
  });
  await answer.body.dump();
  if (answer.statusCode !== 200) throw new Error(`the ingress answered ${answer.statusCode}`);
}

async function wordingInUse({ terminal }: World): Promise<Wording> {
  const [row] = await terminal.db.execute<{ id: string; purpose: string }>(sql`
    select w.id, w.purpose_id as purpose from wording_versions w where w.revoked_at is null order by w.created_at desc limit 1`);
  if (!row) throw new Error("no wording is in use");
  return { id: row.id, purposeId: row.purpose };
}

/** Compares what the sandbox took, and when, with what had been refused. `delayMs`: the sandbox's own, before it takes one. */
export async function judgeRefusals(world: World, acts: readonly Act[], delayMs: number): Promise<RefusalFigures> {
  const ahead = await sandboxAhead(world);
  const templates = (await world.control.messages()).filter(({ type }) => type === "template");
  const own = new Map<string, Act[]>();
  for (const one of acts) own.set(one.phone, [...(own.get(one.phone) ?? []), one]);
  const late = templates.filter(({ phone, at }) => {
    const begun = at - ahead - delayMs;
    return (own.get(phone) ?? []).some(
      (refusal) =>
        refusal.kind !== "agreement" &&
        refusal.committed + WINDOW_MS + INEXACT_MS < begun &&
        !own
          .get(phone)
          ?.some(
            ({ kind, committed, begun: from }) => kind === "agreement" && committed > refusal.begun && from < begun,
          ),
    );
  });
  const took = acts
    .filter(({ kind }) => kind === "keyword" || kind === "phrase" || kind === "button")
    .map(({ begun, committed }) => committed - begun)
    .sort((one, other) => one - other);
  const quantile = (share: number) => Math.round(took[Math.ceil(took.length * share) - 1] ?? 0);
  return { stops: took.length, p50Ms: quantile(0.5), p99Ms: quantile(0.99), acts: acts.length, late: late.length };
}

/** World time of the sandbox minus real time, by the quickest of some answers. */
async function sandboxAhead({ control }: World): Promise<number> {
  let best = { took: Number.POSITIVE_INFINITY, ahead: 0 };
  for (let n = 0; n < 20; n++) {
    const asked = performance.timeOrigin + performance.now();
    const { appNow } = await control.state();
    const took = performance.timeOrigin + performance.now() - asked;
    if (took < best.took) best = { took, ahead: Date.parse(appNow) - asked - took / 2 };
  }
  return best.ahead;
}
