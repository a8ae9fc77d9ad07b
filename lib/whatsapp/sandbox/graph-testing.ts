import { setTimeout as pause } from "node:timers/promises";
import type * as z from "zod";
import { setUp, TUESDAY } from "./testing";
import type { world as worldShape } from "./world";

const POLL_MS = 10;
/** The world all but stands still: only what a test's own steps of the clock make due happens. */
const STANDING = 0.000_001;

/** Answers of the Graph API as a stranger sees them. */
export interface Answer {
  status: number;
  /** Whatever came: its shape is what is being tested. */
  body: ReturnType<typeof JSON.parse>;
}

/** A rehearsal with plain HTTP calls and a clock that moves only when told. */
export async function setUpGraph(world: Partial<z.input<typeof worldShape>> = {}, dataDir?: string) {
  const rehearsal = await setUp({ seed: 11, dataDir }, STANDING);
  const { sandbox, control, receiver } = rehearsal;
  await control.changeWorld({ disorder: { duplicated: 0, reordered: 0, readWithoutDelivered: 0 }, ...world });
  const headers = { authorization: `Bearer ${sandbox.token}` };
  let now = Date.parse(TUESDAY);

  async function call(
    method: string,
    path: string,
    body?: unknown,
    extra: Record<string, string> = {},
  ): Promise<Answer> {
    const isRaw = body instanceof FormData || body instanceof Uint8Array || body instanceof URLSearchParams;
    const answer = await fetch(`${sandbox.url}/v25.0/${path}`, {
      method,
      headers: { ...headers, ...(body !== undefined && !isRaw && { "content-type": "application/json" }), ...extra },
      body: isRaw ? (body as BodyInit) : body === undefined ? undefined : JSON.stringify(body), // One of the three.
    });
    const text = await answer.text();
    const isJson = answer.headers.get("content-type")?.includes("json");
    return { status: answer.status, body: isJson ? JSON.parse(text) : text };
  }

  return {
    ...rehearsal,
    call,
    /** Sends a message body; `messaging_product` and a recipient are filled in. */
    send: (message: Record<string, unknown>, edge = "messages") =>
      call("POST", `${sandbox.phoneNumberId}/${edge}`, {
        messaging_product: "whatsapp",
        to: "+34600000001",
        ...message,
      }),
    /** Creates a template; it waits for its review. */
    create: (draft: Record<string, unknown>) => call("POST", `${sandbox.wabaId}/message_templates`, draft),
    /** Lets so many seconds of world time pass, and everything that falls due in them. */
    async pass(seconds: number) {
      now += seconds * 1_000;
      await control.setClock({ appNow: new Date(now).toISOString(), speed: STANDING });
      for (;;) {
        const { nextEventAt, pending } = await control.state();
        const isCaughtUp = nextEventAt === null || Date.parse(nextEventAt) > now;
        if (isCaughtUp && pending.webhooks + pending.visits + pending.conversions === 0) return;
        await pause(POLL_MS);
      }
    },
    /** World time in milliseconds. */
    now: () => now,
    /** The person writes: the window is open from now on. */
    hearFrom: (phone = "+34600000001") => control.act([{ phone, do: { act: "write", text: "Hola" } }]),
    heard: (kind: string) => receiver.webhooks.filter((item) => item.kind === kind),
  };
}
export type GraphRehearsal = Awaited<ReturnType<typeof setUpGraph>>;

/** Creates a template and lets its review pass; gives its id. */
export async function approved({ create, pass }: GraphRehearsal, draft: Record<string, unknown>): Promise<string> {
  const { body } = await create(draft);
  await pass(10);
  return body.id;
}

/** A plain marketing template without variables. */
export function plainDraft(name: string, text = `Novedad de la tienda: ${name}.`) {
  return { name, language: "es", category: "MARKETING", components: [{ type: "BODY", text }] };
}

export function plainSend(name: string) {
  return { type: "template", template: { name, language: { code: "es" } } };
}
