const CODE_BYTES = 13; // the lane, then 12 random bytes

/** The code of a tracked link as people see it: the lane in front, so that it resolves without a search over lanes. */
export function encodeLinkCode(lane: number, secret: Buffer): string {
  return Buffer.concat([Buffer.of(lane), secret]).toString("base64url");
}

/** Undefined for what was never a code of ours. */
export function decodeLinkCode(code: string): { lane: number; secret: Buffer } | undefined {
  if (!/^[A-Za-z0-9_-]{18}$/.test(code)) return undefined;
  const bytes = Buffer.from(code, "base64url");
  const lane = bytes[0];
  if (bytes.length !== CODE_BYTES || lane === undefined || lane > 63) return undefined;
  return { lane, secret: bytes.subarray(1) };
}
