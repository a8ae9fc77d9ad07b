import * as z from "zod";
import { consentStatuses } from "@/lib/consent/consent";

/** Conditions may nest so deep: enough for any question, too little to build a trap of. */
const MAX_DEPTH = 5;
const MAX_CONDITIONS = 50;

const attributeKey = z.string().regex(/^[a-z0-9_]{1,60}$/);
const dateText = z.iso.date();
const countries = z
  .array(z.string().regex(/^[A-Z]{2}$/))
  .min(1)
  .max(100);
const languages = z
  .array(z.string().regex(/^[a-z]{2,3}(-[A-Z]{2})?$/))
  .min(1)
  .max(100);

const condition = z.union([
  z.object({ kind: z.literal("country"), operator: z.enum(["in", "not_in"]), values: countries }),
  z.object({ kind: z.literal("language"), operator: z.enum(["in", "not_in"]), values: languages }),
  z.object({ kind: z.literal("created"), operator: z.enum(["before", "on_or_after"]), value: dateText }),
  z.object({
    kind: z.literal("consent"),
    purposeId: z.uuid(),
    operator: z.enum(["is", "is_not"]),
    status: z.enum(consentStatuses),
  }),
  z.object({ kind: z.literal("attribute"), key: attributeKey, operator: z.enum(["is_set", "is_not_set"]) }),
  z.object({
    kind: z.literal("attribute"),
    key: attributeKey,
    type: z.literal("text"),
    operator: z.enum(["equals", "not_equals", "contains", "starts_with"]),
    value: z.string().min(1).max(200),
  }),
  z.object({
    kind: z.literal("attribute"),
    key: attributeKey,
    type: z.literal("number"),
    operator: z.enum(["equals", "not_equals", "less_than", "at_most", "more_than", "at_least"]),
    value: z.number().finite(),
  }),
  z.object({
    kind: z.literal("attribute"),
    key: attributeKey,
    type: z.literal("boolean"),
    operator: z.literal("equals"),
    value: z.boolean(),
  }),
  z.object({
    kind: z.literal("attribute"),
    key: attributeKey,
    type: z.literal("date"),
    operator: z.enum(["before", "on_or_after"]),
    value: dateText,
  }),
]);

/** One question about a contact. */
export type SegmentCondition = z.infer<typeof condition>;

/** A question made of questions. `all` of nothing is everybody; `any` of nothing is nobody. */
export type SegmentRule =
  | { kind: "all"; rules: SegmentRule[] }
  | { kind: "any"; rules: SegmentRule[] }
  | { kind: "not"; rule: SegmentRule }
  | SegmentCondition;

const rule: z.ZodType<SegmentRule> = z.lazy(() =>
  z.union([
    z.object({ kind: z.literal("all"), rules: z.array(rule).max(MAX_CONDITIONS) }),
    z.object({ kind: z.literal("any"), rules: z.array(rule).max(MAX_CONDITIONS) }),
    z.object({ kind: z.literal("not"), rule }),
    condition,
  ]),
);

export const segmentRule = rule.superRefine((value, context) => {
  if (depthOf(value) > MAX_DEPTH)
    context.addIssue({ code: "custom", message: `conditions nest at most ${MAX_DEPTH} deep` });
  if (conditionsOf(value) > MAX_CONDITIONS)
    context.addIssue({ code: "custom", message: `a segment has at most ${MAX_CONDITIONS} conditions` });
});

/** Everybody we know. */
export const everybody: SegmentRule = { kind: "all", rules: [] };

function depthOf(value: SegmentRule): number {
  if (value.kind === "not") return 1 + depthOf(value.rule);
  if (value.kind === "all" || value.kind === "any") return 1 + Math.max(0, ...value.rules.map(depthOf));
  return 0;
}

function conditionsOf(value: SegmentRule): number {
  if (value.kind === "not") return conditionsOf(value.rule);
  if (value.kind === "all" || value.kind === "any") return value.rules.reduce((sum, one) => sum + conditionsOf(one), 0);
  return 1;
}

const segmentName = z.string().trim().min(1).max(120);
export const CreateSegmentInput = z.object({ name: segmentName, rule: segmentRule });
export const UpdateSegmentInput = z.object({ segmentId: z.uuid(), name: segmentName, rule: segmentRule });
export const ArchiveSegmentInput = z.object({ segmentId: z.uuid() });
