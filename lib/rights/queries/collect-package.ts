import { type SQL, sql } from "drizzle-orm";
import { array } from "@/db/client";
import { ContactName, openName } from "@/lib/audience/contact";
import { openIdentifier } from "@/lib/audience/identifier";
import { evidencePlace } from "@/lib/consent/event";
import { getConsentTimeline } from "@/lib/consent/queries/get-consent-timeline";
import { bodyPlace, detailsPlace } from "@/lib/conversations/inbound";
import { filePlace } from "@/lib/conversations/media";
import { AppError } from "@/lib/foundation/errors";
import { laneOf, publicId } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { open } from "@/lib/keystore/cipher";
import { latestCheckpoint } from "@/lib/ledger/prove";
import { compileSegment } from "@/lib/segments/compile";
import { segmentRule } from "@/lib/segments/segment";
import { listSentMessages } from "@/lib/sending/queries/list-sent-messages";
import type { Preview } from "@/lib/whatsapp/components";
import { AccessPackage } from "../package";
import { recipients } from "../recipients";
import { contactsOf } from "../store";

/** Of all files in a package: the newest. It is made, sealed and read in memory. */
const MOST_FILE_BYTES = 48 * 1024 * 1024;

/** Who it is about: the contact that lives on and all that turned out to be the same person, with their keys. */
interface Self {
  contactId: string;
  ids: readonly string[];
  keys: ReadonlyMap<string, Buffer>;
  /** `self (lane, id)` for joins. */
  table: SQL;
}

/**
 * Everything that we hold about one person, in clear, in a number of statements that does not grow with it. Whoever calls it
 * logs that it was read.
 *
 * @throws AppError not_found; contact_erased when there is no key to read with
 */
export async function collectPackage(ctx: Context, contactId: string): Promise<AccessPackage> {
  authorize(ctx, "rights.handle");
  const ids = await contactsOf(ctx, contactId);
  const keys = await ctx.keys.keysOf(ids);
  if (!keys.has(contactId)) throw new AppError("contact_erased", { contactId });
  const table = sql`unnest(${array(ids.map(laneOf), "smallint")}, ${array(ids, "uuid")}) as self (lane, id)`;
  const self = { contactId, ids, keys, table };
  const names = await purposeNames(ctx);
  const [consentNow, blocks] = await standing(ctx, contactId, names);
  const [consent, messages] = [await consentOf(ctx, self, names), await listSentMessages(ctx, ids)];
  const indexes = await indexesOf(ctx, [
    ...consent.map(({ entryId }) => entryId),
    ...messages.flatMap(({ entryId }) => entryId ?? []),
  ]);
  const proofOf = (entryId: string) => ({ entry: publicId("ent", entryId), index: indexes.get(entryId) ?? null });
  return AccessPackage.parse({
    format: "contraste-access/1",
    generatedAt: ctx.now().toISOString(),
    controllers: await ctx.db.execute(sql`select name as brand, controller from brands order by name`),
    person: await personOf(ctx, self),
    identifiers: await identifiersOf(ctx, self),
    consent: consent.map(({ entryId, ...event }) => ({ ...event, proof: proofOf(entryId) })),
    consentNow,
    blocks,
    messages: messages.map(({ messageId, campaignName, variant, text, entryId, ...message }) => ({
      ...message,
      id: publicId("msg", messageId),
      campaign: campaignName,
      experimentArm: variant,
      text: text && linesOf(text),
      plannedAt: message.plannedAt.toISOString(),
      acceptedAt: iso(message.acceptedAt),
      sentAt: iso(message.sentAt),
      deliveredAt: iso(message.deliveredAt),
      readAt: iso(message.readAt),
      failedAt: iso(message.failedAt),
      clickedAt: iso(message.clickedAt),
      repliedAt: iso(message.repliedAt),
      proof: entryId === null ? null : proofOf(entryId),
    })),
    received: await receivedOf(ctx, self),
    clicks: await clicksOf(ctx, self),
    purchases: await purchasesOf(ctx, self),
    segments: await segmentsOf(ctx, contactId),
    recipients: recipients.map(({ name, role, where }) => ({ name, role, where })),
    retention: await ctx.db.execute(sql`select what, kept from retention_terms()`),
    checkpoint: (await latestCheckpoint(ctx.db))?.note ?? null,
  });
}

