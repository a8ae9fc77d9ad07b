import * as z from "zod";
import { open, seal } from "@/lib/keystore/cipher";
import { parameterMapping } from "@/lib/templates/parameters";

/** Whole messages, as Meta takes them (cloud-api 2.4). */
export const LONGEST_TEXT = 4_096;

const text = z.object({
  kind: z.literal("text"),
  text: z.string().trim().min(1).max(LONGEST_TEXT),
  /** wamid of the person's message that this one quotes. */
  replyTo: z.string().min(1).max(300).optional(),
});

const template = z.object({
  kind: z.literal("template"),
  parameters: parameterMapping,
  /** What a tap on a quick reply sends back, by the button's position. */
  payloads: z.record(z.string().regex(/^\d$/), z.string().min(1).max(256)).default({}),
});

/** What a message to one person is to say, before their own values are in it. */
export const messageDraft = z.discriminatedUnion("kind", [text, template]);
export type MessageDraft = z.infer<typeof messageDraft>;

/** Where the sealed draft of a message belongs, as additional authenticated data. */
const draftPlace = (messageId: string) => `message_drafts|sealed|${messageId}`;

export function sealDraft(key: Buffer, messageId: string, draft: MessageDraft): Buffer {
  return seal(key, JSON.stringify(draft), draftPlace(messageId));
}

/** @throws when the sealed bytes were altered, or belong to another message */
export function openDraft(key: Buffer, messageId: string, sealed: Buffer): MessageDraft {
  return messageDraft.parse(JSON.parse(open(key, sealed, draftPlace(messageId)).toString("utf8")));
}
