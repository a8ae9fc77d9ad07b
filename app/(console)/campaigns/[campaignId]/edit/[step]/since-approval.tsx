import { getCampaignHistory } from "@/lib/campaigns/queries/get-campaign-history";
import { changeNames } from "../../change-names";
import { Changes } from "../../history/changes";
import type { BuilderView } from "./builder-view";

/** What is different since somebody last approved: for whoever reads it the second time. */
export async function SinceApproval({ view: { ctx, campaign, t, campaigns, formats } }: { view: BuilderView }) {
  if (!campaign.approvals.some(({ decision }) => decision === "approved") || campaign.isApproved) return null;
  const history = await getCampaignHistory(ctx, { campaignId: campaign.id });
  const approvedAt = history.findIndex(({ type }) => type === "approved");
  const edits = history.slice(0, approvedAt === -1 ? undefined : approvedAt).filter(({ type }) => type === "edited");
  if (edits.length === 0) return null;
  const names = await changeNames(ctx);
  return (
    <section className="mt-7" aria-labelledby="since-approval">
      <h3 id="since-approval" className="mb-1.5">
        {t("review.sinceApproval")}
      </h3>
      {edits.map(({ id, changes }) => (
        <Changes key={id} changes={changes} names={names} t={campaigns} formats={formats} />
      ))}
    </section>
  );
}