async function personOf(ctx: Context, { contactId, keys }: Self): Promise<AccessPackage["person"]> {
  const [row] = await ctx.db.execute<{
    name: Buffer | null;
    country: string | null;
    language: string | null;
    zone: string | null;
    age: number | null;
    attributes: Record<string, string | number | boolean>;
    created: string;
    restricted: string | null;
  }>(sql`
    select name_sealed as name, country, language, time_zone as zone, age_at_least as age, attributes,
      created_at as created, restricted_at as restricted
    from contacts where lane = ${laneOf(contactId)}::smallint and id = ${contactId}::uuid`);
  const key = keys.get(contactId);
  if (!row || !key) throw new AppError("not_found", { contactId });
  return {
    id: publicId("con", contactId),
    name: row.name && ContactName.parse(openName(key, contactId, row.name)).full,
    country: row.country,
    language: row.language,
    timeZone: row.zone,
    ageAtLeast: row.age,
    attributes: row.attributes,
    knownSince: time(row.created),
    restrictedSince: row.restricted && time(row.restricted),
  };
}

async function identifiersOf(ctx: Context, { table, keys }: Self): Promise<AccessPackage["identifiers"]> {
  const rows = await ctx.db.execute<{
    contact: string;
    kind: string;
    sealed: Buffer;
    created: string;
    former: string | null;
  }>(sql`
    select i.contact_id as contact, i.kind, i.sealed, i.created_at as created, i.former_at as former
    from ${table} join contact_identifiers i on i.lane = self.lane and i.contact_id = self.id order by i.created_at, i.kind`);
  const all = rows.flatMap(({ contact, kind, sealed, created, former }) => {
    const key = keys.get(contact);
    if (!key) return [];
    const value = openIdentifier(key, contact, { kind, sealed });
    return [{ kind, value, since: time(created), until: former && time(former) }];
  });
  // What was moved in a merge stands at both contacts.
  return [...new Map(all.map((one) => [`${one.kind} ${one.value}`, one])).values()];
}

interface EventRow extends Record<string, unknown> {
  id: string;
  contact: string;
  type: string;
  purpose: string | null;
  scope: string;
  basis: string;
  source: string;
  class: "A" | "B";
  occurred: string;
  recorded: string;
  evidence: Buffer | null;
  entry: string;
  label: string | null;
  language: string | null;
  text: string | null;
  controller: string | null;
  url: string | null;
}

type ConsentPart = Omit<AccessPackage["consent"][number], "proof"> & { entryId: string };

async function consentOf(
  ctx: Context,
  { table, keys }: Self,
  names: ReadonlyMap<string, string>,
): Promise<ConsentPart[]> {
  const rows = await ctx.db.execute<EventRow>(sql`
    select e.id, e.contact_id as contact, e.type, e.purpose_id as purpose, e.scope, e.lawful_basis as basis, e.source,
      e.source_class as class, e.occurred_at as occurred, e.recorded_at as recorded, e.evidence_sealed as evidence,
      e.entry_id as entry, w.label, w.language, w.text, w.controller, w.privacy_notice_url as url
    from ${table} join consent_events e on e.lane = self.lane and e.contact_id = self.id
    left join wording_versions w on w.id = e.wording_version_id order by e.occurred_at, e.recorded_at, e.id`);
  return rows.map((row) => {
    const key = keys.get(row.contact);
    const { label, language, text, controller, url } = row;
    const isWhole = label !== null && language !== null && text !== null && controller !== null && url !== null;
    return {
      id: row.id,
      type: row.type,
      purpose: row.purpose === null ? null : (names.get(row.purpose) ?? null),
      scope: row.scope,
      lawfulBasis: row.basis,
      source: row.source,
      reportedBy: row.class === "A" ? "person" : "others",
      at: time(row.occurred),
      recordedAt: time(row.recorded),
      wording: isWhole ? { label, language, text, controller, privacyNoticeUrl: url } : null,
      evidence: row.evidence && key ? json(open(key, row.evidence, evidencePlace(row.id))) : null,
      entryId: row.entry,
    };
  });
}

async function standing(ctx: Context, contactId: string, names: ReadonlyMap<string, string>) {
  const { states, blocks } = await getConsentTimeline(ctx, { contactId });
  return [
    states.map(({ purposeId, status, expiresAt }) => ({
      purpose: names.get(purposeId) ?? "",
      status,
      until: iso(expiresAt),
    })),
    blocks.map(({ kind, scope, since, until, liftedAt }) => ({
      kind,
      scope,
      since: since.toISOString(),
      until: iso(until),
      lifted: iso(liftedAt),
    })),
  ] as const;
}

