import * as z from "zod";
import { parseJson } from "../graph";
import { fault, type GraphFault } from "./graph-errors";

const KINDS = "template text image audio video document sticker location contacts interactive reaction".split(" ");
/** Known to WhatsApp, and nothing that the API sends. */
const UNSUPPORTED = new Set("button order system unsupported unknown edit revoke poll".split(" "));
/** Business-scoped user id, or that of a parent portfolio. */
const USER_ID = /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/;

const open = z.record(z.string(), z.unknown());
const frame = z.looseObject({
  to: z.coerce.string().optional().catch(undefined),
  recipient: z.string().optional().catch(undefined),
  type: z.string(),
  biz_opaque_callback_data: z.string().optional().catch(undefined),
  context: z.object({ message_id: z.string() }).optional().catch(undefined),
});
const sentTemplate = z.object({
  name: z.string(),
  language: z.object({ code: z.string() }),
  components: z.unknown().optional(),
});

interface Frame {
  /** As given in the request. */
  input: string;
  /** E.164 with `+`; undefined when addressed by user id. */
  phone?: string;
  userId?: string;
  type: string;
  template?: z.infer<typeof sentTemplate>;
  /** The object named after the type. */
  content: unknown;
  callbackData?: string;
  contextId?: string;
}

/** A request as Graph takes it before it looks at it: objects also as JSON in a string, the type also unsaid. */
export function normalised(input: unknown): Record<string, unknown> | undefined {
  const read = open.safeParse(input);
  if (!read.success) return undefined;
  const body = { ...read.data };
  const type = body.type ?? KINDS.find((kind) => kind in body);
  if (typeof type !== "string") return body;
  const content = body[type];
  body.type = type;
  if (typeof content === "string") body[type] = parseJson(content);
  // Under this older name, too, people are asked for their number.
  const interactive = open.safeParse(body.interactive);
  if (interactive.data?.type === "request_contact_info") {
    body.interactive = { ...interactive.data, type: "contact_request" };
  }
  return body;
}

/** Refusals that need nothing but the frame. */
export function frameFault(body: Record<string, unknown> | undefined): GraphFault | undefined {
  if (!body) return fault(100, "The request body must be a JSON object.");
  if (body.messaging_product !== "whatsapp") return missing("messaging_product");
  if (!body.to && !body.recipient) return missing("to");
  if (body.type === undefined) return missing("type");
  if (UNSUPPORTED.has(String(body.type))) return fault(131051);
  const isUserId = typeof body.recipient === "string" && USER_ID.test(body.recipient);
  return body.to || isUserId ? undefined : fault(131009, "Parameter recipient is not valid");
}

/** The parts of a valid body that all kinds share. `to` wins where a user id is given as well. */
export function readFrame(body: Record<string, unknown>): Frame {
  const { to, recipient, type, context, biz_opaque_callback_data: callbackData } = frame.parse(body);
  return {
    input: to || recipient || "",
    ...(to ? { phone: `+${to.replace(/[+\s()-]/g, "")}` } : { userId: recipient }),
    ...{ type, callbackData },
    ...(type === "template" && { template: sentTemplate.parse(body.template) }),
    contextId: context?.message_id ?? open.safeParse(body.reaction).data?.message_id?.toString(),
    content: body[type],
  };
}

function missing(parameter: string): GraphFault {
  return { status: 400, code: 100, message: `The parameter ${parameter} is required.` };
}
