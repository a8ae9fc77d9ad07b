import type { Locale } from "@/lib/i18n/locales";
import { translator } from "@/lib/i18n/translator";
import { csvLine } from "@/lib/imports/csv-cell";
import type { ArchiveFile } from "@/lib/ledger/archive";
import { type Bundle, canonicalJson, type ProvedRow, utf8 } from "@/lib/ledger/verifier";

/** What a bundle proves, for people: one page that needs nothing else, and the same as a table. Times in UTC. */
export function evidenceReport(
  { bundle, proved }: { bundle: Bundle; proved: readonly ProvedRow[] },
  locale: Locale,
): ArchiveFile[] {
  return [
    { path: "report.html", bytes: utf8(pageOf({ bundle, proved }, locale)) },
    { path: "report.csv", bytes: utf8(tableOf(proved)) },
  ];
}

function tableOf(proved: readonly ProvedRow[]): string {
  const head = ["entry", "at", "type", "event", "contact", "content"];
  const rows = proved.map(({ index, at, type, ref, subject, payload }) => [
    String(index),
    at,
    type,
    ref,
    subject ?? "",
    canonicalJson(payload),
  ]);
  return [head, ...rows].map(csvLine).join("");
}

function pageOf({ bundle, proved }: { bundle: Bundle; proved: readonly ProvedRow[] }, locale: Locale): string {
  const t = translator(locale, "compliance");
  const [origin = "", size = "", root = ""] = (bundle.checkpoints.at(-1) ?? "").split("\n");
  const facts = [
    [t("report.log"), origin],
    [t("report.size"), size],
    [t("report.root"), root],
    [t("report.keys"), bundle.keys.join(" ")],
  ];
  const sealed = bundle.entries.length - new Set(proved.map(({ index }) => index)).size;
  const rows = proved.map(
    ({ index, at, type, ref, payload }) =>
      `<tr><td>${index}</td><td>${escaped(at)}</td><td>${escaped(type)}</td><td>${escaped(ref)}</td><td><pre>${escaped(
        JSON.stringify(payload, null, 2),
      )}</pre></td></tr>`,
  );
  return `<!doctype html>
<html lang="${locale}">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(t("report.title"))}</title>
<style>${STYLE}</style>
<h1>${escaped(t("report.title"))}</h1>
<p>${escaped(t("report.note"))}</p>
<p><code>node verify.mjs …zip --key …</code></p>
<dl>${facts.map(([term = "", text = ""]) => `<dt>${escaped(term)}</dt><dd>${escaped(text)}</dd>`).join("")}</dl>
<table>
<caption>${escaped(t("report.entries"))}</caption>
<tr>${(["index", "at", "type", "event", "content"] as const).map((key) => `<th scope="col">${escaped(t(`report.columns.${key}`))}</th>`).join("")}</tr>
${rows.join("\n")}
</table>
<p>${escaped(t("report.sealed", { count: sealed, countText: String(sealed) }))}</p>
</html>
`;
}

const STYLE =
  "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}" +
  "dt{font-weight:600}dd{margin:0 0 .5rem;overflow-wrap:anywhere}table{border-collapse:collapse;width:100%}" +
  "caption,th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #ccc}" +
  "pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:0;font-size:13px}";

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
