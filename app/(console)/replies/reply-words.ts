import type { LucideIcon } from "lucide-react";
import { Ban, Bot, CircleHelp, MessageCircle, OctagonAlert, ThumbsUp } from "lucide-react";
import type { Tone } from "@/app/_ui/tones";
import type { ReplyClass } from "@/lib/conversations/reply-classes";
import { publicId } from "@/lib/foundation/ids";
import type { Translator } from "@/lib/i18n/translator";

/** How each class looks: never by colour alone. */
export const classMarks = {
  positive: { tone: "ok", icon: ThumbsUp },
  question: { tone: "info", icon: CircleHelp },
  complaint: { tone: "warn", icon: OctagonAlert },
  opt_out: { tone: "bad", icon: Ban },
  automatic: { tone: "idle", icon: Bot },
  other: { tone: "idle", icon: MessageCircle },
} as const satisfies Record<ReplyClass, { tone: Tone; icon: LucideIcon }>;

export function conversationPath(contactId: string): string {
  return `/replies/${publicId("con", contactId)}`;
}

/** What somebody wrote, or what they sent instead of words. */
export function wroteText({ text, type }: { text: string | null; type: string }, t: Translator<"replies">): string {
  return text ?? t("noText", { type });
}
