import type { Actor, Role } from "./actor";
import { grantOf } from "./authorize";
import { type Permission, permissionRow, scopes } from "./permissions";

/** The scopes that open an address of ours today, in the order in which a form offers them. */
export const openingScopes = [
  "conversion.write",
  "campaign.read",
  "segment.read",
  "import.read",
  "consent.report",
  "ledger.read",
] as const satisfies readonly Permission[];
export type OpeningScope = (typeof openingScopes)[number];

export function isOpeningScope(scope: string): scope is OpeningScope {
  return openingScopes.some((one) => one === scope);
}

/** Who connects programs: they give what only programs do, such as telling orders. */
const CONNECTING: readonly Role[] = ["owner", "admin"];

/**
 * Whether this actor may give a program this scope. Nobody gives more than they have themselves, so only compliance gives a key that
 * reads the log (separation of duty, compliance/design.md 5.2). The terminal of the machine gives everything.
 */
export function mayGiveScope(actor: Actor, scope: Permission): boolean {
  if (!scopes.includes(scope)) return false;
  if (actor.kind === "system") return actor.name === "terminal";
  if (actor.kind !== "user") return false;
  return isOfMachines(scope)
    ? actor.roles.some((role) => CONNECTING.includes(role))
    : grantOf(actor, scope) !== undefined;
}

/** No role holds it: a program alone does it. */
function isOfMachines(scope: Permission): boolean {
  const { scope: _scope, systems: _systems, ...byRole } = permissionRow(scope);
  return Object.keys(byRole).length === 0;
}
