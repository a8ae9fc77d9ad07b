import { AppError } from "@/lib/foundation/errors";
import type { Actor } from "./actor";
import type { Context } from "./context";
import { type Grant, type OwnedPermission, type Permission, permissionRow } from "./permissions";

/** Whose thing is acted on: the id of the person who created it. Asked for by permissions that reach only one's own. */
interface Owned {
  ownedBy: string | null;
}

type Subject<P extends Permission> = P extends OwnedPermission ? [subject: Owned] : [];

const strongestFirst: readonly Grant[] = ["yes", "second", "masked", "aggregates", "own"];

/** The furthest-reaching grant this actor has, or undefined: none. */
export function grantOf(actor: Actor, permission: Permission): Grant | undefined {
  const row = permissionRow(permission);
  switch (actor.kind) {
    case "user":
      return strongestFirst.find((grant) => actor.roles.some((role) => row[role] === grant));
    case "api_key":
      return row.scope && actor.scopes.includes(permission) ? "masked" : undefined;
    case "system":
      return row.systems?.includes(actor.name) ? "yes" : undefined;
  }
}

/** True when the actor may. For pages that hide a button; the command asks again with `authorize`. */
export function may<P extends Permission>(actor: Actor, permission: P, ...subject: Subject<P>): boolean {
  const grant = grantOf(actor, permission);
  if (grant !== "own") return grant !== undefined;
  const owner = subject[0]?.ownedBy;
  return actor.kind === "user" && owner === actor.userId;
}

/**
 * First line of every command and query. Throws AppError("forbidden", { permission }) unless the actor may.
 * `campaign.pause` also takes `{ ownedBy }`, because a marketer pauses only their own campaigns.
 */
export function authorize<P extends Permission>(ctx: Context, permission: P, ...subject: Subject<P>): void {
  if (!may(ctx.actor, permission, ...subject)) throw new AppError("forbidden", { permission });
}
