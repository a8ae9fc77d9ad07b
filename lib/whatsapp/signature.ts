import { createHmac, timingSafeEqual } from "node:crypto";

const HEADER = /^sha256=([0-9a-f]{64})$/;

/** The value of `X-Hub-Signature-256` for a body: `sha256=` + lower-case hex HMAC-SHA-256(app secret, raw bytes). */
export function signBody(rawBody: Uint8Array | string, appSecret: string): string {
  return `sha256=${createHmac("sha256", appSecret).update(rawBody).digest("hex")}`;
}

/**
 * Whether Meta signed exactly these bytes. Compared in constant time, over the body as received: Meta escapes
 * non-ASCII characters, so a body that was parsed and written again has another signature.
 */
export function verifySignature(
  rawBody: Uint8Array | string,
  header: string | null | undefined,
  appSecret: string,
): boolean {
  const given = HEADER.exec(header ?? "")?.[1];
  if (given === undefined) return false;
  const expected = createHmac("sha256", appSecret).update(rawBody).digest();
  return timingSafeEqual(Buffer.from(given, "hex"), expected);
}
