"use server";

import { revalidatePath } from "next/cache";
import { action, formAction } from "@/app/_server/action";
import { consoleRuntime } from "@/app/_server/runtime";
import { changeRoles } from "@/lib/identity/commands/change-roles";
import { createResetLink } from "@/lib/identity/commands/create-reset-link";
import { disableUser } from "@/lib/identity/commands/disable-user";
import { enableUser } from "@/lib/identity/commands/enable-user";
import { type HandedLink, inviteUser } from "@/lib/identity/commands/invite-user";
import { resetFactor } from "@/lib/identity/commands/reset-factor";
import { ChangeRolesInput, InviteUserInput, UserInput } from "@/lib/identity/team";
import type { HandedLinkView } from "./handed-link";

const refresh = () => revalidatePath("/settings/team");

export const invite = formAction(
  InviteUserInput,
  async (ctx, input) => shown(await inviteUser(ctx, input), input.name),
  refresh,
);
export const saveRoles = formAction(ChangeRolesInput, changeRoles, refresh);
export const makeLink = action(UserInput, async (ctx, input) => shown(await createResetLink(ctx, input), ""), refresh);
export const disable = action(UserInput, disableUser, refresh);
export const resetSecondFactor = action(UserInput, resetFactor, refresh);
export const enable = action(UserInput, enableUser, refresh);

async function shown({ token, expiresAt }: HandedLink, name: string): Promise<HandedLinkView> {
  const { consoleUrl } = await consoleRuntime();
  return { url: `${consoleUrl}/accept/${token}`, name, until: expiresAt.toISOString() };
}
