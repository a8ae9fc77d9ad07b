import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

// Time-based one-time passwords, RFC 6238 over RFC 4226. Checked against Appendix B of the former (vectors.test.ts).

export type TotpAlgorithm = "SHA1" | "SHA256" | "SHA512";

const PERIOD_SECONDS = 30;
const DIGITS = 6;
const SECRET_BYTES = 20; // RFC 4226 4 R6: 160 bits
/** The steps before and after the present one that still pass: clocks of phones differ, and typing takes a while. */
const DRIFT_STEPS = 1;

interface CodeInput {
  secret: Buffer;
  /** Which period of 30 seconds since 1970. */
  step: number;
  algorithm?: TotpAlgorithm;
  digits?: number;
}

/** The code of one step, zeros in front. */
export function totpCode({ secret, step, algorithm = "SHA1", digits = DIGITS }: CodeInput): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac(algorithm, secret).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0xf;
  const number = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, "0");
}

/** The step of a moment. */
export function totpStep(at: Date): number {
  return Math.floor(at.getTime() / 1000 / PERIOD_SECONDS);
}

/**
 * The step whose code this is, out of the present one and its neighbours; undefined for any other code. A step up to and
 * including `lastStep` no longer counts: a code works once, and none works after a later one was used.
 */
export function matchingStep(
  secret: Buffer,
  code: string,
  { at, lastStep }: { at: Date; lastStep: number | null },
): number | undefined {
  const now = totpStep(at);
  const given = Buffer.from(code);
  let found: number | undefined;
  for (let step = now - DRIFT_STEPS; step <= now + DRIFT_STEPS; step++) {
    const right = Buffer.from(totpCode({ secret, step }));
    const isRight = right.length === given.length && timingSafeEqual(right, given);
    if (isRight && step > (lastStep ?? -1)) found ??= step;
  }
  return found;
}

export function newTotpSecret(): Buffer {
  return randomBytes(SECRET_BYTES);
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** RFC 4648 base 32 without padding: how apps read a secret that is typed in. */
export function base32(bytes: Buffer): string {
  let [bits, held, text] = [0, 0, ""];
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += BASE32.charAt((held >>> (bits - 5)) & 31);
    held &= 31; // no more than what is left to write
  }
  return bits === 0 ? text : text + BASE32.charAt((held << (5 - bits)) & 31);
}

/** What an authenticator app reads from the picture: whose secret it is, and at which installation. */
export function otpauthUri(secret: Buffer, { issuer, account }: { issuer: string; account: string }): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=${encodeURIComponent(issuer)}`;
}
