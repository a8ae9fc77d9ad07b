import { sql } from "drizzle-orm";
import { array, type Db } from "@/db/client";
import type { Basis, MessageKind } from "./message";

/** What the gate decided about one message it took. `send` carries the attempt; the others are final. */
export interface GateVerdict {
  messageId: string;
  contactId: string;
  kind: MessageKind;
  basis: Basis;
  /** Null outside of campaigns, like the variant. */
  campaignId: string | null;
  variant: string | null;
  linkCode: Buffer | null;
  n: number;
  basisEventId: string | null;
  checks: number;
  notEvaluated: number;
  /** The rules of sending that were in force. */
  policyVersionId: string | null;
  failed: number | null;
  outcome: "send" | "skipped" | "cancelled" | "missed_deadline";
  reason: string | null;
  attemptId: string;
  at: Date;
}

interface GateRow extends Record<string, unknown> {
  message_id: string;
  contact_id: string;
  kind: MessageKind;
  basis: Basis;
  campaign_id: string | null;
  variant: string | null;
  link_code: Buffer | null;
  n: number;
  basis_event_id: string | null;
  checks: number;
  not_evaluated: number;
  policy_version_id: string | null;
  failed: number | null;
  outcome: GateVerdict["outcome"];
  reason: string | null;
  attempt_id: string | null;
  at: string;
}

/** Calls the gate inside the caller's transaction, which must also write the log entry `entryId`. */
export async function passGate(
  db: Db,
  claim: { lane: number; numberId: string; limit: number; workerId: string; entryId: string },
): Promise<GateVerdict[]> {
  const rows = await db.execute<GateRow>(sql`
    select * from gate(${claim.lane}::smallint, ${claim.numberId}::uuid, ${claim.limit}::int, ${claim.workerId}::uuid,
      ${claim.entryId}::uuid)`);
  return rows.map((row) => ({
    messageId: row.message_id,
    contactId: row.contact_id,
    kind: row.kind,
    basis: row.basis,
    campaignId: row.campaign_id,
    variant: row.variant,
    linkCode: row.link_code,
    n: row.n,
    basisEventId: row.basis_event_id,
    checks: row.checks,
    notEvaluated: row.not_evaluated,
    policyVersionId: row.policy_version_id,
    failed: row.failed,
    outcome: row.outcome,
    reason: row.reason,
    attemptId: row.attempt_id ?? "",
    at: new Date(row.at),
  }));
}

/** What it takes to write the texts of a claim: the variants' templates, the drafts, and the people's sealed facts. */
export interface ClaimFacts {
  variants: ReadonlyMap<string, VariantFacts>;
  /** Of messages outside of campaigns, by message. */
  drafts: ReadonlyMap<string, DraftFacts>;
  contacts: ReadonlyMap<string, ContactFacts>;
  /** Ids of files at Meta, by ours. */
  mediaIds: ReadonlyMap<string, string>;
  /** Whose number writes. */
  brandId: string;
}

/** A sealed draft and the template that it fills; free-form texts have none. */
export interface DraftFacts {
  sealed: Buffer;
  template: TemplateFacts | null;
}

export interface TemplateFacts {
  templateName: string;
  language: string;
  components: unknown;
  componentsSha256: Buffer;
  parameterFormat: "POSITIONAL" | "NAMED";
  isMarketing: boolean;
}

export interface VariantFacts extends TemplateFacts {
  parameters: unknown;
}

export interface SealedAddress {
  kind: "phone" | "bsuid";
  sealed: Buffer;
}

export interface ContactFacts {
  /** Where to write to: the phone number, else the user id (cloud-api 12.2: the number where it is known). */
  address: SealedAddress | null;
  nameSealed: Buffer | null;
  attributes: Record<string, string | number | boolean>;
  contactId: string;
}

export async function claimFacts(
  db: Db,
  { lane, numberId }: { lane: number; numberId: string },
  sends: readonly GateVerdict[],
): Promise<ClaimFacts> {
  if (sends.length === 0)
    return { variants: new Map(), drafts: new Map(), contacts: new Map(), mediaIds: new Map(), brandId: "" };
  const campaignIds = [...new Set(sends.flatMap((send) => send.campaignId ?? []))];
  const direct = sends.filter((send) => send.campaignId === null).map((send) => send.messageId);
  const contactIds = sends.map((send) => send.contactId);
  const [variants, contacts, drafts, [number]] = await Promise.all([
    db.execute<{ key: string } & VariantRow>(sql`
      select v.campaign_id || ' ' || v.key as key, t.name, t.language, t.components, t.components_sha256, t.parameter_format, t.category, v.parameters
      from campaign_variants v join templates t on t.id = v.template_id
      where v.campaign_id = any(${array(campaignIds, "uuid")})`),
    db.execute<ContactRow>(sql`
      select k.id, k.name_sealed, k.attributes, i.kind, i.sealed
      from contacts k
      left join lateral (
        select kind, sealed from contact_identifiers
        where lane = k.lane and contact_id = k.id and kind in ('phone', 'bsuid') and former_at is null
        order by kind = 'phone' desc, created_at desc limit 1
      ) i on true
      where k.lane = ${lane}::smallint and k.id = any(${array(contactIds, "uuid")})`),
    draftFacts(db, lane, direct),
    db.execute<{ brand: string }>(sql`select brand_id as brand from phone_numbers where id = ${numberId}::uuid`),
  ]);
  return {
    variants: new Map(variants.map((row) => [row.key, variantFacts(row)])),
    drafts,
    contacts: new Map(contacts.map((row) => [row.id, contactFacts(row)])),
    mediaIds: await mediaIdsOf(db, numberId, variants),
    brandId: number?.brand ?? "",
  };
}

