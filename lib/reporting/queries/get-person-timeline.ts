import { type SQL, sql } from "drizzle-orm";
import { maskName, openName } from "@/lib/audience/contact";
import { openIdentifier } from "@/lib/audience/identifier";
import { currentContacts } from "@/lib/audience/queries/current-contacts";
import type { ConsentStatus } from "@/lib/consent/consent";
import type { ConsentEvidence } from "@/lib/consent/event";
import { type ConsentTimeline, getConsentTimeline } from "@/lib/consent/queries/get-consent-timeline";
import { AppError } from "@/lib/foundation/errors";
import { laneOf } from "@/lib/foundation/ids";
import { maskPhone } from "@/lib/foundation/phone";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { MessageState } from "@/lib/sending/message";
import { maskEvidence } from "../message-evidence";

const SHOWN = 500;

export type TimelineItem =
  | {
      kind: "consent";
      at: Date;
      eventId: string;
      type: string;
      purposeName: string | null;
      scope: string;
      source: string;
      wordingLabel: string | null;
      evidence: ConsentEvidence | null;
    }
  | {
      kind: "message";
      at: Date;
      messageId: string;
      /** Null, with its name and variant, for what one person was written apart from campaigns. */
      campaignId: string | null;
      campaignName: string | null;
      variant: string | null;
      messageKind: string;
      state: MessageState;
      reason: string | null;
    }
  /** What the person wrote; its text is not shown here. */
  | { kind: "inbound"; at: Date; classification: string; type: string }
  | { kind: "block"; at: Date; block: string; scope: string; until: Date | null; liftedAt: Date | null }
  /** Another contact turned out to be the same person. */
  | { kind: "merge"; at: Date; contactId: string }
  /** They asked for something about their own data. */
  | { kind: "request"; at: Date; requestId: string; request: string; closedAt: Date | null };

export interface PersonTimeline {
  contactId: string;
  /** Masked; null when erased or without. */
  phone: string | null;
  name: string | null;
  country: string | null;
  isErased: boolean;
  isRestricted: boolean;
  /** By purpose, at the instant asked for. */
  states: { purposeId: string; purposeName: string; status: ConsentStatus; expiresAt: Date | null }[];
  /** Newest first; the newest 500 of each kind. */
  items: TimelineItem[];
}

/** Everything between us and one person, and where their consent stood at an instant (default: now). @throws not_found */
export async function getPersonTimeline(
  ctx: Context,
  { contactId: asked, at = ctx.now() }: { contactId: string; at?: Date },
): Promise<PersonTimeline> {
  authorize(ctx, "consent.read");
  const contactId = (await currentContacts(ctx, [asked])).get(asked) ?? asked;
  const person = await readPerson(ctx, contactId);
  const [consent, names, ...others] = await Promise.all([
    getConsentTimeline(ctx, { contactId, at }),
    readNames(ctx),
    readMessages(ctx, contactId),
    readInbound(ctx, contactId),
    readMerges(ctx, contactId),
    readRequests(ctx, contactId),
  ]);
  const items = [...consentItems(consent, names), ...blockItems(consent), ...others.flat()];
  return {
    contactId,
    ...person,
    states: consent.states.map(({ purposeId, status, expiresAt }) => ({
      purposeId,
      purposeName: names.purposes.get(purposeId) ?? "",
      status,
      expiresAt,
    })),
    items: items.sort((one, two) => two.at.getTime() - one.at.getTime()),
  };
}

type Person = Pick<PersonTimeline, "phone" | "name" | "country" | "isErased" | "isRestricted">;

async function readPerson(ctx: Context, contactId: string): Promise<Person> {
  const [row] = await ctx.db.execute<{
    name: Buffer | null;
    country: string | null;
    erased: boolean;
    restricted: boolean;
    phone: Buffer | null;
  }>(sql`
    select k.name_sealed as name, k.country, k.erased_at is not null as erased, k.restricted_at is not null as restricted,
      (select i.sealed from contact_identifiers i
        where i.lane = k.lane and i.contact_id = k.id and i.kind = 'phone' and i.former_at is null order by i.created_at desc limit 1) as phone
    from contacts k where k.lane = ${laneOf(contactId)}::smallint and k.id = ${contactId}::uuid`);
  if (!row) throw new AppError("not_found", { contactId });
  const key = (await ctx.keys.keysOf([contactId])).get(contactId);
  return {
    phone: key && row.phone ? maskPhone(openIdentifier(key, contactId, { kind: "phone", sealed: row.phone })) : null,
    name: key && row.name ? maskName(openName(key, contactId, row.name)) : null,
    country: row.country,
    isErased: row.erased || key === undefined,
    isRestricted: row.restricted,
  };
}

