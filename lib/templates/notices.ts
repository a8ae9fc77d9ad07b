import type { NewNotice } from "@/lib/notices/notice";
import { SENDABLE_STATUS } from "./template";

/** What of a template decides whether people have to be told something. */
export interface TemplateState {
  status: string;
  quality: string;
  category: string;
  nextCategory: string | null;
  nextCategoryAt: Date | null;
  rejectedReason: string | null;
  /** Of what people read, in hex. */
  textHash: string;
}

export interface TemplateNotices {
  raised: NewNotice[];
  /** Keys of what is mended. */
  resolved: string[];
}

type Kind = NewNotice["kind"];

/** A status that stops a template; others say nothing by themselves (a review, an appeal). */
const STOPPED: Readonly<Record<string, Kind>> = {
  PAUSED: "template_paused",
  DISABLED: "template_disabled",
  REJECTED: "template_rejected",
  FLAGGED: "template_flagged",
  LOCKED: "template_flagged",
  ARCHIVED: "template_archived",
  PENDING_DELETION: "template_gone",
  DELETED: "template_gone",
};
const FLAGGED = "template_flagged";
const LOW_QUALITY = new Set(["YELLOW", "RED"]);

/**
 * What has to be told when a template went from one state to another, and what is mended by it. Nothing is told of what a
 * person of ours did themselves.
 */
export function noticesOf(
  template: { id: string; name: string; language: string },
  { before, after, source }: { before: TemplateState; after: TemplateState; source: "person" | "webhook" | "sync" },
): TemplateNotices {
  const { id, name, language } = template;
  const [isOurs, isRead] = [source === "person", source === "sync"];
  const found: TemplateNotices = { raised: [], resolved: [] };
  const raise = (kind: Kind, params: NewNotice["params"] = {}) =>
    found.raised.push({
      kind,
      key: keyOf(kind, id),
      subject: { type: "template", id },
      params: { name, language, ...params },
    });
  const resolve = (...kinds: Kind[]) => found.resolved.push(...kinds.map((kind) => keyOf(kind, id)));

  if (before.status !== after.status) {
    const was = STOPPED[before.status];
    const is = STOPPED[after.status];
    // Meta's lists go on calling a flagged template approved: only a webhook says that it is over.
    if (was && was !== is && !(was === FLAGGED && isRead)) resolve(was);
    if (is && is !== was && !isOurs)
      raise(is, is === "template_rejected" ? { reason: after.rejectedReason ?? "NONE" } : {});
    if (after.status === SENDABLE_STATUS) resolve("template_changed_elsewhere");
  }
  if (before.quality !== after.quality) {
    if (LOW_QUALITY.has(after.quality)) raise("template_quality_low", { quality: after.quality });
    else resolve("template_quality_low");
  }
  if (after.nextCategory === null && before.nextCategory !== null) resolve("template_category_changing");
  if (after.nextCategory !== null && after.nextCategory !== before.nextCategory)
    raise("template_category_changing", {
      category: after.nextCategory,
      at: after.nextCategoryAt?.toISOString() ?? "",
    });
  if (before.category !== after.category && !isOurs)
    raise("template_category_changed", { was: before.category, category: after.category });
  if (before.textHash !== after.textHash && !isOurs) raise("template_changed_elsewhere");
  return found;
}

/** The key of the notice that says so of a template. */
export function keyOf(kind: Kind, templateId: string): string {
  return `${kind} ${templateId}`;
}
