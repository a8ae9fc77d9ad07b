"use client";

import { useActionState, useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import type { ActionResult } from "@/app/_server/action";
import { Banner } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import { useStepUp } from "@/app/_ui/step-up.client";
import { SubmitButton } from "@/app/_ui/submit-button.client";
import type { Role } from "@/lib/identity/actor";
import type { UserStatus } from "@/lib/identity/team";
import { disable, enable, makeLink, resetSecondFactor, saveRoles } from "./actions";
import type { HandedLinkView } from "./handed-link";
import { LinkToPassOn } from "./link-to-pass-on.client";
import { refusalKey } from "./refusal";
import { RoleBoxes } from "./role-boxes.client";

export interface ManagedMember {
  /** `usr_…` */
  id: string;
  name: string;
  roles: readonly Role[];
  status: UserStatus;
  hasFactor: boolean;
}

/** What can be done to one person: roles, a new link, shutting out and letting in again. */
export function MemberPanel({ member, given }: { member: ManagedMember; given: readonly Role[] }) {
  const t = useTranslations("settings");
  const proved = useStepUp();
  const [saved, save] = useActionState(proved(saveRoles), null);
  const [done, setDone] = useState<
    { said: "disabledDone" | "enabledDone" | "factorResetDone" } | { link: HandedLinkView }
  >();
  const [refused, setRefused] = useState<Extract<ActionResult<unknown>, { ok: false }>>();
  const [isPending, start] = useTransition();
  const problem = refused ?? (saved && !saved.ok ? saved : undefined);
  const refusal = problem && refusalKey(problem);

  function run<T>(work: () => Promise<ActionResult<T>>, onDone: (data: T) => void) {
    start(async () => {
      const result = await proved(work)();
      setRefused(result.ok ? undefined : result);
      if (result.ok) onDone(result.data);
    });
  }
  const choice = { userId: member.id };
  return (
    <div className="grid gap-6">
      {refusal && <Banner tone="bad">{t(`errors.${refusal}`)}</Banner>}
      {!refusal && saved?.ok && !done && <Banner tone="ok">{t("team.rolesSaved")}</Banner>}
      {done && "said" in done && <Banner tone="ok">{t(`team.${done.said}`)}</Banner>}
      <form action={save} className="grid gap-4">
        <input type="hidden" name="userId" value={member.id} />
        <RoleBoxes
          key={member.roles.join()}
          id={member.id}
          given={given}
          held={member.roles}
          error={problem?.fields.roles && t("errors.roles")}
        />
        <div>
          <SubmitButton pendingText={t("team.savePending")}>{t("team.saveRoles")}</SubmitButton>
        </div>
      </form>
      {member.status !== "disabled" && (
        <div className="grid gap-2">
          <p className="note">{t("team.newLinkNote")}</p>
          <div>
            <Button
              aria-busy={isPending || undefined}
              onClick={() =>
                run(
                  () => makeLink(choice),
                  (link) => setDone({ link: { ...link, name: member.name } }),
                )
              }
            >
              {t("team.newLink")}
            </Button>
          </div>
          {done && "link" in done && <LinkToPassOn id={`${member.id}-link`} link={done.link} />}
        </div>
      )}
      {member.hasFactor && (
        <div className="grid gap-2">
          <p className="note">{t("team.resetFactorNote")}</p>
          <div>
            <Button
              onClick={() =>
                run(
                  () => resetSecondFactor(choice),
                  () => setDone({ said: "factorResetDone" }),
                )
              }
            >
              {t("team.resetFactor")}
            </Button>
          </div>
        </div>
      )}
      <div className="grid gap-2">
        <p className="note">{t(member.status === "disabled" ? "team.enableNote" : "team.disableNote")}</p>
        <div>
          {member.status === "disabled" ? (
            <Button
              onClick={() =>
                run(
                  () => enable(choice),
                  () => setDone({ said: "enabledDone" }),
                )
              }
            >
              {t("team.enable")}
            </Button>
          ) : (
            <Button
              onClick={() =>
                run(
                  () => disable(choice),
                  () => setDone({ said: "disabledDone" }),
                )
              }
            >
              {t("team.disable")}
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}
