import { sql } from "drizzle-orm";
import { openIdentifier } from "@/lib/audience/identifier";
import { laneOf } from "@/lib/foundation/ids";
import { maskPhone } from "@/lib/foundation/phone";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { ConsentStatus } from "../consent";
import { statusAt } from "../projection";
import { type ShownWording, shownWordings } from "./get-opt-in-form";
import { type PreferencePerson, preferencePerson } from "./preference-person";

export interface PurposeChoice {
  purposeId: string;
  name: string;
  status: ConsentStatus;
  expiresAt: Date | null;
  doubleOptIn: boolean;
  /** What the person would agree to; undefined where there is no text in force. */
  wording: ShownWording | undefined;
}

export interface PreferencesView extends PreferencePerson {
  /** As much of the number as tells the person that it is theirs; null for whoever hides it. */
  phone: string | null;
  purposes: PurposeChoice[];
}

interface Row extends Record<string, unknown> {
  id: string;
  name: string;
  status: ConsentStatus | null;
  expires: string | null;
  pending: string | null;
  double: boolean;
}

/**
 * What one person may decide about a brand, behind a signed link.
 *
 * @throws AppError not_found for a link that we did not sign, a brand that is gone, and somebody who was erased
 */
export async function getPreferences(
  ctx: Context,
  { token, language }: { token: string; language: string },
): Promise<PreferencesView> {
  authorize(ctx, "consent.record");
  const person = await preferencePerson(ctx, { token });
  const { contactId, brandId } = person;
  const rows = await ctx.db.execute<Row>(sql`
    select purposes.id, purposes.name, purposes.double_opt_in as double, state.status, state.expires_at as expires,
      state.pending_until as pending
    from purposes
    left join consent_state as state on state.lane = ${laneOf(contactId)}::smallint and state.contact_id = ${contactId}::uuid
      and state.purpose_id = purposes.id
    where purposes.brand_id = ${brandId}::uuid order by purposes.created_at, purposes.id`);
  const wordings = await shownWordings(ctx, { purposeIds: rows.map(({ id }) => id), language });
  return {
    ...person,
    phone: await maskedPhone(ctx, contactId),
    purposes: rows.map((row) => {
      const expiresAt = row.expires === null ? null : new Date(row.expires);
      const pendingUntil = row.pending === null ? null : new Date(row.pending);
      return {
        purposeId: row.id,
        name: row.name,
        status: statusAt({ status: row.status ?? "none", expiresAt, pendingUntil }, ctx.now()),
        expiresAt,
        doubleOptIn: row.double,
        wording: wordings.get(row.id),
      };
    }),
  };
}

async function maskedPhone(ctx: Context, contactId: string): Promise<string | null> {
  const key = (await ctx.keys.keysOf([contactId])).get(contactId);
  const [row] = await ctx.db.execute<{ sealed: Buffer }>(sql`
    select sealed from contact_identifiers
    where lane = ${laneOf(contactId)}::smallint and contact_id = ${contactId}::uuid and kind = 'phone' and former_at is null
    order by created_at desc limit 1`);
  return key && row ? maskPhone(openIdentifier(key, contactId, { kind: "phone", sealed: row.sealed })) : null;
}
