const BYTES = 17; // the lane, then the click's uuid

/** The click as it travels to the shop in `wa_cid`: names lane and click, and nothing about the person. */
export function encodeClickId(lane: number, clickId: string): string {
  return Buffer.concat([Buffer.of(lane), Buffer.from(clickId.replaceAll("-", ""), "hex")]).toString("base64url");
}

/** Undefined for what was never a click of ours. */
export function decodeClickId(text: string): { lane: number; clickId: string } | undefined {
  if (!/^[A-Za-z0-9_-]{23}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, "base64url");
  const lane = bytes[0];
  if (bytes.length !== BYTES || lane === undefined || lane > 63) return undefined;
  const hex = bytes.subarray(1).toString("hex");
  return { lane, clickId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5") };
}
