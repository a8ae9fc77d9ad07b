import type { Metadata } from "next";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { ClientMessages } from "@/app/_ui/client-messages";
import { DataTable, TwoLines } from "@/app/_ui/data-table";
import { Answer, FactStrip, PageHeader, Section } from "@/app/_ui/page";
import { TimeText } from "@/app/_ui/text";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import { grantOf } from "@/lib/identity/authorize";
import { getWebhookHealth, type QuarantinedItem, type WebhookHealth } from "@/lib/intake/queries/get-webhook-health";
import { SettingsTabs } from "../settings-tabs";
import { ItemButtons, KindButton } from "./quarantine-buttons.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("settings"))("webhooks.title") };
}

interface Shown {
  health: WebhookHealth;
  t: Translator<"settings">;
  formats: Formats;
}

export default async function WebhooksPage() {
  const ctx = await requirePerson("number.read");
  const [health, t, formats] = await Promise.all([getWebhookHealth(ctx), getTranslator("settings"), currentFormats()]);
  const shown = { health, t, formats };
  return (
    <ClientMessages namespaces={["settings"]}>
      <PageHeader title={t("webhooks.title")} tabs={<SettingsTabs ctx={ctx} />} />
      <Answer sub={t("webhooks.answerNote")}>{answerOf(shown, ctx.now())}</Answer>
      <Arrivals {...shown} now={ctx.now()} />
      <Quarantine {...shown} mayReplay={grantOf(ctx.actor, "number.manage") !== undefined} />
      <Unknowns {...shown} />
    </ClientMessages>
  );
}

function answerOf({ health, t, formats }: Shown, now: Date): string {
  const { lastAt, lastDay } = health;
  if (!lastAt) return t("webhooks.never");
  const count = lastDay.done + lastDay.ignored + lastDay.dead;
  const when = formats.relativeTime(lastAt, now);
  return count === 0
    ? t("webhooks.quiet", { when })
    : t("webhooks.answer", { when, count, countText: formats.integer(count) });
}

function Arrivals({ health, t, formats, now }: Shown & { now: Date }) {
  const { lastDay, waiting } = health;
  return (
    <Section title={t("webhooks.arrivals")} note={t("webhooks.arrivalsNote")}>
      <FactStrip
        facts={[
          { label: t("webhooks.done"), value: formats.integer(lastDay.done) },
          { label: t("webhooks.waiting"), value: formats.integer(waiting.count) },
          { label: t("webhooks.ignored"), value: formats.integer(lastDay.ignored) },
          { label: t("webhooks.unreadable"), value: formats.integer(lastDay.dead) },
          { label: t("webhooks.putAside"), value: formats.integer(lastDay.quarantined) },
        ]}
      />
      <div className="h-4" />
      <DataTable
        caption={t("webhooks.numbers")}
        rows={health.numbers}
        rowKey={({ id }) => id}
        columns={[
          {
            key: "number",
            head: t("webhooks.number"),
            cell: ({ displayNumber, verifiedName }) => (
              <TwoLines second={verifiedName}>
                <span className="num whitespace-nowrap">{displayNumber}</span>
              </TwoLines>
            ),
          },
          {
            key: "last",
            head: t("webhooks.lastWebhook"),
            cell: ({ lastWebhookAt }) =>
              lastWebhookAt ? <TimeText at={lastWebhookAt} formats={formats} now={now} /> : t("webhooks.noneYet"),
          },
        ]}
      />
      {health.kinds.length > 0 && (
        <DataTable
          caption={t("webhooks.kindsCaption")}
          rows={health.kinds}
          rowKey={({ kind }) => kind}
          compact
          columns={[
            { key: "kind", head: t("webhooks.kind"), cell: ({ kind }) => kindText(t, kind) },
            { key: "count", head: t("webhooks.count"), isNumber: true, cell: ({ count }) => formats.integer(count) },
          ]}
        />
      )}
    </Section>
  );
}

function Quarantine({ health, t, formats, mayReplay }: Shown & { mayReplay: boolean }) {
  const { quarantine, quarantinedCount } = health;
  if (quarantine.length === 0)
    return (
      <Section title={t("webhooks.quarantine")} note={t("webhooks.quarantineNote")}>
        <p>{t("webhooks.quarantineEmpty")}</p>
      </Section>
    );
  const kinds = [...new Set(quarantine.map(({ kind }) => kind))];
  const actions = {
    key: "actions",
    head: t("webhooks.actions"),
    cell: ({ inboxId, position, isReplaying }: QuarantinedItem) => (
      <ItemButtons inboxId={inboxId} position={position} isReplaying={isReplaying} />
    ),
  };
  return (
    <Section title={t("webhooks.quarantine")} note={t("webhooks.quarantineNote")}>
      <p>
        {t("webhooks.quarantineCount", { count: quarantinedCount, countText: formats.integer(quarantinedCount) })}
        {quarantinedCount > quarantine.length &&
          ` ${t("webhooks.newest", { countText: formats.integer(quarantine.length) })}`}
      </p>
      {mayReplay && (
        <p className="flex flex-wrap gap-2">
          {kinds.map((kind) => (
            <KindButton key={kind} kind={kind} label={t("webhooks.replayAll", { kind: kindText(t, kind) })} />
          ))}
        </p>
      )}
      <DataTable
        caption={t("webhooks.quarantine")}
        rows={quarantine}
        rowKey={({ inboxId, position }) => `${inboxId} ${position}`}
        columns={[
          {
            key: "kind",
            head: t("webhooks.kind"),
            cell: ({ kind, replays }) => (
              <TwoLines
                second={replays > 0 && t("webhooks.replays", { count: replays, countText: formats.integer(replays) })}
              >
                {kindText(t, kind)}
              </TwoLines>
            ),
          },
          { key: "at", head: t("webhooks.when"), cell: ({ at }) => <TimeText at={at} formats={formats} /> },
          { key: "error", head: t("webhooks.reason"), cell: ({ error }) => <span className="mono">{error}</span> },
          ...(mayReplay ? [actions] : []),
        ]}
      />
    </Section>
  );
}

function Unknowns({ health, t, formats }: Shown) {
  if (health.unknownFields.length === 0) return null;
  return (
    <Section title={t("webhooks.unknown")} note={t("webhooks.unknownNote")}>
      <DataTable
        caption={t("webhooks.unknown")}
        rows={health.unknownFields}
        rowKey={({ field }) => field}
        columns={[
          {
            key: "field",
            head: t("webhooks.field"),
            cell: ({ field }) => <span className="mono">{field || t("webhooks.broken")}</span>,
          },
          { key: "count", head: t("webhooks.count"), isNumber: true, cell: ({ count }) => formats.integer(count) },
          {
            key: "last",
            head: t("webhooks.lastSeen"),
            isLow: true,
            cell: ({ lastAt }) => <TimeText at={lastAt} formats={formats} />,
          },
        ]}
      />
    </Section>
  );
}

const named = [
  "status",
  "message",
  "user_action",
  "user_preference",
  "user_id_update",
  "template_status",
  "template_quality",
  "template_category",
  "template_components",
  "phone_quality",
  "phone_name",
  "business_capability",
  "business_username",
  "account_update",
  "account_alert",
  "account_review",
  "account_error",
  "security",
  "message_echo",
  "unknown",
  "body",
] as const;

/** Kinds are written by whatever version counted them, so one may have no word here. */
function kindText(t: Translator<"settings">, kind: string): string {
  const known = named.find((one) => one === kind);
  return known ? t(`webhooks.kinds.${known}`) : kind;
}
