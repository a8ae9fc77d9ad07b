import * as z from "zod";
import type { Difference } from "@/lib/campaigns/edit";
import { methods } from "@/lib/experiments/method";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import { numberText } from "./edit/[step]/typed-number";

/** Names of what a draft refers to by id: segments, purposes, numbers, templates. */
export type ChangeNames = Readonly<Record<string, string>>;

interface Words {
  names: ChangeNames;
  t: Translator<"campaigns">;
  formats: Formats;
}

/** Of the names in a path the last of this list says what the field is. */
const labels = [
  "variants",
  "name",
  "segmentId",
  "purposeId",
  "numberId",
  "holdoutBasisPoints",
  "startsAt",
  "deadlineAt",
  "timing",
  "date",
  "time",
  "hours",
  "weekdays",
  "from",
  "to",
  "perDay",
  "lateMinutes",
  "metric",
  "minimumEffectPoints",
  "minimumEffectMicros",
  "baselinePoints",
  "windowHours",
  "method",
  "spendCapMicros",
  "strata",
  "change",
  "outcome",
  "reason",
  "optOutPoints",
  "failurePoints",
  "templateId",
  "weight",
  "linkUrl",
  "parameters",
] as const;
type Label = (typeof labels)[number];

export interface ChangeText {
  field: string;
  label: string;
  from: string;
  to: string;
}

/** One difference in words: the field as the builder names it, both values as a person writes them. */
export function changeText({ field, from, to }: Difference, words: Words): ChangeText {
  const path = field.split(".");
  const label = labels.findLast((one) => path.includes(one)) ?? "variants";
  const variant = path[0] === "variants" ? path[1] : undefined;
  const [part, place] = path.slice(3);
  const isHeader = part === "header";
  const name =
    label === "parameters" && part && place
      ? words.t(isHeader ? "fields.inHeader" : "fields.inBody", { variable: `{{${place}}}` })
      : words.t(`fields.${label}`);
  return {
    field,
    label: variant ? words.t("fields.ofVariant", { field: name, variant }) : name,
    from: valueText(label, from, words),
    to: valueText(label, to, words),
  };
}

function valueText(label: Label, value: Difference["from"], { names, t, formats }: Words): string {
  if (value === null || value === "") return t("fields.nothing");
  if (typeof value === "number") return figureText(label, value, formats);
  if (typeof value !== "string") return ruleText(value, { t, formats });
  if (label === "startsAt" || label === "deadlineAt") return formats.dateTime(value);
  if (label === "metric" && (value === "conversion" || value === "click" || value === "reply" || value === "revenue"))
    return t(`metric.${value}`);
  if (label === "timing" && (value === "moment" || value === "local")) return t(`fields.timings.${value}`);
  const method = methods.find((one) => label === "method" && one === value);
  if (method) return t(`fields.methods.${method}`);
  if (label === "strata") return t(value === "country" ? "fields.strataCountry" : "fields.strataNone");
  return names[value] ?? value;
}

function figureText(label: Label, value: number, formats: Formats): string {
  if (label === "weight" || label === "holdoutBasisPoints") return formats.percent(value / 10_000);
  if (label === "minimumEffectMicros" || label === "spendCapMicros")
    return formats.money({ micros: value, currency: formats.settings.currency });
  return numberText(value, formats);
}

const rule = z.union([
  z.object({ source: z.enum(["name", "attribute"]), key: z.string().optional(), fallback: z.string().nullish() }),
  z.object({ source: z.literal("text"), text: z.string() }),
  z.object({ source: z.literal("media"), fileName: z.string() }),
  z.object({ source: z.literal("link"), url: z.string() }),
  z.object({ source: z.literal("location"), name: z.string(), address: z.string() }),
  z.object({ source: z.literal("moment"), at: z.string() }),
]);

/** What stands in a placeholder: whose value, and what instead of it; a file, a place, a moment. */
function ruleText(value: Difference["from"], { t, formats }: Pick<Words, "t" | "formats">): string {
  const read = rule.safeParse(value).data;
  if (!read) return t("fields.several");
  switch (read.source) {
    case "text":
      return `«${read.text}»`;
    case "media":
      return read.fileName || t("fields.file");
    case "link":
      return read.url;
    case "location":
      return `${read.name}, ${read.address}`;
    case "moment":
      return formats.dateTime(read.at);
    default: {
      const own = read.source === "name" ? t("fields.personName") : (read.key ?? "");
      return read.fallback ? t("fields.orElse", { own, fallback: read.fallback }) : own;
    }
  }
}
