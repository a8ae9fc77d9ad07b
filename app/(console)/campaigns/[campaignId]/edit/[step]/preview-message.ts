import type { MessagePreview } from "@/app/_ui/phone-preview";
import type { MessageParts, ParameterSubject } from "@/lib/templates/parameters";
import { previewMessage } from "@/lib/templates/render";

const kinds = { URL: "url", PHONE_NUMBER: "call", VOICE_CALL: "call", COPY_CODE: "copy" } as const;

/** A template as one (made-up) person would read it, for the drawing of a phone. */
export function phoneMessage(parts: MessageParts, subject: ParameterSubject, time?: string): MessagePreview {
  const { header, body, footer, buttons } = previewMessage(parts, subject, "…");
  return {
    header: header ? { kind: "text", text: header } : undefined,
    body,
    footer,
    buttons: buttons.map(({ type, text }) => ({ kind: kindOf(type), text })),
    time,
  };
}

function kindOf(type: string): "url" | "call" | "reply" | "copy" {
  return Object.hasOwn(kinds, type) ? kinds[type as keyof typeof kinds] : "reply"; // hasOwn proves the key
}
