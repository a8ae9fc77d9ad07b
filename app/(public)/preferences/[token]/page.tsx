import type { Metadata } from "next";
import { headers } from "next/headers";
import { currentFormats } from "@/app/_server/context";
import { originOf } from "@/app/_server/origin";
import { getTranslator, getPreferences as pagePreferences } from "@/app/_server/preferences";
import { deskContext } from "@/app/_server/runtime";
import { Banner } from "@/app/_ui/banner";
import { buttonClass } from "@/app/_ui/button";
import { notePreferenceRead } from "@/lib/consent/commands/note-preference-read";
import { getPreferences, type PreferencesView, type PurposeChoice } from "@/lib/consent/queries/get-preferences";
import { listOwnReceipts, type OwnReceipt } from "@/lib/consent/queries/list-own-receipts";
import { isAppError } from "@/lib/foundation/errors";
import { newId, publicId } from "@/lib/foundation/ids";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import { admitVisitor } from "@/lib/identity/commands/admit-visitor";
import { NoticeDetails } from "../../notice-details";

interface Props {
  params: Promise<{ token: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Looks from one address: people look a few times, whoever tries links looks often. */
const LOOKS = { what: "preferences", burst: 60, perHour: 240 } as const;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("public"))("preferences.title") };
}

interface Words {
  t: Translator<"public">;
  formats: Formats;
  /** What each form of the page carries. */
  hidden: { token: string; lang: string; submission: string };
}

/** What a person has agreed to, and one click to end all of it. No sign-in: the link came to them alone. */
export default async function PreferencesPage({ params, searchParams }: Props) {
  const [{ token }, query, t, formats, { locale }] = await Promise.all([
    params,
    searchParams,
    getTranslator("public"),
    currentFormats(),
    pagePreferences(),
  ]);
  const view = await look(token, locale);
  if (view === "tooMany") return <p role="alert">{t("tooMany")}</p>;
  if (!view) {
    return (
      <>
        <h1>{t("preferences.goneHeading")}</h1>
        <p>{t("preferences.gone")}</p>
      </>
    );
  }
  const words = { t, formats, hidden: { token, lang: locale, submission: newId() } };
  const receipts = await listOwnReceipts(await deskContext(), { token });
  const done = outcomes.find((one) => one === query.done);
  const getsSomething = view.purposes.some(({ status }) => status === "granted" || status === "pending");
  return (
    <>
      <h1>{t("preferences.heading", { brand: view.brandName })}</h1>
      {done && (
        <div role="status">
          <Banner tone={done === "wording_changed" ? "warn" : "ok"}>
            {t(`preferences.done.${done}`, { brand: view.brandName })}
          </Banner>
        </div>
      )}
      <p>{view.phone ? t("preferences.number", { phone: view.phone }) : t("preferences.noNumber")}</p>
      {getsSomething ? (
        <Choose words={words} act="stop_all">
          <button type="submit" className={buttonClass({ look: "primary", size: "big" })}>
            {t("preferences.stopAll")}
          </button>
        </Choose>
      ) : (
        <p>
          <strong>{t("preferences.nothing", { brand: view.brandName })}</strong>
        </p>
      )}
      <section className="grid gap-6">
        <h2>{t("preferences.each")}</h2>
        {view.purposes.map((purpose) => (
          <Purpose key={purpose.purposeId} purpose={purpose} words={words} />
        ))}
      </section>
      {receipts.length > 0 && <Receipts receipts={receipts} words={words} />}
    </>
  );
}

const outcomes = ["stopped_all", "stopped", "agreed", "requested", "wording_changed"] as const;

async function look(token: string, language: string): Promise<PreferencesView | "tooMany" | undefined> {
  const ctx = await deskContext();
  const { address } = originOf(await headers());
  try {
    await admitVisitor(ctx, { ...LOOKS, address });
    const view = await getPreferences(ctx, { token, language });
    await notePreferenceRead(ctx, view);
    return view;
  } catch (error) {
    if (!isAppError(error)) throw error;
    if (error.code === "too_many_requests") return "tooMany";
    if (error.code === "not_found") return undefined;
    throw error;
  }
}

/** What the person has decided so far, each with a receipt to keep. */
function Receipts({ receipts, words: { t, formats, hidden } }: { receipts: readonly OwnReceipt[]; words: Words }) {
  return (
    <section className="grid gap-3">
      <h2>{t("preferences.receipts")}</h2>
      <p className="note">{t("preferences.receiptsNote")}</p>
      <ul className="grid gap-3">
        {receipts.map(({ eventId, type, at, purpose }) => (
          <li key={eventId} className="border-t border-line pt-3">
            <p>
              {t(`preferences.decided.${type}`, { purpose: purpose ?? t("preferences.everything") })}
              <span className="note block">{formats.dateTime(at)}</span>
            </p>
            <a href={`/preferences/${hidden.token}/receipts/${publicId("evt", eventId)}`} download>
              {t("preferences.download")} <span className="sr-only">{formats.dateTime(at)}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Purpose({ purpose, words }: { purpose: PurposeChoice; words: Words }) {
  const { t, formats } = words;
  const { status, expiresAt, wording } = purpose;
  const isOn = status === "granted";
  return (
    <article className="grid gap-2 border-t border-line pt-4">
      <h3>{purpose.name}</h3>
      <p className="note">
        {isOn && expiresAt
          ? t("preferences.until", { date: formats.date(expiresAt) })
          : t(`preferences.status.${status}`)}
      </p>
      {isOn || status === "pending" ? (
        <Choose words={words} act="stop" purposeId={purpose.purposeId}>
          <button type="submit" className={buttonClass({})}>
            {t("preferences.stop", { purpose: purpose.name })}
          </button>
        </Choose>
      ) : null}
      {!isOn && wording && (
        <>
          <Choose words={words} act="agree" purposeId={purpose.purposeId} wordingId={wording.id}>
            <label className="choice">
              <input type="checkbox" name="agree" value="yes" required autoComplete="off" />
              <span lang={wording.language}>{wording.text}</span>
            </label>
            <div>
              <button type="submit" className={buttonClass({})}>
                {status === "pending" ? t("preferences.confirm") : t("preferences.agree")}
              </button>
            </div>
          </Choose>
          <NoticeDetails wording={wording} t={t} />
        </>
      )}
    </article>
  );
}

function Choose({
  words: { hidden },
  act,
  purposeId,
  wordingId,
  children,
}: {
  words: Words;
  act: "stop_all" | "stop" | "agree";
  purposeId?: string;
  wordingId?: string;
  children: React.ReactNode;
}) {
  return (
    <form method="post" action={`/preferences/${hidden.token}/change`} className="grid justify-items-start gap-3">
      <input type="hidden" name="act" value={act} />
      <input type="hidden" name="lang" value={hidden.lang} />
      <input type="hidden" name="submission" value={hidden.submission} />
      {purposeId && <input type="hidden" name="purpose" value={purposeId} />}
      {wordingId && <input type="hidden" name="wording" value={wordingId} />}
      {children}
    </form>
  );
}
