import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import * as z from "zod";
import { drawsFor } from "./draws";
import { fault, faultBody } from "./graph-errors";

/** Which calls a fault meets. `webhooks`: the posts that the sandbox itself makes. */
const targets = ["messages", "templates", "media", "other", "any", "webhooks"] as const;
type Target = (typeof targets)[number];
const httpStatus = z.number().int().min(400).max(599);
const ms = z.number().positive().max(600_000);

const when = {
  on: z.enum(targets).default("messages"),
  /** So many calls pass before it begins. */
  after: z.number().int().min(0).default(0),
  /** So many calls meet it. */
  times: z.number().int().positive().default(1),
  /** Of the calls meanwhile: those that meet it; which ones is a function of the seed. */
  share: z.number().min(0).max(1).default(1),
  /** Only from and until a world time. */
  from: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
};

/**
 * Trouble for the next calls, in the order given; a call meets one fault at most. `hang`, `cut`, `malformed` and
 * `slow_body` do what was asked and spoil the answer; `status` and `error` do nothing; `held` parks a template message.
 * For webhooks: `latency` waits before the post, `drop_ack` takes no notice of the answer, `status` does not post.
 */
export const plannedFault = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("latency"), ms, ...when }),
  z.strictObject({ kind: z.literal("hang"), ...when }),
  z.strictObject({ kind: z.literal("cut"), ...when }),
  z.strictObject({ kind: z.literal("malformed"), ...when }),
  z.strictObject({ kind: z.literal("slow_body"), ms, ...when }),
  z.strictObject({ kind: z.literal("status"), status: httpStatus, ...when }),
  z.strictObject({ kind: z.literal("error"), status: httpStatus, code: z.number().int(), ...when }),
  z.strictObject({ kind: z.literal("held"), ...when }),
  z.strictObject({ kind: z.literal("drop_ack"), ...when }),
]);
export type PlannedFault = z.infer<typeof plannedFault>;
export type PlannedFaultInput = z.input<typeof plannedFault>;

/** The faults that are planned, and which call meets which. */
export class FaultScript {
  private planned: PlannedFault[] = [];
  private readonly draw: () => number;

  constructor(
    seed: number,
    private readonly now: () => number,
  ) {
    this.draw = drawsFor(`${seed}:faults`);
  }

  add(fault: PlannedFault) {
    this.planned.push({ ...fault });
  }

  clear() {
    this.planned = [];
  }

  all(): readonly PlannedFault[] {
    return this.planned;
  }

  /** The fault that a call meets. */
  next(target: Exclude<Target, "any">): PlannedFault | undefined {
    const now = this.now();
    const found = this.planned.find((one) => {
      if (one.on !== target && (one.on !== "any" || target === "webhooks")) return false;
      if (one.from !== undefined && now < Date.parse(one.from)) return false;
      if (one.until !== undefined && now >= Date.parse(one.until)) return false;
      if (one.after > 0) {
        one.after--;
        return false;
      }
      return one.share === 1 || this.draw() < one.share;
    });
    if (!found) return undefined;
    found.times--;
    if (found.times === 0) this.planned = this.planned.filter((one) => one !== found);
    return found;
  }
}

const met = new WeakMap<FastifyRequest, PlannedFault>();

/** The fault that this call meets, for routes that must do something about it themselves (`held`). */
export function faultOf(request: FastifyRequest): PlannedFault | undefined {
  return met.get(request);
}

/** Lets the calls of the Graph API meet the planned faults; `/sandbox/*` never does. */
export function registerFaults(server: FastifyInstance, faults: FaultScript) {
  server.addHook("preHandler", async (request, reply) => {
    if (request.url.startsWith("/sandbox")) return;
    const trouble = faults.next(targetOf(request.url));
    if (!trouble) return;
    met.set(request, trouble);
    if (trouble.kind === "latency") await sleep(trouble.ms, undefined, { ref: false });
    if (trouble.kind === "status") return reply.code(trouble.status).send();
    if (trouble.kind === "error") {
      const { code, status } = trouble;
      return reply.code(status).send(faultBody(fault(code, "Planned by the sandbox's fault script.", { status })));
    }
  });
  server.addHook("onSend", async (request, reply, payload) => spoil(reply, payload, met.get(request)));
}

function targetOf(url: string): "messages" | "templates" | "media" | "other" {
  const path = url.split("?", 1)[0] ?? "";
  if (/\/(marketing_)?messages$/.test(path)) return "messages";
  if (/\/message_templates$/.test(path)) return "templates";
  return /\/(media|uploads)$/.test(path) ? "media" : "other";
}

/** Does to an answer what the fault says. `cut` announces all of it and breaks off in the middle. */
function spoil(reply: FastifyReply, payload: unknown, trouble: PlannedFault | undefined): unknown {
  if (!trouble || typeof payload !== "string") return payload;
  const bytes = Buffer.from(payload);
  const half = bytes.subarray(0, Math.ceil(bytes.length / 2));
  if (trouble.kind === "malformed") {
    reply.header("content-length", half.length);
    return half.toString();
  }
  if (trouble.kind === "hang") return Readable.from(never());
  if (trouble.kind !== "cut" && trouble.kind !== "slow_body") return payload;
  reply.header("content-length", bytes.length);
  return Readable.from(trouble.kind === "cut" ? broken(half, reply) : slow(bytes, trouble.ms));
}

async function* never(): AsyncGenerator<Buffer> {
  await new Promise(() => undefined);
}

async function* broken(half: Buffer, reply: FastifyReply): AsyncGenerator<Buffer> {
  yield half;
  await sleep(1); // So that the first half leaves before the connection does.
  reply.raw.destroy();
}

const SLOW_PIECES = 10;

async function* slow(bytes: Buffer, overMs: number): AsyncGenerator<Buffer> {
  const size = Math.ceil(bytes.length / SLOW_PIECES);
  for (let start = 0; start < bytes.length; start += size) {
    await sleep(overMs / SLOW_PIECES, undefined, { ref: false });
    yield bytes.subarray(start, start + size);
  }
}
