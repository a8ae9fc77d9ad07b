import type { Metadata } from "next";
import Link from "next/link";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { StatusBadge } from "@/app/_ui/badge";
import { Banner } from "@/app/_ui/banner";
import { LinkButton } from "@/app/_ui/button";
import { ClientMessages } from "@/app/_ui/client-messages";
import { DataTable, TwoLines } from "@/app/_ui/data-table";
import { Answer, KeyValue, Section } from "@/app/_ui/page";
import { PhonePreview } from "@/app/_ui/phone-preview";
import { TimeText } from "@/app/_ui/text";
import { listPurposeChanges, type PurposeChange } from "@/lib/consent/queries/list-purpose-changes";
import { listPurposes, type Purpose } from "@/lib/consent/queries/list-purposes";
import { publicId } from "@/lib/foundation/ids";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import { may } from "@/lib/identity/authorize";
import { listBrands } from "@/lib/numbers/queries/list-brands";
import { listQuestions, type QuestionChoice } from "@/lib/sending/queries/list-questions";
import { shownMessage } from "../../templates/shown-message";
import { ComplianceHead } from "../compliance-head";
import { CapsForm } from "./caps-form.client";
import { PurposeEdit, QuestionForm } from "./purpose-forms.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("purposes"))("title") };
}

interface Words {
  t: Translator<"purposes">;
  c: Translator<"consents">;
  formats: Formats;
}

/** What is consent asked for, by which rules, and how is it confirmed? */
export default async function PurposesPage() {
  const ctx = await requirePerson("policy.read");
  const [purposes, brands, questions, changes, t, c, formats] = await Promise.all([
    listPurposes(ctx),
    listBrands(ctx),
    listQuestions(ctx),
    listPurposeChanges(ctx),
    getTranslator("purposes"),
    getTranslator("consents"),
    currentFormats(),
  ]);
  const words = { t, c, formats };
  const asking = purposes.filter(({ doubleOptIn }) => doubleOptIn).length;
  const mayDecide = may(ctx.actor, "policy.approve");
  return (
    <ClientMessages namespaces={["purposes"]}>
      <ComplianceHead />
      <Answer sub={t("note")}>
        {t("answer", {
          count: purposes.length,
          countText: formats.integer(purposes.length),
          asking,
          askingText: formats.integer(asking),
        })}
      </Answer>
      {purposes.map((purpose) => (
        <Section
          key={purpose.id}
          title={purpose.name}
          note={brands.find(({ id }) => id === purpose.brandId)?.name}
          aside={<Link href="/compliance/wording">{t("wordings")}</Link>}
        >
          <Facts purpose={purpose} words={words} />
          {mayDecide && (
            <div className="mt-4">
              <PurposeEdit
                purpose={{
                  id: publicId("pur", purpose.id),
                  name: purpose.name,
                  minAge: purpose.minAge,
                  retentionDays: purpose.retentionDays,
                }}
              />
              <CapsForm purposeId={publicId("pur", purpose.id)} name={purpose.name} caps={capsOf(purpose)} />
            </div>
          )}
          {purpose.doubleOptIn && (
            <Question
              purpose={purpose}
              questions={questions.filter(({ brandId }) => brandId === purpose.brandId)}
              mayDecide={mayDecide}
              words={words}
            />
          )}
        </Section>
      ))}
      <History changes={changes} purposes={purposes} words={words} />
    </ClientMessages>
  );
}

function Facts({ purpose, words: { t, c, formats } }: { purpose: Purpose; words: Words }) {
  const { validityDays, pendingHours, retentionDays, minAge, doubleOptIn, lawfulBasis, category, key } = purpose;
  const counted = (unit: "days" | "hours" | "years", count: number) =>
    t(unit, { count, countText: formats.integer(count) });
  const basis = (["consent", "contract", "legal_obligation", "legitimate_interest"] as const).find(
    (one) => one === lawfulBasis,
  );
  return (
    <KeyValue
      left
      rows={[
        { label: t("key"), value: <code className="mono">{key}</code> },
        { label: t("category"), value: c(`purposes.categories.${category}`) },
        { label: t("basis"), value: basis ? t(`bases.${basis}`) : lawfulBasis },
        { label: t("validity"), value: counted("days", validityDays) },
        {
          label: t("confirmation"),
          value: doubleOptIn ? t("confirmed", { hours: counted("hours", pendingHours) }) : t("unconfirmed"),
        },
        { label: t("minAge"), value: minAge === null ? t("noAge") : counted("years", minAge) },
        { label: t("retention"), value: counted("days", retentionDays) },
        { label: t("caps.title"), value: capsText(purpose, { t, formats }) },
      ]}
    />
  );
}

function capsOf({ perDay, perWeek, perMonth, spacingHours, unreadLimit }: Purpose) {
  return { perDay, perWeek, perMonth, spacingHours, unreadLimit };
}

