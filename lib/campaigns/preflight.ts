import type { Method } from "@/lib/experiments/method";
import { holdoutMetrics, type PrimaryMetric } from "@/lib/experiments/plan";
import { type DetectableEffect, detectableEffect } from "@/lib/experiments/power";
import { needsOptOut } from "@/lib/templates/opt-out";
import type { MessageProblem } from "@/lib/whatsapp/message-problem";
import type { BuilderStep } from "./campaign";
import { linkProblem } from "./links";
import type {
  PreflightCode,
  PreflightDetailCode,
  PreflightGroup,
  PreflightId,
  PreflightParams,
  PreflightRow,
  PreflightStatus,
} from "./preflight-row";
import type { ForecastWave } from "./waves";

export interface ReachFacts {
  matches: number;
  withoutConsent: number;
  suppressed: number;
  reachable: number;
}

export interface VariantFacts {
  key: string;
  template: {
    name: string;
    status: string;
    category: string;
    /** Announced by Meta. */
    nextCategory: string | null;
    quality: string;
    language: string;
    hasOptOut: boolean;
    /** Links that are tracked, those of cards included. */
    linkButtons: number;
    unsupported: string[];
  } | null;
  linkUrl: string | null;
  /** Placeholders without a rule. */
  unmapped: string[];
  /** An offer that ends before the last message may leave. */
  endsEarly: boolean;
  /** What Meta would refuse whatever people's own values are. */
  foreseen: MessageProblem | null;
  /** Mapped placeholders that some reachable people have no value for: with a fallback it stands in, else they block. */
  lacking: { place: string; people: number; hasFallback: boolean }[] | null;
}

export interface CostFacts {
  currency: string;
  /** Null: no price list is in force. */
  listName: string | null;
  isInvented: boolean;
  /** Everybody written to and delivered: the cheapest and dearest it can be for people whose country is unknown. */
  lowMicros: number;
  highMicros: number;
  /** People in countries that the list has no price for. */
  unpriced: number;
  capMicros: number | null;
}

/** People whom the portfolio may write to in 24 hours, and who wants them. */
export interface HeadroomFacts {
  /** Null: as many as it likes. */
  limit: number | null;
  /** Written to in the last 24 hours, and waiting in other campaigns of the same portfolio. */
  used: number;
  waiting: number;
}

export interface PreflightFacts {
  isSandbox: boolean;
  purposeCategory: string | null;
  metric: PrimaryMetric | null;
  /** Null: audience or purpose is not chosen yet, or the count failed. */
  reach: ReachFacts | null;
  variants: VariantFacts[];
  weights: { key: string; weight: number }[];
  holdoutBasisPoints: number;
  baselinePoints: number | null;
  wantedPoints: number | null;
  method: Method;
  windowHours: number | null;
  cost: CostFacts | null;
  /** Null: nobody was counted. `no_rules`: no rules of sending are in force. */
  waves: readonly ForecastWave[] | "no_rules" | null;
  perDay: number | null;
  /** Null: no number is chosen. */
  headroom: HeadroomFacts | null;
  signatures: {
    /** Names of people who may approve and have not edited. */
    approvers: string[];
    isSolo: boolean;
    isApproved: boolean;
  };
}

/** Facts in, checklist out. Nothing here looks anything up, so the same facts give the same rows at every check. */
export function preflight(facts: PreflightFacts): PreflightRow[] {
  return [
    consent(facts),
    suppressed(facts),
    optOutPath(facts),
    templateStatus(facts),
    variables(facts),
    links(facts),
    quietHours(facts),
    limitHeadroom(facts),
    holdout(facts),
    cost(facts),
    power(facts),
    secondPerson(facts),
  ];
}

const SUPPRESSED_WARNING_SHARE = 0.3;

const place: Record<PreflightId, { group: PreflightGroup; step: BuilderStep }> = {
  consent: { group: "people", step: "audience" },
  suppressed: { group: "people", step: "audience" },
  optout_path: { group: "message", step: "variants" },
  template_status: { group: "message", step: "variants" },
  variables: { group: "message", step: "variants" },
  links: { group: "message", step: "variants" },
  quiet_hours: { group: "timing", step: "schedule" },
  limit_headroom: { group: "timing", step: "schedule" },
  holdout: { group: "money", step: "audience" },
  cost: { group: "money", step: "goal" },
  power: { group: "money", step: "goal" },
  second_person: { group: "signatures", step: "review" },
};

type Verdict<I extends PreflightId> = [status: PreflightStatus, code: PreflightCode<I>, params?: PreflightParams];

function row<I extends PreflightId>(id: I, [status, code, params = {}]: Verdict<I>): PreflightRow {
  return { id, ...place[id], status, code, params, details: [] };
}

function consent({ reach }: PreflightFacts): PreflightRow {
  if (!reach) return row("consent", ["unknown", "not_counted"]);
  if (reach.reachable === 0) return row("consent", ["block", "nobody_left", { matches: reach.matches }]);
  const { reachable, withoutConsent } = reach;
  return row("consent", ["pass", "all_consented", { reachable, withoutConsent }]);
}

