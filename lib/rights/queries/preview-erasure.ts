import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { laneOf } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { blockedUntil } from "../request";
import { contactFacts, contactsOf } from "../store";

export interface ErasurePreview {
  /** What goes, with how many there are. */
  goes: { what: "identifiers" | "facts" | "contents" | "received" | "evidence" | "bodies" | "files"; count: number }[];
  /** What stays, with how many there are; why is a text of its own. */
  stays: { what: "blocks" | "log" | "results" | "attempts"; count: number }[];
  /** What goes stays locked away until then, because the law demands it; null: it goes at once. */
  blockUntil: Date | null;
}

interface Counts extends Record<string, unknown> {
  identifiers: number;
  contents: number;
  received: number;
  evidence: number;
  bodies: number;
  files: number;
  blocks: number;
  log: number;
  results: number;
  attempts: number;
}

/** What an erasure will delete and what must stay. @throws AppError not_found */
export async function previewErasure(ctx: Context, { contactId }: { contactId: string }): Promise<ErasurePreview> {
  authorize(ctx, "rights.handle");
  const [{ country }, ids] = await Promise.all([contactFacts(ctx, contactId), contactsOf(ctx, contactId)]);
  const self = sql`unnest(${array(ids.map(laneOf), "smallint")}, ${array(ids, "uuid")}) as self (lane, id)`;
  const own = (table: string) =>
    sql`(select count(*)::int from ${self} join ${sql.identifier(table)} x on x.lane = self.lane and x.contact_id = self.id)`;
  const [counts] = await ctx.db.execute<Counts>(sql`
    select ${own("contact_identifiers")} as identifiers, ${own("inbound_messages")} as received,
      ${own("messages")} as results, ${own("send_attempts")} as attempts,
      (select count(*)::int from ${self} join messages m on m.lane = self.lane and m.contact_id = self.id
        join message_contents x on x.lane = m.lane and x.message_id = m.id) as contents,
      (select count(*)::int from ${self} join consent_events x on x.lane = self.lane and x.contact_id = self.id
        where x.evidence_sealed is not null) as evidence,
      (select count(*)::int from (
        select n.inbox_id from ${self} join contact_identifiers i on i.lane = self.lane and i.contact_id = self.id
          join webhook_inbox_contacts n on n.lane = lane_of_hash(i.lookup) and n.lookup = i.lookup
        union select s.inbox_id from ${self} join messages m on m.lane = self.lane and m.contact_id = self.id
          join message_statuses s on s.lane = m.lane and s.message_id = m.id where s.inbox_id is not null) b) as bodies,
      (select count(*)::int from import_chunks x where x.import_id in (
        select c.import_id from ${self} join contacts c on c.lane = self.lane and c.id = self.id
        union select e.import_id from ${self} join consent_events e on e.lane = self.lane and e.contact_id = self.id)) as files,
      (select count(*)::int from ${self} join contact_identifiers x on x.lane = self.lane and x.contact_id = self.id
        where x.former_at is null or x.kind not in ('phone', 'wa_id')) as blocks,
      (select count(*)::int from ${self} join log_payloads x on x.lane = self.lane and x.subject = self.id) as log`);
  const count = (key: keyof Counts) => Number(counts?.[key] ?? 0);
  return {
    goes: [
      { what: "identifiers", count: count("identifiers") },
      { what: "facts", count: 1 },
      { what: "contents", count: count("contents") },
      { what: "received", count: count("received") },
      { what: "evidence", count: count("evidence") },
      { what: "bodies", count: count("bodies") },
      { what: "files", count: count("files") },
    ],
    stays: [
      { what: "blocks", count: count("blocks") },
      { what: "log", count: count("log") },
      { what: "attempts", count: count("attempts") },
      { what: "results", count: count("results") },
    ],
    blockUntil: blockedUntil(country, ctx.now()),
  };
}
