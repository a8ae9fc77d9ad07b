import { randomInt } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";
import { commonPasswords } from "./common-passwords";

const PASSWORD_MIN_CHARACTERS = 12;
const PASSWORD_MAX_CHARACTERS = 128;

/** argon2id, the library's default algorithm; memory in KiB. compliance/design.md 5, OWASP's second choice. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The hash of a password nobody knows: verified where there is no account, so that both answers take the same work. */
const DECOY = "$argon2id$v=19$m=19456,t=2,p=1$fKWuOqr3jtQpidk4B6Lcjw$NckmFc7j6RyX2l/W1SnMtTMwwiScKVyCzJlIRScAf1g";

export type PasswordProblem = "too_short" | "too_long" | "common";

/**
 * What is wrong with a new password, or undefined. Length in characters, no composition rules; refused are widespread
 * passwords and those made of the person's own address, because these are what guessing tries first.
 */
export function passwordProblem(password: string, email: string): PasswordProblem | undefined {
  const characters = [...password.normalize("NFKC")].length;
  if (characters < PASSWORD_MIN_CHARACTERS) return "too_short";
  if (characters > PASSWORD_MAX_CHARACTERS) return "too_long";
  const plain = password.normalize("NFKC").toLowerCase();
  const stem = plain.replace(/[\d\W_]+$/u, "");
  const isCommon = commonPasswords.has(plain) || commonPasswords.has(stem) || new Set(plain).size <= 2;
  const own = email.toLowerCase();
  return isCommon || plain === own || stem === own.split("@")[0] ? "common" : undefined;
}

export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize("NFKC"), COST);
}

/** True when the password is the one behind `passwordHash`. The same work is done when there is no hash at all. */
export async function verifyPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  const matches = await verify(passwordHash ?? DECOY, password.normalize("NFKC"));
  return matches && passwordHash !== undefined;
}

// Without 0 O 1 l I, so that it can be read off a terminal and typed.
const READABLE = "23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ";

/** A password to be shown once: four groups of five, about 116 bits. */
export function generatePassword(): string {
  const group = () => Array.from({ length: 5 }, () => READABLE.charAt(randomInt(READABLE.length))).join("");
  return Array.from({ length: 4 }, group).join("-");
}
