import type { CampaignVariant } from "@/lib/campaigns/campaign";
import type { Formats } from "@/lib/i18n/formats";
import {
  type ParameterMapping,
  type ParameterRule,
  parameterRule,
  type TemplateNeeds,
} from "@/lib/templates/parameters";
import { readComponents, type TemplateParts } from "@/lib/whatsapp/components";
import { instantText, localText } from "./local-moment";
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
  /** Files that whoever wrote the template chose, by place. */
  media: Readonly<Record<string, string>>;
}

/** Something known about people that may stand in a placeholder. */
export interface AttributeChoice {
  key: string;
  label: string;
}

/** A value while it is being chosen: what is typed for a text, and for the other kinds what each of them needs. */
export interface RuleDraft {
  /** Empty, `name`, `text` or `attribute:<key>`. */
  source: string;
  text: string;
  fallback: string;
  file: { mediaId: string; fileName: string } | null;
  /** Of a file that Meta fetches itself; outranks the file. */
  url: string;
  latitude: string;
  longitude: string;
  placeName: string;
  address: string;
  /** As a `datetime-local` field writes it. */
  moment: string;
}

/** A variant as it stands on the screen: what is typed, not yet what can be read of it. */
export interface VariantDraft {
  key: CampaignVariant["key"];
  templateId: string | null;
  weight: string;
  link: string;
  rules: Readonly<Record<string, RuleDraft>>;
}

export const emptyRule: RuleDraft = {
  source: "",
  text: "",
  fallback: "",
  file: null,
  url: "",
  latitude: "",
  longitude: "",
  placeName: "",
  address: "",
  moment: "",
};
const ATTRIBUTE = "attribute:";

export function draftOf(
  { key, templateId, weight, parameters, linkUrl }: CampaignVariant,
  formats: Formats,
): VariantDraft {
  const { timeZone } = formats.settings;
  const rules = Object.entries(parameters).map(([place, rule]) => [place, ruleDraft(rule, timeZone)] as const);
  const share = numberText(weight / 100, formats);
  return { key, templateId, weight: share, link: linkUrl ?? "", rules: Object.fromEntries(rules) };
}

function ruleDraft(rule: ParameterRule, timeZone: string): RuleDraft {
  switch (rule.source) {
    case "text":
      return { ...emptyRule, source: "text", text: rule.text };
    case "name":
      return { ...emptyRule, source: "name", fallback: rule.fallback ?? "" };
    case "attribute":
      return { ...emptyRule, source: `${ATTRIBUTE}${rule.key}`, fallback: rule.fallback ?? "" };
    case "media":
      return { ...emptyRule, file: { mediaId: rule.mediaId, fileName: rule.fileName } };
    case "link":
      return { ...emptyRule, url: rule.url };
    case "location": {
      const { latitude, longitude, name: placeName, address } = rule;
      return { ...emptyRule, latitude, longitude, placeName, address };
    }
    case "moment":
      return { ...emptyRule, moment: localText(rule.at, timeZone) };
  }
}

/** The files that come with a template stand in its places until somebody chooses others. */
export function rulesOf(
  { rules }: VariantDraft,
  template: Pick<TemplateChoice, "media"> | undefined,
): VariantDraft["rules"] {
  const given = Object.entries(template?.media ?? {}).map(
    ([place, mediaId]) => [place, { ...emptyRule, file: { mediaId, fileName: "" } }] as const,
  );
  return { ...Object.fromEntries(given), ...rules };
}

/** What a variant's values are read with. */
export type Chosen = Pick<TemplateChoice, "needs" | "media">;

/** What can be saved of a variant; null while its share is no number. Half-chosen values are left out. */
export function variantOf(draft: VariantDraft, template: Chosen | undefined, formats: Formats): CampaignVariant | null {
  const share = draft.weight.trim() === "" ? 0 : formats.parseNumber(draft.weight);
  if (share === undefined || share < 0 || share > 100) return null;
  return {
    key: draft.key,
    templateId: draft.templateId,
    weight: Math.round(share * 100),
    parameters: mappingOf(draft, template, formats.settings.timeZone),
    linkUrl: draft.link.trim() || null,
  };
}

