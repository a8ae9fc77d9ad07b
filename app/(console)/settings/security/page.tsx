import type { Metadata } from "next";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { ClientMessages } from "@/app/_ui/client-messages";
import { Answer, PageHeader, Section } from "@/app/_ui/page";
import { getOwnFactor } from "@/lib/identity/queries/get-own-factor";
import { SettingsTabs } from "../settings-tabs";
import { FactorPanel, RecoveryPanel } from "./factor-panel.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("factor"))("settings.title") };
}

export default async function SecurityPage() {
  const ctx = await requirePerson("own_factor.manage");
  const [factor, t, formats] = await Promise.all([getOwnFactor(ctx), getTranslator("factor"), currentFormats()]);
  const { since, isRequired, recoveryCodesLeft: left } = factor;
  return (
    <ClientMessages namespaces={["factor"]}>
      <PageHeader title={t("settings.title")} tabs={<SettingsTabs ctx={ctx} />} />
      <Answer sub={t(isRequired ? "settings.subRequired" : "settings.subOptional")}>
        {t(since ? "settings.answerOn" : "settings.answerOff")}
      </Answer>
      <Section title={t("settings.app")} note={t("settings.appNote")}>
        <FactorPanel
          since={since && t("settings.since", { date: formats.date(since) })}
          mayRemove={since !== undefined && !isRequired}
        />
      </Section>
      {since && (
        <Section title={t("settings.recovery")} note={t("settings.recoveryNote")}>
          <p>{t("settings.left", { count: left, countText: formats.integer(left) })}</p>
          <RecoveryPanel />
        </Section>
      )}
    </ClientMessages>
  );
}
