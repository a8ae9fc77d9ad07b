import * as z from "zod";
import { isQuickReply, isUrlButton, placeholdersOf, type TemplateButton } from "../components";
import { fault, type GraphFault } from "./graph-errors";
import type { StoredTemplate, TemplateShelf } from "./template-shelf";

/** A message that the API would accept. */
export interface ValidMessage {
  /** As given in the request. */
  input: string;
  /** E.164 with `+`; undefined when addressed by user id. */
  phone?: string;
  userId?: string;
  type: string;
  template?: string;
  language?: string;
  category: string;
  text?: string;
  /** The link that the person's button opens. */
  link?: string;
  quickReplies: { text: string; payload: string }[];
  callbackData?: string;
}

const FREE_FORM_TYPES = new Set(
  "text image audio video document sticker location contacts interactive reaction".split(" "),
);
const MAX_TEXT = 4096;
const MAX_BODY = 1024;

const parameter = z.looseObject({ type: z.string().optional(), parameter_name: z.string().optional() });
const component = z.looseObject({
  type: z.string(),
  sub_type: z.string().optional(),
  index: z.coerce.number().optional(),
  parameters: z.array(parameter).default([]),
});
const envelope = z.looseObject({
  messaging_product: z.unknown(),
  to: z.coerce.string().optional().catch(undefined),
  recipient: z.string().optional().catch(undefined),
  type: z.string().default("text"),
  biz_opaque_callback_data: z.string().optional().catch(undefined),
});
const templateShape = z.object({
  name: z.string().min(1),
  language: z.object({ code: z.string().min(1) }),
  components: z.array(component).default([]),
});
type Parameter = z.infer<typeof parameter>;
type SentComponent = z.infer<typeof component>;

export function isFault(result: object): result is GraphFault {
  return "code" in result && "status" in result;
}

/** Checks a `POST /messages` body as the API does before it answers. */
export function checkMessage(input: unknown, shelf: TemplateShelf): ValidMessage | GraphFault {
  const read = envelope.safeParse(input);
  if (!read.success) return fault(100, "The request body must be a JSON object.");
  const body = read.data;
  if (body.messaging_product !== "whatsapp") return fault(100, "The parameter messaging_product is required.");
  const address = addressOf(body.to, body.recipient);
  if (isFault(address)) return address;
  if ((body.biz_opaque_callback_data?.length ?? 0) > 512) return fault(131009, "biz_opaque_callback_data is too long.");
  const common = { ...address, callbackData: body.biz_opaque_callback_data };
  if (body.type === "template") return checkTemplate(body.template, common, shelf);
  return checkFreeForm(body.type, body[body.type], common);
}

type Common = Pick<ValidMessage, "input" | "phone" | "userId" | "callbackData">;

function addressOf(to: string | undefined, recipient: string | undefined): GraphFault | Omit<Common, "callbackData"> {
  if (to) {
    const digits = to.replace(/[+\s()-]/g, "");
    return /^[1-9]\d{6,14}$/.test(digits)
      ? { input: to, phone: `+${digits}` }
      : fault(131009, "Parameter to is not valid");
  }
  if (recipient) return { input: recipient, userId: recipient };
  return { status: 400, code: 100, message: "The parameter to is required." };
}

function checkFreeForm(type: string, content: unknown, common: Common): ValidMessage | GraphFault {
  if (!FREE_FORM_TYPES.has(type)) return fault(100, `Param type must be one of {template, text, …} - got "${type}".`);
  if (typeof content !== "object" || content === null) return fault(131008, `Parameter ${type} is missing`);
  const text = "body" in content && typeof content.body === "string" ? content.body : undefined;
  if (type === "text" && !text) return fault(131008, "Parameter text.body is missing");
  if (text && text.length > MAX_TEXT) return fault(131009, `text.body is longer than ${MAX_TEXT} characters`);
  return { ...common, type, category: "service", text, quickReplies: [] };
}

