import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import * as z from "zod";
import { array } from "@/db/client";
import { currentContacts } from "@/lib/audience/queries/current-contacts";
import { AppError } from "@/lib/foundation/errors";
import { LANES } from "@/lib/foundation/ids";
import { parsePhone } from "@/lib/foundation/phone";
import { actorId } from "@/lib/identity/actor";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { open } from "@/lib/keystore/cipher";
import { canonicalize } from "@/lib/ledger/jcs";
import { type ConsentStatus, isComplete } from "../consent";
import { type ConsentEvidence, evidencePlace, type NewConsentEvent } from "../event";
import { statusAt } from "../projection";
import { recogniseContacts } from "./recognise-contacts";
import { recordConsentEvents } from "./record-consent-events";
import { suppress } from "./suppress";

const line = z.string().trim().min(1).max(300);

export const ReportConsent = z.object({
  /** Whom it is about: a contact that we know, or a number; a stranger's becomes a contact. */
  person: z.union([z.object({ contactId: z.uuid() }), z.object({ phone: z.string().max(40) })]),
  act: z.enum(["grant", "request", "withdraw"]),
  /** Left out with `withdraw`: all marketing. */
  purposeId: z.uuid().optional(),
  wordingVersionId: z.uuid().optional(),
  /** When the person acted. Without it the report is incomplete, and counts as made now. */
  occurredAt: z.date().optional(),
  source: z.enum(["api", "agent_attest", "phone_call", "pos_paper"]),
  evidence: z
    .object({
      sourceSystem: line.optional(),
      /** SHA-256 of the file that shows it, in hex: the file itself stays where it is. */
      fileSha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .optional(),
      fileType: z.enum(["screenshot", "scan", "recording", "other"]).optional(),
      attester: line.optional(),
      note: z.string().trim().max(500).optional(),
    })
    .default({}),
});
export type ReportConsent = z.output<typeof ReportConsent>;

export interface ReportedConsent {
  contactId: string;
  /** Of the event; the same when the report came before. */
  eventId: string;
  isComplete: boolean;
  /** Where the person stands now for the purpose; undefined for a withdrawal from all marketing. */
  status: ConsentStatus | undefined;
}

/**
 * Records what somebody else reports about a person: a shop's system, an officer who had them on the telephone. It never
 * revives a refusal, and grants only with all five pieces of evidence: date, text, source system, file and attester.
 *
 * @param key makes the report recognisable; the same key again answers as before
 * @throws AppError idempotency_key_reused for the same key with other facts, not_found, invalid_input, wording_revoked
 */
export async function reportConsent(ctx: Context, input: ReportConsent, key: string): Promise<ReportedConsent> {
  authorize(ctx, "consent.report");
  const report = ReportConsent.parse(input);
  if (report.act !== "withdraw" && !report.purposeId) throw new AppError("invalid_input", { field: "purposeId" });
  // The key is the caller's: of another caller the same text is another key.
  const idempotencyKey = `report ${actorId(ctx.actor)} ${createHash("sha256").update(key).digest("base64url")}`;
  const facts = factsOf(report);
  const known = await reportedBefore(ctx, idempotencyKey);
  if (known) {
    if (known.facts !== facts) throw new AppError("idempotency_key_reused");
    return answerOf(ctx, report, known);
  }
  return transaction(ctx, async (tx) => {
    await refuseUnfit(tx, report);
    const contactId = await personOf(tx, report);
    const event = eventOf(tx, report, { contactId, idempotencyKey, facts });
    const { recorded } = await recordConsentEvents(tx, { events: [event] });
    const eventId = recorded.get(idempotencyKey);
    if (!eventId) throw new AppError("contact_erased");
    if (event.scope === "all_marketing") {
      const block = { contactId, kind: "withdrawn", scope: "all_marketing", reasonEventId: eventId } as const;
      await suppress(tx, { suppressions: [{ ...block, since: event.occurredAt }] });
    }
    return answerOf(tx, report, { contactId, eventId, isComplete: event.isComplete });
  });
}

/** What the report says, in a form to compare. Numbers stay out of what is compared in clear: it is a hash. */
function factsOf(report: ReportConsent): string {
  const { occurredAt, ...rest } = report;
  const told = { ...rest, occurredAt: occurredAt?.toISOString() ?? null };
  return createHash("sha256")
    .update(canonicalize(JSON.parse(JSON.stringify(told))))
    .digest("hex");
}

interface Known {
  contactId: string;
  eventId: string;
  isComplete: boolean;
}

