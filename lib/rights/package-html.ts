import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import type { AccessPackage } from "./package";
import { retentionClasses } from "./retention";

interface Written {
  t: Translator<"rights">;
  formats: Formats;
  locale: string;
  /** Of the page's Content-Security-Policy; without one the document is a file of its own. */
  nonce?: string;
}

const STYLE = `
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1.5rem;color:#1c1c1a;background:#fff}
h1{font-size:1.75rem;margin:0 0 .25rem}h2{font-size:1.1rem;margin:2.5rem 0 .75rem;border-top:1px solid #d8d8d2;padding-top:1rem}
dl{display:grid;grid-template-columns:minmax(9rem,14rem) 1fr;gap:.35rem 1.5rem;margin:0}dt{color:#5c5c55}dd{margin:0;overflow-wrap:anywhere}
article{border-top:1px solid #ececE6;padding:.75rem 0}article p{margin:.25rem 0;white-space:pre-line;overflow-wrap:anywhere}
blockquote{margin:.5rem 0;padding:.25rem 0 .25rem 1rem;border-left:3px solid #d8d8d2;white-space:pre-line}
small{color:#5c5c55}pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.8rem}
@media(max-width:40rem){dl{grid-template-columns:1fr}dt{margin-top:.5rem}}
@media(prefers-color-scheme:dark){body{color:#ecece6;background:#161614}dt,small{color:#a9a9a0}article,h2{border-color:#3a3a35}}`;

/** The package as a page that anybody can read, keep and print: one file, no script, nothing from elsewhere. */
export function packageHtml(whole: AccessPackage, written: Written): string {
  const { t, formats, locale, nonce } = written;
  const when = (at: string) => formats.dateTime(at);
  const { person } = whole;
  const sections = [
    section(t("document.person"), [
      list([
        [t("document.name"), person.name],
        [t("document.country"), person.country && formats.country(person.country)],
        [t("document.language"), person.language],
        [t("document.timeZone"), person.timeZone],
        [t("document.age"), person.ageAtLeast === null ? null : formats.integer(person.ageAtLeast)],
        [t("document.since"), when(person.knownSince)],
        [t("document.restricted"), person.restrictedSince && when(person.restrictedSince)],
        ...Object.entries(person.attributes).map(([key, value]): Pair => [key, String(value)]),
      ]),
    ]),
    section(t("document.identifiers"), [
      list(
        whole.identifiers.map(({ kind, value, until }) => [
          kindText(kind, t),
          until ? `${value} (${t("document.until", { when: when(until) })})` : value,
        ]),
      ),
    ]),
    section(t("document.consentNow"), [
      list(
        whole.consentNow.map(({ purpose, status, until }) => [
          purpose,
          until ? `${status} (${t("document.until", { when: when(until) })})` : status,
        ]),
      ),
    ]),
    section(
      t("document.consent"),
      whole.consent.map((event) => consentHtml(event, written)),
    ),
    section(t("document.blocks"), [
      list(whole.blocks.map(({ kind, scope, since }) => [kind, `${scope}, ${when(since)}`])),
    ]),
    section(
      t("document.messages"),
      whole.messages.map((message) => messageHtml(message, written)),
    ),
    section(
      t("document.received"),
      whole.received.map(({ at, type, text, details, file, redacted }) =>
        article(`${when(at)} · ${type}`, [
          redacted ? t("document.redacted") : text,
          details === null ? null : JSON.stringify(details, null, 1),
          file &&
            t(file.base64 === null ? "document.fileApart" : "document.file", {
              type: file.mimeType,
              sizeText: written.formats.decimal(file.byteSize / 1_000_000, 1),
            }),
        ]),
      ),
    ),
    section(t("document.clicks"), [
      list(whole.clicks.map(({ at, campaign, device }) => [when(at), [campaign, device].filter(Boolean).join(" · ")])),
    ]),
    section(t("document.purchases"), [
      list(
        whole.purchases.map(({ at, source, order, amountMicros, currency }) => [
          when(at),
          `${(amountMicros / 1_000_000).toFixed(2)} ${currency} · ${source} ${order}`,
        ]),
      ),
    ]),
    section(
      t("document.segments"),
      whole.segments.map((name) => `<p>${escaped(name)}</p>`),
    ),
    section(t("document.recipients"), [
      list(whole.recipients.map(({ name, role, where }) => [name, `${role} · ${where}`])),
    ]),
    section(t("document.retention"), [
      list(whole.retention.map(({ what, kept }) => [classText(what, t), termText(kept, t)])),
    ]),
    section(t("document.controllers"), [list(whole.controllers.map(({ brand, controller }) => [brand, controller]))]),
    whole.checkpoint === null ? "" : section(t("document.checkpoint"), [`<pre>${escaped(whole.checkpoint)}</pre>`]),
  ];
  const style = `<style${nonce ? ` nonce="${escaped(nonce)}"` : ""}>${STYLE}</style>`;
  return `<!doctype html><html lang="${escaped(locale)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex,nofollow"><title>${escaped(t("document.title"))}</title>${style}</head><body><main><h1>${escaped(t("document.title"))}</h1><p><small>${escaped(t("document.made", { when: when(whole.generatedAt) }))}</small></p><p>${escaped(t("document.rights"))}</p>${sections.join("")}</main></body></html>`;

  function section(title: string, parts: readonly string[]): string {
    const text = parts.join("");
    return `<section><h2>${escaped(title)}</h2>${text || `<p><small>${escaped(t("document.nothing"))}</small></p>`}</section>`;
  }
}

