import type { Metadata } from "next";
import { currentFormats, currentInstallation, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { StatusBadge } from "@/app/_ui/badge";
import { ClientMessages } from "@/app/_ui/client-messages";
import { Answer, KeyValue, Section } from "@/app/_ui/page";
import { EmptyState } from "@/app/_ui/states";
import { HashChip, TimeText } from "@/app/_ui/text";
import { listPurposes } from "@/lib/consent/queries/list-purposes";
import { listWordingsInUse, type WordingInUse } from "@/lib/consent/queries/list-wordings-in-use";
import { publicId } from "@/lib/foundation/ids";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import { may } from "@/lib/identity/authorize";
import { listBrands } from "@/lib/numbers/queries/list-brands";
import { ComplianceHead } from "../compliance-head";
import { PublishForm, PurposeForm, RevokeButton } from "./wording-forms.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("consents"))("wording.title") };
}

interface Words {
  t: Translator<"consents">;
  formats: Formats;
}

/** Which texts have people agreed to, and how many consents rest on each? */
export default async function WordingPage() {
  const ctx = await requirePerson("policy.read");
  const [wordings, purposes, brands, t, formats, { name }] = await Promise.all([
    listWordingsInUse(ctx),
    listPurposes(ctx),
    listBrands(ctx),
    getTranslator("consents"),
    currentFormats(),
    currentInstallation(),
  ]);
  const words = { t, formats };
  const inForce = wordings.filter(({ revokedAt }) => revokedAt === null).length;
  const people = wordings.filter(({ revokedAt }) => revokedAt === null).reduce((sum, one) => sum + one.people, 0);
  const mayDecide = may(ctx.actor, "policy.approve");
  return (
    <ClientMessages namespaces={["consents"]}>
      <ComplianceHead />
      <Answer sub={t("wording.note")}>
        {t("wording.answer", {
          count: inForce,
          countText: formats.integer(inForce),
          people,
          peopleText: formats.integer(people),
        })}
      </Answer>
      {purposes.map((purpose) => {
        const own = wordings.filter(({ purposeId }) => purposeId === purpose.id);
        return (
          <Section
            key={purpose.id}
            title={purpose.name}
            note={
              <PurposeFacts
                purpose={purpose}
                brand={brands.find(({ id }) => id === purpose.brandId)?.name ?? ""}
                words={words}
              />
            }
          >
            {own.length === 0 ? (
              <EmptyState title={t("wording.none")}>{t("wording.noneText")}</EmptyState>
            ) : (
              <ul className="grid gap-6">
                {own.map((wording) => (
                  <Wording key={wording.id} wording={wording} mayDecide={mayDecide} words={words} />
                ))}
              </ul>
            )}
          </Section>
        );
      })}
      {mayDecide && purposes.length > 0 && (
        <Section title={t("wording.new")} note={t("wording.newNote")} id="new">
          <PublishForm
            purposes={purposes.map((one) => ({ value: publicId("pur", one.id), label: one.name }))}
            controller={wordings[0]?.controller ?? name}
          />
        </Section>
      )}
      {mayDecide && (
        <Section title={t("purposes.new")} note={t("purposes.newNote")}>
          <PurposeForm brands={brands.map((brand) => ({ value: publicId("brd", brand.id), label: brand.name }))} />
        </Section>
      )}
    </ClientMessages>
  );
}

type Purpose = Awaited<ReturnType<typeof listPurposes>>[number];

function PurposeFacts({ purpose, brand, words: { t, formats } }: { purpose: Purpose; brand: string; words: Words }) {
  return (
    <>
      {t("purposes.facts", {
        brand,
        category: t(`purposes.categories.${purpose.category}`),
        days: formats.integer(purpose.validityDays),
        doubleOptIn: purpose.doubleOptIn ? "yes" : "no",
        hasAge: purpose.minAge === null ? "no" : "yes",
        age: purpose.minAge === null ? "" : formats.integer(purpose.minAge),
      })}
    </>
  );
}

function Wording({
  wording,
  mayDecide,
  words: { t, formats },
}: {
  wording: WordingInUse;
  mayDecide: boolean;
  words: Words;
}) {
  const { id, label, language, text, textSha256, revokedAt, revokedReason, createdAt, people } = wording;
  return (
    <li className="grid gap-3 border-t border-line pt-4">
      <div className="flex flex-wrap items-baseline gap-3">
        <h3>{`${label} · ${language}`}</h3>
        <StatusBadge tone={revokedAt ? "bad" : "ok"}>
          {t(revokedAt ? "wording.revoked" : "wording.inForce")}
        </StatusBadge>
        <span className="note">{t("wording.people", { count: people, countText: formats.integer(people) })}</span>
        {mayDecide && !revokedAt && (
          <span className="ml-auto">
            <RevokeButton wordingId={publicId("wrd", id)} label={`${label} · ${language}`} people={people} />
          </span>
        )}
      </div>
      <blockquote lang={language} className="max-w-measure whitespace-pre-line border-l-2 border-line pl-4">
        {text}
      </blockquote>
      <KeyValue
        left
        rows={[
          { label: t("wording.since"), value: <TimeText at={createdAt} formats={formats} /> },
          ...(revokedAt
            ? [
                { label: t("wording.revokedAt"), value: <TimeText at={revokedAt} formats={formats} /> },
                { label: t("wording.reason"), value: revokedReason ?? "–" },
              ]
            : []),
          { label: t("wording.controller"), value: wording.controller },
          { label: t("wording.privacy"), value: <a href={wording.privacyNoticeUrl}>{wording.privacyNoticeUrl}</a> },
          { label: "SHA-256", value: <HashChip hash={textSha256} name={t("wording.hashOf", { label })} /> },
        ]}
      />
    </li>
  );
}
