"use client";

import { type DragEvent, useState } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { FileField, TextAreaField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import type { EvidenceVerdict, Findings } from "@/lib/reporting/verify-evidence";

const SHOWN_FAILURES = 20;

/** The one verifier, in the browser: the bundle goes nowhere. */
export function VerifyBundle() {
  const t = useTranslations("audit");
  const [keys, setKeys] = useState("");
  const [isChecking, setIsChecking] = useState(false);
  const [verdict, setVerdict] = useState<EvidenceVerdict | { kind: "failed" }>();

  async function check(file: File | undefined) {
    if (!file || isChecking) return;
    setIsChecking(true);
    setVerdict(undefined);
    try {
      const { verifyEvidence } = await import("@/lib/reporting/verify-evidence"); // only for whoever checks something
      const given = keys.split(/\s+/).filter((key) => key !== "");
      const bytes = new Uint8Array(await file.arrayBuffer());
      setVerdict(await verifyEvidence(bytes, given.length > 0 ? { keys: given } : {}));
    } catch {
      setVerdict({ kind: "failed" }); // the part with the verifier did not come
    } finally {
      setIsChecking(false);
    }
  }

  function drop(event: DragEvent) {
    event.preventDefault();
    void check(event.dataTransfer.files[0]);
  }

  return (
    <div className="grid gap-4">
      <TextAreaField
        name="keys"
        label={t("keysLabel")}
        hint={t("keysHint")}
        rows={2}
        value={keys}
        onChange={(event) => setKeys(event.currentTarget.value)}
      />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a short cut; the file field inside does the same */}
      <div
        className="border border-line border-dashed p-4"
        onDragOver={(event) => event.preventDefault()}
        onDrop={drop}
      >
        <FileField
          name="bundle"
          label={t("fileLabel")}
          hint={t("fileHint")}
          accept=".zip,.json"
          onChange={(event) => void check(event.currentTarget.files?.[0])}
        />
      </div>
      <div aria-live="polite" aria-busy={isChecking || undefined} className="grid gap-3">
        {isChecking && <p>{t("checking")}</p>}
        {verdict?.kind === "failed" && <Banner tone="bad">{t("failed")}</Banner>}
        {verdict?.kind === "unreadable" && <Banner tone="bad">{t("unreadable")}</Banner>}
        {verdict?.kind === "verdict" && <Verdict findings={verdict} areKeysGiven={keys.trim() !== ""} />}
      </div>
    </div>
  );
}

function Verdict({ findings, areKeysGiven }: { findings: Findings; areKeysGiven: boolean }) {
  const t = useTranslations("audit");
  const count = useFormats().integer;
  const { failures, size, entries, opened, sealed, consented, grounds, cosignatures, keys } = findings;
  if (failures.length > 0) {
    return (
      <Banner tone="bad">
        <strong>{t("broken", { count: failures.length, countText: count(failures.length) })}</strong>
        <ul className="mt-1 grid gap-1 break-all">
          {failures.slice(0, SHOWN_FAILURES).map((failure) => (
            <li key={failure}>{failure}</li>
          ))}
        </ul>
      </Banner>
    );
  }
  return (
    <>
      <Banner tone="ok">
        <strong>{t("holds", { lastText: count(size - 1) })}</strong>
        <p className="mt-1">
          {t("facts", {
            entries,
            entriesText: count(entries),
            opened,
            openedText: count(opened),
            sealed,
            sealedText: count(sealed),
            consented,
            consentedText: count(consented),
          })}
          {(["service", "request", "test"] as const).map(
            (basis) =>
              grounds[basis] > 0 &&
              ` ${t(`grounds.${basis}`, { count: grounds[basis], countText: count(grounds[basis]) })}`,
          )}
        </p>
      </Banner>
      {cosignatures.map(({ witness, size: seen, seconds }) => (
        <p key={`${witness} ${seen}`} className="break-all">
          {t("seen", { witness, sizeText: count(seen), at: new Date(seconds * 1_000).toISOString() })}
        </p>
      ))}
      {!areKeysGiven && (
        <div className="grid gap-1">
          <p>{t("ownKeys")}</p>
          {keys.map((key) => (
            <p key={key} className="mono break-all">
              {key}
            </p>
          ))}
        </div>
      )}
    </>
  );
}
