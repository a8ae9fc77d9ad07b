import * as z from "zod";
import { readComponents, type TemplateParts } from "../components";
import { type TemplateProblem, type TemplateProblemCode, templateProblems } from "../template-rules";
import { fault, type GraphFault, unknownObject } from "./graph-errors";

export const storedTemplate = z.object({
  id: z.string(),
  name: z.string(),
  language: z.string(),
  category: z.string(),
  status: z.string(),
  parameter_format: z.string(),
  rejected_reason: z.string().default("NONE"),
  quality_score: z.object({ score: z.string() }).default({ score: "UNKNOWN" }),
  sub_category: z.string().default("CUSTOM"),
  components: z.array(z.looseObject({ type: z.string() })),
});
export type StoredTemplate = z.infer<typeof storedTemplate>;

const draftShape = z.object({
  name: z.string(),
  language: z.string().min(2),
  category: z.string(),
  parameter_format: z.string().default("POSITIONAL"),
  components: z.array(z.looseObject({ type: z.string() })),
});

/** Words of trades that Meta's commerce policy bans; a text with one is rejected, so that rejection can be rehearsed. */
const FORBIDDEN = /\b(cannabis|casino|apuestas|tabaco|cigarrillos|gambling|tobacco|cigarettes|weapons|armas)\b/i;
/** Words that make Meta file a utility template as marketing. */
const PROMOTIONAL = /\b(oferta|descuento|rebajas|promoci[oó]n|sale|discount|offer|promo)\b|\d\s?%/i;

const subcodes: Partial<Record<TemplateProblemCode, number>> = {
  variable_at_edge: 2388299,
  variables_too_dense: 2388293,
  too_long: 2388040,
};
const subcodesByPart: Partial<Record<TemplateProblem["at"], number>> = {
  header: 2388047,
  body: 2388072,
  footer: 2388073,
};

/** The account's templates and their review. */
export class TemplateShelf {
  private readonly byId = new Map<string, StoredTemplate>();
  private readonly byKey = new Map<string, StoredTemplate>();
  /** Components as read once: every send is checked against them. */
  private readonly parts = new WeakMap<StoredTemplate, TemplateParts>();

  constructor(stored: StoredTemplate[]) {
    for (const template of stored) this.put(template);
  }

  all(): StoredTemplate[] {
    return [...this.byId.values()];
  }

  get(id: string): StoredTemplate | undefined {
    return this.byId.get(id);
  }

  find(name: string, language: string): StoredTemplate | undefined {
    return this.byKey.get(`${name}\n${language}`);
  }

  partsOf(template: StoredTemplate): TemplateParts {
    const known = this.parts.get(template);
    if (known) return known;
    const parts = readComponents(template.components) ?? { buttons: [], others: [] };
    this.parts.set(template, parts);
    return parts;
  }

  create(input: unknown): StoredTemplate | GraphFault {
    const read = draftShape.safeParse(input);
    if (!read.success) return refusal({ code: "components_malformed", at: "components" });
    const draft = read.data;
    const [problem] = templateProblems(draft);
    if (problem) return refusal(problem);
    if (this.find(draft.name, draft.language)) return duplicate();
    if (this.all().some((other) => textOf(other) === textOf(draft))) return duplicate();
    const template = storedTemplate.parse({
      ...draft,
      id: this.nextId(),
      category: categoryOf(draft),
      status: "PENDING",
    });
    this.put(template);
    return template;
  }

  /** The review's result; false when the template is gone or was reviewed before. */
  review(id: string): boolean {
    const template = this.byId.get(id);
    if (template?.status !== "PENDING") return false;
    const isForbidden = FORBIDDEN.test(JSON.stringify(template.components));
    template.status = isForbidden ? "REJECTED" : "APPROVED";
    template.rejected_reason = isForbidden ? "ABUSIVE_CONTENT" : "NONE";
    return true;
  }

  remove(name: string, id: string | undefined): true | GraphFault {
    const doomed = this.all().filter((one) => one.name === name && (id === undefined || one.id === id));
    if (doomed.length === 0) return unknownObject(id ?? name, "delete");
    for (const template of doomed) {
      this.byId.delete(template.id);
      this.byKey.delete(`${template.name}\n${template.language}`);
    }
    return true;
  }

  private put(template: StoredTemplate) {
    this.byId.set(template.id, template);
    this.byKey.set(`${template.name}\n${template.language}`, template);
  }

  private nextId(): string {
    const highest = Math.max(0, ...this.all().map((one) => Number(one.id.slice(3))));
    return `700${String(highest + 1).padStart(12, "0")}`;
  }
}

type Draft = z.infer<typeof draftShape>;

function categoryOf(draft: Draft): string {
  const category = draft.category.toUpperCase();
  return category === "UTILITY" && PROMOTIONAL.test(textOf(draft)) ? "MARKETING" : category;
}

/** Body and footer, by which Meta knows a duplicate within a language. */
function textOf(template: Draft): string {
  const parts = readComponents(template.components);
  return `${template.language}\n${parts?.body?.text ?? ""}\n${parts?.footer?.text ?? ""}`;
}

function refusal({ code, at, limit }: TemplateProblem): GraphFault {
  const subcode = subcodes[code] ?? subcodesByPart[at];
  const userMessage = `${at}: ${code}${limit === undefined ? "" : ` (limit ${limit})`}`;
  return fault(100, userMessage, {
    message: "Invalid parameter",
    subcode,
    userTitle: code.replaceAll("_", " "),
    userMessage,
  });
}

function duplicate(): GraphFault {
  const userMessage = "There is already content with this name, or with this text, in this language.";
  return fault(100, userMessage, {
    message: "Invalid parameter",
    subcode: 2388024,
    userTitle: "Content in this language already exists",
    userMessage,
  });
}
