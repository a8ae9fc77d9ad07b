import * as z from "zod";
import { withMetaTexts } from "../authentication-texts";
import { readComponents, type TemplateParts } from "../components";
import type { ApiSettings } from "./api-settings";
import { fault, type GraphFault, invalidParameter, unknownObject } from "./graph-errors";
import { checkDraft, checkTtl, type Draft, readDraft, readEdit } from "./template-drafts";

/** What the sandbox remembers of a template beyond what the API shows. Times are world time in milliseconds. */
const life = z.object({
  createdAt: z.number().default(0),
  approvedAt: z.number().optional(),
  reviewAt: z.number().optional(),
  editedAt: z.array(z.number()).default([]),
  pauses: z.number().default(0),
  /** A pause for low quality lifts by itself; one by pacing does not. */
  pausedUntil: z.number().optional(),
  change: z.object({ to: z.string(), at: z.number() }).optional(),
  deletesAt: z.number().optional(),
  pacing: z.enum(["open", "holding", "passed", "failed"]).default("open"),
  decideAt: z.number().optional(),
  /** Counts before the last pause, which are forgiven. */
  forgiven: z.object({ delivered: z.number(), read: z.number(), blocks: z.number() }).optional(),
});

export const storedTemplate = z.object({
  id: z.string(),
  name: z.string(),
  language: z.string(),
  category: z.string(),
  status: z.string(),
  parameter_format: z.string(),
  rejected_reason: z.string().default("NONE"),
  quality_score: z.object({ score: z.string(), date: z.number().optional() }).default({ score: "UNKNOWN" }),
  sub_category: z.string().default("CUSTOM"),
  components: z.array(z.looseObject({ type: z.string() })),
  correct_category: z.string().optional(),
  previous_category: z.string().optional(),
  message_send_ttl_seconds: z.number().optional(),
  cta_url_link_tracking_opted_out: z.boolean().optional(),
  degrees_of_freedom_spec: z.unknown().optional(),
  library_template_name: z.string().optional(),
  life: life.prefault({}),
});
export type StoredTemplate = z.infer<typeof storedTemplate>;

/** A name and language that may not be used again before a world time. */
export const blockedName = z.object({ name: z.string(), language: z.string(), until: z.number() });
type BlockedName = z.infer<typeof blockedName>;

interface Surroundings {
  now: () => number;
  settings: () => ApiSettings["templates"];
  /** Whether a resumable upload gave out this handle. */
  hasHandle: (handle: string) => boolean;
  /** Messages of a template that neither arrived nor failed. */
  underWay: (templateId: string) => number;
}

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const BLOCKED_MS = 30 * DAY;
const EDITS_PER_30_DAYS = 10;
const EDITABLE = new Set(["APPROVED", "REJECTED", "PAUSED"]);
/** Words that make Meta file a utility template as marketing. */
const PROMOTIONAL = /\b(oferta|descuento|rebajas|promoci[oó]n|discount|offer|promo)\b|\d\s?%/i;
/** In Spanish something leaves, in English it is cheap. */
const ENGLISH_PROMOTIONAL = /\bsale\b/i;

/** The account's templates: what may be created, edited and deleted. */
export class TemplateShelf {
  private readonly byId = new Map<string, StoredTemplate>();
  private readonly byKey = new Map<string, StoredTemplate>();
  /** Components as read once: every send is checked against them. */
  private parts = new WeakMap<StoredTemplate, TemplateParts>();
  private created: number[] = [];
  private highestId: number;

  blocked: BlockedName[];

  constructor(
    kept: { templates: StoredTemplate[]; blocked: BlockedName[] },
    private readonly around: Surroundings,
  ) {
    for (const template of kept.templates) this.put(template);
    this.blocked = kept.blocked;
    this.highestId = Math.max(0, ...kept.templates.map(({ id }) => Number(id.slice(3))));
  }

  all(): StoredTemplate[] {
    return [...this.byId.values()];
  }

  get(id: string): StoredTemplate | undefined {
    return this.byId.get(id);
  }

  find(name: string, language: string): StoredTemplate | undefined {
    return this.byKey.get(keyOf(name, language));
  }

  partsOf(template: StoredTemplate): TemplateParts {
    const known = this.parts.get(template);
    if (known) return known;
    const parts = readComponents(template.components) ?? { buttons: [], others: [] };
    this.parts.set(template, parts);
    return parts;
  }

  create(input: unknown): StoredTemplate | GraphFault {
    const now = this.around.now();
    const crowded = this.crowdFault(now);
    if (crowded) return crowded;
    const draft = readDraft(input, { templates: this.all(), hasHandle: this.around.hasHandle });
    if ("code" in draft) return draft;
    const blocked = this.blocked.some((one) => isSame(one, draft) && one.until > now);
    if (blocked) return beingDeleted(draft.language);
    this.created.push(now);
    const parts = readComponents(draft.components);
    const text = `${parts?.body?.text} ${parts?.footer?.text}`;
    const isEnglishSale = draft.language.startsWith("en") && ENGLISH_PROMOTIONAL.test(text);
    const isPromotional = isEnglishSale || PROMOTIONAL.test(text);
    const category = draft.category === "UTILITY" && isPromotional ? "MARKETING" : draft.category;
    const id = this.nextId();
    const components = withMetaTexts(draft.components, category, draft.language);
    const frame = { id, category, components, status: "PENDING", life: { createdAt: now } };
    const template = storedTemplate.parse({ ...draft, ...frame });
    this.put(template);
    return template;
  }

