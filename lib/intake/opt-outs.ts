import { readOptOut } from "@/lib/consent/opt-out-detector";
import type { WebhookItem } from "@/lib/whatsapp/webhooks";

type InboundItem = Extract<WebhookItem, { kind: "message" | "user_preference" }>;

/** What an item of a webhook restricts, before anything else is done with it (compliance 1.5). */
export interface Restriction {
  kind: "opt_out" | "review" | "meta_stop" | "meta_resume";
  /** E.164 with `+`, when Meta gave a number. */
  phone: string | undefined;
  userId: string | undefined;
  /** Of the message of ours that was answered, where Meta says so. */
  answeredWamid: string | undefined;
  at: Date;
  /** Repeats of the same webhook give the same key. */
  key: string;
  source: "keyword_in" | "whatsapp_button" | "meta_user_preferences";
}

const OPT_OUT_PAYLOAD = /^OPT_OUT(:.*)?$/;

/** The restrictions in a webhook body, in its order. */
export function restrictionsIn(items: readonly WebhookItem[]): Restriction[] {
  return items.flatMap((item) => {
    if (item.kind !== "message" && item.kind !== "user_preference") return [];
    const restriction = restrictionOf(item);
    return restriction ? [restriction] : [];
  });
}

function restrictionOf(item: InboundItem): Restriction | undefined {
  const phone = item.waId === undefined ? undefined : `+${item.waId}`;
  const answeredWamid = item.kind === "message" ? item.contextWamid : undefined;
  const whose = { phone, userId: item.userId, answeredWamid, at: item.at };
  if (item.kind === "user_preference") {
    if (item.category !== "marketing_messages") return undefined;
    const kind = item.value === "stop" ? "meta_stop" : item.value === "resume" ? "meta_resume" : undefined;
    const key = `preference ${item.waId ?? item.userId} ${item.value} ${item.at.toISOString()}`;
    return kind && { ...whose, kind, key, source: "meta_user_preferences" };
  }
  const key = item.wamid.replaceAll("\0", ""); // which the database refuses
  if (item.payload && OPT_OUT_PAYLOAD.test(item.payload)) {
    return { ...whose, kind: "opt_out", key, source: "whatsapp_button" };
  }
  const reading = readOptOut(item.text ?? "");
  if (reading === "optout") return { ...whose, kind: "opt_out", key, source: "keyword_in" };
  return reading === "review" ? { ...whose, kind: "review", key, source: "keyword_in" } : undefined;
}
