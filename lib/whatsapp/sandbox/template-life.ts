import type { ApiSettings } from "./api-settings";
import type { Engine } from "./engine";
import type { AcceptedMessage } from "./journal";
import type { Happening } from "./teller";
import { TemplatePacing } from "./template-pacing";
import type { StoredTemplate, TemplateShelf } from "./template-shelf";
import { categoryNotice, categoryUpdate, qualityUpdate, statusUpdate } from "./template-updates";
import { DAY_MS, type Traffic } from "./traffic";

interface Surroundings {
  shelf: TemplateShelf;
  traffic: Traffic;
  engine: () => Engine;
  now: () => number;
  save: () => void;
  /** Writes a parked message down. */
  keepHeld: (message: AcceptedMessage) => Promise<void>;
  /** Lets a message take its way that was parked. */
  letGo: (message: AcceptedMessage) => void;
}

const HOUR = 60 * 60_000;
/** Low quality pauses for 3 hours, then for 6, then for good. */
const PAUSES = [
  { ms: 3 * HOUR, title: "FIRST_PAUSE", text: "Paused for 3 hours because of low quality." },
  { ms: 6 * HOUR, title: "SECOND_PAUSE", text: "Paused for 6 hours because of low quality." },
];
const NOTICE_MS = DAY_MS;

/** Words of trades that Meta's commerce policy bans; a text with one is rejected, so that rejection can be rehearsed. */
const FORBIDDEN = /\b(cannabis|casino|apuestas|tabaco|cigarrillos|gambling|tobacco|cigarettes|weapons|armas)\b/i;
/** Words of fraud, rejected with another reason. */
const SCAM = /\b(has ganado un premio|dinero f[aá]cil|you have won|easy money|get rich)\b/i;
/** Words that pass the review of a utility template, and that Meta takes for marketing a day later. */
const MILDLY_PROMOTIONAL = /\b(regalo|novedades|colecci[oó]n|gift|new collection)\b/i;

/** What happens to templates in world time: review, quality, pauses, change of category, deletion. */
export class TemplateLife {
  readonly pacing: TemplatePacing;
  private readonly lookedAfter = new Set<string>();

  constructor(private readonly around: Surroundings) {
    this.pacing = new TemplatePacing({ ...around, receptionOf: (template) => this.sinceJudged(template) });
  }

  /** Sends a new or edited template to review. */
  review(template: StoredTemplate) {
    template.life.reviewAt = this.around.now() + this.around.engine().world.reviewSeconds * 1_000;
    this.planReview(template);
    this.around.save();
  }

  /** After a restart: plans again what had been planned. */
  resume() {
    for (const template of this.around.shelf.all()) {
      if (template.status === "PENDING") this.planReview(template);
      if (template.status === "APPROVED") this.planNotice(template);
      if (template.life.pausedUntil !== undefined) this.planUnpause(template, template.life.pausedUntil);
      if (template.life.change) this.planChange(template, template.life.change);
      this.pacing.resume(template);
      if (template.life.deletesAt !== undefined) this.planDeletion(template, template.life.deletesAt);
    }
  }

  /** Told of everything that becomes of messages; only news move a template. */
  watch(happening: Happening) {
    const { templateId } = happening.received.message;
    const template = templateId === undefined ? undefined : this.around.shelf.get(templateId);
    if (!template || happening.isPast) return;
    if (happening.kind === "block") this.judgeBlocks(template, happening.at);
    if (happening.kind === "delivered") this.lookAtReadsLater(template, happening.at);
    const isWaitingToGo = template.status === "PENDING_DELETION" && this.around.traffic.underWay(template.id) === 0;
    if (isWaitingToGo) this.delete(template, happening.at);
  }

  /** Announces a change of category and carries it out when the notice is over. */
  reclassify(template: StoredTemplate, to: string, noticeMs = NOTICE_MS) {
    const now = this.around.now();
    if (template.category === to) return;
    template.correct_category = to;
    const change = { to, at: now + noticeMs };
    template.life.change = change;
    if (noticeMs > 0) this.around.engine().post(categoryNotice(template, now, change));
    this.planChange(template, change);
    this.around.save();
  }

  setQuality(template: StoredTemplate, score: string, at: number) {
    const previous = template.quality_score.score;
    if (previous === score) return;
    template.quality_score = { score, date: Math.floor(at / 1_000) };
    this.around.engine().post(qualityUpdate(template, at, previous));
    if (score === "RED" && template.status === "APPROVED") this.pause(template, at);
    this.around.save();
  }

  /** A pause for quality, the third of which is for good. */
  pause(template: StoredTemplate, at: number) {
    const pause = PAUSES[template.life.pauses];
    template.life.pauses++;
    if (!pause) return this.disable(template, at);
    template.status = "PAUSED";
    template.life.pausedUntil = at + pause.ms;
    const info = { other_info: { title: pause.title, description: pause.text } };
    this.around.engine().post(statusUpdate(template, at, info));
    this.planUnpause(template, at + pause.ms);
    this.around.save();
  }

  disable(template: StoredTemplate, at: number) {
    template.status = "DISABLED";
    template.life.pausedUntil = undefined;
    const info = { other_info: { title: "DISABLED", description: "The template was disabled." } };
    const date = { disable_info: { disable_date: Math.floor(at / 1_000) } };
    this.around.engine().post(statusUpdate(template, at, { ...info, ...date }));
    this.around.save();
  }

