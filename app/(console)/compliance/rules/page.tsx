import type { Metadata } from "next";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { StatusBadge } from "@/app/_ui/badge";
import { ClientMessages } from "@/app/_ui/client-messages";
import { DataTable, TwoLines } from "@/app/_ui/data-table";
import { Answer, Section } from "@/app/_ui/page";
import { EmptyState } from "@/app/_ui/states";
import { TimeText } from "@/app/_ui/text";
import { may } from "@/lib/identity/authorize";
import { DEFAULT_COUNTRY } from "@/lib/policies/policy";
import { getPolicyInForce, listPolicyVersions } from "@/lib/policies/queries/get-policy";
import { sendingWindow } from "@/lib/policies/quiet-hours";
import { getStopRule } from "@/lib/sending/queries/get-stop-rule";
import { ComplianceHead } from "../compliance-head";
import { Proposal } from "./proposal";
import { RuleForm } from "./rule-form.client";
import { basisText, blockedText, capsText, countryText, weekLines, windowsText } from "./rule-text";
import { StopRuleForm } from "./stop-rule-form.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("policies"))("title") };
}

const decisionTones = { approved: "ok", refused: "idle", open: "warn" } as const;

/** When may whom be written to, how often, and who decided that? */
export default async function RulesPage() {
  const ctx = await requirePerson("policy.read");
  const [policy, stop, versions, t, formats] = await Promise.all([
    getPolicyInForce(ctx),
    getStopRule(ctx),
    listPolicyVersions(ctx),
    getTranslator("policies"),
    currentFormats(),
  ]);
  const words = { t, formats };
  const now = ctx.now();
  const rows = Object.entries(policy?.rules.rules ?? {}).map(([country, rule]) => ({
    country,
    rule,
    window: country === DEFAULT_COUNTRY || !policy ? null : sendingWindow(policy.rules, { country, zone: null }, now),
  }));
  const open = rows.filter(({ window }) => window?.isOpen).length;
  const named = rows.filter(({ window }) => window !== null).length;
  const isShipped = versions.find(({ id }) => id === policy?.id)?.proposedBy === null;
  const proposals = versions.flatMap(({ rules, ...version }) => (rules ? [{ ...version, rules }] : []));
  return (
    <ClientMessages namespaces={["policies"]}>
      <ComplianceHead />
      {policy ? (
        <Answer
          sub={`${
            isShipped
              ? t("inForceShipped", { number: formats.integer(policy.number) })
              : t("inForceSince", {
                  number: formats.integer(policy.number),
                  when: formats.dateTime(policy.effectiveAt),
                })
          } ${t("answerNote")}`}
        >
          {t("answer", { open: formats.integer(open), count: named, countText: formats.integer(named) })}
        </Answer>
      ) : (
        <EmptyState title={t("none")}>{t("noneText")}</EmptyState>
      )}
      {proposals.length > 0 && (
        <Section title={t("decisions.open")} note={t("openNote")}>
          <div className="grid gap-8">
            {proposals.map((version) => (
              <Proposal key={version.id} ctx={ctx} version={version} inForce={policy} words={words} />
            ))}
          </div>
        </Section>
      )}
      {policy && (
        <Section title={t("countries")} note={t("countriesNote")}>
          <DataTable
            caption={t("countries")}
            cards
            rows={rows}
            rowKey={({ country }) => country}
            columns={[
              {
                key: "country",
                head: t("columns.country"),
                cell: ({ country, rule }) => (
                  <TwoLines second={basisText(rule.basis, words)}>{countryText(country, words)}</TwoLines>
                ),
              },
              {
                key: "hours",
                head: t("columns.hours"),
                cell: ({ rule }) => (
                  <TwoLines second={rule.holidays ? t("closedOnHolidays") : t("openOnHolidays")}>
                    {weekLines(rule.days, words).map((line) => (
                      <span key={line} className="num block whitespace-nowrap">
                        {line}
                      </span>
                    ))}
                  </TwoLines>
                ),
              },
              {
                key: "caps",
                head: t("columns.caps"),
                cell: ({ rule }) => capsText(rule, words),
              },
              {
                key: "blocked",
                head: t("columns.blocked"),
                cell: ({ rule }) => blockedText(rule, words),
              },
              {
                key: "now",
                head: t("columns.now"),
                cell: ({ window }) =>
                  window === null ? (
                    "–"
                  ) : window.isOpen ? (
                    <StatusBadge tone="ok">{t("openNow")}</StatusBadge>
                  ) : (
                    <TwoLines
                      second={window.nextOpenAt ? <TimeText at={window.nextOpenAt} formats={formats} /> : t("never")}
                    >
                      <StatusBadge tone="idle">{t("closedNow")}</StatusBadge>
                    </TwoLines>
                  ),
              },
            ]}
          />
        </Section>
      )}
      <Section title={t("stop.title")} note={t("stop.note")} id="stop">
        <p className="max-w-measure">
          {t("stop.sentence", { share: formats.percent(stop.share), afterText: formats.integer(stop.after) })}
        </p>
        {may(ctx.actor, "policy.approve") && <StopRuleForm rule={stop} />}
      </Section>
      <Section title={t("versions")} note={t("versionsNote")}>
        <DataTable
          caption={t("versions")}
          cards
          rows={versions}
          rowKey={({ id }) => id}
          columns={[
            {
              key: "number",
              head: t("columns.version"),
              cell: ({ number, note, proposedBy }) => (
                <TwoLines second={proposedBy ? note : t("shippedNote")}>{formats.integer(number)}</TwoLines>
              ),
            },
            {
              key: "proposed",
              head: t("columns.proposed"),
              cell: ({ proposedBy, proposedAt }) => (
                <TwoLines second={<TimeText at={proposedAt} formats={formats} />}>
                  {proposedBy?.name ?? t("shipped")}
                </TwoLines>
              ),
            },
            {
              key: "decision",
              head: t("columns.decision"),
              cell: ({ decision, decidedBy, id }) => (
                <TwoLines second={decidedBy ?? undefined}>
                  <StatusBadge tone={decisionTones[decision ?? "open"]}>
                    {id === policy?.id ? t("inForce") : t(`decisions.${decision ?? "open"}`)}
                  </StatusBadge>
                </TwoLines>
              ),
            },
          ]}
        />
      </Section>
      {policy && may(ctx.actor, "policy.propose") && (
        <Section title={t("propose")} note={t("proposeNote")} id="propose">
          <RuleForm
            countries={rows.map(({ country, rule }) => ({
              country,
              name: countryText(country, words),
              days: Object.fromEntries(
                (["1", "2", "3", "4", "5", "6", "7"] as const).map((day) => [day, windowsText(rule.days, day)]),
              ),
              holidays: rule.holidays,
              perDay: String(rule.perDay),
              perWeek: String(rule.perWeek),
              blocked: rule.blockedCategories ?? [],
              consentAge: rule.consentAge === undefined ? "" : String(rule.consentAge),
              basis: rule.basis,
            }))}
          />
        </Section>
      )}
    </ClientMessages>
  );
}
