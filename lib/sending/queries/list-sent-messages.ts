import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { withoutPreferenceLink } from "@/lib/consent/preference-link";
import { laneOf } from "@/lib/foundation/ids";
import { authorize, may } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { open } from "@/lib/keystore/cipher";
import { renderMessage } from "@/lib/templates/render";
import { type ResolvedValues, resolvedValues } from "@/lib/templates/values";
import type { Preview } from "@/lib/whatsapp/components";
import { openDraft } from "../draft";
import type { MessageState } from "../message";
import { contentsPlace } from "../store";

export interface SentMessage {
  messageId: string;
  campaignId: string | null;
  /** Null, with the variant, for what one person was written apart from campaigns. */
  campaignName: string | null;
  /** A … H, or `holdout`: the arm of the experiment. */
  variant: string | null;
  state: MessageState;
  reason: string | null;
  template: { name: string; language: string; category: string } | null;
  /** Word for word; null where nothing was sent, or it is no longer kept. */
  text: Preview | null;
  plannedAt: Date;
  acceptedAt: Date | null;
  sentAt: Date | null;
  deliveredAt: Date | null;
  readAt: Date | null;
  failedAt: Date | null;
  clickedAt: Date | null;
  repliedAt: Date | null;
  /** Of the last attempt, in the ledger. */
  entryId: string | null;
}

interface Row extends Record<string, unknown> {
  id: string;
  contact_id: string;
  campaign_id: string | null;
  campaign: string | null;
  variant: string | null;
  draft: Buffer | null;
  state: MessageState;
  reason: string | null;
  attempt_id: string | null;
  entry_id: string | null;
  sealed: Buffer | null;
  template: string | null;
  language: string | null;
  category: string | null;
  components_id: string | null;
  planned_at: string;
  accepted_at: string | null;
  sent_at: string | null;
  delivered_at: string | null;
  read_at: string | null;
  failed_at: string | null;
  clicked_at: string | null;
  replied_at: string | null;
}

/**
 * Every message to these people (one person may have been several contacts), with what they read, oldest first, in two
 * statements whatever their number. In clear: for the person themselves; the person's own values hidden, for whoever answers them.
 */
export async function listSentMessages(
  ctx: Context,
  contactIds: readonly string[],
  { isMasked = false }: { isMasked?: boolean } = {},
): Promise<SentMessage[]> {
  if (!isMasked || !may(ctx.actor, "conversation.read")) authorize(ctx, "proof.read");
  const rows = await ctx.db.execute<Row>(sql`
    select m.id, m.contact_id, m.campaign_id, c.name as campaign, m.variant, m.state, m.reason, m.attempt_id, a.entry_id, s.sealed, d.sealed as draft,
      t.name as template, t.language, t.category, encode(s.components_sha256, 'hex') || ' ' || m.template_id as components_id,
      m.planned_at, m.accepted_at, m.sent_at, m.delivered_at, m.read_at, m.failed_at, m.clicked_at, m.replied_at
    from unnest(${array(contactIds.map(laneOf), "smallint")}, ${array([...contactIds], "uuid")}) as self (lane, id)
    join messages m on m.lane = self.lane and m.contact_id = self.id
    left join campaigns c on c.id = m.campaign_id
    left join message_drafts d on d.lane = m.lane and d.message_id = m.id
    left join templates t on t.id = m.template_id
    left join send_attempts a on a.lane = m.lane and a.id = m.attempt_id
    left join message_contents s on s.lane = m.lane and s.message_id = m.id and s.attempt_id = m.attempt_id
    order by m.planned_at, m.id`);
  const [keys, components] = [await ctx.keys.keysOf(contactIds), await componentsOf(ctx, rows)];
  return rows.map((row) => ({
    messageId: row.id,
    campaignId: row.campaign_id,
    campaignName: row.campaign,
    variant: row.variant,
    state: row.state,
    reason: row.reason,
    template: row.template === null ? null : templateOf(row),
    text: textOf(row, { key: keys.get(row.contact_id), components: components.get(row.components_id ?? ""), isMasked }),
    plannedAt: new Date(row.planned_at),
    acceptedAt: instant(row.accepted_at),
    sentAt: instant(row.sent_at),
    deliveredAt: instant(row.delivered_at),
    readAt: instant(row.read_at),
    failedAt: instant(row.failed_at),
    clickedAt: instant(row.clicked_at),
    repliedAt: instant(row.replied_at),
    entryId: row.entry_id,
  }));
}

function templateOf({ template, language, category }: Row): SentMessage["template"] {
  return { name: template ?? "", language: language ?? "", category: category ?? "" };
}

function textOf(
  row: Row,
  { key, components, isMasked }: { key: Buffer | undefined; components: unknown; isMasked: boolean },
): Preview | null {
  if (key && row.draft && row.template === null && row.attempt_id) {
    const draft = openDraft(key, row.id, row.draft);
    if (draft.kind !== "text") return null;
    return { body: isMasked ? withoutPreferenceLink(draft.text) : draft.text, buttons: [], missing: [] };
  }
  if (!key || !row.sealed || !row.attempt_id || components === undefined) return null;
  const values = resolvedValues.parse(
    JSON.parse(open(key, row.sealed, contentsPlace(row.attempt_id)).toString("utf8")),
  );
  return renderMessage(components, isMasked ? withoutValues(values) : values);
}

/** What everybody got can be read, and what is this person's own cannot. */
function withoutValues({ header, body, cards, buttons }: ResolvedValues): ResolvedValues {
  const hide = (value: ResolvedValues["body"][number]) => ({ ...value, text: "•••" });
  return {
    ...(header && { header: "text" in header ? hide(header) : header }),
    body: body.map(hide),
    buttons: buttons.filter(({ kind }) => kind === "quick_reply"),
    ...(cards && { cards: cards.map((card) => withoutValues(card)) }),
  };
}

/** The versions of templates that were sent: few, however many the messages. */
async function componentsOf(ctx: Context, rows: readonly Row[]): Promise<Map<string, unknown>> {
  const ids = [...new Set(rows.flatMap(({ components_id: id }) => id ?? []))];
  if (ids.length === 0) return new Map();
  const found = await ctx.db.execute<{ id: string; components: unknown }>(sql`
    select wanted.id, coalesce(v.components, case when t.components_sha256 = wanted.sha then t.components end) as components
    from (select id, decode(split_part(id, ' ', 1), 'hex') as sha, split_part(id, ' ', 2)::uuid as template
      from unnest(${array(ids, "text")}) as id) as wanted
    join templates t on t.id = wanted.template
    left join template_versions v on v.template_id = t.id and v.components_sha256 = wanted.sha`);
  return new Map(found.map(({ id, components }) => [id, components ?? undefined]));
}

function instant(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
