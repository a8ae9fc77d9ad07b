import { type Preview, type PreviewValues, previewTemplate } from "@/lib/whatsapp/components";
import type { ResolvedValues } from "./parameters";

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
