import * as z from "zod";
import { open, seal } from "@/lib/keystore/cipher";

/** A person's name: the whole, and what one would say after "Hola". */
export const ContactName = z.object({ full: z.string(), first: z.string().optional() });
export type ContactName = z.infer<typeof ContactName>;

/** A value that segments may ask about: dates as `YYYY-MM-DD`. */
export type AttributeValue = string | number | boolean;

export const attributeTypes = ["text", "number", "boolean", "date"] as const;
export type AttributeType = (typeof attributeTypes)[number];

/** The key of an attribute made from a column's header: lower-case letters, digits, underscores. */
export function attributeKey(header: string): string {
  const key = header
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 60);
  return key === "" ? "column" : key;
}

/** `contacts.name_sealed`: under the contact's key, bound to the contact. */
export function sealName(key: Buffer, contactId: string, name: ContactName): Buffer {
  return seal(key, JSON.stringify(name), place(contactId));
}

/** What `sealName` closed. */
export function openName(key: Buffer, contactId: string, sealed: Buffer): ContactName {
  return ContactName.parse(JSON.parse(open(key, sealed, place(contactId)).toString("utf8")));
}

/** A name nobody may see in full: initials, `M. J. G. P.`. */
export function maskName(name: ContactName): string {
  const words = name.full.split(/\s+/).filter((word) => word !== "");
  return words.map((word) => `${[...word][0] ?? ""}.`).join(" ");
}

function place(contactId: string): string {
  return `contacts|name_sealed|${contactId}`;
}
