import type { Metadata } from "next";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { ClientMessages } from "@/app/_ui/client-messages";
import { Answer, Section } from "@/app/_ui/page";
import { listLogEntries } from "@/lib/reporting/queries/list-log-entries";
import { ComplianceHead } from "../compliance-head";
import { CheckLog } from "./check-log.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("compliance"))("integrity.title") };
}

/** Has anybody changed, removed or reordered anything? Recomputed when asked, and by anybody outside with a bundle. */
export default async function IntegrityPage() {
  const ctx = await requirePerson("ledger.read");
  const [t, formats, { size }] = await Promise.all([
    getTranslator("compliance"),
    currentFormats(),
    listLogEntries(ctx, { limit: 1 }),
  ]);
  return (
    <ClientMessages namespaces={["compliance"]}>
      <ComplianceHead />
      <Answer sub={t("integrity.note")}>{t("integrity.answer")}</Answer>
      <Section
        title={t("integrity.here")}
        note={t("integrity.hereNote", { count: size, countText: formats.integer(size) })}
      >
        <CheckLog />
      </Section>
      <Section title={t("integrity.outside")} note={t("integrity.outsideNote")}>
        <ol className="grid max-w-measure list-decimal gap-2 pl-5">
          <li>{t("integrity.step1")}</li>
          <li>
            {t("integrity.step2")} <span className="mono">npm run verify -- msg_….json</span>
          </li>
          <li>{t("integrity.step3")}</li>
        </ol>
      </Section>
    </ClientMessages>
  );
}
