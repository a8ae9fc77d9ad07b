import { getTranslator } from "./_server/preferences";
import { LinkButton } from "./_ui/button";
import { MessagePage } from "./_ui/message-page";

export default async function NotFound() {
  const t = await getTranslator("errors");
  return (
    <MessagePage title={t("page.notFoundTitle")} text={t("page.notFoundText")}>
      <LinkButton href="/">{t("page.goHome")}</LinkButton>
    </MessagePage>
  );
}
