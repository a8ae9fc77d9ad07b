import * as z from "zod";
import type { TemplatePlace, TemplateProblem, TemplateProblemCode } from "../template-problem";
import { checkTemplateDraft, type ExistingTemplate } from "../template-rules";
import { type GraphFault, invalidParameter } from "./graph-errors";

const component = z.looseObject({ type: z.string() });
const ttl = z.coerce.number().int();

const draftShape = z.object({
  name: z.string(),
  language: z.string(),
  category: z.string(),
  parameter_format: z.string().default("POSITIONAL"),
  components: z.array(component),
  message_send_ttl_seconds: ttl.optional(),
  cta_url_link_tracking_opted_out: z.coerce.boolean().optional(),
  degrees_of_freedom_spec: z.unknown().optional(),
  library_template_name: z.string().optional(),
});
export type Draft = z.infer<typeof draftShape>;

/** What `POST /{template-id}` may change; components are replaced whole. */
const editShape = z.object({
  category: z.string().optional(),
  components: z.array(component).optional(),
  message_send_ttl_seconds: ttl.optional(),
  cta_url_link_tracking_opted_out: z.union([z.boolean(), z.stringbool()]).optional(),
  degrees_of_freedom_spec: z.unknown().optional(),
});
export type Edit = z.infer<typeof editShape>;

const subcodes: Partial<Record<TemplateProblemCode, number>> = {
  variable_at_edge: 2388299,
  variables_too_dense: 2388293,
  too_long: 2388040,
  name_taken: 2388024,
  text_taken: 2388024,
};
const subcodesByPart: Partial<Record<TemplatePlace, number>> = {
  header: 2388047,
  body: 2388072,
  footer: 2388073,
};
/** Meta's own words where they are known. */
const words: Partial<Record<TemplateProblemCode, [title: string, message: string]>> = {
  variable_at_edge: [
    "Leading or trailing params are not allowed",
    "Variables can't be at the start or end of the template.",
  ],
  name_taken: ["Content in this language already exists", "There is already content with this name in this language."],
  text_taken: [
    "Content in this language already exists",
    "There is already a template with this text in this language.",
  ],
  variables_too_dense: [
    "This template has too many variables for its length",
    "Reduce the number of variables or increase the message length.",
  ],
};

/** What the account has already. */
interface Existing {
  templates: readonly ExistingTemplate[];
  /** Whether a resumable upload gave out this handle. */
  hasHandle: (handle: string) => boolean;
}

/** Reads the body of a creation; a fault when Meta would refuse it at once. */
export function readDraft(input: unknown, existing: Existing): Draft | GraphFault {
  const read = draftShape.safeParse(input);
  if (!read.success) return refusal({ code: "components_malformed", at: "components" });
  const draft = { ...read.data, category: read.data.category.toUpperCase() };
  return checkDraft(draft, existing) ?? draft;
}

export function readEdit(input: unknown): Edit | GraphFault {
  const read = editShape.safeParse(input);
  if (!read.success) return refusal({ code: "components_malformed", at: "components" });
  return { ...read.data, category: read.data.category?.toUpperCase() };
}

/** Why Meta would refuse a template of this form. */
export function checkDraft(draft: Draft, { templates, hasHandle }: Existing): GraphFault | undefined {
  const [problem] = checkTemplateDraft(draft, templates);
  if (problem) return refusal(problem);
  if (handlesOf(draft.components).every(hasHandle)) return undefined;
  return invalidParameter("The example of the header is not a handle of an upload.", { subcode: 2388047 });
}

/** The same where nothing but facts changes: what is stored has Meta's own texts and files in it. */
export function checkTtl(draft: Draft): GraphFault | undefined {
  const problem = checkTemplateDraft(draft).find(({ at }) => at === "ttl");
  return problem && refusal(problem);
}

/** Upload handles of all media examples, those of carousel cards included. */
function handlesOf(components: Draft["components"]): string[] {
  return components.flatMap((one) => {
    const cards = z.array(z.object({ components: z.array(component) })).safeParse(one.cards);
    const example = z.object({ header_handle: z.array(z.string()) }).safeParse(one.example);
    return [
      ...(example.success ? example.data.header_handle : []),
      ...(cards.success ? cards.data.flatMap((card) => handlesOf(card.components)) : []),
    ];
  });
}

function refusal({ code, at, limit }: TemplateProblem): GraphFault {
  const subcode = subcodes[code] ?? subcodesByPart[at];
  const [userTitle, userMessage] = words[code] ?? [
    code.replaceAll("_", " "),
    `${at}: ${code}${limit === undefined ? "" : ` (limit ${limit})`}`,
  ];
  return invalidParameter(userMessage, { subcode, userTitle });
}