interface Names {
  purposes: ReadonlyMap<string, string>;
  wordings: ReadonlyMap<string, string>;
}

async function readNames(ctx: Context): Promise<Names> {
  const [purposes, wordings] = await Promise.all([
    ctx.db.execute<{ id: string; name: string }>(sql`select id, name from purposes`),
    ctx.db.execute<{ id: string; label: string }>(sql`select id, label from wording_versions`),
  ]);
  return {
    purposes: new Map(purposes.map(({ id, name }) => [id, name])),
    wordings: new Map(wordings.map(({ id, label }) => [id, label])),
  };
}

function consentItems({ events }: ConsentTimeline, { purposes, wordings }: Names): TimelineItem[] {
  return events.map(({ eventId, type, occurredAt, purposeId, scope, source, wordingVersionId, evidence }) => ({
    kind: "consent",
    at: occurredAt,
    eventId,
    type,
    purposeName: purposeId === null ? null : (purposes.get(purposeId) ?? null),
    scope,
    source,
    wordingLabel: wordingVersionId === null ? null : (wordings.get(wordingVersionId) ?? null),
    evidence: evidence && maskEvidence(evidence),
  }));
}

function blockItems({ blocks }: ConsentTimeline): TimelineItem[] {
  return blocks.map(({ kind, scope, since, until, liftedAt }) => ({
    kind: "block",
    at: since,
    block: kind,
    scope,
    until,
    liftedAt,
  }));
}

/** The contact and those that were merged into it, as `self`: what was sent to them stays under their ids. */
function everyContactOf(contactId: string): SQL {
  return sql`(
    select ${laneOf(contactId)}::smallint as lane, ${contactId}::uuid as id
    union all select lane, id from contacts where merged_into = ${contactId}::uuid
  ) as self`;
}

async function readMessages(ctx: Context, contactId: string): Promise<TimelineItem[]> {
  const rows = await ctx.db.execute<{
    id: string;
    campaign_id: string | null;
    name: string | null;
    variant: string | null;
    kind: string;
    state: MessageState;
    reason: string | null;
    at: string;
  }>(sql`
    select m.id, m.campaign_id, c.name, m.variant, m.kind, m.state, m.reason, coalesce(m.accepted_at, m.state_at) as at
    from ${everyContactOf(contactId)} join messages m on m.lane = self.lane and m.contact_id = self.id
    left join campaigns c on c.id = m.campaign_id
    order by m.state_at desc limit ${SHOWN}::int`);
  return rows.map(({ id, campaign_id: campaignId, name, variant, kind: messageKind, state, reason, at }) => ({
    kind: "message",
    messageKind,
    at: new Date(at),
    messageId: id,
    campaignId,
    campaignName: name,
    variant,
    state,
    reason,
  }));
}

async function readInbound(ctx: Context, contactId: string): Promise<TimelineItem[]> {
  const rows = await ctx.db.execute<{ at: string; type: string; classification: string }>(sql`
    select provider_at as at, type, classification
    from ${everyContactOf(contactId)} join inbound_messages i on i.lane = self.lane and i.contact_id = self.id
    order by provider_at desc limit ${SHOWN}::int`);
  return rows.map(({ at, type, classification }) => ({ kind: "inbound", at: new Date(at), type, classification }));
}

async function readMerges(ctx: Context, contactId: string): Promise<TimelineItem[]> {
  const rows = await ctx.db.execute<{ id: string; at: string }>(sql`
    select id, merged_at as at from contacts where merged_into = ${contactId}::uuid and merged_at is not null
    order by merged_at desc limit ${SHOWN}::int`);
  return rows.map(({ id, at }) => ({ kind: "merge", at: new Date(at), contactId: id }));
}

async function readRequests(ctx: Context, contactId: string): Promise<TimelineItem[]> {
  const rows = await ctx.db.execute<{ id: string; kind: string; at: string; closed: string | null }>(sql`
    select id, kind, received_at as at, closed_at as closed from rights_requests where contact_id = ${contactId}::uuid
    order by received_at desc limit ${SHOWN}::int`);
  return rows.map(({ id, kind, at, closed }) => ({
    kind: "request",
    at: new Date(at),
    requestId: id,
    request: kind,
    closedAt: closed === null ? null : new Date(closed),
  }));
}
