import * as z from "zod";
import { parsePublicId } from "@/lib/foundation/ids";
import { type Actor, type Role, roles } from "./actor";
import { scopes } from "./permissions";

/** A person as the console shows them. `invited` has not yet chosen a password. */
export type UserStatus = "active" | "invited" | "disabled";

/** Roles that an administrator can neither give nor touch (compliance/design.md 5.2, first row). */
const OWNERS_ONLY: readonly Role[] = ["owner", "compliance"];

/** May this actor manage somebody who holds, or shall hold, these roles? Owners manage all, administrators the rest. */
export function mayManageRoles(actor: Actor, held: readonly Role[]): boolean {
  if (actor.kind !== "user") return false;
  if (actor.roles.includes("owner")) return true;
  return actor.roles.includes("admin") && !held.some((role) => OWNERS_ONLY.includes(role));
}

/** The roles this actor can give to others, in the order of the table. */
export function rolesToGive(actor: Actor): Role[] {
  return roles.filter((role) => mayManageRoles(actor, [role]));
}

export function statusOf(user: { passwordHash: string | null; disabledAt: Date | null }): UserStatus {
  if (user.disabledAt) return "disabled";
  return user.passwordHash === null ? "invited" : "active";
}

const email = z.string().trim().toLowerCase().pipe(z.email().max(254));
const name = z.string().trim().min(1).max(120);
const someRoles = z
  .array(z.enum(roles))
  .min(1)
  .transform((given) => roles.filter((role) => given.includes(role)));
const userId = idOf("usr");

function idOf(prefix: "usr" | "key") {
  return z.string().transform((text, ctx) => {
    const id = parsePublicId(prefix, text);
    if (id !== undefined) return id;
    ctx.addIssue({ code: "custom", message: `not an id of ${prefix}` });
    return z.NEVER;
  });
}

/** What forms and programs send; ids arrive as people see them (`usr_…`) and leave as uuids. */
export const SignInInput = z.object({
  email: z.string().trim().toLowerCase().min(1).max(254),
  password: z.string().min(1).max(1024),
});
export const InviteUserInput = z.object({ email, name, roles: someRoles });
export const ChangeRolesInput = z.object({ userId, roles: someRoles });
export const UserInput = z.object({ userId });
/** The password's own rules are in passwords.ts: they need to know whose it is. */
export const AcceptAccessLinkInput = z.object({ token: z.string().min(20).max(100), password: z.string().max(1024) });
export const CreateApiKeyInput = z.object({
  name: z.string().trim().min(1).max(80),
  scopes: z.array(z.enum(scopes)).min(1),
  days: z.coerce.number().int().min(1).max(365),
});
export const ApiKeyInput = z.object({ keyId: idOf("key") });

export type SignIn = z.output<typeof SignInInput>;
export type InviteUser = z.output<typeof InviteUserInput>;
export type ChangeRoles = z.output<typeof ChangeRolesInput>;
export type UserChoice = z.output<typeof UserInput>;
export type AcceptAccessLink = z.output<typeof AcceptAccessLinkInput>;
export type CreateApiKey = z.output<typeof CreateApiKeyInput>;
