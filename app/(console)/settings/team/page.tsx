import type { Metadata } from "next";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { StatusBadge } from "@/app/_ui/badge";
import { ClientMessages } from "@/app/_ui/client-messages";
import { DataTable, TwoLines } from "@/app/_ui/data-table";
import { SidePanelButton } from "@/app/_ui/overlays.client";
import { Answer, PageHeader, Section } from "@/app/_ui/page";
import { TimeText } from "@/app/_ui/text";
import { publicId } from "@/lib/foundation/ids";
import type { Translator } from "@/lib/i18n/translator";
import type { Role } from "@/lib/identity/actor";
import { listUsers, type TeamMember } from "@/lib/identity/queries/list-users";
import { rolesToGive } from "@/lib/identity/team";
import { SettingsTabs } from "../settings-tabs";
import { InviteForm } from "./invite-form.client";
import { MemberPanel } from "./member-panel.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("settings"))("team.title") };
}

const tones = { active: "ok", invited: "info", disabled: "idle" } as const;

export default async function TeamPage() {
  const ctx = await requirePerson("user.manage");
  const [people, t, formats] = await Promise.all([listUsers(ctx), getTranslator("settings"), currentFormats()]);
  const count = (status: TeamMember["status"]) => people.filter((person) => person.status === status).length;
  const [active, invited] = [count("active"), count("invited")];
  const given = rolesToGive(ctx.actor);
  return (
    <ClientMessages namespaces={["settings"]}>
      <PageHeader title={t("team.title")} tabs={<SettingsTabs ctx={ctx} />} />
      <Answer sub={t("team.answerNote")}>
        {t("team.answer", {
          count: active,
          countText: formats.integer(active),
          invited,
          invitedText: formats.integer(invited),
        })}
      </Answer>
      <Section title={t("team.people")} note={t("team.peopleNote")}>
        <DataTable
          caption={t("team.people")}
          rows={people}
          rowKey={(person) => person.id}
          columns={[
            { key: "person", head: t("team.person"), cell: (person) => <Who person={person} t={t} /> },
            {
              key: "roles",
              head: t("team.roles"),
              cell: (person) => formats.list(person.roles.map((role) => t(`roles.${role}`))),
            },
            {
              key: "status",
              head: t("team.status"),
              cell: ({ status }) => <StatusBadge tone={tones[status]}>{t(`team.statuses.${status}`)}</StatusBadge>,
            },
            {
              key: "factor",
              head: t("team.factor"),
              isLow: true,
              cell: ({ hasFactor }) => t(hasFactor ? "team.factorOn" : "team.factorOff"),
            },
            {
              key: "lastSeen",
              head: t("team.lastSeen"),
              isLow: true,
              cell: ({ lastSeenAt }) => (lastSeenAt ? <TimeText at={lastSeenAt} formats={formats} /> : t("team.never")),
            },
            {
              key: "change",
              head: t("team.actions"),
              cell: (person) => <Change person={person} given={given} t={t} />,
            },
          ]}
        />
      </Section>
      <Section title={t("team.invite")} note={t("team.inviteNote")} id="invite">
        <InviteForm given={given} />
      </Section>
    </ClientMessages>
  );
}

function Who({ person, t }: { person: TeamMember; t: Translator<"settings"> }) {
  return (
    <TwoLines second={person.email}>
      {person.name}
      {person.isSelf && ` (${t("team.you")})`}
    </TwoLines>
  );
}

function Change({ person, given, t }: { person: TeamMember; given: readonly Role[]; t: Translator<"settings"> }) {
  const { name, roles, status, hasFactor } = person;
  if (person.isSelf) return <span className="note">{t("team.notYou")}</span>;
  if (!person.isManageable) return <span className="note">{t("team.ownersOnlyChange")}</span>;
  return (
    <SidePanelButton
      size="small"
      label={
        <>
          {t("team.change")} <span className="sr-only">{name}</span>
        </>
      }
      title={t("team.changeNamed", { name })}
    >
      <MemberPanel member={{ id: publicId("usr", person.id), name, roles, status, hasFactor }} given={given} />
    </SidePanelButton>
  );
}
