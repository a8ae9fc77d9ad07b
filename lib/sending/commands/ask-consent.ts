import { sql } from "drizzle-orm";
import { AppError } from "@/lib/foundation/errors";
import { laneOf } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { questionParameters, questionPayloads } from "../consent-question";
import { type PlannedDirect, planDirect } from "../direct";

export interface Question {
  contactId: string;
  purposeId: string;
  /** Approved, with exactly two quick replies: the first agrees, the second refuses. */
  templateId: string;
  numberId: string;
}

/**
 * Asks a person to confirm what was requested for them (double opt-in; basis `request`). Once for each request, and only while
 * their state is pending: the gate looks again.
 *
 * @throws template_not_usable when the template has not two quick replies, or asks for more than a name
 */
export async function askConsent(ctx: Context, question: Question): Promise<PlannedDirect | { kind: "not_pending" }> {
  authorize(ctx, "consent.record");
  const { contactId, purposeId, templateId, numberId } = question;
  return transaction(ctx, async (tx): Promise<PlannedDirect | { kind: "not_pending" }> => {
    const [template] = await tx.db.execute<{ components: unknown; language: string }>(sql`
      select components, language from templates where id = ${templateId}::uuid and deleted_at is null`);
    const payloads = questionPayloads(template?.components, purposeId);
    const parameters = template && payloads && questionParameters(template);
    if (!payloads || !parameters) throw new AppError("template_not_usable", { field: "templateId" });
    const [request] = await tx.db.execute<{ id: string }>(sql`
      select e.id from consent_state s join consent_events e
        on e.lane = s.lane and e.contact_id = s.contact_id and e.purpose_id = s.purpose_id and e.type in ('requested', 'granted')
      where s.lane = ${laneOf(contactId)}::smallint and s.contact_id = ${contactId}::uuid and s.purpose_id = ${purposeId}::uuid
        and s.status = 'pending' and (s.pending_until is null or s.pending_until >= ${tx.now()}::timestamptz)
      order by e.occurred_at desc, e.id desc limit 1`);
    if (!request) return { kind: "not_pending" };
    return planDirect(tx, {
      contactId,
      numberId,
      kind: "consent_request",
      draft: { kind: "template", parameters, payloads },
      templateId,
      purposeId,
      groundId: request.id,
    });
  });
}