  unpause(template: StoredTemplate, at: number) {
    template.status = "APPROVED";
    template.life.pausedUntil = undefined;
    if (template.life.pacing === "failed") template.life.pacing = "passed";
    template.life.forgiven = this.around.traffic.totalsOf(template.id);
    template.quality_score = { score: "UNKNOWN", date: Math.floor(at / 1_000) };
    const info = { other_info: { title: "UNPAUSE", description: "The template was unpaused." } };
    this.around.engine().post(statusUpdate(template, at, info));
    this.around.save();
  }

  /** Lets a template that waits for deletion go for good. */
  awaitDeletion(template: StoredTemplate) {
    const now = this.around.now();
    this.around.engine().post(statusUpdate(template, now, { reason: null }));
    this.planDeletion(template, template.life.deletesAt ?? now);
    this.around.save();
  }

  private get settings(): ApiSettings {
    return this.around.engine().world.api;
  }

  private planReview(template: StoredTemplate) {
    const at = template.life.reviewAt ?? this.around.now();
    this.around.engine().plan(at, (then) => {
      if (template.life.reviewAt !== at || template.status !== "PENDING") return;
      template.life.reviewAt = undefined;
      const reason = rejectionOf(template);
      template.status = reason === undefined ? "APPROVED" : "REJECTED";
      template.rejected_reason = reason?.reason ?? "NONE";
      if (!reason) template.life.approvedAt ??= then;
      template.life.pausedUntil = undefined;
      const extra = reason && {
        rejection_info: { reason: reason.explanation, recommendation: reason.recommendation },
      };
      this.around.engine().post(statusUpdate(template, then, extra));
      this.planNotice(template);
      this.around.save();
    });
  }

  /** A utility template that advertises a little is noticed a day after its approval. */
  private planNotice(template: StoredTemplate) {
    const { category, life, components } = template;
    if (category !== "UTILITY" || life.approvedAt === undefined || life.change) return;
    if (!MILDLY_PROMOTIONAL.test(JSON.stringify(components))) return;
    this.around.engine().plan(life.approvedAt + DAY_MS, () => {
      if (template.status === "APPROVED" && !life.change) this.reclassify(template, "MARKETING");
    });
  }

  private planUnpause(template: StoredTemplate, at: number) {
    this.around.engine().plan(at, (then) => {
      if (template.life.pausedUntil === at && template.status === "PAUSED") this.unpause(template, then);
    });
  }

  private planChange(template: StoredTemplate, change: { to: string; at: number }) {
    this.around.engine().plan(change.at, (then) => {
      if (template.life.change?.at !== change.at) return;
      template.life.change = undefined;
      template.correct_category = undefined;
      template.previous_category = template.category;
      template.category = change.to;
      this.around.engine().post(categoryUpdate(template, then, template.previous_category));
      this.around.save();
    });
  }

  private planDeletion(template: StoredTemplate, at: number) {
    this.around.engine().plan(at, (then) => {
      if (template.status === "PENDING_DELETION") this.delete(template, then);
    });
  }

  private delete(template: StoredTemplate, at: number) {
    template.status = "DELETED";
    this.around.shelf.drop(template);
    this.around.engine().post(statusUpdate(template, at, { reason: null }));
    this.around.save();
  }

  private sinceJudged(template: StoredTemplate) {
    const { delivered, read, blocks } = this.around.traffic.totalsOf(template.id);
    const before = template.life.forgiven ?? { delivered: 0, read: 0, blocks: 0 };
    return { delivered: delivered - before.delivered, read: read - before.read, blocks: blocks - before.blocks };
  }

  private judgeBlocks(template: StoredTemplate, at: number) {
    const { leastDelivered, yellowBlockRate, redBlockRate } = this.settings.quality;
    const { delivered, blocks } = this.sinceJudged(template);
    if (delivered < leastDelivered) return;
    const rate = blocks / delivered;
    if (rate >= redBlockRate) this.setQuality(template, "RED", at);
    else if (rate >= yellowBlockRate) this.setQuality(template, "YELLOW", at);
  }

  /** Reads come hours later, so a template is judged by them a day after its messages arrived. */
  private lookAtReadsLater(template: StoredTemplate, at: number) {
    if (this.lookedAfter.has(template.id)) return;
    this.lookedAfter.add(template.id);
    this.around.engine().plan(at + DAY_MS, (then) => {
      this.lookedAfter.delete(template.id);
      const { leastDelivered, lowReadRate, yellowBlockRate } = this.settings.quality;
      const { delivered, read, blocks } = this.sinceJudged(template);
      if (delivered < leastDelivered || template.status !== "APPROVED") return;
      if (read < delivered * lowReadRate) this.setQuality(template, "YELLOW", then);
      else if (blocks < delivered * yellowBlockRate) this.setQuality(template, "GREEN", then);
    });
  }
}

function rejectionOf(template: StoredTemplate) {
  const text = JSON.stringify(template.components);
  if (FORBIDDEN.test(text)) {
    return {
      reason: "ABUSIVE_CONTENT",
      explanation: "The template offers goods or services that the commerce policy does not allow.",
      recommendation: "Remove what the commerce policy bans.",
    };
  }
  if (SCAM.test(text)) {
    return {
      reason: "SCAM",
      explanation: "The template looks like a fraud.",
      recommendation: "Say who you are and what the message is about.",
    };
  }
  return undefined;
}
