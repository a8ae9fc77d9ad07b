import type { ItemOf } from "@/lib/whatsapp/webhook-items";

type Part = Record<string, unknown>;
type Report = Pick<ItemOf<"template_components">, "title" | "body" | "footer" | "buttons">;

/**
 * A template's components with the texts that a webhook reports in place. The webhook tells nothing of media, examples,
 * cards and offers: those stay as they were until the template is read again.
 */
export function withReportedText(components: unknown, { title, body, footer, buttons }: Report): Part[] {
  const parts = (Array.isArray(components) ? components : []).filter(isPart);
  const written: Part[] = [];
  for (const part of parts) {
    if (is(part, "HEADER") && is({ type: part.format }, "TEXT")) {
      if (title !== undefined) written.push(withText(part, title));
    } else if (is(part, "BODY")) written.push(body === undefined ? part : withText(part, body));
    else if (is(part, "FOOTER")) {
      if (footer !== undefined) written.push(withText(part, footer));
    } else if (is(part, "BUTTONS")) {
      if (buttons.length > 0) written.push({ ...part, buttons: buttonsOf(part.buttons, buttons) });
    } else written.push(part);
  }
  const has = (type: string) => written.some((part) => is(part, type));
  if (title !== undefined && !has("HEADER")) written.unshift({ type: "HEADER", format: "TEXT", text: title });
  if (body !== undefined && !has("BODY")) written.push({ type: "BODY", text: body });
  if (footer !== undefined && !has("FOOTER")) written.push({ type: "FOOTER", text: footer });
  if (buttons.length > 0 && !has("BUTTONS")) written.push({ type: "BUTTONS", buttons: buttonsOf([], buttons) });
  return written;
}

/** A text that is the same keeps its part as it is, its variables' spelling included. */
function withText(part: Part, text: string): Part {
  return part.text === text ? part : { ...part, text };
}

function buttonsOf(known: unknown, reported: Report["buttons"]): Part[] {
  const before = (Array.isArray(known) ? known : []).filter(isPart);
  return reported.map(({ type, text, url, phoneNumber }, index) => {
    const same = before[index];
    const told: Part = {
      ...(type !== undefined && { type }),
      ...(text !== undefined && { text }),
      ...(url !== undefined && { url }),
      ...(phoneNumber !== undefined && { phone_number: phoneNumber }),
    };
    if (!same || !is(same, String(type ?? same.type))) return told;
    const { type: _, ...rest } = told; // Meta writes types in any case: ours stays
    return { ...same, ...rest };
  });
}

function is(part: Part, type: string): boolean {
  return typeof part.type === "string" && part.type.toUpperCase() === type.toUpperCase();
}

function isPart(value: unknown): value is Part {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
