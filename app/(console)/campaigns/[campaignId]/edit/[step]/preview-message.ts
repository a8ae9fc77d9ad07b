import type { MessagePreview } from "@/app/_ui/phone-preview";
import { shownMessage } from "@/app/(console)/templates/shown-message";
import type { MessageParts, ParameterMapping, ParameterSubject } from "@/lib/templates/parameters";
import { previewMessage } from "@/lib/templates/render";

/** A template as one (made-up) person would read it, for the drawing of a phone. */
export function phoneMessage(parts: MessageParts, subject: ParameterSubject, time?: string): MessagePreview {
  const preview = previewMessage(parts, subject, "…");
  const cards = preview.cards?.map((_, index) => fileAt(parts.mapping, `card.${index}.header.media`));
  return { ...shownMessage(preview, { header: fileAt(parts.mapping, "header.media"), cards }), time };
}

function fileAt(mapping: ParameterMapping, place: string) {
  const rule = mapping[place];
  return rule?.source === "media" ? { mediaId: rule.mediaId, fileName: rule.fileName } : null;
}
