import type { MessagePreview, PreviewButtons, PreviewHeader } from "@/app/_ui/phone-preview";
import type { Preview, PreviewCard } from "@/lib/whatsapp/components";

const buttonKinds: Readonly<Record<string, PreviewButtons["kind"]>> = {
  URL: "url",
  PHONE_NUMBER: "call",
  VOICE_CALL: "call",
  QUICK_REPLY: "reply",
  COPY_CODE: "copy",
  FLOW: "form",
  REQUEST_CONTACT_INFO: "contact",
};

interface ShownFile {
  mediaId: string;
  fileName: string;
}

/** Files that stand in the headers, where they are known: the message's own, then card by card. */
export interface ShownFiles {
  header?: ShownFile | null;
  cards?: readonly (ShownFile | null)[];
}

/** A template's preview as the drawing of a phone takes it; a header without a file of ours is named by its kind. */
export function shownMessage(preview: Preview, files: ShownFiles = {}): MessagePreview {
  const { offer, body, footer, cards } = preview;
  return {
    header: headerOf(preview, files.header),
    offer,
    body,
    footer,
    buttons: buttonsOf(preview),
    cards: cards?.map((card, index) => ({
      header: headerOf(card, files.cards?.[index]),
      body: card.body,
      buttons: buttonsOf(card),
    })),
  };
}

/** The files of a template, by place, for its preview. */
export function filesByPlace(media: Readonly<Record<string, string>>, cards = 0): ShownFiles {
  const fileAt = (place: string) => {
    const mediaId = media[place];
    return mediaId ? { mediaId, fileName: "" } : null;
  };
  return {
    header: fileAt("header.media"),
    cards: Array.from({ length: cards }, (_, index) => fileAt(`card.${index}.header.media`)),
  };
}

function headerOf({ header, media }: PreviewCard, file: ShownFile | null | undefined): PreviewHeader | undefined {
  if (header !== undefined) return { kind: "text", text: header };
  if (!media) return undefined;
  return {
    kind: media,
    ...(file && { name: file.fileName || undefined, src: `/api/media/${file.mediaId}` }),
  };
}

function buttonsOf({ buttons }: PreviewCard): PreviewButtons[] {
  return buttons.map(({ type, text, code }) => ({ kind: buttonKinds[type] ?? "reply", text: code ?? text }));
}