function checkTemplate(content: unknown, common: Common, shelf: TemplateShelf): ValidMessage | GraphFault {
  const read = templateShape.safeParse(content);
  if (!read.success) return fault(131008, "Parameter template.name or template.language.code is missing");
  const { name, language, components } = read.data;
  const template = shelf.find(name, language.code);
  if (template?.status !== "APPROVED") return statusFault(template, name, language.code);
  const parts = shelf.partsOf(template);

  const isNamed = template.parameter_format.toUpperCase() === "NAMED";
  for (const [at, text] of [
    ["header", parts.header?.text ?? ""],
    ["body", parts.body?.text ?? ""],
  ] as const) {
    const sent = components.find((one) => one.type.toLowerCase() === at)?.parameters ?? [];
    const wrong = checkParameters(at, { text, sent, isNamed });
    if (wrong) return wrong;
  }
  const buttons = components.filter((one) => one.type.toLowerCase() === "button");
  const filled = fillButtons(parts.buttons, buttons);
  if (isFault(filled)) return filled;
  const category = template.category.toLowerCase();
  return { ...common, type: "template", template: name, language: language.code, category, ...filled };
}

function statusFault(template: StoredTemplate | undefined, name: string, language: string): GraphFault {
  if (template?.status === "PAUSED") return fault(132015, "Template is paused due to low quality.");
  if (template?.status === "DISABLED") return fault(132016, "Template was paused too many times and is disabled.");
  return fault(132001, `template name (${name}) does not exist in ${language}`, { status: 404 });
}

function checkParameters(
  at: "header" | "body",
  { text, sent, isNamed }: { text: string; sent: Parameter[]; isNamed: boolean },
): GraphFault | undefined {
  const expected = placeholdersOf(text);
  if (sent.length !== expected.length) {
    const counts = `number of localizable_params (${sent.length}) does not match the expected number of params`;
    return fault(132000, `${at}: ${counts} (${expected.length})`);
  }
  let length = text.length;
  for (const one of sent) {
    const type = one.type ?? "UNKNOWN";
    if (type !== "text") return fault(132012, `${at}: Format mismatch, expected TEXT, received ${type.toUpperCase()}`);
    const wrong = textFault(at, one.text);
    if (wrong) return wrong;
    if (isNamed && !expected.includes(one.parameter_name ?? "")) {
      return fault(132012, `${at}: Parameter name is missing or unknown`);
    }
    length += String(one.text).length;
  }
  return length > MAX_BODY + expected.length * 8 ? fault(132005, `Translated text too long: ${at}`) : undefined;
}

function textFault(at: string, text: unknown): GraphFault | undefined {
  if (typeof text !== "string" || text === "")
    return fault(131008, `${at}: Parameter of type text is missing text value`);
  if (/[\n\t]| {5}/.test(text)) {
    return fault(132012, `${at}: Param text cannot have new-line/tab characters or more than 4 consecutive spaces`);
  }
  return undefined;
}

/** Matches the buttons that were sent with those of the template, and gives what the person's phone will do. */
function fillButtons(
  buttons: TemplateButton[],
  sent: SentComponent[],
): GraphFault | Pick<ValidMessage, "link" | "quickReplies"> {
  for (const one of sent) {
    const kind = one.sub_type?.toLowerCase() ?? "";
    const button = buttons[one.index ?? -1];
    if (button?.type.toLowerCase() !== kind) {
      return fault(132012, `buttons: Button at index ${one.index} of type ${kind} expected but not found`);
    }
  }
  const valueAt = (index: number) => sent.find((one) => one.index === index)?.parameters[0];
  let link: string | undefined;
  const quickReplies: ValidMessage["quickReplies"] = [];
  for (const [index, button] of buttons.entries()) {
    const value = valueAt(index);
    if (isUrlButton(button)) {
      const needsValue = placeholdersOf(button.url).length > 0;
      if (needsValue && !value)
        return fault(131008, `buttons: Button at index ${index} of type Url requires a parameter`);
      if (!needsValue && value)
        return fault(132000, `buttons: Button at index ${index} of type Url takes no parameter`);
      const wrong = value && textFault("buttons", value.text);
      if (wrong) return wrong;
      link ??= button.url.replace("{{1}}", String(value?.text ?? ""));
    } else if (isQuickReply(button)) {
      quickReplies.push({ text: button.text, payload: String(value?.payload ?? button.text) });
    }
  }
  return { link, quickReplies };
}
