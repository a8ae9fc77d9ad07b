import { createHash } from "node:crypto";
import { canonicalize } from "@/lib/ledger/jcs";
import type { Json } from "@/lib/ledger/verifier";
import type { CampaignGoal, CampaignVariant } from "./campaign";
import { type CampaignSchedule, scheduleChoices } from "./schedule";

/** What an approval is about (compliance/design.md 5.2): change any of it and the approval is void. */
export interface CampaignContent {
  name: string;
  brandId: string;
  /** The number that people see as sender, and the purpose they agreed to. */
  numberId: string | null;
  purposeId: string | null;
  audience: { segmentId: string | null; rule: unknown };
  goal: CampaignGoal;
  holdoutBasisPoints: number;
  /** `startsAt`: null in a schedule by local time, whose first instant is known at launch only. */
  schedule: CampaignSchedule & { startsAt: Date | null; deadlineAt: Date | null };
  variants: readonly ContentVariant[];
}

export interface ContentVariant extends CampaignVariant {
  /** Of the text as it stands at Meta, in hex: a template edited there is another message. */
  componentsSha256: string | null;
  category: string | null;
  language: string | null;
}

/** SHA-256, in hex, of the canonical JSON (RFC 8785) of the content. */
export function contentHash(content: CampaignContent): string {
  const { schedule, variants, ...rest } = content;
  const bound = {
    v: 1,
    ...rest,
    schedule: {
      startsAt: schedule.startsAt?.toISOString() ?? null,
      deadlineAt: schedule.deadlineAt?.toISOString() ?? null,
      ...scheduleChoices(schedule),
    },
    variants: [...variants].sort((a, b) => (a.key < b.key ? -1 : 1)),
  };
  // Through JSON, because a segment's rule is jsonb (JSON by construction) whose type does not say so.
  const json: Json = JSON.parse(JSON.stringify(bound));
  return createHash("sha256").update(canonicalize(json)).digest("hex");
}
