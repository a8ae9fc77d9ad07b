import type { Metadata } from "next";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { ClientMessages } from "@/app/_ui/client-messages";
import { Answer, PageHeader, Section } from "@/app/_ui/page";
import { EmptyState } from "@/app/_ui/states";
import { listNotices } from "@/lib/notices/queries/list-notices";
import { NoticeList } from "./notice-list";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("notices"))("title") };
}

/** What happened without me that somebody should look at? */
export default async function NoticesPage() {
  const ctx = await requirePerson("notice.read");
  const [notices, t, formats] = await Promise.all([listNotices(ctx), getTranslator("notices"), currentFormats()]);
  const open = notices.filter(({ resolvedAt }) => resolvedAt === null);
  const closed = notices.filter(({ resolvedAt }) => resolvedAt !== null);
  const words = { t, formats, now: ctx.now() };
  return (
    <ClientMessages namespaces={["notices"]}>
      <PageHeader title={t("title")} />
      <Answer sub={t("answerNote")}>
        {t("answer", { count: open.length, countText: formats.integer(open.length) })}
      </Answer>
      <Section title={t("open")} note={t("openNote")}>
        {open.length === 0 ? (
          <EmptyState title={t("none")}>{t("noneText")}</EmptyState>
        ) : (
          <NoticeList notices={open} {...words} />
        )}
      </Section>
      {closed.length > 0 && (
        <Section title={t("closed")}>
          <NoticeList notices={closed} {...words} />
        </Section>
      )}
    </ClientMessages>
  );
}
