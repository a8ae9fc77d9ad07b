import type { Json } from "./openapi";

/** What Meta's examples leave open, and with what it is filled. */
export interface Filling {
  to: string;
  wamid: string;
  /** Ids of uploaded files, by the kind of message that they are for. */
  media: Record<string, string>;
}

const LINK = "https://media.example.test/file";

/** The example as somebody would send it: nothing but its placeholders is changed. */
export function filled(example: Json, { to, wamid, media }: Filling): Json {
  const mediaId = media[String(example.type)] ?? media.image ?? "";
  const rules: [RegExp, string][] = [
    [/^\{\{Recipient-(WA-)?Phone-Number\}\}$|^16315555555$|^\+16505551234$/, to],
    [
      /^<?https?\(?s?\)?:\/\/(the-)?(audio|document|image|sticker|video)-url>?$|^http\(s\):\/\/.*-url$|^<http\(s\):.*>$/,
      LINK,
    ],
    [/^<(AUDIO|DOCUMENT|IMAGE|VIDEO|MEDIA)_OBJECT_ID>$/, mediaId],
    [/^<MSGID_OF_.*>$|^wamid\..*$/, wamid],
    [/^\{\{Flow-(ID|Name)\}\}$/, "123456789"],
    [/^language-and-locale-code$/, "en_US"],
    [/^<HEADER_TYPE>$/, "text"],
    // A handle is of one app; the sandbox knows those that it gave.
    [/^4::aW1h/, "<IMAGE>"],
    [/^4::YXBw/, "<DOCUMENT>"],
  ];
  const fill = (value: unknown): unknown => {
    if (typeof value === "string") return rules.find(([pattern]) => pattern.test(value))?.[1] ?? value;
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fill(one)]));
  };
  return fill(example) as Json; // An object stays one.
}

interface SentComponent {
  type: string;
  sub_type?: string;
  parameters: { type: string }[];
}
interface SentTemplate {
  name: string;
  language: { code: string };
  components?: SentComponent[];
}

/** A template that the example's components fit; none of them says what its template looked like. */
export function templateFor(sent: SentTemplate, about: string) {
  const words = about.replaceAll(/[^A-Za-z ]/g, "");
  const components: object[] = [];
  const buttons: object[] = [];
  let body: object = { type: "BODY", text: `This is what ${words} says to whom it is sent.` };
  for (const { type, sub_type, parameters } of sent.components ?? []) {
    if (type === "header") {
      const format = String(parameters[0]?.type).toUpperCase();
      components.push({ type: "HEADER", format, example: { header_handle: [`<${format}>`] } });
    } else if (type === "body") {
      const values = parameters.map((_, index) => `then comes the value {{${index + 1}}} of it`).join(", ");
      const example = { body_text: [parameters.map(() => "value")] };
      body = { type: "BODY", text: `In what ${words} says ${values} and nothing more.`, example };
    } else buttons.push(buttonFor(String(sub_type).toUpperCase(), buttons.length));
  }
  components.push(body);
  if (buttons.length > 0) components.push({ type: "BUTTONS", buttons });
  return { name: sent.name, language: sent.language.code, category: "MARKETING", components };
}

function buttonFor(type: string, index: number) {
  if (type === "FLOW") return { type, text: "Open it", flow_id: "123456789", navigate_screen: "START" };
  return { type, text: type === "CATALOG" ? "View catalog" : `Answer ${index + 1}` };
}
