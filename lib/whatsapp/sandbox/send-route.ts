import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import * as z from "zod";
import { graphRefusal } from "../message-problem";
import { checkRequest, type SendEndpoint } from "../message-rules";
import { acceptMessage } from "./accept-message";
import { faultOf } from "./faults";
import { fault, faultBody, type GraphFault, unknownObject } from "./graph-errors";
import type { ById } from "./graph-requests";
import type { AcceptedMessage } from "./journal";
import { frameFault, normalised, readFrame } from "./message-frame";
import { freeFormView, templateView, type View } from "./message-view";
import { isWindowOpen, waIdOf } from "./people";
import { wamidOf } from "./reports";
import type { SandboxParts } from "./sandbox-parts";
import { fateOf } from "./send-fate";
import type { StoredTemplate } from "./template-shelf";

/** `POST /{phone-number-id}/messages` and `/marketing_messages`. */
export function registerSendRoutes(server: FastifyInstance, parts: SandboxParts) {
  for (const endpoint of ["messages", "marketing_messages"] as const) {
    server.post<ById>(`/:version/:id/${endpoint}`, async (request, reply) => {
      const result =
        request.params.id === parts.account.phoneNumberId
          ? await send(request, endpoint, parts)
          : unknownObject(request.params.id, "POST");
      if (!isFault(result)) return result;
      parts.refusals[result.code] = (parts.refusals[result.code] ?? 0) + 1;
      return reply.code(result.status).send(faultBody(result));
    });
  }
}

function isFault(result: object): result is GraphFault {
  return "code" in result && "status" in result;
}

async function send(
  request: FastifyRequest,
  endpoint: SendEndpoint,
  parts: SandboxParts,
): Promise<object | GraphFault> {
  if (!parts.accountState.isRegistered) return fault(133010);
  const body = normalised(request.body);
  if (body && isReadMark(body)) return readMark.safeParse(body).success ? { success: true } : fault(100);
  const wrong = frameFault(body) ?? bodyFault(body, endpoint, parts);
  if (wrong || !body) return wrong ?? fault(100);
  const frame = readFrame(body);
  const template = frame.template && parts.shelf.find(frame.template.name, frame.template.language.code);
  const way = template && wayOf(template, { endpoint, policy: body.product_policy }, parts);
  if (way && typeof way !== "string") return way;
  const person = recipientOf(frame, parts);
  if (isFault(person)) return person;
  const now = parts.clock.now();
  const isOutsideWindow = !isWindowOpen(person, now);
  const limited = parts.limits.check(person, { world: parts.engine.world, now, isOutsideWindow });
  if (limited) return limited;
  const view = template
    ? templateView(parts.shelf.partsOf(template), frame.template?.components, isNamed(template))
    : freeFormView(frame.type, frame.content);
  const message: AcceptedMessage = {
    wamid: wamidOf(waIdOf(person.phone), randomUUID().replaceAll("-", "").slice(0, 18).toUpperCase()),
    ...{ at: now, phone: person.phone, type: frame.type },
    ...(template && { template: template.name, language: template.language, templateId: template.id }),
    category: categoryOf(template, way),
    ...withoutFiles(view),
    ...(frame.callbackData !== undefined && { callbackData: frame.callbackData }),
    ...(frame.userId !== undefined && { userId: frame.userId }),
    ...(isOutsideWindow && { isOutsideWindow }),
    ...(frame.contextId !== undefined && { contextId: frame.contextId }),
  };
  const failsWith = fateOf({ message, person, template, files: view.files }, parts);
  const isHeld = template !== undefined && (await deliver({ ...message, failsWith }, { request, template }, parts));
  if (!template) await acceptMessage({ ...message, failsWith }, parts);
  return answerOf({ input: frame.input, userId: frame.userId, template, isHeld }, message);
}

/** Rules that the client checks as well, before it asks. */
function bodyFault(body: unknown, endpoint: SendEndpoint, { shelf, accountState }: SandboxParts) {
  const problem = checkRequest(body, {
    endpoint,
    findTemplate: (name, language) => shelf.find(name, language),
    isMarketingOffOnCloudApi: accountState.isMarketingOffOnCloudApi,
  });
  if (!problem) return undefined;
  const { detail, ...refusal } = graphRefusal(problem);
  return { ...refusal, ...(detail !== refusal.message && { details: detail }) };
}

/** Which way a template goes: the Marketing Messages API answers for templates that it knows. */
function wayOf(
  template: StoredTemplate,
  { endpoint, policy }: { endpoint: SendEndpoint; policy: unknown },
  { engine, clock }: SandboxParts,
): "cloud" | "lite" | GraphFault {
  if (endpoint === "messages") return "cloud";
  const { isOnboarded, syncSeconds } = engine.world.api.marketingMessages;
  if (policy !== undefined && policy !== "STRICT" && policy !== "CLOUD_API_FALLBACK") {
    return fault(131009, "product_policy must be CLOUD_API_FALLBACK or STRICT.");
  }
  if (!isOnboarded) return policy === "STRICT" ? fault(134102) : "cloud";
  const knownSince = (template.life.approvedAt ?? 0) + syncSeconds * 1_000;
  if (syncSeconds > 0 && clock.now() < knownSince) return fault(134101);
  return "lite";
}

/** The person a message is for; an unknown user id is somebody whom no message reaches. */
function recipientOf({ phone, userId = "" }: { phone?: string; userId?: string }, parts: SandboxParts) {
  const { people, account, engine } = parts;
  const person = phone === undefined ? people.findByUserId(userId) : people.meet(phone);
  if (!person) return fault(131009, "The user id in recipient is unknown");
  if (person.phone === `+${account.displayPhoneNumber.replace(/\D/g, "")}`) return fault(131021);
  const allowed = engine.world.api.allowedRecipients;
  return allowed && !allowed.includes(person.phone) ? fault(131030) : person;
}

/** Takes a template message, or parks it; true when it was parked. */
async function deliver(
  message: AcceptedMessage,
  { request, template }: { request: FastifyRequest; template: StoredTemplate },
  parts: SandboxParts,
): Promise<boolean> {
  // One that the fault script holds stays parked for good.
  if (faultOf(request)?.kind === "held") return true;
  if (message.failsWith === undefined && parts.life.pacing.holds(template)) {
    await parts.life.pacing.hold(template, message);
    return true;
  }
  await acceptMessage(message, parts);
  return false;
}

function answerOf(
  to: { input: string; userId?: string; template?: StoredTemplate; isHeld: boolean },
  { wamid, phone }: AcceptedMessage,
) {
  const status = to.isHeld ? "held_for_quality_assessment" : "accepted";
  const who = to.userId === undefined ? { wa_id: waIdOf(phone) } : { user_id: to.userId };
  return {
    messaging_product: "whatsapp",
    contacts: [{ input: to.input, ...who }],
    messages: [{ id: wamid, ...(to.template && { message_status: status }) }],
  };
}

const isNamed = (template: StoredTemplate) => template.parameter_format.toUpperCase() === "NAMED";
const withoutFiles = ({ files: _files, ...view }: View) => view;

function categoryOf(template: StoredTemplate | undefined, way: "cloud" | "lite" | undefined): string {
  if (way === "lite") return "marketing_lite";
  return template?.category.toLowerCase() ?? "service";
}

const readMark = z.object({ messaging_product: z.literal("whatsapp"), message_id: z.string().min(1) });

/** Marking as read (with or without a typing indicator) comes to the same address. */
function isReadMark(body: Record<string, unknown>): boolean {
  return body.status === "read" && "message_id" in body;
}