function suppressed({ reach }: PreflightFacts): PreflightRow {
  if (!reach) return row("suppressed", ["unknown", "not_counted"]);
  const left = reach.suppressed + reach.reachable;
  const share = left === 0 ? 0 : reach.suppressed / left;
  const params = { suppressed: reach.suppressed, share };
  return row("suppressed", share > SUPPRESSED_WARNING_SHARE ? ["warn", "many", params] : ["pass", "left_out", params]);
}

type Judgement = [PreflightStatus, PreflightDetailCode, PreflightParams?];

/** One verdict about all variants from one judgement of each; the worst decides, variants as planned are not listed. */
function perVariant(
  id: "optout_path" | "template_status" | "variables" | "links",
  { variants }: PreflightFacts,
  judge: (variant: VariantFacts) => Judgement[],
): PreflightRow {
  if (variants.length === 0) return row(id, ["unknown", "no_variants"]);
  const details = variants.flatMap((variant) =>
    judge(variant).map(([status, code, params = {}]) => ({ status, detail: { variant: variant.key, code, params } })),
  );
  const worst = (["block", "unknown", "warn"] as const).find((level) => details.some(({ status }) => status === level));
  const keys = variants.map(({ key }) => key).join(", ");
  const params = { variants: keys, problems: details.length };
  const verdict = row(id, [worst ?? "pass", worst ? "problems" : "fine", params]);
  return { ...verdict, details: details.map(({ detail }) => detail) };
}

function optOutPath(facts: PreflightFacts): PreflightRow {
  return perVariant("optout_path", facts, ({ template }) => {
    if (!template) return [["unknown", "template_missing"]];
    const isOwed = needsOptOut(template.category) || needsOptOut(facts.purposeCategory ?? "MARKETING");
    return isOwed && !template.hasOptOut ? [["block", "no_way_out", { template: template.name }]] : [];
  });
}

const WORRYING_QUALITY = new Set(["YELLOW", "RED"]);

function templateStatus(facts: PreflightFacts): PreflightRow {
  const languages = new Set(facts.variants.flatMap(({ template }) => template?.language ?? []));
  return perVariant("template_status", facts, ({ template }) => {
    if (!template) return [["block", "template_missing"]];
    const { name, status, category, nextCategory, quality, language } = template;
    const found: Judgement[] = [];
    if (status !== "APPROVED") found.push(["block", "not_approved", { template: name, status }]);
    if (category === "AUTHENTICATION") found.push(["block", "access_code", { template: name }]);
    if (!facts.purposeCategory) found.push(["unknown", "purpose_missing", { template: name }]);
    else if (category !== facts.purposeCategory)
      found.push(["block", "other_category", { template: name, category, purpose: facts.purposeCategory }]);
    // Price and purpose change with it, at a moment of Meta's choosing: it would stop in the middle.
    if (nextCategory && nextCategory !== facts.purposeCategory)
      found.push(["block", "category_changing", { template: name, category: nextCategory }]);
    if (WORRYING_QUALITY.has(quality)) found.push(["warn", "quality", { template: name, quality }]);
    if (languages.size > 1) found.push(["warn", "languages_differ", { template: name, language }]);
    return found;
  });
}

function variables(facts: PreflightFacts): PreflightRow {
  const people = facts.variants.flatMap(({ lacking }) => lacking ?? []).filter(({ hasFallback }) => hasFallback);
  const fallbacks = Math.max(0, ...people.map((one) => one.people));
  const judged = perVariant("variables", facts, ({ template, unmapped, lacking, endsEarly, foreseen }) => {
    if (!template) return [["unknown", "template_missing"]];
    const unsupported = template.unsupported.map((part): Judgement => ["block", "unsupported_part", { part }]);
    const missing = unmapped.map((variable): Judgement => ["block", "not_mapped", { variable }]);
    if (endsEarly) missing.push(["block", "offer_ends_early"]);
    if (foreseen)
      missing.push([
        "block",
        "would_be_refused",
        { ...foreseen.params, problem: foreseen.code, part: foreseen.at ?? null },
      ]);
    if (!lacking) return [...unsupported, ...missing, ["unknown", "not_counted"]];
    const empty = lacking
      .filter((one) => !one.hasFallback && one.people > 0)
      .map((one): Judgement => ["block", "value_missing", { variable: one.place, people: one.people }]);
    return [...unsupported, ...missing, ...empty];
  });
  return { ...judged, params: { ...judged.params, fallbacks } };
}

function links(facts: PreflightFacts): PreflightRow {
  return perVariant("links", facts, ({ template, linkUrl }) => {
    if (!template) return [["unknown", "template_missing"]];
    if (template.linkButtons === 0)
      return facts.metric === "click" ? [["block", "no_tracked_link", { template: template.name }]] : [];
    const problem = linkProblem(linkUrl, { isSandbox: facts.isSandbox });
    return problem ? [["block", problem, { url: linkUrl }]] : [];
  });
}

function peopleIn(waves: readonly ForecastWave[]): number {
  return waves.reduce((sum, { people }) => sum + people, 0);
}

