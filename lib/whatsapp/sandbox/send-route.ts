import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { PlannedFault } from "./faults";
import { fault, faultBody, type GraphFault, unknownObject } from "./graph-errors";
import { takePairAllowance, waIdOf } from "./people";
import { wamidOf } from "./reports";
import type { SandboxParts } from "./sandbox-parts";
import { checkMessage, isFault, type ValidMessage } from "./send-rules";

/** `POST /{version}/{phone-number-id}/messages`. */
export function registerSendRoute(server: FastifyInstance, parts: SandboxParts) {
  server.post<{ Params: { id: string }; Body: unknown }>("/:version/:id/messages", async (request, reply) => {
    const trouble = parts.faults.next();
    if (trouble?.kind === "latency") await sleep(trouble.ms);
    if (trouble?.kind === "status") return reply.code(trouble.status).send();
    const result =
      request.params.id === parts.account.phoneNumberId
        ? await send(request.body, trouble, parts)
        : unknownObject(request.params.id, "POST");
    if (isFault(result)) {
      parts.refusals[result.code] = (parts.refusals[result.code] ?? 0) + 1;
      return reply.code(result.status).send(faultBody(result));
    }
    return answer(reply, result, trouble);
  });
}

function answer(reply: FastifyReply, result: object, trouble: PlannedFault | undefined) {
  if (trouble?.kind === "cut") {
    reply.hijack();
    reply.raw.destroy();
    return reply;
  }
  if (trouble?.kind === "hang") {
    reply.hijack();
    return reply;
  }
  if (trouble?.kind === "malformed")
    return reply.type("application/json").send('{"messaging_product":"whatsapp","mess');
  return reply.send(result);
}

async function send(
  body: unknown,
  trouble: PlannedFault | undefined,
  parts: SandboxParts,
): Promise<object | GraphFault> {
  if (trouble?.kind === "error") return fault(trouble.code, "Planned by the sandbox's fault script.", trouble);
  if (isReadMark(body)) return { success: true };
  const valid = checkMessage(body, parts.shelf);
  if (isFault(valid)) return valid;
  const phone = valid.phone ?? parts.people.findByUserId(valid.userId ?? "")?.phone;
  if (!phone) return fault(131009, "The user id in recipient is unknown");
  if (phone === parts.account.displayPhoneNumber.replace(/[^\d+]/g, ""))
    return fault(131021, "Recipient is the sender");
  return limitFault(phone, parts) ?? accept(valid, { phone, isHeld: trouble?.kind === "held" }, parts);
}

/** Limits that cost no more than a look: throughput of the number in real time, pair limit in world time. */
function limitFault(phone: string, { throughput, engine, people, clock }: SandboxParts): GraphFault | undefined {
  if (!throughput.take(engine.world.throughput, Date.now())) {
    return fault(130429, "Cloud API message throughput has been reached.", { subcode: 2494055 });
  }
  if (takePairAllowance(people.meet(phone), clock.now())) return undefined;
  return fault(
    131056,
    "Message failed to send because there were too many messages from this phone number to the same phone number in a short period of time.",
  );
}

async function accept(valid: ValidMessage, how: { phone: string; isHeld: boolean }, parts: SandboxParts) {
  const { input, userId, phone: _phone, ...content } = valid;
  const waId = waIdOf(how.phone);
  const wamid = wamidOf(waId, randomUUID().replaceAll("-", "").slice(0, 18).toUpperCase());
  const message = { ...content, wamid, phone: how.phone, at: parts.clock.now() };
  if (!how.isHeld) {
    await parts.journal.append({ message });
    parts.engine.accept(message);
  }
  const status = how.isHeld ? "held_for_quality_assessment" : "accepted";
  return {
    messaging_product: "whatsapp",
    contacts: [userId === undefined ? { input, wa_id: waId } : { input, user_id: userId }],
    messages: [{ id: wamid, ...(valid.type === "template" && { message_status: status }) }],
  };
}

/** Marking as read (with or without a typing indicator) comes to the same address. */
function isReadMark(body: unknown): boolean {
  return (
    typeof body === "object" && body !== null && "status" in body && body.status === "read" && "message_id" in body
  );
}
