import type { CampaignView } from "@/lib/campaigns/queries/get-campaign";
import type { Preflight } from "@/lib/campaigns/queries/get-preflight";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import type { Context } from "@/lib/identity/context";

/** What every part of the builder reads, asked once a request. */
export interface BuilderView {
  ctx: Context;
  campaign: CampaignView;
  preflight: Preflight;
  t: Translator<"builder">;
  campaigns: Translator<"campaigns">;
  templates: Translator<"templates">;
  formats: Formats;
}

/** Figures of a draft, out of the checklist that the server computed; null where they are not known. */
export interface Figures {
  reachable: number | null;
  excluded: number | null;
  heldOut: number | null;
  toBeSent: number | null;
  cost: { low: number; high: number; currency: string } | null;
  detectablePoints: number | null;
}

export function figuresOf({ campaign, preflight }: Pick<BuilderView, "campaign" | "preflight">): Figures {
  const param = (id: string, name: string): number | null => {
    const value = preflight.rows.find((row) => row.id === id)?.params[name];
    return typeof value === "number" ? value : null;
  };
  const reachable = param("consent", "reachable");
  const suppressed = param("suppressed", "suppressed");
  const heldOut = reachable === null ? null : Math.round((reachable * campaign.holdoutBasisPoints) / 10_000);
  const [low, high] = [param("cost", "lowMicros"), param("cost", "highMicros")];
  const cost = preflight.rows.find((row) => row.id === "cost");
  const isPriced = cost !== undefined && ["over_cap", "within_cap", "estimate"].includes(cost.code);
  return {
    reachable,
    excluded: reachable === null ? null : (param("consent", "withoutConsent") ?? 0) + (suppressed ?? 0),
    heldOut,
    toBeSent: reachable === null || heldOut === null ? null : reachable - heldOut,
    cost: isPriced && low !== null && high !== null ? { low, high, currency: String(cost.params.currency) } : null,
    detectablePoints: param("power", "detectablePoints"),
  };
}
