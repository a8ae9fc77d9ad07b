import * as z from "zod";
import { methods } from "./method";

/** What a campaign may be judged by. `read` is not among them: many people switch read receipts off. */
export const primaryMetrics = ["conversion", "click", "reply", "revenue"] as const;
export type PrimaryMetric = (typeof primaryMetrics)[number];

/** A holdout gets no message, so it can only be compared on what people do without one. */
export const holdoutMetrics: readonly PrimaryMetric[] = ["conversion", "revenue"];

export const ALPHA = 0.05;
/** Name of the procedure in allocation.ts, kept in every plan: another procedure gets another name. */
export const ALLOCATION_METHOD = "hmac-sha256-cut-v1";
export const MAX_WINDOW_HOURS = 90 * 24;

const sentencePart = z.string().trim().max(300);

/** "We believe that `change` will make `outcome` because `reason`." */
export const hypothesis = z.object({ change: sentencePart, outcome: sentencePart, reason: sentencePart });

/** The smallest harm that stops a roll-out, in percentage points against the control. */
export const guardrails = z.object({
  optOutPoints: z.number().positive().max(100),
  failurePoints: z.number().positive().max(100),
});

const arm = z.object({ key: z.string().regex(/^[A-H]$/), weight: z.int().min(1).max(10_000) });

/**
 * The smallest effect worth acting on, against the control: percentage points for rates (1 = one person in a hundred),
 * micros of the installation's currency per assigned person for revenue.
 */
const minimumEffect = z.discriminatedUnion("unit", [
  z.object({ unit: z.literal("points"), value: z.number().positive().max(100) }),
  z.object({ unit: z.literal("micros"), value: z.int().positive() }),
]);

/**
 * The experiment as written before the first send (stats/design.md 0.1). Nothing in it changes afterwards; its hash is in
 * the ledger. Everything that a reader needs to repeat the analysis is here or in `seed`.
 */
export const experimentPlan = z
  .object({
    version: z.literal(1),
    hypothesis,
    metric: z.enum(primaryMetrics),
    minimumEffect,
    /** What the control usually reaches, in percentage points; null: nobody knows. Only the power figure needs it. */
    baselinePoints: z.number().positive().lt(100).nullable(),
    /** How long after a person's message an outcome still counts. */
    windowHours: z.int().min(1).max(MAX_WINDOW_HOURS),
    /** When figures may be seen (README decision 7); the last analysis is made at the end of the window in every case. */
    method: z.enum(methods),
    /** Method `looks`: shares of the window at which one looks, the last 1; α is spent by the same shares. */
    lookShares: z.array(z.number().positive().max(1)).min(2).max(10).optional(),
    /** Method `looks`: how α is shared out (Lan & DeMets 1983). */
    spending: z.literal("obf").optional(),
    /**
     * Method `always-valid`: the share of people with the outcome at which the intervals are narrowest. They hold whatever it
     * is; it is fixed here so that nobody chooses it afterwards.
     */
    plannedRate: z.number().positive().lt(1).optional(),
    analysis: z.literal("end_of_window"),
    alpha: z.literal(ALPHA),
    decisionRule: z.literal("significance"),
    unit: z.literal("contact"),
    denominator: z.literal("assigned"),
    guardrails,
    /** Weights among those who are written to; A is the control. */
    arms: z.array(arm).min(1).max(8),
    holdoutBasisPoints: z.int().min(0).max(5_000),
    strata: z.enum(["none", "country"]),
    allocation: z.literal(ALLOCATION_METHOD),
  })
  .superRefine((plan, context) => {
    const expected = plan.metric === "revenue" ? "micros" : "points";
    if (plan.minimumEffect.unit !== expected)
      context.addIssue({
        code: "custom",
        path: ["minimumEffect"],
        message: `${plan.metric} is measured in ${expected}`,
      });
    if (new Set(plan.arms.map(({ key }) => key)).size !== plan.arms.length)
      context.addIssue({ code: "custom", path: ["arms"], message: "every arm has its own key" });
    const { lookShares: shares = [] } = plan;
    if ((plan.method === "looks") !== (shares.length > 0 && plan.spending !== undefined))
      context.addIssue({ code: "custom", path: ["lookShares"], message: "looks are planned by the method looks" });
    if (shares.length > 0 && (shares.at(-1) !== 1 || shares.some((share, n) => n > 0 && share <= (shares[n - 1] ?? 0))))
      context.addIssue({ code: "custom", path: ["lookShares"], message: "looks follow each other, the last at 1" });
    if ((plan.method === "always-valid") !== (plan.plannedRate !== undefined))
      context.addIssue({ code: "custom", path: ["plannedRate"], message: "always-valid intervals need it" });
    if (plan.method === "always-valid" && plan.metric === "revenue")
      context.addIssue({ code: "custom", path: ["method"], message: "money is looked at at planned times" });
    if (plan.arms.length === 1 && plan.holdoutBasisPoints === 0)
      context.addIssue({ code: "custom", path: ["arms"], message: "one arm needs a holdout to be compared with" });
    if (plan.arms.length === 1 && !holdoutMetrics.includes(plan.metric))
      context.addIssue({ code: "custom", path: ["metric"], message: `a holdout cannot ${plan.metric}` });
  });

export type ExperimentPlan = z.infer<typeof experimentPlan>;

/** When the analysis may be made: the last message's window has passed. */
export function analysisAt(plan: Pick<ExperimentPlan, "windowHours">, sendingEndedAt: Date): Date {
  return new Date(sendingEndedAt.getTime() + plan.windowHours * 3_600_000);
}
