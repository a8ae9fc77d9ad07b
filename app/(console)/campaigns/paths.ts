import type { BuilderStep, CampaignStatus } from "@/lib/campaigns/campaign";
import { publicId } from "@/lib/foundation/ids";

/** Addresses of one campaign's pages. The id in them is the prefixed one. */
export function campaignPath(
  campaignId: string,
  page?: `edit/${BuilderStep}` | "live" | "results" | "replies" | "history",
): string {
  const base = `/campaigns/${publicId("cmp", campaignId)}`;
  return page ? `${base}/${page}` : base;
}

/** Where a campaign is read, by its state: what is being prepared in the builder, what runs on /live, what ended in its results. */
export function landingOf(
  campaignId: string,
  { status, mayEdit }: { status: CampaignStatus; mayEdit: boolean },
): string {
  switch (status) {
    case "draft":
      return campaignPath(campaignId, mayEdit ? "edit/goal" : "edit/review");
    case "in_review":
    case "approved":
      return campaignPath(campaignId, "edit/review");
    case "scheduled":
    case "sending":
    case "paused":
    case "frozen":
      return campaignPath(campaignId, "live");
    case "measuring":
    case "concluded":
      return campaignPath(campaignId, "results");
    case "stopped":
    case "archived":
      return campaignPath(campaignId, "history");
  }
}
