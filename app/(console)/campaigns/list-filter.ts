import type { CampaignGroup } from "@/lib/campaigns/groups";

/** What the address of the list says: part of a name, a group, a page. */
export interface ListFilter {
  search?: string;
  group?: CampaignGroup;
  cursor?: string;
}
