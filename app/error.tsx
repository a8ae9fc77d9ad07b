"use client";

import { useTranslations } from "use-intl/react";
import { Button } from "./_ui/button";
import { MessagePage } from "./_ui/message-page";

/** An unexpected failure of a page. The digest is the id under which the server logged it. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const t = useTranslations("errors");
  const common = useTranslations("common");
  return (
    <MessagePage title={t("page.errorTitle")} text={t("page.errorText")}>
      <Button onClick={reset}>{common("retry")}</Button>
      {error.digest && <code className="hash">{error.digest}</code>}
    </MessagePage>
  );
}
