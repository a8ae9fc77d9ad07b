import { createHmac, timingSafeEqual } from "node:crypto";
import type { Context } from "@/lib/identity/context";

/** Whose preferences for which brand. */
export interface PreferenceSubject {
  contactId: string;
  brandId: string;
}

const ID_BYTES = 16;
const SIGNATURE_BYTES = 20;
const TOKEN = /^[A-Za-z0-9_-]{70}$/;
/** A key signs one kind of link only. */
const PURPOSE = "preference link v1";

/**
 * The path of a person's preference page, to be put behind the address of the public pages. It names nobody: two random ids
 * and a signature. It does not expire, because opting out must work from an old message too.
 */
export function preferenceLink(ctx: Pick<Context, "secrets">, contactId: string, brandId: string): string {
  return `/preferences/${preferenceToken(ctx.secrets.linkKey, { contactId, brandId })}`;
}

export function preferenceToken(linkKey: Buffer, { contactId, brandId }: PreferenceSubject): string {
  const ids = Buffer.concat([bytesOf(contactId), bytesOf(brandId)]);
  return Buffer.concat([ids, signature(linkKey, ids)]).toString("base64url");
}

/** Whom a token is about; undefined when we did not sign it. */
export function readPreferenceToken(linkKey: Buffer, token: string): PreferenceSubject | undefined {
  if (!TOKEN.test(token)) return undefined;
  const bytes = Buffer.from(token, "base64url");
  const ids = bytes.subarray(0, 2 * ID_BYTES);
  if (bytes.length !== 2 * ID_BYTES + SIGNATURE_BYTES || bytes.toString("base64url") !== token) return undefined;
  if (!timingSafeEqual(bytes.subarray(2 * ID_BYTES), signature(linkKey, ids))) return undefined;
  return { contactId: uuidOf(ids.subarray(0, ID_BYTES)), brandId: uuidOf(ids.subarray(ID_BYTES)) };
}

/** A text as others may read it: whoever has the link decides for the person. */
export function withoutPreferenceLink(text: string): string {
  return text.replaceAll(/\/preferences\/[A-Za-z0-9_-]{70}/g, "/preferences/•••");
}

function signature(linkKey: Buffer, ids: Buffer): Buffer {
  return createHmac("sha256", linkKey).update(PURPOSE).update("\0").update(ids).digest().subarray(0, SIGNATURE_BYTES);
}

function bytesOf(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll("-", ""), "hex");
}

function uuidOf(bytes: Buffer): string {
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
