import { randomBytes } from "node:crypto";
import * as z from "zod";
import type { Role } from "./actor";
import { base32 } from "./totp";

/** Who decides, releases or sees people's data signs in with a second factor (compliance/design.md 5). */
const ROLES_WITH_FACTOR: readonly Role[] = ["owner", "admin", "approver", "compliance"];

/** Real installations require it of these roles; the sandbox offers it to everybody and requires it of nobody. */
export function isFactorRequired({ mode, roles }: { mode: "sandbox" | "live"; roles: readonly Role[] }): boolean {
  return mode === "live" && roles.some((role) => ROLES_WITH_FACTOR.includes(role));
}

/** Where somebody whose password was right stands: inside, at the question for the code, or at setting up the app. */
export type SignInStep = "in" | "code" | "enrol";

export function stepOf({
  mfaAt,
  hasFactor,
  ...who
}: {
  mode: "sandbox" | "live";
  roles: readonly Role[];
  hasFactor: boolean;
  mfaAt: Date | null;
}): SignInStep {
  if (hasFactor) return mfaAt ? "in" : "code";
  return isFactorRequired(who) ? "enrol" : "in";
}

/** Between the password and the code, real time. */
export const STEP_LIFE_MS = 30 * 60_000;
/** For so long after a code its person may do what asks for a recent one. */
const RECENT_MS = 10 * 60_000;

/** @param ageMs since the last code of the session; null: there was none */
export function isRecent(ageMs: number | null): boolean {
  return ageMs !== null && ageMs <= RECENT_MS;
}

export const RECOVERY_CODES = 10;
const RECOVERY_BYTES = 10; // 80 bits: nobody guesses one, however fast

/** Ten codes to print, `ABCD-EFGH-IJKL-MNOP`. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => inFours(base32(randomBytes(RECOVERY_BYTES)), "-"));
}

/** A text in groups of four, as people copy it. */
export function inFours(text: string, separator = " "): string {
  return (text.match(/.{1,4}/g) ?? []).join(separator);
}

/** A code as typed: spaces and hyphens do not count, nor small letters. Six digits are the app's, the rest a recovery code. */
export const CodeInput = z.object({
  code: z
    .string()
    .max(64)
    .transform((text) => text.replace(/[\s-]/g, "").toUpperCase())
    .pipe(z.string().min(1)),
});
export type Code = z.output<typeof CodeInput>;
