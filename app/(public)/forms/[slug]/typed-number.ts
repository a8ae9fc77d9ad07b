import { createHmac } from "node:crypto";
import { open, seal } from "@/lib/keystore/cipher";

/** Keeps what somebody typed for the moment in which the form tells them what is wrong with it, sealed in their own browser. */
export const TYPED_COOKIE = "form_typed";
export const TYPED_SECONDS = 120;

export function sealTyped(linkKey: Buffer, slug: string, text: string): string {
  return seal(keyOf(linkKey), text.slice(0, 100), placeOf(slug)).toString("base64url");
}

/** What was typed; nothing when the cookie is of another form or was altered. */
export function openTyped(linkKey: Buffer, slug: string, sealed: string | undefined): string | undefined {
  if (!sealed) return undefined;
  try {
    return open(keyOf(linkKey), Buffer.from(sealed, "base64url"), placeOf(slug)).toString("utf8");
  } catch {
    return undefined;
  }
}

function keyOf(linkKey: Buffer): Buffer {
  return createHmac("sha256", linkKey).update("typed number v1").digest();
}

const placeOf = (slug: string) => `form|typed|${slug}`;
