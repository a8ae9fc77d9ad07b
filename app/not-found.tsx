import type { Metadata } from "next";
import { pageTitles } from "./_server/page-titles";
import { getTranslator } from "./_server/preferences";
import { LinkButton } from "./_ui/button";
import { MessagePage } from "./_ui/message-page";

export async function generateMetadata(): Promise<Metadata> {
  const [{ title }, t] = await Promise.all([pageTitles(), getTranslator("errors")]);
  const suffix = title && typeof title === "object" && "absolute" in title ? title.absolute : "Contraste";
  return { title: { absolute: `${t("page.notFoundTitle")} · ${suffix}` } };
}

export default async function NotFound() {
  const t = await getTranslator("errors");
  return (
    <MessagePage title={t("page.notFoundTitle")} text={t("page.notFoundText")}>
      <LinkButton href="/">{t("page.goHome")}</LinkButton>
    </MessagePage>
  );
}
