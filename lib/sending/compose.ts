import { openName } from "@/lib/audience/contact";
import { openIdentifier } from "@/lib/audience/identifier";
import { type ParameterMapping, parameterMapping, resolveParameters } from "@/lib/templates/parameters";
import { type ResolvedValues, valuesForMeta } from "@/lib/templates/values";
import { checkMessage } from "@/lib/whatsapp/message-rules";
import { type MessageRequest, templateRequest, textRequest } from "@/lib/whatsapp/requests";
import { encodeCallbackData } from "./callback-data";
import { encodeLinkCode } from "./link-code";

export interface ComposeInput {
  lane: number;
  attemptId: string;
  linkCode: Buffer | null;
  variant: {
    templateName: string;
    language: string;
    components: unknown;
    parameterFormat: "POSITIONAL" | "NAMED";
    parameters: unknown;
  };
  contact: {
    contactId: string;
    /** The phone number, else the user id: whoever hides their number can still be written to. */
    address: { kind: "phone" | "bsuid"; sealed: Buffer } | null;
    nameSealed: Buffer | null;
    attributes: Readonly<Record<string, string | number | boolean>>;
  };
  /** The contact's key. */
  key: Buffer;
  /** Ids under which the sending number's files are at Meta, by ours. */
  mediaIds: ReadonlyMap<string, string>;
  /** What ends the link to the person's own preference page. */
  preferences: string;
  /** What a tap on a quick reply sends back, by the button's position, in place of the button's own words. */
  payloads?: Readonly<Record<string, string>>;
}

export type ComposedMessage =
  /** `values` filled a template; a free-form text has none. */
  | { kind: "ready"; request: MessageRequest; values: ResolvedValues | null }
  /**
   * The text cannot be made for this person: `no_phone`, `value_missing`, `media_missing`, `facts_missing`; or Meta would
   * refuse it: a code of whatsapp/message-problem.ts, such as `text_too_long`. It must not go out.
   */
  | { kind: "impossible"; reason: string };

/** What ends the link of a message that is nobody's to follow: a test. Meta takes no empty ending. */
const NO_LINK = "prueba";

/** One person's message as Meta takes it: their number, their values, their own link. */
export function composeMessage({
  lane,
  attemptId,
  linkCode,
  variant,
  contact,
  key,
  mediaIds,
  preferences,
  payloads = {},
}: ComposeInput): ComposedMessage {
  const { contactId, address, nameSealed, attributes } = contact;
  if (!address) return { kind: "impossible", reason: "no_phone" };
  const mapping = mappingOf(variant);
  if (!mapping) return { kind: "impossible", reason: "facts_missing" };
  const name = nameSealed && openName(key, contactId, nameSealed);
  const resolution = resolveParameters(
    { components: variant.components, parameterFormat: variant.parameterFormat, mapping },
    { name: name ? (name.first ?? name.full) : null, attributes, preferences },
    linkCode ? encodeLinkCode(lane, linkCode) : NO_LINK,
  );
  if (resolution.kind === "missing") return { kind: "impossible", reason: "value_missing" };
  const values = withPayloads(resolution.values, payloads);
  const forMeta = valuesForMeta(values, mediaIds);
  if (!forMeta) return { kind: "impossible", reason: "media_missing" };
  const request = templateRequest({
    to: openIdentifier(key, contactId, address),
    template: variant.templateName,
    language: variant.language,
    ...forMeta,
    callbackData: encodeCallbackData(lane, attemptId),
  });
  // Meta would refuse it in the same way: known here, it costs neither a request nor a place in a limit.
  const { parameterFormat: parameter_format, components } = variant;
  const problem = checkMessage({ status: "APPROVED", parameter_format, components }, request);
  return problem ? { kind: "impossible", reason: problem.code } : { kind: "ready", request, values };
}

/** The variant of a claim is read once for all its messages. */
const mappings = new WeakMap<ComposeInput["variant"], ParameterMapping | undefined>();

function mappingOf(variant: ComposeInput["variant"]): ParameterMapping | undefined {
  if (!mappings.has(variant)) mappings.set(variant, parameterMapping.safeParse(variant.parameters).data);
  return mappings.get(variant);
}

function withPayloads(values: ResolvedValues, payloads: Readonly<Record<string, string>>): ResolvedValues {
  const own = Object.entries(payloads).map(([index, payload]) => ({
    kind: "quick_reply" as const,
    index: Number(index),
    payload,
  }));
  if (own.length === 0) return values;
  const others = values.buttons.filter(({ index }) => !(String(index) in payloads));
  return { ...values, buttons: [...others, ...own].sort((one, other) => one.index - other.index) };
}

/** A free-form text to one person, as Meta takes it. */
export function composeText({
  lane,
  attemptId,
  contact: { contactId, address },
  key,
  text,
  replyTo,
}: Pick<ComposeInput, "lane" | "attemptId" | "contact" | "key"> & {
  text: string;
  replyTo: string | undefined;
}): ComposedMessage {
  if (!address) return { kind: "impossible", reason: "no_phone" };
  const request = textRequest({
    to: openIdentifier(key, contactId, address),
    text,
    ...(replyTo !== undefined && { replyTo }),
    callbackData: encodeCallbackData(lane, attemptId),
  });
  return { kind: "ready", request, values: null };
}
