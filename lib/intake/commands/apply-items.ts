import { freezeCampaignsJob } from "@/lib/campaigns/jobs";
import { followUserIdUpdate } from "@/lib/consent/commands/follow-identity-change";
import { recordInbound } from "@/lib/conversations/commands/record-inbound";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { enqueue } from "@/lib/jobs/enqueue";
import { noteCoexistence } from "@/lib/numbers/commands/note-coexistence";
import { recordNumberChange } from "@/lib/numbers/commands/record-number-change";
import { recordTemplateChange } from "@/lib/templates/commands/record-template-change";
import type { WebhookItem } from "@/lib/whatsapp/webhooks";
import { oneOrEach } from "../one-or-each";
import { type DeadItem, ofKind, type Placed } from "../placed";
import { answerPeople } from "./answer-people";
import { applyAgreements } from "./apply-agreements";
import { type AppliedStatuses, applyStatuses } from "./apply-statuses";
import { retryRefusals } from "./retry-refusals";

/**
 * What items of ours ask for beyond refusals, which took effect on arrival. Each may be applied again without a second
 * effect. Answers what could not be applied, and which statuses are kept with their body.
 */
export async function applyItems(ctx: Context, placed: readonly Placed[]): Promise<AppliedStatuses> {
  authorize(ctx, "job.run");
  const dead = await retryRefusals(ctx, placed);
  const statuses = await applyStatuses(ctx, ofKind(placed, "status"));
  dead.push(...statuses.dead);
  const messages = await oneOrEach(ofKind(placed, "message"), (items) =>
    recordInbound(
      ctx,
      items.map(({ item }) => item),
    ),
  );
  dead.push(...messages);
  const agreeing = await oneOrEach(ofKind(placed, "message"), (items) =>
    applyAgreements(
      ctx,
      items.map(({ item }) => item),
    ),
  );
  dead.push(...agreeing);
  const answered = await oneOrEach(ofKind(placed, "message"), (items) =>
    answerPeople(
      ctx,
      items.map(({ item }) => item),
    ),
  );
  dead.push(...answered);
  for (const one of placed) {
    if (one.item.kind === "status" || one.item.kind === "message") continue;
    dead.push(...(await oneOrEach([one], () => applyOther(ctx, one.item))));
  }
  return { dead: onceEach(dead), kept: statuses.kept };
}

/** An item may fail in several ways: the first is told. */
function onceEach(dead: readonly DeadItem[]): DeadItem[] {
  const key = ({ inboxId, position }: DeadItem) => `${inboxId} ${position}`;
  return [...new Map(dead.toReversed().map((one) => [key(one), one])).values()].toReversed();
}

/** In the order they came: what happens to a template or an account builds on what happened before. */
async function applyOther(ctx: Context, item: WebhookItem): Promise<void> {
  switch (item.kind) {
    case "template_status":
    case "template_quality":
    case "template_category":
    case "template_components": {
      const done = await recordTemplateChange(ctx, item);
      // A running experiment stops in all its variants: at once, not at the next look by the clock.
      if (done.kind === "recorded")
        await enqueue(ctx.db, freezeCampaignsJob, {}, { key: "campaigns.freeze_campaigns after a webhook" });
      return;
    }
    case "phone_quality":
    case "phone_name":
    case "business_capability":
    case "business_username":
    case "account_update":
    case "account_alert":
    case "account_review":
    case "account_error":
    case "security":
      await recordNumberChange(ctx, item);
      return;
    case "message_echo":
      await noteCoexistence(ctx, item);
      return;
    case "user_id_update":
      await followUserIdUpdate(ctx, {
        previous: { userId: item.previousUserId, parentUserId: item.previousParentUserId },
        to: item,
      });
      return;
    // Preferences took effect on arrival. A click that Meta tells (`user_action`) names no person and no message; it and
    // fields without a shape here (`history`, …) have no effect beyond being kept and counted.
    default:
      return;
  }
}
