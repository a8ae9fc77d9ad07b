import type { SegmentCondition, SegmentRule } from "@/lib/segments/segment";

// A rule while it is being written: conditions may be incomplete, and `not` is a way for a group to hold, not a node.

/** All of its parts, any of them, or none of them. */
export const groupModes = ["all", "any", "none"] as const;
export type GroupMode = (typeof groupModes)[number];

export interface DraftGroup {
  kind: "group";
  /** For React; unique in the draft. */
  id: string;
  mode: GroupMode;
  parts: DraftPart[];
}

/** `subject`: `country`, `language`, `created`, `consent`, or `attribute:<key>`. Values as typed. */
export interface DraftCondition {
  kind: "condition";
  id: string;
  subject: string;
  operator: string;
  /** One value, or several for countries and languages. Of a consent the status; its purpose stands beside. */
  values: string[];
  purposeId: string;
}

export type DraftPart = DraftGroup | DraftCondition;
export type AttributeKinds = ReadonlyMap<string, "text" | "number" | "boolean" | "date">;

/** The operators of a subject, the first being the one to begin with. */
export function operatorsOf(subject: string, attributes: AttributeKinds): readonly string[] {
  switch (subject) {
    case "country":
    case "language":
      return ["in", "not_in"];
    case "created":
      return ["on_or_after", "before"];
    case "consent":
      return ["is", "is_not"];
    default:
      return [...attributeOperators[attributes.get(attributeOf(subject)) ?? "text"], "is_set", "is_not_set"];
  }
}

const attributeOperators = {
  text: ["equals", "not_equals", "contains", "starts_with"],
  number: ["at_least", "at_most", "more_than", "less_than", "equals", "not_equals"],
  boolean: ["equals"],
  date: ["on_or_after", "before"],
} as const;

export function attributeOf(subject: string): string {
  return subject.slice("attribute:".length);
}

/** A new condition on a subject, with nothing asked yet. */
export function newCondition(
  id: string,
  subject: string,
  given: { attributes: AttributeKinds; purposeId: string },
): DraftCondition {
  const operator = operatorsOf(subject, given.attributes)[0] ?? "equals";
  const values = subject === "consent" ? ["granted"] : [];
  return { kind: "condition", id, subject, operator, values, purposeId: given.purposeId };
}

/** A saved rule as a draft. Its root is always a group; numbers are written by `writeNumber`. */
export function draftOf(rule: SegmentRule, writeNumber: (value: number) => string): DraftGroup {
  let last = 0;
  const nextId = () => `saved-${++last}`;
  const group = (mode: GroupMode, rules: readonly SegmentRule[]): DraftGroup => ({
    kind: "group",
    id: nextId(),
    mode,
    parts: rules.map(part),
  });
  const part = (one: SegmentRule): DraftPart => {
    switch (one.kind) {
      case "all":
      case "any":
        return group(one.kind, one.rules);
      case "not":
        return group("none", one.rule.kind === "any" ? one.rule.rules : [one.rule]);
      default:
        return { kind: "condition", id: nextId(), ...textsOf(one, writeNumber) };
    }
  };
  const root = part(rule);
  return root.kind === "group" ? root : { kind: "group", id: nextId(), mode: "all", parts: [root] };
}

function textsOf(
  condition: SegmentCondition,
  writeNumber: (value: number) => string,
): Omit<DraftCondition, "kind" | "id"> {
  const { operator } = condition;
  switch (condition.kind) {
    case "country":
    case "language":
      return { subject: condition.kind, operator, values: condition.values, purposeId: "" };
    case "created":
      return { subject: "created", operator, values: [condition.value], purposeId: "" };
    case "consent":
      return { subject: "consent", operator, values: [condition.status], purposeId: condition.purposeId };
    case "attribute": {
      const value = "value" in condition ? condition.value : "";
      const text = typeof value === "number" ? writeNumber(value) : String(value);
      return { subject: `attribute:${condition.key}`, operator, values: text === "" ? [] : [text], purposeId: "" };
    }
  }
}

/** What was read: the rule as data still to be parsed, or the ids of the conditions that are not complete. */
export type ReadDraft = { kind: "rule"; rule: unknown } | { kind: "incomplete"; ids: string[] };

/** Reads a draft. `readNumber` reads what a person typed, in their region's way. */
export function readDraft(
  draft: DraftGroup,
  given: { attributes: AttributeKinds; readNumber: (text: string) => number | undefined },
): ReadDraft {
  const ids: string[] = [];
  const part = (one: DraftPart): unknown => {
    if (one.kind === "condition") {
      const condition = conditionOf(one, given);
      if (condition === undefined) ids.push(one.id);
      return condition;
    }
    const rules = one.parts.map(part);
    return one.mode === "none" ? { kind: "not", rule: { kind: "any", rules } } : { kind: one.mode, rules };
  };
  const rule = part(draft);
  return ids.length > 0 ? { kind: "incomplete", ids } : { kind: "rule", rule };
}

function conditionOf(
  { subject, operator, values, purposeId }: DraftCondition,
  { attributes, readNumber }: { attributes: AttributeKinds; readNumber: (text: string) => number | undefined },
): unknown {
  const [first = ""] = values;
  const value = first.trim();
  switch (subject) {
    case "country":
    case "language":
      return values.length > 0 ? { kind: subject, operator, values } : undefined;
    case "created":
      return value === "" ? undefined : { kind: "created", operator, value };
    case "consent":
      return value === "" || purposeId === "" ? undefined : { kind: "consent", purposeId, operator, status: value };
    default: {
      const key = attributeOf(subject);
      if (operator === "is_set" || operator === "is_not_set") return { kind: "attribute", key, operator };
      const type = attributes.get(key) ?? "text";
      const typed = type === "number" ? readNumber(value) : type === "boolean" ? yesOrNo(value) : value || undefined;
      return typed === undefined ? undefined : { kind: "attribute", key, type, operator, value: typed };
    }
  }
}

function yesOrNo(text: string): boolean | undefined {
  return text === "true" ? true : text === "false" ? false : undefined;
}

/** The draft with one part changed, or taken out. */
export function changePart(
  group: DraftGroup,
  id: string,
  change: (part: DraftPart) => DraftPart | undefined,
): DraftGroup {
  const parts = group.parts.flatMap((part): DraftPart[] => {
    const next = part.id === id ? change(part) : part.kind === "group" ? changePart(part, id, change) : part;
    return next ? [next] : [];
  });
  return { ...group, parts };
}
