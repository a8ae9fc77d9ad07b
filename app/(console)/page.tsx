import type { Metadata, ResolvingMetadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { publicId } from "@/lib/foundation/ids";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import { may } from "@/lib/identity/authorize";
import { listNotices, type NoticeView } from "@/lib/notices/queries/list-notices";
import { getHome, type Home, type HomeItem } from "@/lib/reporting/queries/get-home";
import { currentFormats, requirePerson, signedInPerson } from "../_server/context";
import { getTranslator } from "../_server/preferences";
import { landingPath } from "../_server/return-path";
import { LinkButton } from "../_ui/button";
import { Timeline } from "../_ui/checklist";
import { ClientMessages } from "../_ui/client-messages";
import { Answer, PageHeader, Section } from "../_ui/page";
import { Progress } from "../_ui/progress";
import { EmptyState } from "../_ui/states";
import { TimeText } from "../_ui/text";
import { type Tone, toneIcons } from "../_ui/tones";
import { campaignPath } from "./campaigns/paths";
import { NoticeList } from "./notices/notice-list";

/** A layout's template reaches the pages below it, not the one beside it: the title is put together here. */
export async function generateMetadata(_props: unknown, parent: ResolvingMetadata): Promise<Metadata> {
  const [t, { title: frame }] = await Promise.all([getTranslator("home"), parent]);
  return { title: { absolute: (frame?.template ?? "%s").replace("%s", t("title")) } };
}

interface Words {
  t: Translator<"home">;
  formats: Formats;
}

const NOTICES_SHOWN = 5;

/** What needs me today? For whoever administers; everybody else is sent to where their role starts. */
export default async function HomePage() {
  const { actor } = await signedInPerson();
  const path = landingPath(actor.roles);
  if (path !== "/") redirect(path);
  const ctx = await requirePerson("campaign.read");
  const [home, told, t, campaigns, formats] = await Promise.all([
    getHome(ctx),
    may(ctx.actor, "notice.read") ? listNotices(ctx) : [],
    getTranslator("home"),
    getTranslator("campaigns"),
    currentFormats(),
  ]);
  const words = { t, formats };
  const count = home.items.length;
  const notices = told.filter(({ resolvedAt }) => resolvedAt === null).slice(0, NOTICES_SHOWN);
  return (
    <>
      <PageHeader title={t("title")} />
      <Answer>{t("answer", { count, countText: formats.integer(count) })}</Answer>
      <Section title={t("items.title")} note={t("items.note")}>
        {count === 0 ? (
          <EmptyState title={t("items.none")}>{t("items.noneText")}</EmptyState>
        ) : (
          <ul>
            {home.items.map((item, index) => (
              <Item key={`${item.kind} ${item.id}`} item={item} isFirst={index === 0} now={ctx.now()} words={words} />
            ))}
          </ul>
        )}
      </Section>
      {notices.length > 0 && <OpenNotices notices={notices} formats={formats} now={ctx.now()} />}
      {home.sending.length > 0 && <Sending sending={home.sending} words={words} />}
      {home.recent.length > 0 && (
        <Section title={t("recent.title")} note={t("recent.note")}>
          <Timeline
            entries={home.recent.map(({ at, type, campaignId, campaignName, actorName }, index) => ({
              id: String(index),
              tone: "info",
              when: <TimeText at={at} formats={formats} now={ctx.now()} />,
              title: campaigns("history.line", {
                name: actorName ?? campaigns("history.system"),
                what: actText(type, campaigns),
              }),
              detail: <Link href={campaignPath(campaignId)}>{campaignName}</Link>,
            }))}
          />
        </Section>
      )}
    </>
  );
}

const acts = [
  "created",
  "edited",
  "review_requested",
  "approved",
  "changes_asked",
  "approval_voided",
  "launched",
  "launch_cancelled",
  "paused",
  "resumed",
  "stopped",
  "archived",
  "frozen",
  "sending",
  "measuring",
  "concluded",
] as const;

/** What happened, in the words of the campaign's own history. */
function actText(type: string, t: Translator<"campaigns">): string {
  const known = acts.find((one) => one === type);
  return known ? t(`history.types.${known}`) : t("history.types.other", { type });
}

const tones: Record<HomeItem["kind"], Tone> = {
  kill_switch: "bad",
  campaign_frozen: "bad",
  approve_campaign: "info",
  approve_import: "info",
  changes_asked: "warn",
  ready_to_launch: "ok",
  campaign_paused: "warn",
  results_ready: "ok",
};

/** One thing that waits, since when, and the way to it. The first has the page's one filled button. */
function Item({ item, isFirst, now, words }: { item: HomeItem; isFirst: boolean; now: Date; words: Words }) {
  const { t, formats } = words;
  const tone = tones[item.kind];
  const Icon = toneIcons[tone];
  const href = hrefOf(item);
  return (
    <li className={`flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line-soft py-3 tone-${tone}`}>
      <Icon aria-hidden className="tone-icon self-start mt-1" />
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-medium">{titleOf(item, words)}</p>
        <p className="note">
          {t(`items.text.${item.kind}`)} <TimeText at={item.since} formats={formats} now={now} />
        </p>
      </div>
      {href && (
        <LinkButton href={href} look={isFirst ? "primary" : "default"}>
          {t(`items.action.${item.kind}`)} <span className="sr-only">{item.name}</span>
        </LinkButton>
      )}
    </li>
  );
}

const freezes = ["template_paused", "template_held", "template_changed", "content_changed", "kill_switch"] as const;

function titleOf({ kind, name, detail }: HomeItem, { t, formats }: Words): ReactNode {
  if (kind === "kill_switch") return t("items.kind.kill_switch", { level: detail ?? "", name });
  if (kind === "campaign_frozen") {
    const reason = freezes.find((one) => one === detail);
    return t("items.kind.campaign_frozen", { name, reason: reason ?? "other" });
  }
  if (kind === "approve_import") {
    const rows = Number(detail ?? 0);
    return t("items.kind.approve_import", { name, count: rows, countText: formats.integer(rows) });
  }
  return t(`items.kind.${kind}`, { name });
}

function hrefOf({ kind, id, detail }: HomeItem): string | undefined {
  if (id === null || (kind === "kill_switch" && detail !== "campaign")) return undefined;
  switch (kind) {
    case "approve_import":
      return `/audiences/imports/${publicId("imp", id)}`;
    case "results_ready":
      return campaignPath(id, "results");
    case "approve_campaign":
    case "ready_to_launch":
      return campaignPath(id, "edit/review");
    case "kill_switch":
    case "campaign_frozen":
    case "campaign_paused":
      return campaignPath(id, "live");
    case "changes_asked":
      return campaignPath(id);
  }
}

/** What the product tells by itself; the rest is one link away. */
async function OpenNotices({ notices, formats, now }: { notices: NoticeView[]; formats: Formats; now: Date }) {
  const t = await getTranslator("notices");
  return (
    <ClientMessages namespaces={["notices"]}>
      <Section title={t("atHome.title")} note={<Link href="/notices">{t("atHome.all")}</Link>}>
        <NoticeList notices={notices} t={t} formats={formats} now={now} />
      </Section>
    </ClientMessages>
  );
}

function Sending({ sending, words: { t, formats } }: { sending: Home["sending"]; words: Words }) {
  return (
    <Section title={t("sending.title")} note={t("sending.note")}>
      <ul>
        {sending.map(({ campaignId, name, share }) => (
          <li key={campaignId} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line-soft py-3">
            <Link href={campaignPath(campaignId, "live")} className="min-w-0 flex-1">
              {name}
            </Link>
            <Progress
              label={name}
              value={share}
              max={1}
              valueText={t("sending.share", { share: formats.percent(share, 0) })}
            />
            <span className="num">{formats.percent(share, 0)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
