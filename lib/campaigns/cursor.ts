import * as z from "zod";

const position = z.tuple([z.iso.datetime().transform((text) => new Date(text)), z.uuid()]);

/** Where a page of a list ended, as an opaque text: the last row's time and id. */
export function encodeCursor(at: Date, id: string): string {
  return Buffer.from(JSON.stringify([at.toISOString(), id])).toString("base64url");
}

/** Undefined for a text that no page has given. */
export function decodeCursor(text: string): { at: Date; id: string } | undefined {
  try {
    const parsed = position.safeParse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
    return parsed.success ? { at: parsed.data[0], id: parsed.data[1] } : undefined;
  } catch {
    return undefined;
  }
}
