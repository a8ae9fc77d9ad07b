import type { Metadata } from "next";
import { requirePerson } from "@/app/_server/context";
import { found, idInPath } from "@/app/_server/found";
import { getTranslator } from "@/app/_server/preferences";
import { ClientMessages } from "@/app/_ui/client-messages";
import { Answer } from "@/app/_ui/page";
import { reviewPackage } from "@/lib/rights/commands/deliver-package";
import { evidenceText } from "../../../codes";
import { ComplianceHead } from "../../../compliance-head";
import { rightsWords } from "../../../rights-words";
import { ReviewForm } from "./review-form.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("rights"))("review.title") };
}

/** What may be about somebody else, for a person to judge: what was written to us, and evidence that others took down. */
export default async function ReviewPage({ params }: { params: Promise<{ requestId: string }> }) {
  const ctx = await requirePerson("rights.handle");
  const requestId = idInPath("rgt", (await params).requestId);
  const [{ whole, redactions }, { t, formats }, compliance] = await Promise.all([
    found(reviewPackage(ctx, { requestId })),
    rightsWords(),
    getTranslator("compliance"),
  ]);
  const hidden = new Set(redactions.map(({ item }) => item));
  const received = whole.received.map(({ id, at, type, text, details }) => ({
    item: `received:${id}`,
    when: formats.dateTime(at),
    text: text ?? (details === null ? t("review.noText", { type }) : JSON.stringify(details)),
    isHidden: hidden.has(`received:${id}`),
  }));
  const evidence = whole.consent.flatMap(({ id, at, evidence: kept }) =>
    kept === null
      ? []
      : [
          {
            item: `consent:${id}`,
            when: formats.dateTime(at),
            text: Object.entries(kept)
              .map(([key, value]) => `${evidenceText(key, compliance)}: ${value}`)
              .join("\n"),
            isHidden: hidden.has(`consent:${id}`),
          },
        ],
  );
  return (
    <ClientMessages namespaces={["rights"]}>
      <ComplianceHead title={t("review.title")} />
      <Answer sub={t("review.note", { when: formats.dateTime(whole.generatedAt) })}>{t("review.answer")}</Answer>
      <ReviewForm requestId={requestId} received={received} evidence={evidence} />
    </ClientMessages>
  );
}
