import { type PreviewValues, placeholdersOf } from "@/lib/whatsapp/components";

/** A template while it is being written. Variables are positional: `{{1}}`, `{{2}}`. */
export interface TemplateDraft {
  /** `num_…` */
  numberId: string;
  name: string;
  language: string;
  category: "MARKETING" | "UTILITY";
  header: string;
  body: string;
  footer: string;
  buttons: DraftButton[];
  /** Example values by place: `header.1`, `body.2`, `button.<id>`. */
  examples: Readonly<Record<string, string>>;
}

export interface DraftButton {
  id: string;
  kind: "reply" | "url" | "call";
  text: string;
  /** An address, or a telephone number; a reply has none. */
  target: string;
}

/** Meta's limits, for counting while one types; the rules themselves are in lib/whatsapp/template-rules.ts. Characters. */
export const textLimits = { header: 60, body: 1024, footer: 60, button: 25 } as const;
export const MOST_BUTTONS = 10;

/** Characters as Meta counts them. */
export function lengthOf(text: string): number {
  return [...text].length;
}

/** Places that need an example value, in the order of the message. */
export function examplePlaces({
  header,
  body,
  buttons,
}: TemplateDraft): { place: string; name: string; part: "header" | "body" | "button" }[] {
  return [
    ...placeholdersOf(header).map((name) => ({ place: `header.${name}`, name, part: "header" as const })),
    ...placeholdersOf(body).map((name) => ({ place: `body.${name}`, name, part: "body" as const })),
    ...buttons
      .filter(({ kind, target }) => kind === "url" && placeholdersOf(target).length > 0)
      .map(({ id, text }) => ({ place: `button.${id}`, name: text, part: "button" as const })),
  ];
}

/** The draft in the shape that Meta reviews. Examples are only given once all of a part are there. */
export function componentsOf(draft: TemplateDraft) {
  const { header, body, footer, buttons } = draft;
  const components: Record<string, Json>[] = [];
  const headerExamples = examplesOf(draft, "header");
  const bodyExamples = examplesOf(draft, "body");
  if (header.trim() !== "") {
    components.push({
      type: "HEADER",
      format: "TEXT",
      text: header,
      ...(headerExamples && { example: { header_text: headerExamples } }),
    });
  }
  components.push({ type: "BODY", text: body, ...(bodyExamples && { example: { body_text: [bodyExamples] } }) });
  if (footer.trim() !== "") components.push({ type: "FOOTER", text: footer });
  if (buttons.length > 0) {
    components.push({ type: "BUTTONS", buttons: buttons.map((button) => buttonOf(button, draft.examples)) });
  }
  return components;
}

type Json = string | Json[] | { [key: string]: Json };

function buttonOf(
  { id, kind, text, target }: DraftButton,
  examples: TemplateDraft["examples"],
): { [key: string]: Json } {
  switch (kind) {
    case "reply":
      return { type: "QUICK_REPLY", text };
    case "call":
      return { type: "PHONE_NUMBER", text, phone_number: target };
    case "url": {
      const ending = examples[`button.${id}`]?.trim();
      const isTracked = placeholdersOf(target).length > 0 && ending;
      return { type: "URL", text, url: target, ...(isTracked && { example: [target.replace("{{1}}", ending)] }) };
    }
  }
}

/** Meta wants the examples in the order of the variables' numbers. */
function examplesOf(draft: TemplateDraft, part: "header" | "body"): string[] | undefined {
  const names = placeholdersOf(draft[part]).toSorted((one, other) => Number(one) - Number(other));
  const values = names.map((name) => draft.examples[`${part}.${name}`]?.trim() ?? "");
  return values.length > 0 && values.every((value) => value !== "") ? values : undefined;
}

/** The examples as the preview takes them; what has none stays visible as its variable. */
export function previewValues(draft: TemplateDraft): PreviewValues {
  const of = (part: "header" | "body") =>
    Object.fromEntries(
      placeholdersOf(draft[part]).flatMap((name) => {
        const value = draft.examples[`${part}.${name}`]?.trim();
        return value ? [[name, value]] : [];
      }),
    );
  return { header: of("header"), body: of("body") };
}

/** The number of the next variable of a text. */
export function nextVariable(text: string): string {
  const highest = placeholdersOf(text).reduce((max, name) => Math.max(max, Number(name) || 0), 0);
  return `{{${highest + 1}}}`;
}
