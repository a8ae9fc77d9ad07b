import { Copy, ExternalLink, List, type LucideIcon, Phone, Reply } from "lucide-react";
import type { ReactNode } from "react";
import { initials } from "./initials";
import { UiText } from "./ui-text.client";
import { type Mark, parseMarks } from "./whatsapp-marks";

export interface MessagePreview {
  /** A headline, or the kind of file with its name. */
  header?: { kind: "text"; text: string } | { kind: "image" | "video" | "document" | "location"; name?: string };
  /** With WhatsApp's marks; `{{name}}` is a variable without a value. */
  body: string;
  footer?: string;
  buttons?: readonly { kind: "url" | "call" | "reply" | "copy"; text: string }[];
  /** Already written for the reader: `10:00`. */
  time?: string;
}

const buttonIcons: Record<"url" | "call" | "reply" | "copy", LucideIcon> = {
  url: ExternalLink,
  call: Phone,
  reply: Reply,
  copy: Copy,
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

function Bubble({ message: { header, body, footer, buttons = [], time } }: { message: MessagePreview }) {
  const shown = buttons.length > MOST_BUTTONS ? buttons.slice(0, MOST_BUTTONS - 1) : buttons;
  return (
    <div className="bubble">
      {header && header.kind !== "text" && (
        <div className="bubble-media">
          <span>
            <UiText id={`media.${header.kind}`} />
            {header.name && ` · ${header.name}`}
          </span>
        </div>
      )}
      <div className="bubble-text">
        {header?.kind === "text" && <b>{marked(parseMarks(header.text))}</b>}
        {body.split(/\n{2,}/).map((paragraph, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs have no identity but their order
          <p key={index} className="whitespace-pre-line">
            {marked(parseMarks(paragraph))}
          </p>
        ))}
      </div>
      {footer && <p className="bubble-footer">{footer}</p>}
      <p className="bubble-time">{time ?? "\u00a0"}</p>
      {shown.length > 0 && (
        <ul>
          {shown.map((button) => {
            const Icon = buttonIcons[button.kind];
            return (
              <li key={button.text}>
                <Icon aria-hidden className="size-3.5" />
                {button.text}
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
      )}
    </div>
  );
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
