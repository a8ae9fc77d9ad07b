import Link from "next/link";
import { currentFormats } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { Callout } from "@/app/_ui/banner";
import { KeyValue } from "@/app/_ui/page";
import { EmptyState } from "@/app/_ui/states";
import { HashChip, TimeText } from "@/app/_ui/text";
import { isAppError } from "@/lib/foundation/errors";
import { isUuid } from "@/lib/foundation/ids";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import type { Context } from "@/lib/identity/context";
import { type Json, verifyBundle } from "@/lib/ledger/verifier";
import { noteReading } from "@/lib/reporting/commands/note-reading";
import { maskEvidence } from "@/lib/reporting/message-evidence";
import { getLogEntry, type LogEntryDetail } from "@/lib/reporting/queries/get-log-entry";
import { actorText, entryTypeText } from "../codes";
import { personPath } from "../paths";

/** One entry: what it says in clear, what it commits to, and its proof, checked while the page is made. */
export async function EntryDetail({ ctx, index }: { ctx: Context; index: number }) {
  const [t, formats] = await Promise.all([getTranslator("compliance"), currentFormats()]);
  const entry = await find(ctx, index);
  if (!entry) return <EmptyState title={t("entry.missing")}>{t("entry.missingText")}</EmptyState>;
  const { type, at, by, ref, subject, leaf, leafHash } = entry;
  if (subject) await noteReading(ctx, { what: "entry.opened", subject: ref });
  return (
    <div className="grid gap-5">
      <KeyValue
        left
        rows={[
          { label: t("ledger.event"), value: entryTypeText(type, t) },
          { label: t("entry.type"), value: <span className="mono">{type}</span> },
          { label: t("ledger.at"), value: <TimeText at={at} formats={formats} /> },
          { label: t("ledger.by"), value: actorText(by, t) },
          { label: t("entry.ref"), value: <span className="mono break-all">{ref}</span> },
          ...(subject && isUuid(subject)
            ? [{ label: t("entry.subject"), value: <Link href={personPath(subject)}>{t("entry.openPerson")}</Link> }]
            : []),
          { label: t("ledger.hash"), value: <HashChip hash={leafHash} name={t("ledger.hash")} prefix="sha256" /> },
        ]}
      />
      <Proof entry={entry} t={t} formats={formats} />
      <section>
        <h3 className="mb-1">{t("entry.content")}</h3>
        <Content content={entry.content} t={t} formats={formats} />
      </section>
      <section>
        <h3 className="mb-1">{t("entry.leaf")}</h3>
        <p className="note mb-2">{t("entry.leafNote")}</p>
        <Code text={leaf} label={t("entry.leaf")} />
      </section>
    </div>
  );
}

async function find(ctx: Context, index: number): Promise<LogEntryDetail | undefined> {
  try {
    return await getLogEntry(ctx, { index });
  } catch (error) {
    if (isAppError(error) && error.code === "not_found") return undefined;
    throw error;
  }
}

interface Words {
  t: Translator<"compliance">;
  formats: Formats;
}

async function Proof({ entry: { proof, bundle, content }, t, formats }: { entry: LogEntryDetail } & Words) {
  if (!proof) return <Callout tone="idle">{t("entry.waiting")}</Callout>;
  const facts = {
    sizeText: formats.integer(proof.size),
    count: proof.hashes.length,
    countText: formats.integer(proof.hashes.length),
  };
  if (!bundle || content.kind === "batch") return <Callout tone="info">{t("entry.included", facts)}</Callout>;
  const { failures } = await verifyBundle(bundle);
  return failures.length === 0 ? (
    <Callout tone="ok">{t("entry.verified", facts)}</Callout>
  ) : (
    <Callout tone="bad">{t("entry.broken", { failures: failures.join(" · ") })}</Callout>
  );
}

function Content({ content, t, formats }: { content: LogEntryDetail["content"] } & Words) {
  switch (content.kind) {
    case "opened":
      return <Code text={JSON.stringify(masked(content.payload), null, 2)} label={t("entry.content")} />;
    case "batch":
      return <p>{t("entry.batch", { count: content.items, countText: formats.integer(content.items) })}</p>;
    case "sealed":
      return <p>{t("entry.sealed")}</p>;
    case "waiting":
      return <p>{t("entry.waiting")}</p>;
  }
}

/** What says who or where a person is stays hidden here too; the bundle of a proof opens it, with a reason. */
function masked(payload: Json): unknown {
  if (payload === null || typeof payload !== "object" || isList(payload)) return payload;
  return Object.fromEntries(
    Object.entries(payload).map(([field, value]) => [
      field,
      value !== null && typeof value === "object" ? masked(value) : maskEvidence({ [field]: value })[field],
    ]),
  );
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function Code({ text, label }: { text: string; label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section tabIndex={0} aria-label={label} className="max-h-80 overflow-auto rounded bg-surface p-3">
      <pre className="mono whitespace-pre-wrap break-all text-note">{text}</pre>
    </section>
  );
}