function consentHtml(event: AccessPackage["consent"][number], { t, formats }: Written): string {
  const { type, purpose, scope, source, at, wording, evidence, redacted, proof } = event;
  return article(`${formats.dateTime(at)} · ${type} · ${purpose ?? scope} · ${source}`, [
    wording && `${t("document.wording")} (${wording.label}, ${wording.controller}): ${wording.text}`,
    redacted ? t("document.redacted") : evidence && `${t("document.evidence")}: ${JSON.stringify(evidence)}`,
    proofText(proof, t, formats),
  ]);
}

const steps = ["planned", "accepted", "sent", "delivered", "read", "failed", "clicked", "replied"] as const;

function messageHtml(message: AccessPackage["messages"][number], { t, formats }: Written): string {
  const { campaign, experimentArm, template, text, proof } = message;
  const arm =
    experimentArm === "holdout"
      ? t("document.holdout")
      : experimentArm !== null && t("document.arm", { arm: experimentArm });
  const times = steps.flatMap((step) => {
    const at = message[`${step}At`];
    return at ? [`${t(`document.${step}`)} ${formats.dateTime(at)}`] : [];
  });
  return article(
    [campaign, arm, template?.name].filter(Boolean).join(" · "),
    [times.join(" · "), proof && proofText(proof, t, formats)],
    text,
  );
}

function proofText(
  { entry, index }: { entry: string; index: number | null },
  t: Written["t"],
  formats: Formats,
): string {
  return t("document.proof", { entry, index: index === null ? "–" : formats.integer(index) });
}

function article(
  head: string,
  lines: readonly (string | null | undefined | false)[],
  quoted?: readonly string[] | null,
) {
  const quote = quoted?.length ? `<blockquote>${quoted.map(escaped).join("<br>")}</blockquote>` : "";
  const paragraphs = lines.map((line) => (line ? `<p>${escaped(line)}</p>` : "")).join("");
  return `<article><small>${escaped(head)}</small>${quote}${paragraphs}</article>`;
}

type Pair = readonly [string, string | null];

function list(pairs: readonly Pair[]): string {
  const known = pairs.filter((pair): pair is readonly [string, string] => Boolean(pair[1]));
  if (known.length === 0) return "";
  return `<dl>${known.map(([term, value]) => `<dt>${escaped(term)}</dt><dd>${escaped(value)}</dd>`).join("")}</dl>`;
}

const kinds = ["phone", "wa_id", "bsuid", "parent_bsuid", "email", "external"] as const;

function kindText(kind: string, t: Written["t"]): string {
  const known = kinds.find((one) => one === kind);
  return known ? t(`document.kinds.${known}`) : kind;
}

/** A class of retention in words. */
export function classText(what: string, t: Translator<"rights">): string {
  const known = retentionClasses.find((one) => one === what);
  return known ? t(`retention.classes.${known}`) : what;
}

const terms = ["13_months", "3_years", "12_months", "30_days", "7_days", "1_day"] as const;

/** A term in words; one that PostgreSQL writes in another way stays as it is. */
export function termText(kept: string, t: Translator<"rights">): string {
  const known = terms.find((one) => one === kept.replace(" ", "_"));
  return known ? t(`retention.terms.${known}`) : kept;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