/** What is asked of this purpose besides the rules of each country: `2 en 7 días, 48 h entre una y otra`. */
function capsText(purpose: Purpose, { t, formats }: Pick<Words, "t" | "formats">): string {
  const caps = Object.entries(capsOf(purpose)).flatMap(([name, value]) =>
    value === null
      ? []
      : // the five names are keys of the catalogue
        [t(`caps.short.${name as keyof ReturnType<typeof capsOf>}`, { valueText: formats.integer(value) })],
  );
  return caps.length === 0 ? t("caps.none") : formats.list(caps);
}

function Question({
  purpose,
  questions,
  mayDecide,
  words: { t },
}: {
  purpose: Purpose;
  questions: readonly QuestionChoice[];
  mayDecide: boolean;
  words: Words;
}) {
  const current = questions.find(({ templateId }) => templateId === purpose.questionTemplateId);
  const candidates = questions.filter(({ fits }) => fits);
  const picture = (question: QuestionChoice) => (
    <PhonePreview message={shownMessage(question.preview)} sender={question.sender} label={t("question.preview")} />
  );
  return (
    <div className="mt-6 grid gap-4 border-t border-line pt-4">
      <h3>{t("question.title")}</h3>
      <p className="max-w-measure">{t("question.text")}</p>
      {current ? (
        <div className="grid gap-3">
          <p>{t("question.current", { name: current.name, language: current.language, sender: current.sender })}</p>
          <p className="flex flex-wrap gap-4">
            <StatusBadge tone={current.isApproved ? "ok" : "warn"}>
              {current.isApproved ? t("question.approved") : t("question.notApproved", { status: current.status })}
            </StatusBadge>
            <StatusBadge tone={current.fits ? "ok" : "bad"}>
              {t(current.fits ? "question.fits" : "question.unfit")}
            </StatusBadge>
          </p>
          {(!current.isApproved || !current.fits) && <Banner tone="warn">{t("question.paused")}</Banner>}
        </div>
      ) : (
        <Banner tone="warn">{t("question.none")}</Banner>
      )}
      {!mayDecide && current && picture(current)}
      {mayDecide &&
        (candidates.length === 0 ? (
          <div className="grid gap-3">
            <p>{t("question.noCandidates")}</p>
            <div>
              <LinkButton href="/templates/new">{t("question.create")}</LinkButton>
            </div>
          </div>
        ) : (
          <QuestionForm
            key={purpose.questionTemplateId ?? ""}
            purposeId={publicId("pur", purpose.id)}
            chosen={current?.fits ? publicId("tpl", current.templateId) : ""}
            choices={candidates.map(({ templateId, name, language, isApproved, status }) => ({
              value: publicId("tpl", templateId),
              label: t("question.option", {
                name,
                language,
                status: isApproved ? t("question.approved") : t("question.notApproved", { status }),
              }),
            }))}
            previews={Object.fromEntries(candidates.map((one) => [publicId("tpl", one.templateId), picture(one)]))}
          />
        ))}
    </div>
  );
}

function History({
  changes,
  purposes,
  words: { t, formats },
}: {
  changes: readonly PurposeChange[];
  purposes: readonly Purpose[];
  words: Words;
}) {
  const age = (years: number | null) => (years === null ? t("noAge") : formats.integer(years));
  const linesOf = ({ from, to }: PurposeChange) => [
    ...(from.name === to.name ? [] : [t("history.line", { what: t("edit.name"), from: from.name, to: to.name })]),
    ...(from.minAge === to.minAge
      ? []
      : [t("history.line", { what: t("minAge"), from: age(from.minAge), to: age(to.minAge) })]),
    ...(from.retentionDays === to.retentionDays
      ? []
      : [
          t("history.line", {
            what: t("edit.retention"),
            from: formats.integer(from.retentionDays),
            to: formats.integer(to.retentionDays),
          }),
        ]),
  ];
  return (
    <Section title={t("history.title")} note={t("history.note")}>
      {changes.length === 0 ? (
        <p>{t("history.none")}</p>
      ) : (
        <DataTable
          caption={t("history.title")}
          rows={changes}
          rowKey={({ purposeId, at }) => `${purposeId} ${at.getTime()}`}
          columns={[
            {
              key: "what",
              head: t("history.what"),
              cell: (change) => (
                <TwoLines second={`«${change.reason}»`}>
                  {purposes.find(({ id }) => id === change.purposeId)?.name ?? change.to.name}
                  {linesOf(change).map((line) => (
                    <span key={line} className="block font-normal">
                      {line}
                    </span>
                  ))}
                </TwoLines>
              ),
            },
            { key: "who", head: t("history.who"), cell: ({ by }) => by },
            { key: "when", head: t("history.when"), cell: ({ at }) => <TimeText at={at} formats={formats} /> },
          ]}
        />
      )}
    </Section>
  );
}
