import type { Metadata } from "next";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { Banner } from "@/app/_ui/banner";
import { ClientMessages } from "@/app/_ui/client-messages";
import { Answer, Section } from "@/app/_ui/page";
import { getReplyRules } from "@/lib/conversations/queries/get-reply-rules";
import { may } from "@/lib/identity/authorize";
import { RepliesHead } from "../replies-head";
import { RulesForm } from "./rules-form.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("replies"))("rules.title") };
}

/** By which words is an answer a question, a complaint, interest? */
export default async function ReplyRulesPage() {
  const ctx = await requirePerson("conversation.read");
  const [view, t, formats] = await Promise.all([getReplyRules(ctx), getTranslator("replies"), currentFormats()]);
  const { number, rules, savedBy, savedAt, waiting, corrected } = view;
  return (
    <ClientMessages namespaces={["replies"]}>
      <RepliesHead />
      <Answer
        sub={
          <>
            {t("rules.note", { correctedText: formats.integer(corrected) })}{" "}
            {savedBy && savedAt && t("rules.savedBy", { name: savedBy, at: formats.dateTime(savedAt) })}
          </>
        }
      >
        {t("rules.answer", { number, numberText: formats.integer(number) })}
      </Answer>
      {waiting > 0 && (
        <Banner tone="info">{t("rules.waiting", { count: waiting, countText: formats.integer(waiting) })}</Banner>
      )}
      <Section title={t("rules.form")} note={t("rules.formNote")}>
        {may(ctx.actor, "conversation.reply") ? (
          <RulesForm key={number} basedOn={number} rules={rules} />
        ) : (
          <p>{t("rules.readOnly")}</p>
        )}
      </Section>
    </ClientMessages>
  );
}
