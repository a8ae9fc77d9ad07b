import { sql } from "drizzle-orm";
import { newId, publicId } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { recordEngagement } from "@/lib/sending/commands/record-delivery-statuses";
import { decodeLinkCode } from "@/lib/sending/link-code";
import { encodeClickId } from "../click-id";
import { clickVerdict, type Hit } from "../click-verdict";
import { targetUrl } from "../target-url";

const USER_AGENT_CHARACTERS = 300;

interface LinkRow extends Record<string, unknown> {
  id: string;
  contact_id: string;
  campaign_id: string;
  variant: string;
  name: string;
  link_url: string;
}

/**
 * Stores one hit on a tracked link and answers where it leads; undefined when the code was never one of ours. Previews
 * and scanners are stored and led on too, but are no clicks.
 */
export async function recordClick(
  ctx: Context,
  { code, hit }: { code: string; hit: Hit },
): Promise<string | undefined> {
  authorize(ctx, "click.record");
  const decoded = decodeLinkCode(code);
  if (!decoded) return undefined;
  const { lane, secret } = decoded;
  const [link] = await ctx.db.execute<LinkRow>(sql`
    select m.id, m.contact_id, m.campaign_id, m.variant, c.name, v.link_url
    from messages m
    join campaigns c on c.id = m.campaign_id
    join campaign_variants v on v.campaign_id = m.campaign_id and v.key = m.variant
    where m.lane = ${lane}::smallint and m.link_code = ${secret}::bytea and v.link_url is not null`);
  if (!link) return undefined;
  const clickId = newId();
  const verdict = clickVerdict(hit);
  const isHuman = verdict === "human";
  const at = ctx.now();
  await transaction(ctx, async (tx) => {
    await tx.db.execute(sql`
      insert into clicks (lane, id, message_id, campaign_id, contact_id, at, method, user_agent, is_human, verdict)
      values (${lane}::smallint, ${clickId}::uuid, ${link.id}::uuid, ${link.campaign_id}::uuid, ${link.contact_id}::uuid,
        ${at}::timestamptz, ${hit.method}, ${hit.userAgent?.slice(0, USER_AGENT_CHARACTERS) ?? null}, ${isHuman}, ${verdict})`);
    if (isHuman) await recordEngagement(tx, lane, [{ messageId: link.id, kind: "click", at }]);
  });
  return targetUrl(link.link_url, {
    campaignId: publicId("cmp", link.campaign_id),
    campaignName: link.name,
    variant: link.variant,
    clickId: encodeClickId(lane, clickId),
  });
}
