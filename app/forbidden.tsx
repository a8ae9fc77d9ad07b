import { getTranslator } from "./_server/preferences";
import { LinkButton } from "./_ui/button";
import { MessagePage } from "./_ui/message-page";

export default async function Forbidden() {
  const t = await getTranslator("errors");
  return (
    <MessagePage title={t("page.forbiddenTitle")} text={t("page.forbiddenText")}>
      <LinkButton href="/">{t("page.goHome")}</LinkButton>
    </MessagePage>
  );
}
