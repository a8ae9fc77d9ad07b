import { type SQL, sql } from "drizzle-orm";
import { array } from "@/db/client";
import type { SegmentCondition, SegmentRule } from "./segment";

/**
 * The rule as a SQL condition over the table alias `contacts`; every value is a bound parameter. It is true or false,
 * never null: who lacks an attribute does not match a condition on it, and matches its negation.
 */
export function compileSegment(rule: SegmentRule): SQL {
  switch (rule.kind) {
    case "all":
      return rule.rules.length === 0 ? sql`true` : joined(rule.rules, sql` and `);
    case "any":
      return rule.rules.length === 0 ? sql`false` : joined(rule.rules, sql` or `);
    case "not":
      return sql`not ${compileSegment(rule.rule)}`;
    default:
      return sql`coalesce(${compileCondition(rule)}, false)`;
  }
}

function joined(rules: readonly SegmentRule[], operator: SQL): SQL {
  return sql`(${sql.join(rules.map(compileSegment), operator)})`;
}

const comparisons = {
  less_than: sql`<`,
  at_most: sql`<=`,
  more_than: sql`>`,
  at_least: sql`>=`,
  equals: sql`=`,
  before: sql`<`,
  on_or_after: sql`>=`,
} as const;

function compileCondition(condition: SegmentCondition): SQL {
  switch (condition.kind) {
    case "country":
    case "language": {
      const column = condition.kind === "country" ? sql`contacts.country` : sql`contacts.language`;
      const isIn = sql`${column} = any(${array(condition.values, "text")})`;
      return condition.operator === "in" ? isIn : sql`not coalesce(${isIn}, false)`;
    }
    case "created":
      return sql`contacts.created_at ${comparisons[condition.operator]} ${condition.value}::date`;
    case "consent": {
      // The row is the state after the person's last act; time alone leads on from there (consent/projection.ts).
      const status = sql`coalesce((select case
          when state.status = 'granted' and state.expires_at <= app_now() then 'expired'
          when state.status = 'pending' and state.pending_until < app_now() then 'expired'
          else state.status end
        from consent_state as state where state.lane = contacts.lane
        and state.contact_id = contacts.id and state.purpose_id = ${condition.purposeId}::uuid), 'none')`;
      return condition.operator === "is" ? sql`${status} = ${condition.status}` : sql`${status} <> ${condition.status}`;
    }
    case "attribute":
      return compileAttribute(condition);
  }
}

function compileAttribute(condition: Extract<SegmentCondition, { kind: "attribute" }>): SQL {
  const text = sql`contacts.attributes ->> ${condition.key}::text`;
  if (!("type" in condition)) {
    return condition.operator === "is_set" ? sql`coalesce(${text}, '') <> ''` : sql`coalesce(${text}, '') = ''`;
  }
  switch (condition.type) {
    case "text":
      return compileText(text, condition);
    case "number": {
      // Only a JSON number is compared as one: a text that looks like a number is not cast, so nothing can fail.
      const value = sql`case when jsonb_typeof(contacts.attributes -> ${condition.key}::text) = 'number'
        then (${text})::numeric end`;
      return condition.operator === "not_equals"
        ? sql`${value} <> ${condition.value}::numeric`
        : sql`${value} ${comparisons[condition.operator]} ${condition.value}::numeric`;
    }
    case "boolean":
      return sql`${text} = ${String(condition.value)}`;
    case "date":
      // ISO dates order as texts do.
      return sql`${text} ${comparisons[condition.operator]} ${condition.value}`;
  }
}

function compileText(text: SQL, { operator, value }: { operator: string; value: string }): SQL {
  switch (operator) {
    case "contains":
      return sql`position(lower(${value}::text) in lower(${text})) > 0`;
    case "starts_with":
      return sql`starts_with(lower(${text}), lower(${value}::text))`;
    case "not_equals":
      return sql`lower(${text}) <> lower(${value}::text)`;
    default:
      return sql`lower(${text}) = lower(${value}::text)`;
  }
}
