import { createTranslator } from "use-intl/core";
import { bannedPhrase } from "./banned-phrases";
import { messageShape } from "./icu-arguments";
import type { Locale } from "./locales";

export interface Catalogue {
  [key: string]: string | Catalogue;
}

export interface CatalogueProblem {
  kind: "missing" | "empty" | "unparsable" | "arguments" | "format" | "banned" | "unused";
  locale: Locale;
  /** `namespace.path.to.key` */
  key: string;
  detail: string;
}

/** Kinds of arguments a message may have. Numbers and dates are written by `formats.ts` and come in as text. */
const KINDS = new Set(["text", "plural", "select", "selectordinal"]);

/**
 * Everything that is wrong with the catalogues: keys that one language lacks, messages that do not parse, ask for
 * other arguments than their translation, format numbers by themselves, or say a banned phrase.
 */
export function checkCatalogues(catalogues: Record<Locale, Catalogue>): CatalogueProblem[] {
  const texts = { es: flatten(catalogues.es), en: flatten(catalogues.en) };
  return [
    ...missing("es", texts.en, texts.es),
    ...missing("en", texts.es, texts.en),
    ...[...texts.es].flatMap(([key, text]) => messageProblems("es", key, text)),
    ...[...texts.en].flatMap(([key, text]) => messageProblems("en", key, text)),
    ...differences(texts.es, texts.en),
  ];
}

/**
 * Keys that no source mentions. A key is used where its path, or the rest of it after the namespace, stands in quotes,
 * or where a template text begins or ends it (`` `campaignStatus.${status}` ``). `sources` are texts of source files.
 */
export function unusedKeys(catalogue: Catalogue, sources: readonly string[]): CatalogueProblem[] {
  const quoted = new Set<string>();
  const templates = new Set<string>();
  for (const source of sources) {
    for (const [, text] of source.matchAll(/["'`]([\w.-]+)["'`]/g)) if (text) quoted.add(text);
    for (const [, text] of source.matchAll(/`([\w.-]*\$\{[^`]*)`/g)) if (text) templates.add(text);
  }
  const patterns = [...templates].map(
    (text) =>
      new RegExp(
        `^${text
          .split(/\$\{[^}]*\}/)
          .map(escapePattern)
          .join("[\\w-]+")}$`,
      ),
  );
  return [...flatten(catalogue)]
    .filter(([key]) => {
      const names = pathEnds(key);
      return !names.some((name) => quoted.has(name) || patterns.some((pattern) => pattern.test(name)));
    })
    .map(([key]) => ({ kind: "unused", locale: "es", key, detail: "no source mentions this key" }));
}

/** `a.b.c` → `a.b.c`, `b.c`, `c`: a translator may have been made for any part of the path. */
function pathEnds(key: string): string[] {
  const parts = key.split(".");
  return parts.map((_, index) => parts.slice(index).join("."));
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Every text by its full key. */
export function flatten(catalogue: Catalogue, prefix = ""): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [key, value] of Object.entries(catalogue)) {
    const path = prefix ? `${prefix}.${key}` : key;
    if (typeof value === "string") texts.set(path, value);
    else for (const [inner, text] of flatten(value, path)) texts.set(inner, text);
  }
  return texts;
}

function missing(locale: Locale, theirs: Map<string, string>, ours: Map<string, string>): CatalogueProblem[] {
  return [...theirs.keys()]
    .filter((key) => !ours.has(key))
    .map((key) => ({ kind: "missing", locale, key, detail: "only the other language has this key" }));
}

function messageProblems(locale: Locale, key: string, text: string): CatalogueProblem[] {
  if (text.trim() === "") return [{ kind: "empty", locale, key, detail: "the text is empty" }];
  const problem = parseProblem(locale, text);
  if (problem) return [{ kind: "unparsable", locale, key, detail: problem }];
  const shape = messageShape(text);
  const problems: CatalogueProblem[] = [];
  for (const [name, kind] of shape.arguments) {
    if (!KINDS.has(kind)) problems.push({ kind: "format", locale, key, detail: `{${name}, ${kind}}: pass it as text` });
  }
  if (shape.hasHash) problems.push({ kind: "format", locale, key, detail: "# in a plural: pass the number as text" });
  const banned = bannedPhrase(locale, key, text);
  if (banned) problems.push({ kind: "banned", locale, key, detail: `"${banned}"` });
  return problems;
}

/** Formats with stand-in values: what use-intl then complains about is the message itself. */
function parseProblem(locale: Locale, text: string): string | undefined {
  let complaint: string | undefined;
  const { arguments: names, tags } = messageShape(text);
  const t = createTranslator({
    locale,
    messages: { text },
    onError: (error) => {
      complaint = error.message;
    },
  });
  const values = [...names].map(([name, kind]) => [name, kind === "text" || kind === "select" ? "x" : 1]);
  const wrap = (chunks: string) => chunks;
  t.markup("text", { ...Object.fromEntries(values), ...Object.fromEntries([...tags].map((tag) => [tag, wrap])) });
  return complaint;
}

function differences(es: Map<string, string>, en: Map<string, string>): CatalogueProblem[] {
  return [...es].flatMap(([key, text]) => {
    const other = en.get(key);
    if (other === undefined) return [];
    const [ours, theirs] = [signature(text), signature(other)];
    return ours === theirs
      ? []
      : [{ kind: "arguments" as const, locale: "en" as const, key, detail: `es asks for ${ours}, en for ${theirs}` }];
  });
}

function signature(text: string): string {
  const { arguments: names, tags } = messageShape(text);
  return [...names.keys(), ...[...tags].map((tag) => `<${tag}>`)].toSorted().join(" ") || "nothing";
}
