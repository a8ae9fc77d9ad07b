import { desc, eq, sql } from "drizzle-orm";
import { array } from "@/db/client";
import { rightsLinks, rightsPackages, rightsRequests } from "@/db/schema/rights";
import { AppError } from "@/lib/foundation/errors";
import { laneOf } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { EVIDENCE_DAYS } from "../commands/check-identity";
import { daysLeft, type RequestKind, type RequestStatus, urgencyOf } from "../request";
import { contactFacts, contactsOf } from "../store";

export interface RequestView {
  requestId: string;
  contactId: string;
  kind: RequestKind;
  status: RequestStatus;
  jurisdiction: string | null;
  receivedAt: Date;
  dueAt: Date;
  daysLeft: number;
  urgency: "overdue" | "soon" | "later";
  extendedReason: string | null;
  /** What they asked, in their own words, is kept: `readWords` opens it. */
  hasWords: boolean;
  openedBy: string | null;
  assignedTo: string | null;
  identity: { method: "whatsapp" | "email_code"; at: Date; by: string | null } | null;
  /** Messages over the contact's own identity that show who asks, newest first; their text is not shown here. */
  evidence: { inboundId: string; at: Date; type: string; classification: string }[];
  hasEmail: boolean;
  isErased: boolean;
  isRestricted: boolean;
  package: { builtAt: Date; sha256: string; redactions: number } | null;
  redactedBy: string | null;
  approvedBy: string | null;
  approvedAt: Date | null;
  link: {
    createdAt: Date;
    expiresAt: Date;
    revokedAt: Date | null;
    claimedAt: Date | null;
    views: number;
    lastViewAt: Date | null;
  } | null;
  blockUntil: Date | null;
  executedAt: Date | null;
  closedAt: Date | null;
  refusedReason: string | null;
  /** What was done, oldest first. */
  history: { at: Date; type: string; by: string | null }[];
  officers: { userId: string; name: string }[];
  /** Whether this person may be the second one of an erasure. */
  mayBeSecond: boolean;
}

/** One request with everything that its page shows. @throws AppError not_found */
export async function getRequest(ctx: Context, { requestId }: { requestId: string }): Promise<RequestView> {
  authorize(ctx, "rights.handle");
  const [row] = await ctx.db.select().from(rightsRequests).where(eq(rightsRequests.id, requestId));
  if (!row) throw new AppError("not_found", { requestId });
  const [contactId = row.contactId] = await contactsOf(ctx, row.contactId);
  const people = await ctx.db.execute<{ id: string; name: string; is_officer: boolean }>(sql`
    select id, name, 'compliance' = any(roles) and disabled_at is null as is_officer from users order by name`);
  const nameOf = (id: string | null) => people.find((one) => one.id === id)?.name ?? null;
  const { isErased, restrictedAt } = await contactFacts(ctx, contactId);
  const [kept] = await ctx.db.select().from(rightsPackages).where(eq(rightsPackages.requestId, requestId));
  const [link] = await ctx.db
    .select()
    .from(rightsLinks)
    .where(eq(rightsLinks.requestId, requestId))
    .orderBy(desc(rightsLinks.createdAt))
    .limit(1);
  const history = await ctx.db.execute<{ at: string; type: string; name: string | null }>(sql`
    select e.at, e.type, u.name from audit_events e left join users u on u.id::text = e.actor_id
    where e.subject = ${requestId} order by e.at, e.id`);
  const self = ctx.actor.kind === "user" ? ctx.actor.userId : null;
  return {
    requestId,
    contactId,
    kind: row.kind,
    status: row.status,
    jurisdiction: row.jurisdiction,
    receivedAt: row.receivedAt,
    dueAt: row.dueAt,
    daysLeft: daysLeft(row.dueAt, ctx.now()),
    urgency: urgencyOf(row.dueAt, ctx.now()),
    extendedReason: row.extendedReason,
    hasWords: row.detailsSealed !== null,
    openedBy: nameOf(row.openedBy),
    assignedTo: row.assignedTo,
    identity:
      row.identityMethod && row.identityCheckedAt
        ? { method: row.identityMethod, at: row.identityCheckedAt, by: nameOf(row.identityCheckedBy) }
        : null,
    ...(await evidenceOf(ctx, contactId, row.receivedAt)),
    isErased,
    isRestricted: restrictedAt !== null,
    package: kept
      ? { builtAt: kept.builtAt, sha256: kept.sha256.toString("hex"), redactions: kept.redactions.length }
      : null,
    redactedBy: nameOf(row.redactedBy),
    approvedBy: nameOf(row.approvedBy),
    approvedAt: row.approvedAt,
    link: link ?? null,
    blockUntil: row.blockUntil,
    executedAt: row.executedAt,
    closedAt: row.closedAt,
    refusedReason: row.refusedReason,
    history: history.map(({ at, type, name }) => ({ at: new Date(at), type, by: name })),
    officers: people.filter(({ is_officer }) => is_officer).map(({ id, name }) => ({ userId: id, name })),
    mayBeSecond: self !== null && self !== row.identityCheckedBy && self !== row.openedBy,
  };
}

const EVIDENCE_SHOWN = 5;
const DAY_MS = 86_400_000;

async function evidenceOf(ctx: Context, contactId: string, receivedAt: Date) {
  const ids = await contactsOf(ctx, contactId);
  const lanes = array(ids.map(laneOf), "smallint");
  const since = new Date(receivedAt.getTime() - EVIDENCE_DAYS * DAY_MS);
  const rows = await ctx.db.execute<{ id: string; at: string; type: string; classification: string }>(sql`
    select i.id, i.provider_at as at, i.type, i.classification
    from unnest(${lanes}, ${array(ids, "uuid")}) as self (lane, id)
    join inbound_messages i on i.lane = self.lane and i.contact_id = self.id
    where i.provider_at >= ${since}::timestamptz and i.classification <> 'system' order by i.provider_at desc limit ${EVIDENCE_SHOWN}::int`);
  const [email] = await ctx.db.execute(sql`
    select 1 from contact_identifiers where lane = ${laneOf(contactId)}::smallint and contact_id = ${contactId}::uuid
      and kind = 'email' and former_at is null limit 1`);
  return {
    evidence: rows.map(({ id, at, type, classification }) => ({
      inboundId: id,
      at: new Date(at),
      type,
      classification,
    })),
    hasEmail: email !== undefined,
  };
}
