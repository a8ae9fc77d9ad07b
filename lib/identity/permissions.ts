import type { Role, SystemName } from "./actor";

/**
 * How far a permission reaches. `second` needs another person to complete it (four eyes, enforced by the command that
 * offers it), `masked` hides phone numbers and names, `own` covers what the person created, `aggregates` only totals.
 */
export type Grant = "yes" | "second" | "masked" | "own" | "aggregates";

interface Row extends Partial<Record<Role, Grant>> {
  /** May be given to an API key as a scope. */
  scope?: true;
  /** Our own processes that need it. */
  systems?: readonly SystemName[];
}

const everyone = { owner: "yes", admin: "yes", marketer: "yes", approver: "yes", compliance: "yes" } as const;
const everyoneMasked = {
  owner: "masked",
  admin: "masked",
  marketer: "masked",
  approver: "masked",
  compliance: "masked",
} as const;

/** Who may do what. What is not here is refused; an empty cell is a no. */
const permissions = {
  // People, roles and the way in
  "user.manage": { owner: "yes", admin: "yes" },
  "team.read": { ...everyone, executive: "yes" },
  "own_factor.manage": { ...everyone, executive: "yes" },
  "session.open": { systems: ["console"] },
  "visitor.admit": { systems: ["console"] },
  "actor.identify": { systems: ["console", "ingress"] },
  "installation.read": {
    ...everyone,
    executive: "yes",
    scope: true,
    systems: ["console", "worker", "ingress", "sandbox", "terminal"],
  },
  "installation.setup": { systems: ["terminal"] },
  "settings.manage": { owner: "yes", admin: "yes" },

  // What the product tells people by itself
  "notice.raise": { ...everyone, systems: ["worker", "ingress", "terminal", "console"] },
  "notice.read": { ...everyone },

  // Senders, tokens, keys
  "number.read": { ...everyone, systems: ["worker", "terminal", "ingress"] },
  "number.manage": { owner: "second", admin: "second", systems: ["terminal", "worker"] },
  /** Which scopes each of them may give is in key-scopes.ts: nobody gives a program more than they have. */
  "api_key.manage": { owner: "second", admin: "second", compliance: "second", systems: ["terminal"] },

  // Contacts and segments
  "contact.read": { ...everyoneMasked, scope: true, systems: ["worker", "terminal"] },
  "contact.unmask": { compliance: "yes" },
  "segment.read": { ...everyoneMasked, scope: true, systems: ["worker", "terminal"] },
  "segment.edit": { admin: "yes", marketer: "yes", scope: true },

  // Answers to people who wrote to us
  "conversation.read": { admin: "masked", marketer: "masked", compliance: "masked", systems: ["worker"] },
  "conversation.reply": { admin: "yes", marketer: "yes", compliance: "yes" },

  // Imports
  "contact.import": { admin: "yes", marketer: "yes", scope: true, systems: ["worker", "terminal"] },
  "import.read": { admin: "yes", marketer: "yes", compliance: "yes", scope: true, systems: ["worker", "terminal"] },
  "import.approve": { compliance: "yes" },

  // Templates and campaigns
  "template.read": { ...everyone, scope: true, systems: ["worker", "terminal"] },
  "template.edit": { admin: "yes", marketer: "yes", scope: true, systems: ["worker"] },
  "campaign.read": { ...everyone, executive: "yes", scope: true, systems: ["worker", "terminal"] },
  "campaign.edit": { admin: "yes", marketer: "yes", scope: true },
  "campaign.approve": { owner: "second", approver: "second" },
  "campaign.veto": { compliance: "yes" },
  "campaign.launch": { admin: "yes", marketer: "yes" },
  "campaign.pause": {
    owner: "yes",
    admin: "yes",
    marketer: "own",
    approver: "yes",
    compliance: "yes",
    systems: ["worker"],
  },
  "campaign.decide": { admin: "yes", marketer: "yes" },
  "kill_switch.engage": { owner: "yes", admin: "yes", approver: "yes", compliance: "yes", systems: ["worker"] },
  "kill_switch.release": { owner: "second", approver: "second", compliance: "second" },

  // Rules, caps, purposes, wording
  "policy.read": { ...everyone, systems: ["worker", "terminal", "ingress", "console"] },
  "policy.propose": { admin: "yes", marketer: "yes", compliance: "yes" },
  "policy.approve": { compliance: "yes", systems: ["terminal"] },

  // Consent and its proof
  "consent.read": { compliance: "yes", scope: true, systems: ["worker"] },
  "ledger.read": { compliance: "yes", scope: true, systems: ["worker"] },
  "proof.read": { compliance: "yes", scope: true, systems: ["worker"] },
  "consent.record": { systems: ["worker", "ingress", "terminal", "console"] },
  "consent.report": { compliance: "yes", scope: true },
  "consent.withdraw": { compliance: "yes", systems: ["worker", "ingress", "console"] },
  "form.edit": { admin: "yes", marketer: "yes", compliance: "yes" },
  "consent.invalidate": { compliance: "second" },
  "suppression.remove": { compliance: "second" },

  // Rights of the people we write to
  "rights.handle": { compliance: "yes", systems: ["worker"] },
  "rights.erase": { compliance: "second", systems: ["worker", "terminal"] },
  /** Whoever has the link gets the package; nobody is signed in. */
  "rights.deliver": { systems: ["console"] },

  // Reports
  "report.read": { ...everyone, executive: "aggregates", scope: true, systems: ["worker", "terminal"] },
  "roi.read": { ...everyone, executive: "aggregates", scope: true, systems: ["worker", "terminal"] },
  "audit.read": { owner: "yes", compliance: "yes" },

  // Machines
  "conversion.write": { scope: true, systems: ["ingress"] },
  "click.record": { systems: ["ingress"] },
  "webhook.receive": { systems: ["ingress"] },
  "job.run": { systems: ["worker", "terminal"] },
} as const satisfies Record<string, Row>;

export type Permission = keyof typeof permissions;

/** Permissions that somebody holds only for what they created: whoever asks must say whose it is. */
export type OwnedPermission = {
  [P in Permission]: "own" extends (typeof permissions)[P][Role & keyof (typeof permissions)[P]] ? P : never;
}[Permission];

export const permissionNames = Object.keys(permissions) as Permission[]; // keys of a literal: exactly the union

/** The row of a permission, with every optional cell visible to the type checker. */
export function permissionRow(permission: Permission): Row {
  return permissions[permission];
}

/** The permissions an API key may carry. */
export const scopes: readonly Permission[] = permissionNames.filter((name) => permissionRow(name).scope === true);
