import { type Preview, type PreviewValues, previewTemplate } from "@/lib/whatsapp/components";
import { type MessageParts, type ParameterSubject, type ResolvedValues, valuesByPlace } from "./parameters";

/** Word for word what a person sees, from the values that were sent to them. */
export function renderMessage(components: unknown, values: ResolvedValues): Preview {
  const bodyByName = values.body.map(({ name, text }, index) => [name ?? String(index + 1), text] as const);
  const header = values.header && { [values.header.name ?? "1"]: values.header.text };
  const buttons = values.buttons.flatMap((button) =>
    button.kind === "url" ? [[button.index, button.suffix] as const] : [],
  );
  const shown: PreviewValues = { header, body: Object.fromEntries(bodyByName), buttons: Object.fromEntries(buttons) };
  return previewTemplate(components, shown);
}

/**
 * The message as far as it can be written for one (real or made-up) person: for the builder's preview. What has no value
 * and no fallback stays visible as its placeholder and is listed in `missing`.
 */
export function previewMessage(message: MessageParts, subject: ParameterSubject, linkCode: string): Preview {
  const { values, linkButtons } = valuesByPlace(message, subject);
  const of = (part: string) =>
    Object.fromEntries(
      Object.entries(values).flatMap(([place, text]) =>
        place.startsWith(part) ? [[place.slice(part.length), text]] : [],
      ),
    );
  const buttons = Object.fromEntries(linkButtons.map((index) => [index, linkCode]));
  return previewTemplate(message.components, { header: of("header."), body: of("body."), buttons });
}
