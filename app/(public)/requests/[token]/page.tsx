import type { Metadata } from "next";
import { headers } from "next/headers";
import { currentFormats } from "@/app/_server/context";
import { originOf } from "@/app/_server/origin";
import { getPreferences, getTranslator } from "@/app/_server/preferences";
import { deskContext } from "@/app/_server/runtime";
import { buttonClass } from "@/app/_ui/button";
import { isAppError } from "@/lib/foundation/errors";
import { admitVisitor } from "@/lib/identity/commands/admit-visitor";
import { lookDelivery } from "@/lib/rights/queries/look-delivery";
import { claimOf } from "../claim-cookie";

interface Props {
  params: Promise<{ token: string }>;
}

/** Looks from one address: people look a few times, whoever tries links looks often. */
const LOOKS = { what: "requests", burst: 40, perHour: 120 } as const;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("rights"))("delivery.title") };
}

/** Where somebody gets the data that they asked for. Nothing is shown before they press a button: links are looked at by machines. */
export default async function DeliveryPage({ params }: Props) {
  const [{ token }, t, formats, sent, { locale }] = await Promise.all([
    params,
    getTranslator("rights"),
    currentFormats(),
    headers(),
    getPreferences(),
  ]);
  const ctx = await deskContext();
  try {
    await admitVisitor(ctx, { ...LOOKS, address: originOf(sent).address });
  } catch (error) {
    if (!isAppError(error)) throw error;
    return <p role="alert">{t("delivery.tooMany")}</p>;
  }
  const { verdict, expiresAt } = await lookDelivery(ctx, { token, claim: claimOf(token, sent.get("cookie")) });
  if (verdict === "gone" || !expiresAt) return <Message title={t("delivery.gone")} text={t("delivery.goneText")} />;
  if (verdict === "somebody_elses") return <Message title={t("delivery.others")} text={t("delivery.othersText")} />;
  const base = `/requests/${encodeURIComponent(token)}`;
  const when = formats.dateTime(expiresAt);
  if (verdict === "unclaimed") {
    return (
      <>
        <h1>{t("delivery.question")}</h1>
        <p>{t("delivery.explain", { when })}</p>
        <form method="post" action={`${base}/open`}>
          <input type="hidden" name="lang" value={locale} />
          <button type="submit" className={buttonClass({ look: "primary" })}>
            {t("delivery.open")}
          </button>
        </form>
      </>
    );
  }
  return (
    <>
      <h1>{t("delivery.question")}</h1>
      <p>
        <a className={buttonClass({ look: "primary" })} href={`${base}/package?as=page&lang=${locale}`}>
          {t("delivery.read")}
        </a>
      </p>
      <ul className="grid gap-3">
        <li>
          <a href={`${base}/package?as=html&lang=${locale}`}>{t("delivery.html")}</a>
        </li>
        <li>
          <a href={`${base}/package?as=json&lang=${locale}`}>{t("delivery.json")}</a>
        </li>
      </ul>
      <p className="note">{t("delivery.kept", { when })}</p>
    </>
  );
}

function Message({ title, text }: { title: string; text: string }) {
  return (
    <>
      <h1>{title}</h1>
      <p>{text}</p>
    </>
  );
}
