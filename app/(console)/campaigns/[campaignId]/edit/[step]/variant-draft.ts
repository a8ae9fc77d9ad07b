import type { CampaignVariant } from "@/lib/campaigns/campaign";
import type { Formats } from "@/lib/i18n/formats";
import type { ParameterMapping, ParameterRule, TemplateNeeds } from "@/lib/templates/parameters";
import { readComponents } from "@/lib/whatsapp/components";
import { numberText } from "./typed-number";

/** What the builder needs of a template. */
export interface TemplateChoice {
  id: string;
  numberId: string;
  name: string;
  language: string;
  category: string;
  status: string;
  quality: string;
  hasOptOut: boolean;
  needs: TemplateNeeds;
  components: unknown;
  parameterFormat: "POSITIONAL" | "NAMED";
}

/** Something known about people that may stand in a placeholder. */
export interface AttributeChoice {
  key: string;
  label: string;
}

/** A rule while it is being chosen: `source` is empty, `name`, `text` or `attribute:<key>`. */
export interface RuleDraft {
  source: string;
  text: string;
  fallback: string;
}

/** A variant as it stands on the screen: what is typed, not yet what can be read of it. */
export interface VariantDraft {
  key: CampaignVariant["key"];
  templateId: string | null;
  weight: string;
  link: string;
  rules: Readonly<Record<string, RuleDraft>>;
}

export const emptyRule: RuleDraft = { source: "", text: "", fallback: "" };
const ATTRIBUTE = "attribute:";

export function draftOf(
  { key, templateId, weight, parameters, linkUrl }: CampaignVariant,
  formats: Formats,
): VariantDraft {
  const rules = Object.fromEntries(Object.entries(parameters).map(([place, rule]) => [place, ruleDraft(rule)]));
  return { key, templateId, weight: numberText(weight / 100, formats), link: linkUrl ?? "", rules };
}

function ruleDraft(rule: ParameterRule): RuleDraft {
  if (rule.source === "text") return { ...emptyRule, source: "text", text: rule.text };
  const source = rule.source === "name" ? "name" : `${ATTRIBUTE}${rule.key}`;
  return { ...emptyRule, source, fallback: rule.fallback ?? "" };
}

/** What can be saved of a variant; null while its share is no number. Half-chosen values are left out. */
export function variantOf(
  draft: VariantDraft,
  needs: TemplateNeeds | undefined,
  formats: Formats,
): CampaignVariant | null {
  const share = draft.weight.trim() === "" ? 0 : formats.parseNumber(draft.weight);
  if (share === undefined || share < 0 || share > 100) return null;
  return {
    key: draft.key,
    templateId: draft.templateId,
    weight: Math.round(share * 100),
    parameters: mappingOf(draft, needs),
    linkUrl: draft.link.trim() || null,
  };
}

export function mappingOf({ rules }: VariantDraft, needs: TemplateNeeds | undefined): ParameterMapping {
  return Object.fromEntries(
    (needs?.places ?? []).flatMap((place) => {
      const rule = ruleOf(rules[place] ?? emptyRule);
      return rule ? [[place, rule] as const] : [];
    }),
  );
}

function ruleOf({ source, text, fallback }: RuleDraft): ParameterRule | undefined {
  const instead = fallback.trim() || null;
  if (source === "name") return { source: "name", fallback: instead };
  if (source.startsWith(ATTRIBUTE))
    return { source: "attribute", key: source.slice(ATTRIBUTE.length), fallback: instead };
  return source === "text" && text.trim() !== "" ? { source: "text", text: text.trim() } : undefined;
}

export const comparedParts = ["header", "body", "footer", "buttons"] as const;
export type ComparedPart = (typeof comparedParts)[number];

/** The texts of a template, part by part, as they stand at Meta. */
export function partsOf(components: unknown): Record<ComparedPart, string> {
  const parts = readComponents(components);
  return {
    header: parts?.header?.text ?? "",
    body: parts?.body?.text ?? "",
    footer: parts?.footer?.text ?? "",
    buttons: parts?.buttons.map(({ text }) => text ?? "").join(" · ") ?? "",
  };
}

/** In which parts a variant says something else than the control. */
export function changedParts(control: unknown, variant: unknown): ComparedPart[] {
  const [one, other] = [partsOf(control), partsOf(variant)];
  return comparedParts.filter((part) => one[part] !== other[part]);
}
