import type { Metadata } from "next";
import Link from "next/link";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { StatusBadge } from "@/app/_ui/badge";
import { ClientMessages } from "@/app/_ui/client-messages";
import { DataTable, TwoLines } from "@/app/_ui/data-table";
import { Answer, PageHeader, Section } from "@/app/_ui/page";
import { EmptyState } from "@/app/_ui/states";
import { TimeText } from "@/app/_ui/text";
import { publicId } from "@/lib/foundation/ids";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import { isOpeningScope, mayGiveScope, openingScopes } from "@/lib/identity/key-scopes";
import { type ApiKeyView, listApiKeys } from "@/lib/identity/queries/list-api-keys";
import { SettingsTabs } from "../settings-tabs";
import { EndKey } from "./end-key.client";
import { KeyForm } from "./key-form.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("settings"))("apiKeys.title") };
}

const tones = { active: "ok", expired: "idle", revoked: "idle" } as const;

/** Which programs may come in, and to what? */
export default async function ApiKeysPage() {
  const ctx = await requirePerson("api_key.manage");
  const [keys, t, formats] = await Promise.all([listApiKeys(ctx), getTranslator("settings"), currentFormats()]);
  const active = keys.filter(({ state }) => state === "active").length;
  return (
    <ClientMessages namespaces={["settings"]}>
      <PageHeader title={t("apiKeys.title")} tabs={<SettingsTabs ctx={ctx} />} />
      <Answer sub={t("apiKeys.answerNote")}>
        {t("apiKeys.answer", { count: active, countText: formats.integer(active) })}
      </Answer>
      <Section wide title={t("apiKeys.list")} note={t("apiKeys.listNote")}>
        {keys.length === 0 ? (
          <EmptyState title={t("apiKeys.none")}>{t("apiKeys.noneText")}</EmptyState>
        ) : (
          <Keys keys={keys} t={t} formats={formats} />
        )}
      </Section>
      <Section
        title={t("apiKeys.new")}
        note={t("apiKeys.newNote")}
        id="new"
        aside={<Link href="/audit">{t("apiKeys.auditGuide")}</Link>}
      >
        <KeyForm offered={openingScopes} given={openingScopes.filter((scope) => mayGiveScope(ctx.actor, scope))} />
      </Section>
    </ClientMessages>
  );
}

function Keys({ keys, t, formats }: { keys: readonly ApiKeyView[]; t: Translator<"settings">; formats: Formats }) {
  return (
    <DataTable
      caption={t("apiKeys.list")}
      rows={keys}
      rowKey={({ id }) => id}
      columns={[
        {
          key: "key",
          head: t("apiKeys.key"),
          cell: ({ name, visible }) => (
            <TwoLines second={<span className="mono whitespace-nowrap">{visible}</span>}>{name}</TwoLines>
          ),
        },
        {
          key: "scopes",
          head: t("apiKeys.scopesHead"),
          cell: ({ scopes }) =>
            formats.list(scopes.map((scope) => (isOpeningScope(scope) ? t(`apiKeys.scopes.${scope}`) : scope))),
        },
        {
          key: "state",
          head: t("apiKeys.state"),
          cell: (key) => (
            <TwoLines second={<TimeText at={key.revokedAt ?? key.expiresAt} formats={formats} />}>
              <StatusBadge tone={tones[key.state]}>{t(`apiKeys.states.${key.state}`)}</StatusBadge>
            </TwoLines>
          ),
        },
        {
          key: "used",
          head: t("apiKeys.lastUsed"),
          cell: ({ lastUsedAt }) =>
            lastUsedAt ? <TimeText at={lastUsedAt} formats={formats} /> : t("apiKeys.neverUsed"),
        },
        {
          key: "created",
          head: t("apiKeys.created"),
          isLow: true,
          cell: ({ createdBy, createdAt }) => (
            <TwoLines second={<TimeText at={createdAt} formats={formats} />}>
              {createdBy ?? t("apiKeys.byProduct")}
            </TwoLines>
          ),
        },
        {
          key: "revoke",
          head: t("apiKeys.actions"),
          cell: ({ id, name, state }) =>
            state === "active" ? <EndKey keyId={publicId("key", id)} name={name} /> : "–",
        },
      ]}
    />
  );
}
