import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => /^\w+\/(commands|queries)\/[\w-]+\.ts$/.test(path));

/** Exported functions that take a context and do not ask by themselves, each with the reason why that is safe. */
const exceptions: Record<string, string> = {
  "audience/commands/keep-identifiers.ts keepLinks": "inside the transaction of commands that have asked",
  "campaigns/queries/get-preflight.ts computePreflight": "part of commands that have asked for what they do",
  "imports/queries/preview-import.ts previewImport": "all it does is a dry run, which asks first",
  "intake/commands/apply-restrictions.ts applyRestrictions": "inside receive-webhook's transaction; consent asks again",
};

/** `authorize…(ctx`, or handing everything to another command, which asks. */
const ASKS = /\bauthorize\w*\(|^return editCampaign\(/;

interface Found {
  name: string;
  first: string;
  second: string;
}

function actions(file: string): Found[] {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest, true);
  return source.statements.flatMap((statement): Found[] => {
    if (!ts.isFunctionDeclaration(statement) || !statement.name || !statement.body) return [];
    const isExported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (!isExported || statement.parameters[0]?.type?.getText() !== "Context") return [];
    return [{ name: `${file} ${statement.name.text}`, ...firstTwo(statement.body) }];
  });
}

function firstTwo(body: ts.Block): Omit<Found, "name"> {
  const [first = "", second = ""] = body.statements.map((statement) => statement.getText());
  return { first, second };
}

const all = files.flatMap(actions);

test("every command and query authorises in its first statement", () => {
  expect(all.length).toBeGreaterThan(100);
  expect(all.filter(({ name, first }) => !ASKS.test(first) && !(name in exceptions))).toEqual([]);
});

test("every exception is still one", () => {
  const stillOne = all.filter(({ name, first }) => name in exceptions && !ASKS.test(first)).map(({ name }) => name);
  expect(stillOne.sort()).toEqual(Object.keys(exceptions).sort());
});

/** Compliance 5: approving a launch, releasing a stop, taking personal data out, roles, keys, unmasking; and what cannot be undone. */
const stepsUp = [
  "campaigns/commands/approve-campaign.ts approveCampaign",
  "consent/commands/invalidate-consent.ts decideInvalidation",
  "consent/commands/invalidate-consent.ts requestInvalidation",
  "consent/queries/get-consent-receipt.ts getConsentReceipt",
  "identity/commands/change-roles.ts changeRoles",
  "identity/commands/create-api-key.ts createApiKey",
  "identity/commands/create-reset-link.ts createResetLink",
  "identity/commands/invite-user.ts inviteUser",
  "identity/commands/remove-factor.ts removeFactor",
  "identity/commands/renew-recovery-codes.ts renewRecoveryCodes",
  "identity/commands/reset-factor.ts resetFactor",
  "imports/queries/get-rejected-rows.ts getRejectedRows",
  "numbers/commands/release-kill-switch.ts askRelease",
  "numbers/commands/release-kill-switch.ts releaseKillSwitch",
  "reporting/commands/export-consent-log.ts exportConsentLog",
  "reporting/commands/export-message-proof.ts exportMessageProof",
  "reporting/commands/reveal-person.ts revealPerson",
  "reporting/commands/reveal-person.ts revealReplies",
  "rights/commands/approve-erasure.ts approveErasure",
  "rights/commands/deliver-package.ts createDeliveryLink",
  "rights/commands/deliver-package.ts reviewPackage",
  "rights/commands/read-blocked.ts allowBlockedAccess",
  "rights/commands/read-blocked.ts readBlocked",
  "rights/commands/read-words.ts readWords",
];

test("what opens, hands out or cannot be undone asks for a recent second factor right after", () => {
  const asking = all.filter(({ second }) => second === "await requireRecentFactor(ctx);").map(({ name }) => name);
  expect(stepsUp.filter((name) => !asking.includes(name))).toEqual([]);
});
