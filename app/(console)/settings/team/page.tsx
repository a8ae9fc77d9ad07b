import type { Metadata } from "next";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { StatusBadge } from "@/app/_ui/badge";
import { ClientMessages } from "@/app/_ui/client-messages";
import { SidePanelButton } from "@/app/_ui/overlays.client";
import { Answer, PageHeader, Section } from "@/app/_ui/page";
import { TimeText } from "@/app/_ui/text";
import { publicId } from "@/lib/foundation/ids";
import { listUsers, type TeamMember } from "@/lib/identity/queries/list-users";
import { rolesToGive } from "@/lib/identity/team";
import { InviteForm } from "./invite-form.client";
import { MemberPanel } from "./member-panel.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("settings"))("team.title") };
}

const tones = { active: "ok", invited: "info", disabled: "idle" } as const;

export default async function TeamPage() {
  const ctx = await requirePerson("user.manage");
  const [people, t] = await Promise.all([listUsers(ctx), getTranslator("settings")]);
  const count = (status: TeamMember["status"]) => people.filter((person) => person.status === status).length;
  const given = rolesToGive(ctx.actor);
  return (
    <ClientMessages namespaces={["settings"]}>
      <PageHeader title={t("team.title")} />
      <Answer sub={t("team.answerNote")}>
        {t("team.answer", { count: count("active"), invited: count("invited") })}
      </Answer>
      <Section title={t("team.people")} note={t("team.peopleNote")}>
        <div className="table-scroll">
          <table className="data-table">
            <thead>
              <tr>
                <th scope="col">{t("team.person")}</th>
                <th scope="col">{t("team.roles")}</th>
                <th scope="col">{t("team.status")}</th>
                <th scope="col">{t("team.lastSeen")}</th>
                <th scope="col">
                  <span className="sr-only">{t("team.actions")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {people.map((person) => (
                <MemberRow key={person.id} person={person} given={given} />
              ))}
            </tbody>
          </table>
        </div>
      </Section>
      <Section title={t("team.invite")} note={t("team.inviteNote")} id="invite">
        <InviteForm given={given} />
      </Section>
    </ClientMessages>
  );
}

async function MemberRow({ person, given }: { person: TeamMember; given: ReturnType<typeof rolesToGive> }) {
  const [t, formats] = await Promise.all([getTranslator("settings"), currentFormats()]);
  const { name, email, roles, status, lastSeenAt, isManageable, isSelf } = person;
  return (
    <tr>
      <th scope="row" className="two-lines">
        {name} {isSelf && <span className="text-muted">({t("team.you")})</span>}
        <span className="note block">{email}</span>
      </th>
      <td>{formats.list(roles.map((role) => t(`roles.${role}`)))}</td>
      <td>
        <StatusBadge tone={tones[status]}>{t(`team.statuses.${status}`)}</StatusBadge>
      </td>
      <td>{lastSeenAt ? <TimeText at={lastSeenAt} formats={formats} /> : t("team.never")}</td>
      <td>
        {isManageable && (
          <SidePanelButton
            size="small"
            label={
              <>
                {t("team.change")} <span className="sr-only">{name}</span>
              </>
            }
            title={t("team.changeNamed", { name })}
          >
            <MemberPanel member={{ id: publicId("usr", person.id), name, roles, status }} given={given} />
          </SidePanelButton>
        )}
        {isSelf && <span className="note">{t("team.notYou")}</span>}
      </td>
    </tr>
  );
}