function quietHours({ waves }: PreflightFacts): PreflightRow {
  if (waves === null) return row("quiet_hours", ["unknown", "not_counted"]);
  if (waves === "no_rules") return row("quiet_hours", ["block", "no_rules"]);
  const closed = waves.filter(({ isLegal }) => !isLegal);
  if (closed.length > 0) return row("quiet_hours", ["block", "never_open", { people: peopleIn(closed) }]);
  const late = waves.filter(({ isAfterDeadline }) => isAfterDeadline);
  if (late.length > 0 && late.length === waves.length) return row("quiet_hours", ["block", "after_deadline"]);
  if (late.length > 0) return row("quiet_hours", ["warn", "some_after_deadline", { people: peopleIn(late) }]);
  const passed = waves.filter(({ moved }) => moved === "passed");
  if (passed.length > 0) return row("quiet_hours", ["warn", "passed", { people: peopleIn(passed) }]);
  const moved = waves.filter((wave) => wave.moved === "quiet_hours");
  if (moved.length > 0) return row("quiet_hours", ["warn", "moved", { people: peopleIn(moved) }]);
  return row("quiet_hours", ["pass", "fine", { waves: waves.length }]);
}

function limitHeadroom({ waves, perDay, headroom }: PreflightFacts): PreflightRow {
  if (waves === null || waves === "no_rules" || !headroom) return row("limit_headroom", ["unknown", "not_counted"]);
  const { limit, used, waiting } = headroom;
  if (limit === null) return row("limit_headroom", ["pass", "unlimited"]);
  const total = peopleIn(waves);
  const demand = Math.min(total, perDay ?? total);
  const params = { limit, demand, used, waiting, days: Math.ceil(total / limit) };
  if (demand > limit) return row("limit_headroom", ["block", "over_limit", params]);
  if (demand + used + waiting > limit) return row("limit_headroom", ["warn", "shared", params]);
  return row("limit_headroom", ["pass", "within", params]);
}

function holdout({ holdoutBasisPoints, variants, metric, reach }: PreflightFacts): PreflightRow {
  if (variants.length < 2 && holdoutBasisPoints === 0) return row("holdout", ["block", "nothing_to_compare"]);
  if (variants.length < 2 && metric && !holdoutMetrics.includes(metric))
    return row("holdout", ["block", "metric_needs_message", { metric }]);
  if (holdoutBasisPoints === 0) return row("holdout", ["warn", "no_roi"]);
  const people = reach ? Math.round((reach.reachable * holdoutBasisPoints) / 10_000) : null;
  return row("holdout", ["pass", "measures_roi", { people, share: holdoutBasisPoints / 10_000 }]);
}

function cost({ cost: facts }: PreflightFacts): PreflightRow {
  if (!facts) return row("cost", ["unknown", "not_counted"]);
  const { currency, lowMicros, highMicros, unpriced, capMicros, listName, isInvented } = facts;
  const params = { currency, lowMicros, highMicros, unpriced, capMicros, list: listName, isInvented };
  // Without a price a cap cannot be kept; without a cap nobody asked for one.
  if (!listName || unpriced > 0)
    return row("cost", [capMicros === null ? "warn" : "unknown", listName ? "prices_incomplete" : "no_prices", params]);
  if (capMicros !== null && highMicros > capMicros) return row("cost", ["block", "over_cap", params]);
  return row("cost", ["pass", capMicros === null ? "estimate" : "within_cap", params]);
}

/** Of a plan whose window is not chosen yet: it decides how often an always-valid plan looks. */
const USUAL_WINDOW_HOURS = 168;

function power({
  reach,
  weights,
  holdoutBasisPoints,
  baselinePoints,
  wantedPoints,
  metric,
  method,
  windowHours,
}: PreflightFacts): PreflightRow {
  if (metric === "revenue") return row("power", ["warn", "revenue_not_planned"]);
  if (!reach || weights.length === 0 || weights.some(({ weight }) => weight <= 0))
    return row("power", ["warn", "not_counted"]);
  if (baselinePoints === null || wantedPoints === null) return row("power", ["warn", "baseline_missing"]);
  const people = reach.reachable;
  const look = { method, windowHours: windowHours ?? USUAL_WINDOW_HOURS };
  const question = { people, baselinePoints, arms: weights, holdoutBasisPoints, ...look };
  const effect: DetectableEffect = detectableEffect(question);
  const params = { perVariant: effect.perVariant, detectablePoints: effect.detectablePoints, wantedPoints };
  if (effect.detectablePoints === null) return row("power", ["warn", "too_few", params]);
  return row("power", effect.detectablePoints > wantedPoints ? ["warn", "weak", params] : ["pass", "enough", params]);
}

function secondPerson({ signatures: { approvers, isSolo, isApproved } }: PreflightFacts): PreflightRow {
  const names = approvers.join(", ");
  if (isApproved) return row("second_person", ["pass", "approved", { names }]);
  if (approvers.length > 0) return row("second_person", ["pass", "may_approve", { names, people: approvers.length }]);
  if (isSolo) return row("second_person", ["warn", "solo_mode"]);
  return row("second_person", ["block", "nobody_may_approve"]);
}
