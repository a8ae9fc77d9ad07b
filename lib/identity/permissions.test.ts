import { expect, test } from "vitest";
import { type Role, roles } from "./actor";
import { grantOf, may } from "./authorize";
import { type Grant, type Permission, permissionNames, permissionRow, scopes } from "./permissions";

/**
 * The table of the security design, column by column: owner, admin, marketer, approver, compliance, executive, API.
 * x = yes, 2 = needs a second person, m = masked, o = own, a = aggregates, s = as a scope, - = no.
 */
const table: Record<Permission, string> = {
  // users, roles
  "user.manage": "x x - - - - -",
  "team.read": "x x x x x x -",
  "own_factor.manage": "x x x x x x -",
  "session.open": "- - - - - - -",
  "visitor.admit": "- - - - - - -",
  "actor.identify": "- - - - - - -",
  "installation.read": "x x x x x x s",
  "installation.setup": "- - - - - - -",
  "settings.manage": "x x - - - - -",
  // what the product tells people by itself
  "notice.raise": "x x x x x - -",
  "notice.read": "x x x x x - -",
  // senders, tokens, keys
  "number.read": "x x x x x - -",
  "number.manage": "2 2 - - - - -",
  "api_key.manage": "2 2 - - 2 - -",
  // contacts, segments
  "contact.read": "m m m m m - s",
  "contact.unmask": "- - - - x - -",
  "segment.read": "m m m m m - s",
  "segment.edit": "- x x - - - s",
  // answers to people who wrote to us
  "conversation.read": "- m m - m - -",
  "conversation.reply": "- x x - x - -",
  // import
  "contact.import": "- x x - - - s",
  "import.read": "- x x - x - s",
  "import.approve": "- - - - x - -",
  // create or edit a campaign, test
  "template.read": "x x x x x - s",
  "template.edit": "- x x - - - s",
  "campaign.read": "x x x x x x s",
  "campaign.edit": "- x x - - - s",
  "campaign.approve": "2 - - 2 - - -",
  "campaign.veto": "- - - - x - -",
  "campaign.launch": "- x x - - - -",
  "campaign.pause": "x x o x x - -",
  "campaign.decide": "- x x - - - -",
  "kill_switch.engage": "x x - x x - -",
  "kill_switch.release": "2 - - 2 2 - -",
  // rules, caps, purposes, wording
  "policy.read": "x x x x x - -",
  "policy.propose": "- x x - x - -",
  "policy.approve": "- - - - x - -",
  // consent log, proofs, bundles
  "consent.read": "- - - - x - s",
  "ledger.read": "- - - - x - s",
  "proof.read": "- - - - x - s",
  "consent.record": "- - - - - - -",
  "consent.report": "- - - - x - s",
  "consent.withdraw": "- - - - x - -",
  "form.edit": "- x x - x - -",
  "consent.invalidate": "- - - - 2 - -",
  "suppression.remove": "- - - - 2 - -",
  // requests of the people we write to
  "rights.handle": "- - - - x - -",
  "rights.erase": "- - - - 2 - -",
  "rights.deliver": "- - - - - - -",
  // reports, admin log
  "report.read": "x x x x x a s",
  "roi.read": "x x x x x a s",
  "audit.read": "x - - - x - -",
  // machines
  "conversion.write": "- - - - - - s",
  "click.record": "- - - - - - -",
  "webhook.receive": "- - - - - - -",
  "job.run": "- - - - - - -",
};

const grants: Record<string, Grant | undefined> = {
  x: "yes",
  "2": "second",
  m: "masked",
  o: "own",
  a: "aggregates",
  "-": undefined,
};

function person(...held: Role[]) {
  return { kind: "user", userId: "u1", roles: held, sessionId: null } as const;
}

test("every role has exactly the permissions of the table", () => {
  for (const permission of permissionNames) {
    const cells = table[permission].split(" ");
    roles.forEach((role, column) => {
      expect(grantOf(person(role), permission), `${role} ${permission}`).toBe(grants[cells[column] ?? ""]);
    });
    expect(permissionRow(permission).scope === true, `API ${permission}`).toBe(cells[6] === "s");
  }
  expect(Object.keys(table).sort()).toEqual([...permissionNames].sort());
});

test("somebody with several roles has the furthest-reaching grant", () => {
  expect(grantOf(person("executive", "marketer"), "report.read")).toBe("yes");
  expect(grantOf(person("owner", "compliance"), "consent.read")).toBe("yes");
  expect(grantOf(person(), "campaign.read")).toBeUndefined();
});

test("a marketer pauses only their own campaigns", () => {
  expect(may(person("marketer"), "campaign.pause", { ownedBy: "u1" })).toBe(true);
  expect(may(person("marketer"), "campaign.pause", { ownedBy: "u2" })).toBe(false);
  expect(may(person("marketer"), "campaign.pause", { ownedBy: null })).toBe(false);
  expect(may(person("approver"), "campaign.pause", { ownedBy: "u2" })).toBe(true);
});

test("a key does what its scopes say, and nothing that is no scope even when it carries the name", () => {
  const key = { kind: "api_key", keyId: "k1", scopes: ["conversion.write", "user.manage"] } as const;
  expect(may(key, "conversion.write")).toBe(true);
  expect(may(key, "campaign.read")).toBe(false);
  expect(may(key, "user.manage")).toBe(false);
  expect(scopes).not.toContain("campaign.launch");
});

test("our processes have only what they need: the ingress reads no consent and nobody but a person approves", () => {
  const ingress = { kind: "system", name: "ingress" } as const;
  expect(may(ingress, "consent.withdraw")).toBe(true);
  expect(may(ingress, "consent.read")).toBe(false);
  for (const permission of ["campaign.approve", "import.approve", "user.manage", "kill_switch.release"] as const) {
    expect(permissionRow(permission).systems, permission).toBeUndefined();
  }
});