async function reportedBefore(ctx: Context, idempotencyKey: string): Promise<(Known & { facts: string }) | undefined> {
  const lanes = Array.from({ length: LANES }, (_, lane) => lane);
  const [row] = await ctx.db.execute<{ id: string; contact: string; complete: boolean; sealed: Buffer | null }>(sql`
    select id, contact_id as contact, is_complete as complete, evidence_sealed as sealed from consent_events
    where lane = any(${array(lanes, "smallint")}) and idempotency_key = ${idempotencyKey}`);
  if (!row) return undefined;
  const key = (await ctx.keys.keysOf([row.contact])).get(row.contact);
  if (!key || !row.sealed) throw new AppError("contact_erased");
  const Sealed = z.object({ reportSha256: z.string() });
  const evidence = Sealed.parse(JSON.parse(open(key, row.sealed, evidencePlace(row.id)).toString("utf8")));
  return { contactId: row.contact, eventId: row.id, isComplete: row.complete, facts: evidence.reportSha256 };
}

async function refuseUnfit(tx: Context, { purposeId, wordingVersionId }: ReportConsent): Promise<void> {
  if (purposeId) {
    const [purpose] = await tx.db.execute(sql`select 1 as found from purposes where id = ${purposeId}::uuid`);
    if (!purpose) throw new AppError("not_found", { what: "purpose" });
  }
  if (!wordingVersionId) return;
  const [wording] = await tx.db.execute<{ purpose: string; revoked: boolean }>(sql`
    select purpose_id as purpose, revoked_at is not null as revoked from wording_versions
    where id = ${wordingVersionId}::uuid`);
  if (!wording || wording.purpose !== purposeId) throw new AppError("not_found", { what: "wording" });
  if (wording.revoked) throw new AppError("wording_revoked");
}

async function personOf(tx: Context, { person }: ReportConsent): Promise<string> {
  if ("contactId" in person) {
    const contactId = (await currentContacts(tx, [person.contactId])).get(person.contactId);
    if (!contactId) throw new AppError("not_found", { what: "contact" });
    return contactId;
  }
  // How numbers are read here, whatever else the key may see.
  const [here] = await tx.db.execute<{ country: string }>(sql`select country from installation`);
  const phone = parsePhone(person.phone, here?.country);
  if (!phone) throw new AppError("invalid_input", { field: "phone" });
  const [found] = await recogniseContacts(tx, [{ waId: phone.e164.slice(1) }]);
  if (!found) throw new AppError("invalid_input", { field: "phone" });
  return found.contactId;
}

function eventOf(
  tx: Context,
  report: ReportConsent,
  { contactId, idempotencyKey, facts }: { contactId: string; idempotencyKey: string; facts: string },
): NewConsentEvent {
  const { act, purposeId, wordingVersionId, occurredAt, source, evidence } = report;
  const { sourceSystem, fileSha256, attester, fileType, note } = evidence;
  const reported = { actAt: occurredAt, wordingVersionId, sourceSystem, evidenceFileHash: fileSha256, attester };
  const proof: ConsentEvidence = {
    reportSha256: facts,
    ...(sourceSystem ? { sourceSystem } : {}),
    ...(fileSha256 ? { evidenceFileSha256: fileSha256 } : {}),
    ...(fileType ? { evidenceFileType: fileType } : {}),
    ...(attester ? { attester } : {}),
    ...(note ? { note } : {}),
  };
  return {
    contactId,
    type: act === "grant" ? "granted" : act === "request" ? "requested" : "withdrawn",
    purposeId: purposeId ?? null,
    scope: purposeId ? "purpose" : "all_marketing",
    source,
    occurredAt: occurredAt ?? tx.now(),
    isComplete: isComplete("B", reported),
    idempotencyKey,
    wordingVersionId: wordingVersionId ?? null,
    evidence: proof,
  };
}

async function answerOf(
  ctx: Context,
  { purposeId }: ReportConsent,
  { contactId, eventId, isComplete: complete }: Known,
): Promise<ReportedConsent> {
  if (!purposeId) return { contactId, eventId, isComplete: complete, status: undefined };
  const [state] = await ctx.db.execute<{ status: ConsentStatus; expires: string | null; pending: string | null }>(sql`
    select status, expires_at as expires, pending_until as pending from consent_state
    where lane = lane_of(${contactId}::uuid) and contact_id = ${contactId}::uuid and purpose_id = ${purposeId}::uuid`);
  const status = statusAt(
    {
      status: state?.status ?? "none",
      expiresAt: state?.expires ? new Date(state.expires) : null,
      pendingUntil: state?.pending ? new Date(state.pending) : null,
    },
    ctx.now(),
  );
  return { contactId, eventId, isComplete: complete, status };
}
