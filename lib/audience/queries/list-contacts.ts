import { type SQL, sql } from "drizzle-orm";
import { AppError } from "@/lib/foundation/errors";
import { maskPhone } from "@/lib/foundation/phone";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type AttributeValue, maskName, openName } from "../contact";
import { openIdentifier } from "../identifier";

/** A contact as lists show it: number and name masked. */
export interface ContactView {
  contactId: string;
  /** `+34 ••• ••• 412`; null for somebody known by another identifier, or whose key is gone. */
  phone: string | null;
  name: string | null;
  country: string | null;
  language: string | null;
  attributes: Record<string, AttributeValue>;
  createdAt: Date;
}

interface Row extends Record<string, unknown> {
  id: string;
  name: Buffer | null;
  phone: Buffer | null;
  country: string | null;
  language: string | null;
  attributes: Record<string, AttributeValue>;
  created: string;
}

const MOST = 200;

/**
 * A page of contacts, newest first; keys are fetched once a page. `where` narrows it: a condition over `contacts`.
 *
 * @param cursor what the last page answered as `nextCursor`
 */
export async function listContacts(
  ctx: Context,
  { cursor, limit = 50, where = sql`true` }: { cursor?: string; limit?: number; where?: SQL } = {},
): Promise<{ contacts: ContactView[]; nextCursor: string | null }> {
  authorize(ctx, "contact.read");
  if (limit < 1 || limit > MOST) throw new AppError("invalid_input", { field: "limit" });
  const after = cursor === undefined ? sql`true` : afterCursor(cursor);
  const rows = await ctx.db.execute<Row>(sql`
    select contacts.id, contacts.name_sealed as name, contacts.country, contacts.language, contacts.attributes,
      contacts.created_at as created,
      (select identifier.sealed from contact_identifiers as identifier
        where identifier.lane = contacts.lane and identifier.contact_id = contacts.id and identifier.kind = 'phone'
          and identifier.former_at is null
        order by identifier.created_at desc limit 1) as phone
    from contacts
    where contacts.erased_at is null and contacts.merged_into is null and ${after} and ${where}
    order by contacts.created_at desc, contacts.id desc
    limit ${limit + 1}`);
  const page = rows.slice(0, limit);
  const keys = await ctx.keys.keysOf(page.map(({ id }) => id));
  const last = page.at(-1);
  const nextCursor = last && rows.length > limit ? `${new Date(last.created).toISOString()}~${last.id}` : null;
  return { contacts: page.map((row) => toView(row, keys.get(row.id))), nextCursor };
}

function afterCursor(cursor: string): SQL {
  const [created, id, ...rest] = cursor.split("~");
  const isWhole =
    created && id && rest.length === 0 && !Number.isNaN(Date.parse(created)) && /^[0-9a-f-]{36}$/.test(id);
  if (!isWhole) throw new AppError("invalid_input", { field: "cursor" });
  return sql`(contacts.created_at, contacts.id) < (${created}::timestamptz, ${id}::uuid)`;
}

function toView(row: Row, key: Buffer | undefined): ContactView {
  const { id, name, phone, country, language, attributes } = row;
  return {
    contactId: id,
    phone: key && phone ? maskPhone(openIdentifier(key, id, { kind: "phone", sealed: phone })) : null,
    name: key && name ? maskName(openName(key, id, name)) : null,
    country,
    language,
    attributes,
    createdAt: new Date(row.created),
  };
}
