import type { PersonSeen } from "@/lib/audience/person";
import { isOptOutPayload, readRefusal } from "@/lib/consent/refusal";
import { readQuestionAnswer } from "@/lib/sending/consent-question";
import type { ItemOf } from "@/lib/whatsapp/webhook-items";
import type { WebhookItem } from "@/lib/whatsapp/webhooks";

/** What an item of a webhook restricts, before anything else is done with it (compliance 1.5). */
export interface Restriction {
  kind: "opt_out" | "review" | "meta_stop" | "meta_resume" | "denial";
  /** Of a denial alone: what they were asked for and refuse. */
  purposeId?: string;
  /** Who said it, as far as Meta names them. */
  person: PersonSeen;
  /** Of the message of ours that was answered, where Meta says so. */
  answeredWamid: string | undefined;
  at: Date;
  /** Repeats of the same report about one contact give the same key. Names nobody. */
  key: string;
  source: "keyword_in" | "whatsapp_button" | "meta_user_preferences";
}

/** The restrictions in a webhook body, in its order. */
export function restrictionsIn(items: readonly WebhookItem[]): Restriction[] {
  return items.flatMap((item) => {
    if (item.kind === "user_preference") return ofPreference(item) ?? [];
    if (item.kind === "status") return ofStatus(item) ?? [];
    return item.kind === "message" ? (ofMessage(item) ?? []) : [];
  });
}

/** Who signs up over Meta's own link ends Meta's stop, as who resumes does; neither is a consent to us (cloud-api 14). */
const preferences: Readonly<Record<string, "meta_stop" | "meta_resume">> = {
  stop: "meta_stop",
  resume: "meta_resume",
  signup: "meta_resume",
};

function ofPreference(item: ItemOf<"user_preference">): Restriction | undefined {
  if (item.category !== "marketing_messages") return undefined;
  const kind = Object.hasOwn(preferences, item.value) ? preferences[item.value] : undefined;
  const key = `preference ${item.value} ${item.at.toISOString()}`;
  return kind && { kind, person: item, answeredWamid: undefined, at: item.at, key, source: "meta_user_preferences" };
}

function ofMessage(item: ItemOf<"message">): Restriction | undefined {
  const answer = readQuestionAnswer(item.payload);
  if (answer) return answer.type === "denied" ? denial(item, answer.purposeId) : undefined;
  const kind = readRefusal(item);
  const source = isOptOutPayload(item.payload) ? "whatsapp_button" : "keyword_in";
  return kind && { kind, person: item, answeredWamid: item.contextWamid, at: item.at, key: item.wamid, source };
}

/** The "no" to a question of ours refuses what was asked, and nothing else. */
function denial(item: ItemOf<"message">, purposeId: string): Restriction {
  const said = { person: item, answeredWamid: item.contextWamid, at: item.at, key: item.wamid };
  return { kind: "denial", purposeId, ...said, source: "whatsapp_button" };
}

/** Refused by Meta because the person stopped marketing in the app: the same as the stop itself (cloud-api 14). */
const STOPPED_MARKETING = 131_050;

function ofStatus(item: ItemOf<"status">): Restriction | undefined {
  if (!item.errors.some(({ code }) => code === STOPPED_MARKETING)) return undefined;
  const person = { waId: item.recipientWaId, userId: item.recipientUserId, parentUserId: item.recipientParentUserId };
  const key = `status ${item.wamid} ${STOPPED_MARKETING}`;
  const said = { person, answeredWamid: item.wamid, at: item.at, source: "meta_user_preferences" } as const;
  return { kind: "meta_stop", ...said, key };
}
