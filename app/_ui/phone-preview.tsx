import {
  ClipboardList,
  Contact,
  Copy,
  ExternalLink,
  Hourglass,
  List,
  type LucideIcon,
  Phone,
  Reply,
} from "lucide-react";
import type { ReactNode } from "react";
import { CardStrip } from "./card-strip.client";
import { initials } from "./initials";
import { UiText } from "./ui-text.client";
import { type Mark, parseMarks } from "./whatsapp-marks";

export interface PreviewButtons {
  kind: ButtonLook;
  text: string;
}
type ButtonLook = "url" | "call" | "reply" | "copy" | "form" | "contact";

/** A headline, or the kind of file with its name and, for pictures, where to find it. */
export type PreviewHeader =
  | { kind: "text"; text: string }
  | { kind: "image" | "video" | "document" | "gif" | "location"; name?: string; src?: string };

export interface MessagePreview {
  header?: PreviewHeader;
  /** A limited-time offer: a line of its own; `expires`: with a countdown. */
  offer?: { text: string; expires: boolean };
  /** With WhatsApp's marks; `{{name}}` is a variable without a value. */
  body: string;
  footer?: string;
  buttons?: readonly PreviewButtons[];
  /** A carousel below the text. */
  cards?: readonly { header?: PreviewHeader; body: string; buttons: readonly PreviewButtons[] }[];
  /** Already written for the reader: `10:00`. */
  time?: string;
}

const buttonIcons: Record<ButtonLook, LucideIcon> = {
  url: ExternalLink,
  call: Phone,
  reply: Reply,
  copy: Copy,
  form: ClipboardList,
  contact: Contact,
};
/** WhatsApp shows at most three buttons; with more it shows two and a list. */
const MOST_BUTTONS = 3;

/** A message roughly as a phone shows it: real text, our own neutral drawing. `label` says which variant it is. */
export function PhonePreview({ message, sender, label }: { message: MessagePreview; sender: string; label: string }) {
  return (
    <figure className="w-[344px] max-w-full">
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing of a phone is no fieldset */}
      <div className="phone" role="group" aria-label={label}>
        <div className="phone-sender">
          <i aria-hidden="true">{initials(sender)}</i>
          <span>
            <b>{sender}</b>
            <span className="text-muted">
              <UiText id="businessAccount" />
            </span>
          </span>
        </div>
        <Bubble message={message} />
      </div>
      <figcaption className="note mt-3">
        <UiText id="previewApproximate" />
      </figcaption>
    </figure>
  );
}

function Bubble({
  message: { header, offer, body, footer, buttons = [], cards = [], time },
}: {
  message: MessagePreview;
}) {
  return (
    <>
      <div className="bubble">
        {header && <Media header={header} />}
        {offer && (
          <p className="bubble-offer">
            <b>{offer.text}</b>
            {offer.expires && (
              <span className="text-muted">
                <Hourglass aria-hidden className="size-3.5" /> <UiText id="offerEnds" />
              </span>
            )}
          </p>
        )}
        <div className="bubble-text">
          {header?.kind === "text" && <b>{marked(parseMarks(header.text))}</b>}
          <Paragraphs text={body} />
        </div>
        {footer && <p className="bubble-footer">{footer}</p>}
        <p className="bubble-time">{time ?? "\u00a0"}</p>
        <PreviewButtonList buttons={buttons} />
      </div>
      {cards.length > 0 && (
        <CardStrip>
          {cards.map((card, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: cards have no identity but their order
            <li key={index} className="bubble">
              {card.header && <Media header={card.header} />}
              {card.body && (
                <div className="bubble-text pb-2.5">
                  <Paragraphs text={card.body} />
                </div>
              )}
              <PreviewButtonList buttons={card.buttons} />
            </li>
          ))}
        </CardStrip>
      )}
    </>
  );
}

function Media({ header }: { header: PreviewHeader }) {
  if (header.kind === "text") return null;
  const { kind, name, src } = header;
  return (
    <div className="bubble-media">
      {src && kind === "image" ? (
        // biome-ignore lint/performance/noImgElement: a private file of ours, shown once beside its form
        <img src={src} alt={name ?? ""} />
      ) : (
        <span>
          <UiText id={`media.${kind}`} />
          {name && ` · ${name}`}
        </span>
      )}
    </div>
  );
}

function Paragraphs({ text }: { text: string }) {
  return text.split(/\n{2,}/).map((paragraph, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs have no identity but their order
    <p key={index} className="whitespace-pre-line">
      {marked(parseMarks(paragraph))}
    </p>
  ));
}

function PreviewButtonList({ buttons }: { buttons: readonly PreviewButtons[] }) {
  if (buttons.length === 0) return null;
  const shown = buttons.length > MOST_BUTTONS ? buttons.slice(0, MOST_BUTTONS - 1) : buttons;
  return (
    <ul>
      {shown.map(({ kind, text }, index) => {
        const Icon = buttonIcons[kind];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: two buttons may say the same
          <li key={index}>
            <Icon aria-hidden className="size-3.5" />
            {text || <OwnLabel kind={kind} />}
          </li>
        );
      })}
      {shown.length < buttons.length && (
        <li>
          <List aria-hidden className="size-3.5" />
          <UiText id="seeAllOptions" />
        </li>
      )}
    </ul>
  );
}

/** The label of a button that Meta writes itself; one that is still empty says nothing. */
function OwnLabel({ kind }: { kind: ButtonLook }) {
  if (kind === "copy") return <UiText id="copyCode" />;
  return kind === "contact" ? <UiText id="shareContact" /> : "\u00a0";
}

function marked(marks: readonly Mark[]): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: stretches of a text have no identity but their order
  return marks.map((mark, index) => <MarkedText key={index} mark={mark} />);
}

function MarkedText({ mark }: { mark: Mark }): ReactNode {
  switch (mark.kind) {
    case "text":
      return mark.text;
    case "variable":
      return <span className="variable">{`{{${mark.text}}}`}</span>;
    case "mono":
      return <code className="mono">{mark.text}</code>;
    case "bold":
      return <b>{marked(mark.parts)}</b>;
    case "italic":
      return <em>{marked(mark.parts)}</em>;
    case "strike":
      return <s>{marked(mark.parts)}</s>;
  }
}