export function mappingOf(draft: VariantDraft, template: Chosen | undefined, timeZone: string): ParameterMapping {
  const rules = rulesOf(draft, template);
  const { places = [], kinds = {} } = template?.needs ?? {};
  return Object.fromEntries(
    places.flatMap((place) => {
      const rule = parameterRule.safeParse(ruleOf(rules[place] ?? emptyRule, kinds[place], timeZone));
      return rule.success ? [[place, rule.data] as const] : [];
    }),
  );
}

function ruleOf(draft: RuleDraft, kind: TemplateNeeds["kinds"][string] | undefined, timeZone: string): unknown {
  switch (kind) {
    case "image":
    case "video":
    case "document":
      if (draft.url.trim() !== "") return { source: "link", url: draft.url.trim() };
      return draft.file && { source: "media", ...draft.file };
    case "location": {
      const { latitude, longitude, placeName: name, address } = draft;
      const degrees = (text: string) => text.trim().replace(",", ".");
      return { source: "location", latitude: degrees(latitude), longitude: degrees(longitude), name, address };
    }
    case "moment":
      return { source: "moment", at: instantText(draft.moment, timeZone) };
    default:
      return textRule(draft);
  }
}

function textRule({ source, text, fallback }: RuleDraft): unknown {
  const instead = fallback.trim() || null;
  if (source === "name") return { source: "name", fallback: instead };
  if (source.startsWith(ATTRIBUTE))
    return { source: "attribute", key: source.slice(ATTRIBUTE.length), fallback: instead };
  return { source: "text", text };
}

export const comparedParts = ["header", "body", "footer", "buttons", "offer", "cards"] as const;
export type ComparedPart = (typeof comparedParts)[number];

/** The texts of a template, part by part, as they stand at Meta; a header that is no text by its kind. */
export function partsOf(components: unknown): Record<ComparedPart, string> {
  const parts: TemplateParts = readComponents(components) ?? { buttons: [], others: [] };
  return {
    header: headerText(parts),
    body: parts.body?.text ?? "",
    footer: parts.footer?.text ?? "",
    buttons: buttonTexts(parts),
    offer: parts.offer?.text ?? "",
    cards: (parts.cards ?? [])
      .map((card) => [headerText(card), card.body?.text, buttonTexts(card)].filter(Boolean).join(" · "))
      .join("\n"),
  };
}

function headerText({ header }: TemplateParts): string {
  return header?.text ?? header?.format ?? "";
}

function buttonTexts({ buttons }: TemplateParts): string {
  return buttons.map(({ text, type }) => text ?? type).join(" · ");
}

export interface Compared {
  components: unknown;
  mapping?: ParameterMapping;
}

const partOfPlace: Readonly<Record<string, ComparedPart>> = {
  header: "header",
  body: "body",
  button: "buttons",
  offer: "offer",
  card: "cards",
};

/** In which parts a variant says something else than the control: by its text, or by what fills it. */
export function changedParts(control: Compared, variant: Compared): ComparedPart[] {
  const [one, other] = [partsOf(control.components), partsOf(variant.components)];
  const [ours, theirs] = [control.mapping ?? {}, variant.mapping ?? {}];
  const filled = new Set(
    [...Object.keys(ours), ...Object.keys(theirs)]
      .filter(
        (place) => place in ours && place in theirs && JSON.stringify(ours[place]) !== JSON.stringify(theirs[place]),
      )
      .map((place) => partOfPlace[place.slice(0, place.indexOf("."))]),
  );
  return comparedParts.filter((part) => one[part] !== other[part] || filled.has(part));
}
