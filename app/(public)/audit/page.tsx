import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Metadata } from "next";
import { currentFormats } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { ClientMessages } from "@/app/_ui/client-messages";
import { FormatsProvider } from "@/app/_ui/formats-provider.client";
import { VerifyBundle } from "./verify-bundle.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("audit"))("title") };
}

const promises = ["basis", "stop", "log", "fold", "erasure"] as const;
const limits = ["superuser", "operator", "exactlyOnce", "legal", "evidence"] as const;
const checks = ["message", "consent", "sample", "stop", "wholeLog", "growth", "time", "database", "erased"] as const;
/** What one types for a check, where there is something to type. */
const commands: Partial<Record<(typeof checks)[number], string>> = {
  message: "node verify.mjs msg_….zip --key VKEY",
  wholeLog: [
    "curl -H 'Authorization: Bearer wk_…' https://…/audit/log/checkpoint",
    "…/audit/log/tile/entries/000",
    "…/audit/log/tile/0/000",
    "…/audit/log/tile/0/001.p/17",
  ].join("\n"),
  growth: "npm run witness -- --log VKEY",
  time: "node verify.mjs msg_….zip --key VKEY --key WITNESS --witnesses 1",
};

/** The auditor's walk-through: what is promised, what is not, and how to check each claim without trusting us. */
export default async function AuditPage() {
  const [t, formats, verifier] = await Promise.all([
    getTranslator("audit"),
    currentFormats(),
    readFile(join("lib", "ledger", "verify.mjs")),
  ]);
  return (
    <ClientMessages namespaces={["audit"]}>
      <h1>{t("title")}</h1>
      <p>{t("intro")}</p>
      <section className="grid gap-3">
        <h2>{t("promised")}</h2>
        <ul className="grid list-disc gap-2 pl-5">
          {promises.map((key) => (
            <li key={key}>{t(`promises.${key}`)}</li>
          ))}
        </ul>
      </section>
      <section className="grid gap-3">
        <h2>{t("notPromised")}</h2>
        <ul className="grid list-disc gap-2 pl-5">
          {limits.map((key) => (
            <li key={key}>{t(`limits.${key}`)}</li>
          ))}
        </ul>
      </section>
      <section className="grid gap-3">
        <h2>{t("key")}</h2>
        <p>{t("keyText")}</p>
      </section>
      <section className="grid gap-5">
        <h2>{t("check")}</h2>
        {checks.map((key) => (
          <div key={key} className="grid gap-2">
            <h3>{t(`checks.${key}.claim`)}</h3>
            <p>{t(`checks.${key}.how`)}</p>
            {commands[key] && <pre className="mono whitespace-pre-wrap break-words">{commands[key]}</pre>}
          </div>
        ))}
      </section>
      <section className="grid gap-3">
        <h2>{t("verifier")}</h2>
        <p>{t("verifierText")}</p>
        <p className="mono break-all">SHA-256 {createHash("sha256").update(verifier).digest("hex")}</p>
      </section>
      <section className="grid gap-3">
        <h2>{t("here")}</h2>
        <p>{t("hereText")}</p>
        <noscript>
          <p>{t("noScript")}</p>
        </noscript>
        <FormatsProvider settings={formats.settings}>
          <VerifyBundle />
        </FormatsProvider>
      </section>
    </ClientMessages>
  );
}
