import type { CampaignSummary } from "@/lib/campaigns/queries/list-campaigns";
import type { Actor } from "@/lib/identity/actor";
import { may } from "@/lib/identity/authorize";

/** How the list is read: by what a campaign asks of this reader, then by what it does. */
export const needs = ["mine", "others", "running", "measuring", "preparing", "finished", "archived"] as const;
export type Need = (typeof needs)[number];

/** A campaign that stands still waits for whoever may take its next step: this person, or somebody else. */
export function needOf({ group, status }: Pick<CampaignSummary, "group" | "status">, actor: Actor): Need {
  if (group !== "attention") return group;
  const permission = status === "in_review" ? "campaign.approve" : "campaign.launch";
  return may(actor, permission) ? "mine" : "others";
}
