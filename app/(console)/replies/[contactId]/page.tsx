import type { Metadata } from "next";
import Link from "next/link";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { found, idInPath } from "@/app/_server/found";
import { getTranslator } from "@/app/_server/preferences";
import { Banner } from "@/app/_ui/banner";
import { ClientMessages } from "@/app/_ui/client-messages";
import { Answer, KeyValue, Section } from "@/app/_ui/page";
import { EmptyState } from "@/app/_ui/states";
import { MaskedPhone } from "@/app/_ui/text";
import { type ConversationView, getConversation } from "@/lib/conversations/queries/get-conversation";
import { publicId } from "@/lib/foundation/ids";
import { may } from "@/lib/identity/authorize";
import { noteReading } from "@/lib/reporting/commands/note-reading";
import { blockText } from "../../compliance/codes";
import { personPath } from "../../compliance/paths";
import { AnswerForm, HandleButton, MarkSeen } from "../conversation.client";
import { RepliesHead } from "../replies-head";
import { Thread, type ThreadWords } from "../thread";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("replies"))("person.title") };
}

/** Until when may this person be answered, and what was said so far? */
export default async function ConversationPage({ params }: { params: Promise<{ contactId: string }> }) {
  const ctx = await requirePerson("conversation.read");
  const contactId = idInPath("con", (await params).contactId);
  const [view, t, c, reasons, formats] = await Promise.all([
    found(getConversation(ctx, { contactId })),
    getTranslator("replies"),
    getTranslator("compliance"),
    getTranslator("reasons"),
    currentFormats(),
  ]);
  await noteReading(ctx, { what: "conversation.viewed", subject: view.contactId });
  const words: ThreadWords = { t, reasons, formats };
  const person = publicId("con", view.contactId);
  const mayReply = may(ctx.actor, "conversation.reply");
  const open = view.windows.filter(({ isOpen }) => isOpen);
  const [first, ...others] = open.map(({ numberId, number }) => ({ value: publicId("num", numberId), label: number }));
  const hasOpen = view.items.some((item) => item.kind === "in" && item.replyClass !== null && item.handledAt === null);
  const blocks = view.blocks.map((kind) => blockText(kind, c));
  const isOut = view.isErased || view.isRestricted;
  return (
    <ClientMessages namespaces={["replies"]}>
      <RepliesHead />
      {view.items.some((item) => item.kind === "in" && item.isUnread) && <MarkSeen contactId={person} />}
      <Standing view={view} now={ctx.now()} words={words} />
      <Section title={t("thread")} note={t("threadNote")} aside={<Link href="/replies">{t("person.back")}</Link>}>
        {view.items.length === 0 ? (
          <EmptyState title={t("personAnswer.never")}>{t("personNote.never")}</EmptyState>
        ) : (
          <Thread items={view.items} mayAct={mayReply} words={words} />
        )}
        {mayReply && hasOpen && (
          <div className="mt-6">
            <HandleButton contactId={person} isHandled={false} />
          </div>
        )}
      </Section>
      {mayReply && first && !isOut && (
        <Section title={t("reply.title")}>
          {blocks.length > 0 && (
            <div className="mb-4">
              <Banner tone="warn">{t("reply.blocked", { kinds: blocks.join(", ") })}</Banner>
            </div>
          )}
          <AnswerForm contactId={person} numbers={[first, ...others]} />
        </Section>
      )}
      <Section title={t("person.context")}>
        <KeyValue
          left
          rows={[
            { label: t("person.phone"), value: view.phone ? <MaskedPhone masked={view.phone} /> : t("noPhone") },
            { label: t("person.name"), value: view.name ?? "–" },
            { label: t("person.country"), value: view.country ? formats.country(view.country) : "–" },
            {
              label: t("person.consent"),
              value:
                view.consents.length === 0 ? (
                  t("person.noConsent")
                ) : (
                  <ul>
                    {view.consents.map(({ purpose, status }) => (
                      <li key={purpose}>{`${purpose}: ${t(`statuses.${status}`)}`}</li>
                    ))}
                  </ul>
                ),
            },
            { label: t("person.blocks"), value: blocks.length === 0 ? t("person.noBlocks") : blocks.join(", ") },
          ]}
        />
        {may(ctx.actor, "consent.read") && (
          <p className="mt-4">
            <Link href={personPath(view.contactId)}>{t("person.record")}</Link>
          </p>
        )}
      </Section>
    </ClientMessages>
  );
}

/** The time that is left, in words. */
function Standing({ view, now, words: { t, formats } }: { view: ConversationView; now: Date; words: ThreadWords }) {
  if (view.isErased) return <Answer sub={t("person.erased")}>{t("erasedPerson")}</Answer>;
  if (view.isRestricted) return <Answer sub={t("person.restricted")}>{t("personAnswer.closed")}</Answer>;
  const [window] = view.windows;
  if (!window) return <Answer sub={t("personNote.never")}>{t("personAnswer.never")}</Answer>;
  const until = formats.dateTime(window.until);
  if (!window.isOpen) return <Answer sub={t("personNote.closed", { until })}>{t("personAnswer.closed")}</Answer>;
  const left = formats.duration(window.until.getTime() - now.getTime());
  return <Answer sub={t("personNote.open", { left })}>{t("personAnswer.open", { until })}</Answer>;
}
