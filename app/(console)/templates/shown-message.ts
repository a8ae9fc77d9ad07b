import * as z from "zod";
import type { MessagePreview } from "@/app/_ui/phone-preview";
import type { Preview } from "@/lib/whatsapp/components";

const mediaHeader = z.object({
  type: z.string().regex(/^header$/i),
  format: z
    .string()
    .transform((format) => format.toLowerCase())
    .pipe(z.enum(["image", "video", "document", "location"])),
});
const buttonKinds: Readonly<Record<string, "url" | "call" | "reply" | "copy">> = {
  URL: "url",
  PHONE_NUMBER: "call",
  VOICE_CALL: "call",
  QUICK_REPLY: "reply",
  COPY_CODE: "copy",
};

/** A template's preview as the drawing of a phone takes it; a header with a file is named by its kind. */
export function shownMessage({ header, body, footer, buttons }: Preview, components: unknown): MessagePreview {
  const media = (Array.isArray(components) ? components : [])
    .map((component) => mediaHeader.safeParse(component))
    .find(({ success }) => success)?.data;
  return {
    ...(header !== undefined
      ? { header: { kind: "text", text: header } }
      : media && { header: { kind: media.format } }),
    body,
    footer,
    buttons: buttons.map(({ type, text }) => ({ kind: buttonKinds[type] ?? "reply", text })),
  };
}
