import type { CampaignStatus } from "./campaign";

/** How the list is grouped: by what a campaign asks of its reader, not by date. */
export const campaignGroups = ["attention", "running", "measuring", "preparing", "finished", "archived"] as const;
export type CampaignGroup = (typeof campaignGroups)[number];

const groups: Record<CampaignStatus, CampaignGroup> = {
  in_review: "attention",
  approved: "attention",
  paused: "attention",
  frozen: "attention",
  scheduled: "running",
  sending: "running",
  measuring: "measuring",
  draft: "preparing",
  concluded: "finished",
  stopped: "finished",
  archived: "archived",
};

export function groupOf(status: CampaignStatus): CampaignGroup {
  return groups[status];
}

export function statusesOf(group: CampaignGroup): CampaignStatus[] {
  return (Object.keys(groups) as CampaignStatus[]).filter((status) => groups[status] === group); // keys of a total record
}
