import { getTranslator } from "@/app/_server/preferences";
import { Banner, Callout } from "@/app/_ui/banner";
import { CopyButton } from "@/app/_ui/copy-button.client";
import { TimeText } from "@/app/_ui/text";
import { publicId } from "@/lib/foundation/ids";
import type { Formats } from "@/lib/i18n/formats";
import type { NumberView } from "@/lib/numbers/queries/list-numbers";
import { isSecretWrong } from "../number-state";
import { RefreshButton, SubscribeButton, VerifyToken } from "./webhook-controls.client";

/** How Meta's webhooks get here, and whether they do. */
export async function Webhooks({
  number,
  callbackUrl,
  formats,
  now,
}: {
  number: NumberView;
  callbackUrl: string;
  formats: Formats;
  now: Date;
}) {
  const t = await getTranslator("numbers");
  const { lastWebhookAt, isSandbox } = number;
  const id = publicId("num", number.id);
  return (
    <div className="grid max-w-measure gap-5">
      {!isSandbox && !callbackUrl.startsWith("https://") && <Callout tone="warn">{t("steps.webhooks.local")}</Callout>}
      {isSecretWrong(number) && <Banner tone="bad">{t("steps.webhooks.badSecret")}</Banner>}
      <SubscribeButton numberId={id} />
      <p>
        {t("steps.webhooks.last")}{" "}
        {lastWebhookAt ? <TimeText at={lastWebhookAt} formats={formats} now={now} /> : t("steps.webhooks.none")}{" "}
        <RefreshButton />
      </p>
      <details>
        <summary>{t("steps.webhooks.byHand")}</summary>
        <div className="mt-3 grid gap-4">
          <p>{t("steps.webhooks.byHandText")}</p>
          <div className="grid gap-1">
            <span className="field-label">{t("steps.webhooks.callback")}</span>
            <span className="hash break-all">
              {callbackUrl}
              <CopyButton text={callbackUrl} name={t("steps.webhooks.callback")} icon />
            </span>
          </div>
          <VerifyToken numberId={id} />
        </div>
      </details>
    </div>
  );
}