/** Most messages carry no file: then nothing is asked. */
async function mediaIdsOf(db: Db, numberId: string, variants: readonly VariantRow[]): Promise<Map<string, string>> {
  if (!variants.some(({ parameters }) => JSON.stringify(parameters).includes('"mediaId"'))) return new Map();
  const rows = await db.execute<{ media_id: string; meta_id: string }>(sql`
    select media_id, meta_id from media_uploads where number_id = ${numberId}::uuid and expires_at > app_now()`);
  return new Map(rows.map((row) => [row.media_id, row.meta_id]));
}

/** Most claims are of campaigns alone: then nothing is asked. */
async function draftFacts(db: Db, lane: number, messageIds: readonly string[]): Promise<Map<string, DraftFacts>> {
  if (messageIds.length === 0) return new Map();
  const rows = await db.execute<{ id: string; sealed: Buffer; has_template: boolean } & TemplateRow>(sql`
    select d.message_id as id, d.sealed, m.template_id is not null as has_template, t.name, t.language, t.components,
      t.components_sha256, t.parameter_format, t.category
    from message_drafts d join messages m on m.lane = d.lane and m.id = d.message_id
    left join templates t on t.id = m.template_id
    where d.lane = ${lane}::smallint and d.message_id = any(${array(messageIds, "uuid")})`);
  return new Map(
    rows.map((row) => [row.id, { sealed: row.sealed, template: row.has_template ? templateFacts(row) : null }]),
  );
}

interface TemplateRow extends Record<string, unknown> {
  name: string;
  language: string;
  components: unknown;
  components_sha256: Buffer;
  parameter_format: "POSITIONAL" | "NAMED";
  category: string;
}

interface VariantRow extends TemplateRow {
  parameters: unknown;
}

function templateFacts(row: TemplateRow): TemplateFacts {
  return {
    templateName: row.name,
    language: row.language,
    components: row.components,
    componentsSha256: row.components_sha256,
    parameterFormat: row.parameter_format,
    isMarketing: row.category === "MARKETING",
  };
}

function variantFacts(row: VariantRow): VariantFacts {
  return { ...templateFacts(row), parameters: row.parameters };
}

interface ContactRow extends Record<string, unknown> {
  id: string;
  name_sealed: Buffer | null;
  attributes: Record<string, string | number | boolean>;
  kind: SealedAddress["kind"] | null;
  sealed: Buffer | null;
}

function contactFacts(row: ContactRow): ContactFacts {
  return {
    contactId: row.id,
    address: row.kind && row.sealed ? { kind: row.kind, sealed: row.sealed } : null,
    nameSealed: row.name_sealed,
    attributes: row.attributes,
  };
}

/** Where the sealed contents of an attempt belong, as additional authenticated data. */
export function contentsPlace(attemptId: string): string {
  return `message_contents|sealed|${attemptId}`;
}

/**
 * Campaigns that are being sent and that too many of those they reached opted out of. After a release only those are counted who
 * were reached since.
 */
export async function refusedCampaigns(
  db: Db,
  { share, after }: { share: number; after: number },
): Promise<{ id: string; name: string; reached: number; refused: number }[]> {
  return db.execute<{ id: string; name: string; reached: number; refused: number }>(sql`
    select c.id, c.name, n.reached, n.refused
    from campaigns c cross join lateral (
      select count(*)::int as reached, count(m.opted_out_at)::int as refused from messages m
      where m.campaign_id = c.id and m.state in ('delivered', 'read') and m.delivered_at > coalesce((
        select max(s.released_at) from kill_switches s
        where s.level = 'campaign' and s.target_id = c.id and s.cause = 'opt_out_rate'), '-infinity')
    ) n
    where c.status = 'sending' and n.reached >= ${after}::int and n.refused >= ${share}::float8 * n.reached
      and not exists (select from kill_switches s
        where s.level = 'campaign' and s.target_id = c.id and s.released_at is null)`);
}