async function purposeNames(ctx: Context): Promise<Map<string, string>> {
  const rows = await ctx.db.execute<{ id: string; name: string }>(sql`select id, name from purposes`);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Where entries stand in the order of the log; the newest second of them has no place yet. */
async function indexesOf(ctx: Context, entryIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await ctx.db.execute<{ id: string; idx: string }>(sql`
    select entry_id as id, idx from log_sequence where entry_id = any(${array([...new Set(entryIds)], "uuid")})`);
  return new Map(rows.map(({ id, idx }) => [id, Number(idx)]));
}

async function receivedOf(ctx: Context, { table, keys }: Self): Promise<AccessPackage["received"]> {
  const rows = await ctx.db.execute<{
    id: string;
    contact: string;
    type: string;
    at: string;
    body: Buffer | null;
    details: Buffer | null;
    mime: string | null;
    size: number | null;
    file: Buffer | null;
  }>(sql`
    select i.id, i.contact_id as contact, i.type, i.provider_at as at, i.body_sealed as body, i.details_sealed as details,
      m.mime_type as mime, m.byte_size as size,
      case when sum(m.byte_size) over (order by i.provider_at desc, i.id desc) <= ${MOST_FILE_BYTES} then m.sealed end as file
    from ${table} join inbound_messages i on i.lane = self.lane and i.contact_id = self.id
    left join inbound_media m on m.lane = i.lane and m.message_id = i.id and m.state = 'kept'
    order by i.provider_at, i.id`);
  return rows.map(({ id, contact, type, at, body, details, mime, size, file }) => {
    const key = keys.get(contact);
    return {
      id,
      at: time(at),
      type,
      text: body && key ? open(key, body, bodyPlace(id)).toString("utf8") : null,
      details: details && key ? json(open(key, details, detailsPlace(id))) : null,
      file:
        mime !== null && size !== null && key
          ? { mimeType: mime, byteSize: size, base64: file && open(key, file, filePlace(id)).toString("base64") }
          : null,
    };
  });
}

async function clicksOf(ctx: Context, { table }: Self): Promise<AccessPackage["clicks"]> {
  const rows = await ctx.db.execute<{ at: string; campaign: string; device: string | null; person: boolean }>(sql`
    select k.at, c.name as campaign, k.user_agent as device, k.is_human as person
    from ${table} join messages m on m.lane = self.lane and m.contact_id = self.id
    join clicks k on k.lane = m.lane and k.message_id = m.id join campaigns c on c.id = k.campaign_id order by k.at, k.id`);
  return rows.map(({ at, campaign, device, person }) => ({ at: time(at), campaign, device, isPerson: person }));
}

async function purchasesOf(ctx: Context, { ids }: Self): Promise<AccessPackage["purchases"]> {
  const rows = await ctx.db.execute<{
    at: string;
    source: string;
    order: string;
    micros: string;
    currency: string;
  }>(sql`
    select occurred_at as at, source, order_id as order, amount_micros as micros, currency from conversions
    where contact_id = any(${array([...ids], "uuid")}) order by occurred_at, order_id`);
  return rows.map(({ at, micros, ...row }) => ({ ...row, at: time(at), amountMicros: Number(micros) }));
}

/** The saved groups that the person is in now. */
async function segmentsOf(ctx: Context, contactId: string): Promise<string[]> {
  const saved = await ctx.db.execute<{ name: string; rule: unknown }>(sql`
    select name, rule from segments where archived_at is null order by name`);
  if (saved.length === 0) return [];
  const questions = saved.map(({ rule }) => compileSegment(segmentRule.parse(rule)));
  const [row] = await ctx.db.execute<{ found: boolean[] }>(sql`
    select array[${sql.join(questions, sql`, `)}]::boolean[] as found from contacts
    where contacts.lane = ${laneOf(contactId)}::smallint and contacts.id = ${contactId}::uuid`);
  return saved.filter((_, position) => row?.found[position]).map(({ name }) => name);
}

function linesOf({ header, body, footer, buttons, cards = [] }: Preview): string[] {
  const card = (one: Pick<Preview, "header" | "body" | "buttons">) => [
    one.header,
    one.body,
    ...one.buttons.map(({ text, url }) => [text, url].filter(Boolean).join(" ")),
  ];
  return [
    ...card({ header, body, buttons: [] }),
    footer,
    ...card({ body: "", buttons }),
    ...cards.flatMap(card),
  ].filter((line): line is string => Boolean(line));
}

function json(bytes: Buffer) {
  return JSON.parse(bytes.toString("utf8")); // what it must look like is checked by the package's schema
}

function time(text: string): string {
  return new Date(text).toISOString();
}

function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
