import { randomBytes } from "node:crypto";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { ConnectionReport } from "../connection";
import { throughputOf } from "../limits";
import { isSandboxAddress, type PasteNumberInput } from "../number";
import { connectNumber } from "./connect-number";
import { readNumberHealth } from "./read-number-health";
import { testConnection } from "./test-connection";

export type PastedNumber = { kind: "connected"; numberId: string } | { kind: "not_usable"; report: ConnectionReport };

/**
 * Connects the number that a person pasted from Meta's app, after it proved usable; else nothing is kept. The verify token
 * of its webhooks is made anew when they are set up.
 */
export async function pasteNumber(ctx: Context, input: PasteNumberInput): Promise<PastedNumber> {
  authorize(ctx, "number.manage");
  const report = await testConnection(ctx, input);
  if (!report.isUsable) return { kind: "not_usable", report };
  const numberId = await connectNumber(ctx, {
    ...input,
    displayNumber: report.displayNumber ?? input.phoneNumberId,
    verifiedName: report.verifiedName ?? report.displayNumber ?? input.phoneNumberId,
    verifyToken: randomBytes(24).toString("base64url"),
    messagesPerSecond: throughputOf.STANDARD,
    isSandbox: isSandboxAddress(input.baseUrl),
  });
  await readNumberHealth(ctx, { numberId });
  return { kind: "connected", numberId };
}