  /** Changes a template; "reviewed" when it has to be reviewed again. */
  edit(template: StoredTemplate, input: unknown): "kept" | "reviewed" | GraphFault {
    const edit = readEdit(input);
    if ("code" in edit) return edit;
    const { category = template.category, components } = edit;
    const needsReview = components !== undefined || category !== template.category;
    const refused = needsReview ? this.editFault(template, category) : undefined;
    if (refused) return refused;
    const given = Object.entries(edit).filter(([, value]) => value !== undefined);
    const changed: StoredTemplate = { ...template, ...Object.fromEntries(given), category };
    const others = this.all().filter((other) => other !== template);
    const wrong = needsReview
      ? checkDraft(changed, { templates: others, hasHandle: this.around.hasHandle })
      : checkTtl(changed);
    if (wrong) return wrong;
    const { language } = template;
    Object.assign(template, changed, { components: withMetaTexts(changed.components, category, language) });
    this.parts.delete(template);
    if (!needsReview) return "kept";
    template.life.editedAt.push(this.around.now());
    template.status = "PENDING";
    return "reviewed";
  }

  /** Templates that go at once, and those that wait for their messages to arrive. */
  remove(name: string, id: string | undefined): { gone: StoredTemplate[]; waiting: StoredTemplate[] } | GraphFault {
    const doomed = this.all().filter((one) => one.name === name && (id === undefined || one.id === id));
    if (doomed.length === 0) return unknownObject(id ?? name, "delete");
    if (doomed.some(({ status }) => status === "DISABLED")) {
      return invalidParameter("A disabled template cannot be deleted.");
    }
    const waiting = doomed.filter((one) => this.around.underWay(one.id) > 0);
    for (const template of waiting) {
      template.status = "PENDING_DELETION";
      template.life.deletesAt = this.around.now() + BLOCKED_MS;
    }
    const gone = doomed.filter((one) => !waiting.includes(one));
    for (const template of gone) this.drop(template);
    return { gone, waiting };
  }

  drop(template: StoredTemplate) {
    const now = this.around.now();
    if (template.life.approvedAt !== undefined) {
      const { name, language } = template;
      this.blocked = [...this.blocked.filter(({ until }) => until > now), { name, language, until: now + BLOCKED_MS }];
    }
    this.byId.delete(template.id);
    this.byKey.delete(keyOf(template.name, template.language));
  }

  /** Somebody else gave a template other components, as Meta's own staff and tools may. */
  replaceComponents(template: StoredTemplate, components: StoredTemplate["components"]) {
    template.components = components;
    this.parts.delete(template);
  }

  private crowdFault(now: number): GraphFault | undefined {
    const { limit, createdPerHour } = this.around.settings();
    this.created = this.created.filter((at) => at > now - HOUR && at <= now);
    if (this.created.length >= createdPerHour) return fault(80007);
    if (this.byId.size < limit) return undefined;
    return invalidParameter(`The account already has ${limit} templates.`, {
      subcode: 2388019,
      userTitle: "Too many templates",
    });
  }

  private editFault({ status, category, life }: StoredTemplate, wanted: string): GraphFault | undefined {
    if (!EDITABLE.has(status)) return invalidParameter("Only approved, rejected or paused templates can be edited.");
    if (status !== "APPROVED") return undefined;
    if (wanted !== category) return invalidParameter("The category of an approved template cannot be edited.");
    const now = this.around.now();
    const recent = life.editedAt.filter((at) => at > now - BLOCKED_MS);
    if (recent.some((at) => at > now - DAY) || recent.length >= EDITS_PER_30_DAYS) {
      return invalidParameter("An approved template can be edited once in 24 hours and 10 times in 30 days.");
    }
    return undefined;
  }

  private put(template: StoredTemplate) {
    this.byId.set(template.id, template);
    this.byKey.set(keyOf(template.name, template.language), template);
  }

  private nextId(): string {
    this.highestId++;
    return `700${String(this.highestId).padStart(12, "0")}`;
  }
}

const keyOf = (name: string, language: string) => `${name}\n${language}`;
const isSame = (one: BlockedName, draft: Draft) => one.name === draft.name && one.language === draft.language;

function beingDeleted(language: string): GraphFault {
  return invalidParameter(
    `New ${language} content can't be added while the existing ${language} content is being deleted. Try again in 4 weeks.`,
    { subcode: 2388023, userTitle: "Message template language is being deleted" },
  );
}
