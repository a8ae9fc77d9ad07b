import { Pool } from "undici";
import type * as z from "zod";
import type { plannedAct } from "./act-shapes";
import type { PlannedFaultInput } from "./faults";
import type { AcceptedMessage } from "./journal";
import type { TemplateEvent } from "./template-control-routes";
import type { Truth } from "./truth";
import type { ClockSetting, PersonInput, world } from "./world";

export interface WorldState extends ClockSetting {
  people: number;
  accepted: number;
  /** For "nobody got two": at most 1 in a campaign to a fresh world. */
  mostAcceptedByOnePerson: number;
  refusals: Record<string, number>;
  counts: {
    sent: number;
    delivered: number;
    read: number;
    failed: number;
    clicks: number;
    friendlyAnswers: number;
    optOuts: number;
    blocks: number;
    purchases: number;
    purchasesAfterClick: number;
  };
  /** Events in world time, and what waits to be taken by the product. */
  pending: { events: number; webhooks: number; visits: number; conversions: number };
  nextEventAt: string | null;
  dropped: { webhooks: number; visits: number; conversions: number };
}

/** Steers a running sandbox over HTTP. For the demo, rehearsals and tests; the product itself never does. */
export function createSandboxControl(sandbox: { url: string; token: string }) {
  const pool = new Pool(sandbox.url, { connections: 2 });
  const headers = { authorization: `Bearer ${sandbox.token}`, "content-type": "application/json" };

  async function call<Answer>(method: "GET" | "POST" | "PATCH", path: string, body?: unknown): Promise<Answer> {
    const answer = await pool.request({
      method,
      path: `/sandbox/${path}`,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`sandbox ${path}: ${answer.statusCode} ${text.slice(0, 500)}`);
    return JSON.parse(text) as Answer; // Both ends are this folder's code.
  }

  return {
    addPeople: (people: PersonInput[]) => call<{ people: number }>("POST", "people", people),
    /** Changes the given settings and keeps the others. */
    changeWorld: (change: Partial<z.input<typeof world>>) => call<z.infer<typeof world>>("PATCH", "world", change),
    setClock: (setting: ClockSetting) => call<ClockSetting>("POST", "clock", setting),
    openHorizon: (horizon: { from: string; hours: number }) => call("POST", "open-horizon", horizon),
    /** Lets time pass at once, on top of its speed. */
    stepClock: (seconds: number) => call<ClockSetting>("POST", "clock/step", { seconds }),
    planFaults: (faults: PlannedFaultInput[]) => call("POST", "faults", faults),
    /** What Meta does to a template by itself: quality, pauses, a change of category, …. */
    befallTemplate: (templateId: string, event: TemplateEvent) => call("POST", `templates/${templateId}/events`, event),
    /** Lets people do things, as at the phones page; throws when one cannot be done. */
    act: (acts: z.input<typeof plannedAct>[]) => call("POST", "acts", acts),
    /** Emits webhook changes of any field, with the value as Meta writes it. */
    emitChanges: (changes: { field: string; value: Record<string, unknown> }[]) => call("POST", "changes", changes),
    truth: () => call<Truth>("GET", "truth"),
    state: () => call<WorldState>("GET", "state"),
    messages: async (to?: string) => {
      const query = to === undefined ? "" : `?to=${encodeURIComponent(to)}`;
      return (await call<{ messages: AcceptedMessage[] }>("GET", `messages${query}`)).messages;
    },
    close: () => pool.destroy(),
  };
}
