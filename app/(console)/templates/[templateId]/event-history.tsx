import { Timeline } from "@/app/_ui/checklist";
import { TimeText } from "@/app/_ui/text";
import type { Tone } from "@/app/_ui/tones";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import type { TemplateEventView } from "@/lib/templates/queries/get-template";

const bad = new Set(["REJECTED", "PAUSED", "DISABLED", "FLAGGED", "LOCKED", "RED"]);
const good = new Set(["APPROVED", "GREEN"]);

/** What happened to a template and who or what told us, newest first. */
export function EventHistory({
  events,
  formats,
  t,
}: {
  events: readonly TemplateEventView[];
  formats: Formats;
  t: Translator<"templates">;
}) {
  return (
    <Timeline
      entries={events.map((event) => ({
        id: event.id,
        tone: toneOf(event),
        when: <TimeText at={event.at} formats={formats} />,
        title: titleOf(event, t),
        detail: detailOf(event, t),
      }))}
    />
  );
}

function toneOf({ kind, became }: TemplateEventView): Tone {
  if (became && bad.has(became)) return "bad";
  if (became && good.has(became)) return "ok";
  return kind === "category_notice" || kind === "category" || kind === "text" ? "warn" : "idle";
}

function titleOf({ kind, was, became }: TemplateEventView, t: Translator<"templates">): string {
  switch (kind) {
    case "status":
    case "created":
      return t(`history.${kind}`, { status: stateText(became, t) });
    case "quality":
      return t("history.quality", { quality: qualityText(became, t) });
    case "category":
    case "category_notice":
      return t(`history.${kind}`, { was: categoryText(was, t), category: categoryText(became, t) });
    default:
      return t(`history.${kind}`);
  }
}

/** Who did it or where we learnt of it, and Meta's own words. */
function detailOf({ source, by, detail }: TemplateEventView, t: Translator<"templates">): string {
  const words = ["title", "description", "rejection", "recommendation"].flatMap((key) => {
    const text = detail[key];
    return typeof text === "string" ? text : [];
  });
  const from = by ? t("history.by", { name: by }) : t(`history.sources.${source}`);
  return [from, ...words].join(" · ");
}

const states = [
  "APPROVED",
  "PENDING",
  "IN_APPEAL",
  "REJECTED",
  "PAUSED",
  "DISABLED",
  "LIMIT_EXCEEDED",
  "PENDING_DELETION",
  "DELETED",
  "ARCHIVED",
  "FLAGGED",
  "LOCKED",
] as const;

function stateText(status: string | null, t: Translator<"templates">): string {
  const known = states.find((one) => one === status);
  return known ? t(`status.${known}`) : (status ?? "");
}

function qualityText(quality: string | null, t: Translator<"templates">): string {
  const known = (["GREEN", "YELLOW", "RED", "UNKNOWN"] as const).find((one) => one === quality);
  return known ? t(`quality.${known}`) : (quality ?? "");
}

function categoryText(category: string | null, t: Translator<"templates">): string {
  const known = (["MARKETING", "UTILITY", "AUTHENTICATION"] as const).find((one) => one === category);
  return known ? t(`category.${known}`) : (category ?? "");
}
