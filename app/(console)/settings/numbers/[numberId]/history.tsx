import { getTranslator } from "@/app/_server/preferences";
import { TimeText } from "@/app/_ui/text";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import type { NumberEventView } from "@/lib/numbers/queries/get-number";

const topics = [
  "phone_quality",
  "phone_name",
  "business_capability",
  "account_update",
  "account_alert",
  "account_review",
  "security",
  "business_username",
  "account_error",
  "read",
] as const;

/** What Meta said, in its own words beside ours: whoever asks Meta for help needs those. */
export async function History({ events, formats }: { events: readonly NumberEventView[]; formats: Formats }) {
  const t = await getTranslator("numbers");
  if (events.length === 0) return <p className="text-muted">{t("history.none")}</p>;
  return (
    <ol className="grid gap-4">
      {events.map(({ id, kind, at, summary }) => {
        const [head = "", ...rest] = kind.split(".");
        const topic = topics.find((one) => one === head);
        const facts = Object.entries(summary).filter(([name, value]) => value !== null && name !== "event");
        return (
          <li key={id} className="border-b border-line pb-4">
            <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
              <b>{topic ? t(`history.topics.${topic}`) : head}</b>
              {rest.length > 0 && <span className="num break-all">{rest.join(" ")}</span>}
              <span className="note">
                <TimeText at={at} formats={formats} />
              </span>
            </div>
            {facts.length > 0 && (
              <p className="note mt-1 break-words">
                {facts.map(([name, value]) => `${word(name, t)}: ${value}`).join(" · ")}
              </p>
            )}
          </li>
        );
      })}
    </ol>
  );
}

const words = [
  "status",
  "qualityRating",
  "nameStatus",
  "verifiedName",
  "throughputLevel",
  "messagesPerSecond",
  "username",
  "limit",
  "oldLimit",
  "decision",
  "requestedName",
  "reason",
  "violation",
  "restriction",
  "until",
  "date",
  "state",
  "code",
  "title",
  "maxPhoneNumbers",
  "alertType",
  "severity",
  "description",
  "pricingCategory",
  "tier",
  "region",
  "effectiveMonth",
  "country",
] as const;

/** The name of a fact in words; one that we have none for stands as it came. */
function word(name: string, t: Translator<"numbers">): string {
  const known = words.find((one) => one === name);
  return known ? t(`history.keys.${known}`) : name;
}
